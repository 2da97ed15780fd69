"""File codes that the cabinet did not give itself: D-00001 and on."""

from __future__ import annotations

from sqlalchemy import func
from sqlalchemy import select

from core.contacts.models import Contact
from core.db.session import TenantSession


def next_number(session: TenantSession) -> int:
    """One more than the highest number in use, of codes made so: five figures, six from the hundred thousandth on.

    Asked apart: the highest of five figures stands at an end of the codes' index, of longer ones there are most often none.
    """
    length, highest = func.length(Contact.file_code), select(func.max(Contact.file_code))
    five = highest.where(Contact.file_code.like("D-_____"))
    longer = highest.where(length > 7, length <= 12, Contact.file_code.like("D-______%")).group_by(length)
    found = [code for asked in (five, longer) for code in session.execute(asked).scalars() if code is not None]
    return max((int(code[2:]) for code in found if code[2:].isdigit()), default=0) + 1


def made(number: int) -> str:
    """The code of a number."""
    return f"D-{number:05d}"
