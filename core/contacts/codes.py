"""File codes that the cabinet did not give itself: D-00001 and on."""

from __future__ import annotations

from sqlalchemy import func
from sqlalchemy import select

from core.contacts.models import Contact
from core.db.session import TenantSession


def next_number(session: TenantSession) -> int:
    """One more than the highest number in use, of codes made so: five figures, six from the hundred thousandth on."""
    length = func.length(Contact.file_code)
    rows = session.execute(
        select(func.max(Contact.file_code)).where(Contact.file_code.like("D-_____%"), length <= 12).group_by(length)
    ).scalars()
    return max((int(code[2:]) for code in rows if code.isascii() and code[2:].isdigit() and len(code) < 13), default=0) + 1


def made(number: int) -> str:
    """The code of a number."""
    return f"D-{number:05d}"
