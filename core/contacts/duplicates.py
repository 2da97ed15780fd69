"""Contacts that a new one may repeat: same name and birth date, same SIREN, e-mail or telephone."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy import true

from core.contacts.access import visible
from core.contacts.models import Contact
from core.contacts.models import ContactEmail
from core.contacts.models import ContactPhone
from core.contacts.schemas import NewContact
from core.contacts.schemas import checked
from core.db.session import TenantSession
from core.hooks.types import Adviser
from core.search.words import fold

MOST = 5


@dataclass(frozen=True, slots=True)
class Twin:
    """A contact that is there already, and what it has in common with the new one."""

    id: str
    name: str
    file_code: str
    why: str


def of(session: TenantSession, adviser: Adviser, data: NewContact) -> tuple[Twin, ...]:
    """Those that the adviser may see: of others he is told nothing, not even that they exist (domain.md §3.6, line 17)."""
    clean = checked(data)
    found: dict[str, Twin] = {}
    for condition, why in _conditions(clean):
        rows = session.execute(
            select(Contact.id, Contact.display_name, Contact.file_code)
            .where(condition, visible(adviser)).order_by(Contact.sort_name, Contact.id).limit(MOST)
        )  # fmt: skip
        for row in rows:
            known = found.get(row.id)
            reason = f"{known.why}, {why}" if known else why
            found[row.id] = Twin(row.id, row.display_name, row.file_code, reason)
    return tuple(found.values())[:MOST]


def _conditions(data: NewContact) -> list[tuple[ColumnElement[bool], str]]:
    name = fold(data.display_name)[:200]
    found: list[tuple[ColumnElement[bool], str]] = []
    if data.kind == "PERSONNE_PHYSIQUE" and data.birth_date:
        same = (Contact.sort_name == name) & (Contact.birth_date == data.birth_date)
        found.append((same, "même nom et même date de naissance"))
    if data.kind == "PERSONNE_PHYSIQUE":
        unsure = Contact.birth_date.is_(None) if data.birth_date else true()
        homonym = (Contact.sort_name == name) & (Contact.kind == data.kind) & unsure
        found.append((homonym, "même nom, date de naissance à comparer"))
    if data.kind == "PERSONNE_MORALE":
        found.append(((Contact.sort_name == name) & (Contact.kind == data.kind), "même dénomination"))
        if data.siren:
            found.append((Contact.siren == data.siren, "même SIREN"))
    if data.email:
        folded = data.email.casefold()
        owners = select(ContactEmail.contact_id).where(ContactEmail.folded == folded)
        found.append((or_(Contact.email == data.email, Contact.id.in_(owners)), "même adresse e-mail"))
    if data.phone:
        owners = select(ContactPhone.contact_id).where(ContactPhone.number == data.phone)
        found.append((or_(Contact.phone == data.phone, Contact.id.in_(owners)), "même téléphone"))
    return found
