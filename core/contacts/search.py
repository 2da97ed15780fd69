"""Finding contacts: by name, file code, telephone number or e-mail address (RE-01)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from core.contacts.access import visible_ids
from core.contacts.models import Contact
from core.contacts.models import ContactEmail
from core.contacts.models import ContactPhone
from core.contacts.own_models import ContactNumber
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


def of(row: Any, phones: Iterable[str] = (), emails: Iterable[str] = (), known_as: Iterable[str] = ()) -> set[str]:
    """The words by which a contact is found: its own, those of its further telephones and e-mails, its client numbers."""
    names = words.of_names(row.display_name, row.birth_name, row.usage_name, row.first_names, row.company_name)
    numbers = {word for text in (row.file_code, row.siren, *known_as) for word in words.of_number(text)}
    reached = {word for number in {row.phone, *phones} for word in words.of_phone(number)}  # the first is most often both
    return names | numbers | reached | {word for email in {row.email, *emails} for word in words.of_email(email)}


def keep(session: TenantSession, row: Contact) -> None:
    """A contact or one of its channels was written: so are its words."""
    phones = session.scalars(select(ContactPhone.number).where(ContactPhone.contact_id == row.id))
    emails = session.scalars(select(ContactEmail.email).where(ContactEmail.contact_id == row.id))
    known_as = session.scalars(select(ContactNumber.number).where(ContactNumber.contact_id == row.id))
    index.put(session, KIND, row.id, of(row, phones, emails, known_as))


def rebuild(session: TenantSession) -> None:
    """The words of all of the cabinet's contacts anew."""
    phones, emails = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
    known_as = defaultdict[str, list[str]](list)
    for contact_id, number in session.execute(select(ContactPhone.contact_id, ContactPhone.number)):
        phones[contact_id].append(number)
    for contact_id, email in session.execute(select(ContactEmail.contact_id, ContactEmail.email)):
        emails[contact_id].append(email)
    for contact_id, number in session.execute(select(ContactNumber.contact_id, ContactNumber.number)):
        known_as[contact_id].append(number)
    made: Mapping[str, set[str]] = {
        row.id: of(row, phones[row.id], emails[row.id], known_as[row.id]) for row in session.execute(select(*_COLUMNS))
    }
    index.rebuild(session, KIND, made)


def found(session: TenantSession, adviser: Adviser, text: str, *, limit: int) -> Found:
    """The ids of the contacts that a query finds among those that the adviser may see, best first."""
    return find(session, KIND, text, limit=limit, among=visible_ids(adviser))
