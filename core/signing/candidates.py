"""Who may be asked to sign a document: those whose it is, those near them, the adviser himself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from core.accounts.envelopes import HOLDING_ROLES
from core.accounts.models import AccountRole
from core.contacts import relations
from core.contacts.access import visible
from core.contacts.models import Contact
from core.db.session import TenantSession
from core.documents.models import Document
from core.hooks.types import Adviser
from core.mail import smtp

#: Relations that are shown at most, and those that sign for or with somebody before others.
MOST = 6


@dataclass(frozen=True, slots=True)
class Candidate:
    """One who may sign. `kind`, `ref`: as `asking.Wanted`; `usual`: how he is asked unless the adviser says otherwise, or «»."""

    kind: str
    ref: str
    name: str
    why: str
    email: str
    company: bool
    usual: str


def of_document(session: TenantSession, by: Adviser, document: Document) -> Sequence[Candidate]:
    """The owner first, or the holders of his account; then those related to him; the adviser last, who signs for the cabinet."""
    by_link = smtp.is_configured()
    owners = _owners(session, by, document)
    found = [_of(one, "", by_link=by_link, asked=True) for one in owners]
    known = {one.ref for one in found}
    for owner in owners[:2]:
        for tied in relations.of_contact(session, by, owner.id, size=30).items:
            if tied.until is None and tied.other.id not in known and len(found) < len(owners) + MOST:
                contact = session.scalar(select(Contact).where(Contact.id == tied.other.id, visible(by)))
                if contact is not None and contact.vital != "DECEDE":
                    known.add(contact.id)
                    found.append(_of(contact, tied.label, by_link=by_link, asked=False))
    return [*found, Candidate("user", by.user_id, by.name, "", by.email, False, "")]


def _owners(session: TenantSession, by: Adviser, document: Document) -> list[Contact]:
    wanted = select(Contact).where(visible(by), Contact.vital != "DECEDE").order_by(Contact.sort_name, Contact.id)
    if document.owner_kind == "contact":
        return list(session.scalars(wanted.where(Contact.id == document.owner_id)))
    if document.owner_kind == "account":
        mine = select(AccountRole.contact_id).where(
            AccountRole.account_id == document.owner_id, AccountRole.role.in_(HOLDING_ROLES)
        )
        return list(session.scalars(wanted.where(Contact.id.in_(mine))))
    return []


def _of(contact: Contact, why: str, *, by_link: bool, asked: bool) -> Candidate:
    email = contact.email or ""
    usual = ("LIEN" if by_link and email else "PLACE") if asked else ""
    return Candidate("contact", contact.id, contact.display_name, why, email, contact.kind == "PERSONNE_MORALE", usual)
