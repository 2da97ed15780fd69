"""Who may be asked to sign a document: those whose it is, who signs with or for them, the adviser himself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from core.accounts.envelopes import HOLDING_ROLES
from core.accounts.models import AccountRole
from core.contacts import relations
from core.contacts.access import visible
from core.contacts.models import Contact
from core.contacts.models import HouseholdMember
from core.db.clock import today
from core.db.session import TenantSession
from core.documents.models import Document
from core.hooks.types import Adviser
from core.mail import smtp

#: What somebody is to an owner when he signs with him or for him; of a minor, his parents too.
WITH, FOR_MINORS, HEADS = (
    ("CONJOINT", "PARTENAIRE_PACS", "CONCUBIN", "TUTEUR", "CURATEUR", "REPRESENTANT_LEGAL"), ("PARENT",), ("DIRIGEANT",)
)  # fmt: skip
COMPANY, HOUSEHOLD = "PERSONNE_MORALE", "FOYER"
#: The age at which one signs (Code civil, art. 414).
MAJORITY = 18


@dataclass(frozen=True, slots=True)
class Candidate:
    """One who may sign. `kind`, `ref`: as `asking.Wanted`; `usual`: how he is asked unless the adviser says otherwise, or «».

    `head`: of a company, the name of who leads it.
    """

    kind: str
    ref: str
    name: str
    why: str
    email: str
    company: bool
    usual: str
    head: str = ""


def of_document(session: TenantSession, by: Adviser, document: Document) -> Sequence[Candidate]:
    """The owner first, or the holders of his account; then those near them; the adviser last, who signs for the cabinet."""
    owners = _owners(session, by, document)
    found = [_of(session, by, one, "", asked=not _minor(one)) for one in owners]
    known = {one.ref for one in found}
    for owner in owners:
        roles = WITH + (FOR_MINORS if _minor(owner) else ())
        for contact, why in _near(session, by, owner, roles):
            if contact.id not in known:
                known.add(contact.id)
                found.append(_of(session, by, contact, why, asked=_minor(owner)))
    return [*found, Candidate("user", by.user_id, by.name, "pour le cabinet", by.email, False, "")]


def spoken(contact: Contact) -> str:
    """A person's name as it is said and signed: «Jeanne Durand»."""
    last = contact.usage_name or contact.birth_name
    given = contact.display_name.removeprefix(last or "").strip()
    return f"{given} {last}" if last and given != contact.display_name and given else contact.display_name


def _owners(session: TenantSession, by: Adviser, document: Document) -> list[Contact]:
    wanted = select(Contact).where(visible(by), Contact.vital != "DECEDE").order_by(Contact.sort_name, Contact.id)
    if document.owner_kind == "contact":
        mine = session.scalar(wanted.where(Contact.id == document.owner_id))
        if mine is None or mine.kind != HOUSEHOLD:
            return [mine] if mine is not None else []
        members = select(HouseholdMember.contact_id).where(HouseholdMember.household_id == mine.id)
        return [one for one in session.scalars(wanted.where(Contact.id.in_(members))) if not _minor(one)]
    if document.owner_kind == "account":
        held = select(AccountRole.contact_id).where(
            AccountRole.account_id == document.owner_id, AccountRole.role.in_(HOLDING_ROLES)
        )
        return list(session.scalars(wanted.where(Contact.id.in_(held))))
    return []


def _near(session: TenantSession, by: Adviser, owner: Contact, roles: tuple[str, ...]) -> list[tuple[Contact, str]]:
    """Those who are so to him today, and whose file the adviser may see."""
    tied = [
        one for one in relations.of_contact(session, by, owner.id, size=100).items
        if one.role in roles and (one.until is None or one.until > today())
    ]  # fmt: skip
    wanted = select(Contact).where(Contact.id.in_([one.other.id for one in tied]), visible(by), Contact.vital != "DECEDE")
    people = {one.id: one for one in session.scalars(wanted)}
    return [(people[one.other.id], one.label) for one in tied if one.other.id in people]


def _of(session: TenantSession, by: Adviser, contact: Contact, why: str, *, asked: bool) -> Candidate:
    email, company = contact.email or "", contact.kind == COMPANY
    usual = ("LIEN" if smtp.is_configured() and email else "PLACE") if asked else ""
    heads = _near(session, by, contact, HEADS) if company else []
    head = spoken(heads[0][0]) if heads else ""
    return Candidate("contact", contact.id, spoken(contact), why, email, company, usual, head)


def _minor(contact: Contact) -> bool:
    born, now = contact.birth_date, today()
    return born is not None and born > date(now.year - MAJORITY, now.month, min(now.day, 28))
