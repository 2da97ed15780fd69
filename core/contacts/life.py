"""What follows from a death, in one place: pages, lists, searches and the API ask here (domain.md §2.1, «vital»).

A deceased person is no longer solicited by any channel, has no birthday and no age but the one reached; the file says
«Décédé(e) le …» wherever it is shown, and keeps showing the protection that there was.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from typing import Protocol

from sqlalchemy import select

from core.cabinets import audit
from core.contacts.models import Contact
from core.contacts.models import ContactAddress
from core.contacts.models import ContactEmail
from core.contacts.models import ContactPhone
from core.db.errors import DomainError
from core.db.session import TenantSession
from core.web import formats

DECEASED = "DECEDE"
_WORDS = {"MME": "Décédée", "M": "Décédé"}
_CHANNELS: tuple[type[Any], ...] = (ContactAddress, ContactPhone, ContactEmail)


class Lived(Protocol):
    """What is asked of a contact: a row, a line of a list, a search's result."""

    @property
    def vital(self) -> str:
        """VIVANT or DECEDE."""

    @property
    def death_date(self) -> date | None:
        """The day of the death, where it is known to whoever asks."""

    @property
    def civility(self) -> str | None:
        """MME, M."""


@dataclass(frozen=True, slots=True)
class Life:
    """How a contact is to be treated. `mark`: what stands beside the name, wherever it is shown."""

    deceased: bool
    mark: str | None
    solicited: bool
    #: Whether birthdays and age are said.
    celebrated: bool


def of(one: Lived) -> Life:
    """The treatment of this contact."""
    if one.vital != DECEASED:
        return Life(deceased=False, mark=None, solicited=True, celebrated=True)
    word = _WORDS.get(one.civility or "", "Décédé(e)")
    mark = f"{word} le {formats.day(one.death_date)}" if one.death_date else word
    return Life(deceased=True, mark=mark, solicited=False, celebrated=False)


def birthday(one: Lived, born: date | None, year: int) -> date | None:
    """The birthday in a year: on 1 March for who was born on 29 February; none for the deceased."""
    if born is None or not of(one).celebrated or year <= born.year:
        return None
    try:
        return born.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def check_opt_in(one: Lived, opt_in: bool) -> None:
    """Raises `DomainError` where a deceased person would agree to be solicited."""
    if opt_in and not of(one).solicited:
        raise DomainError("Cette personne est décédée\u202f: elle ne peut plus être sollicitée.", field="opt_in")


def withdraw_consents(session: TenantSession, actor: str, row: Contact) -> int:
    """What a person who died had agreed to is over: no channel is open to solicitation; how many were."""
    if of(row).solicited:
        return 0
    ended = 0
    for model in _CHANNELS:
        wanted = select(model).where(model.contact_id == row.id, model.opt_in.is_(True))
        for channel in session.scalars(wanted):
            channel.opt_in = False
            ended += 1
    if ended:
        session.flush()
        payload = {"before": {"opt_in": True}, "after": {"opt_in": False}}
        audit.record(session, actor, "contact.consents_ended", f"contact:{row.id}", payload)
    return ended
