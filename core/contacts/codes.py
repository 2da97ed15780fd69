"""File codes that the cabinet did not give itself: D-00001 and on."""

from __future__ import annotations

from sqlalchemy import func
from sqlalchemy import select

from core.contacts.models import Contact
from core.db.session import TenantSession


def next_number(session: TenantSession) -> int:
    """One more than the highest number in use, of codes made so: five figures, six from the hundred thousandth on.

    Asked apart: the highest of five figures stands at an end of the codes' index, of longer ones there are most often none.
    What a person typed with letters («D-ABCDE») is no number.
    """
    length, after = func.length(Contact.file_code), func.substr(Contact.file_code, 3)
    plain = func.upper(after) == func.lower(after)
    five = select(Contact.file_code).where(Contact.file_code.like("D-_____"), plain)
    longer = select(func.max(Contact.file_code)).where(
        length > 7, length <= 12, plain, Contact.file_code.like("D-______%")
    )
    rows = [
        *session.scalars(five.order_by(Contact.file_code.desc()).limit(9)), *session.scalars(longer.group_by(length)),
    ]  # fmt: skip
    return max((int(code[2:]) for code in rows if code.isascii() and code[2:].isdigit() and len(code) < 13), default=0) + 1


def made(number: int) -> str:
    """The code of a number."""
    return f"D-{number:05d}"
