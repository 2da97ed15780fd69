"""A mail to one person, as plain text."""

from __future__ import annotations

from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from email.utils import make_msgid

from core.db.clock import now
from core.db.errors import DomainError


@dataclass(frozen=True, slots=True)
class Letter:
    """What is sent to whom."""

    to: str
    subject: str
    text: str


def message(letter: Letter, sender: str) -> EmailMessage:
    """The mail as it leaves. Raises `DomainError` for a line break in a header: that would write headers of its own."""
    for value in (letter.to, letter.subject, sender):
        if any(ord(sign) < 32 or ord(sign) == 127 for sign in value):
            raise DomainError("Un en-tête de message ne peut contenir de saut de ligne.")
    made = EmailMessage()
    made["From"] = Address("Encours", addr_spec=sender)
    made["To"] = Address(addr_spec=letter.to)
    made["Subject"] = letter.subject
    made["Date"] = format_datetime(now())
    made["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(letter.text)
    return made
