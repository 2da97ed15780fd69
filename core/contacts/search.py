"""Finding contacts: by name, file code, telephone number or e-mail address (RE-01)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from core.contacts.access import visible_ids
from core.contacts.models import Contact
from core.db.session import TenantSession
from core.hooks.types import Adviser
from core.search import index
from core.search import words
from core.search.find import Found
from core.search.find import find

KIND = "contact"
_COLUMNS = (
    Contact.id, Contact.display_name, Contact.birth_name, Contact.usage_name, Contact.first_names, Contact.company_name,
    Contact.file_code, Contact.phone, Contact.email, Contact.siren,
)  # fmt: skip


def of(row: Any) -> set[str]:
    """The words by which a contact is found."""
    names = words.of_names(row.display_name, row.birth_name, row.usage_name, row.first_names, row.company_name)
    numbers = words.of_number(row.file_code) | words.of_number(row.siren)
    return names | numbers | words.of_phone(row.phone) | words.of_email(row.email)


def keep(session: TenantSession, row: Contact) -> None:
    """A contact was written: so are its words."""
    index.put(session, KIND, row.id, of(row))


def rebuild(session: TenantSession) -> None:
    """The words of all of the cabinet's contacts anew."""
    made: Mapping[str, set[str]] = {row.id: of(row) for row in session.execute(select(*_COLUMNS))}
    index.rebuild(session, KIND, made)


def found(session: TenantSession, adviser: Adviser, text: str, *, limit: int) -> Found:
    """The ids of the contacts that a query finds among those that the adviser may see, best first."""
    among = None if adviser.can("contacts.view") and adviser.can("contacts.view_all") else visible_ids(adviser)
    return find(session, KIND, text, limit=limit, among=among)
