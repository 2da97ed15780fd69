"""The numbers by which companies and partners know a contact (domain.md §2.1, «n° client»)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from core.cabinets import audit
from core.contacts import search as contact_search
from core.contacts import shelves
from core.contacts.access import visible
from core.contacts.access import writable
from core.contacts.access import writer
from core.contacts.models import Contact
from core.contacts.own_models import ContactNumber
from core.db.errors import Conflict
from core.db.errors import DomainError
from core.db.errors import NotFound
from core.db.model import new_id
from core.db.session import TenantSession
from core.hooks.types import Adviser

COMPANY, NUMBER, MOST = 80, 40, 100


@dataclass(frozen=True, slots=True)
class ClientNumber:
    """«Generali Patrimoine: 0123456»."""

    id: str
    company: str
    number: str


def of_contact(session: TenantSession, contact_id: str) -> tuple[ClientNumber, ...]:
    """All of a contact's, by company. No right is checked: whoever calls has the contact's file."""
    asked = select(ContactNumber).where(ContactNumber.contact_id == contact_id)
    rows = session.scalars(asked.order_by(ContactNumber.folded_company, ContactNumber.folded_number))
    return tuple(ClientNumber(row.id, row.company, row.number) for row in rows)


def companies(session: TenantSession) -> tuple[str, ...]:
    """The names already in use: what a form proposes."""
    return tuple(session.scalars(select(ContactNumber.company).distinct().order_by(ContactNumber.company).limit(200)))


def add(
    session: TenantSession, by: Adviser | str, contact_id: str, values: Mapping[str, Any], *, number_id: str | None = None
) -> str:
    """Add one; its id. `values`: company, number. One that bears `number_id` already is left as it is.

    Raises `NotFound`, `DomainError`, `Conflict` where the company's number is another's, `Forbidden`.
    """
    actor = writer(by, "contacts.edit")
    contact = writable(session, by, contact_id)
    if number_id and session.scalar(select(ContactNumber.id).where(ContactNumber.id == number_id)):
        return number_id
    company, folded_company = shelves.named(values.get("company"), COMPANY, field="company")
    number, _folded = shelves.named(values.get("number"), NUMBER, field="number")
    folded = "".join(sign for sign in number.casefold() if sign.isalnum())
    if not folded:
        raise DomainError("Saisissez le numéro.", field="number")
    if len(of_contact(session, contact_id)) >= MOST:
        raise DomainError(f"{MOST} numéros au plus.", field="number")
    same = (ContactNumber.folded_company == folded_company, ContactNumber.folded_number == folded)
    if (owner := session.scalar(select(ContactNumber.contact_id).where(*same))) is not None:
        raise Conflict(_taken(session, by, contact_id, owner), field="number")
    row = ContactNumber(
        id=number_id or new_id(), contact_id=contact_id, company=company, number=number, folded_company=folded_company,
        folded_number=folded,
    )  # fmt: skip
    session.add(row)
    session.flush()
    contact_search.keep(session, contact)
    audit.record(session, actor, "contact.number_added", f"contact:{contact_id}", _plain(row))
    return row.id


def remove(session: TenantSession, by: Adviser | str, contact_id: str, number_id: str) -> dict[str, str]:
    """Take one away; what it was, for `add`. Raises `NotFound`, `Forbidden`."""
    actor = writer(by, "contacts.edit")
    contact = writable(session, by, contact_id)
    row = session.scalar(select(ContactNumber).where(ContactNumber.id == number_id, ContactNumber.contact_id == contact_id))
    if row is None:
        raise NotFound("Ce numéro n'existe pas, ou n'existe plus.")
    session.delete(row)
    session.flush()
    contact_search.keep(session, contact)
    audit.record(session, actor, "contact.number_removed", f"contact:{contact_id}", _plain(row))
    return _plain(row)


def _taken(session: TenantSession, by: Adviser | str, mine: str, owner: str) -> str:
    """Whose it is, to who may see him; to others only that it is taken (domain.md §3.6, line 17)."""
    if owner == mine:
        return "Ce numéro figure déjà dans ce dossier."
    wanted = select(Contact.display_name).where(Contact.id == owner)
    name = session.scalar(wanted.where(visible(by, each=True)) if isinstance(by, Adviser) else wanted)
    whose = f"au dossier de {name}" if name else "à un autre dossier du cabinet"
    return f"Ce numéro appartient déjà, chez cette compagnie, {whose}\u202f: vérifiez-le."


def _plain(row: ContactNumber) -> dict[str, str]:
    return {"company": row.company, "number": row.number}
