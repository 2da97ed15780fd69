"""Who follows a contact, all at once: a principal adviser, seconds, assistants (CT-03)."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping

from sqlalchemy import select

from core.cabinets import audit
from core.cabinets.models import User
from core.contacts.access import writable
from core.contacts.access import writer
from core.contacts.models import ContactAdviser
from core.db.errors import DomainError
from core.db.session import TenantSession
from core.hooks.types import Adviser

#: Role → the name of the form's field that gives it.
FIELDS = {"PRINCIPAL": "principal", "SECONDAIRE": "secondaries", "ASSISTANT": "assistants"}


def of(session: TenantSession, contact_id: str) -> dict[str, tuple[str, ...]]:
    """The ids of those who follow, by role."""
    asked = select(ContactAdviser).where(ContactAdviser.contact_id == contact_id).order_by(ContactAdviser.user_id)
    rows = list(session.scalars(asked))
    return {role: tuple(row.user_id for row in rows if row.role == role) for role in FIELDS}


def write(
    session: TenantSession, by: Adviser | str, contact_id: str, principal: str, secondaries: Iterable[str] = (),
    assistants: Iterable[str] = (),
) -> bool:  # fmt: skip
    """Have these people follow the contact, and nobody else; whether anything changed.

    Somebody has one role. Raises `DomainError` for nobody principal, for one named twice or not of the cabinet,
    `NotFound`, `Forbidden`.
    """
    actor = writer(by, "contacts.edit")
    writable(session, by, contact_id)
    wanted: dict[str, str] = {}
    for role, ids in (("PRINCIPAL", [principal]), ("SECONDAIRE", list(secondaries)), ("ASSISTANT", list(assistants))):
        for user_id in dict.fromkeys(ids):
            if user_id in wanted:
                raise DomainError("Une personne ne suit un contact qu'à un titre\u202f: choisissez-en un.", field=FIELDS[role])
            wanted[user_id] = role
    if not principal:
        raise DomainError("Un contact garde un conseiller principal\u202f: choisissez-le.", field="principal")
    links = {row.user_id: row for row in session.scalars(select(ContactAdviser).where(ContactAdviser.contact_id == contact_id))}
    _check_people(session, wanted, set(links))
    changed = False
    for user_id, role in wanted.items():
        link = links.get(user_id)
        if link is not None and link.role == role:
            continue
        if link is None:
            session.add(ContactAdviser(contact_id=contact_id, user_id=user_id, role=role))
        else:
            link.role = role
        session.flush()
        audit.record(session, actor, "contact.followed", f"contact:{contact_id}", {"user": user_id, "role": role})
        changed = True
    for user_id in sorted(set(links) - set(wanted)):
        session.delete(links[user_id])
        session.flush()
        audit.record(session, actor, "contact.unfollowed", f"contact:{contact_id}", {"user": user_id})
        changed = True
    return changed


def _check_people(session: TenantSession, wanted: Mapping[str, str], there: set[str]) -> None:
    asked = select(User.id).where(User.cabinet_id == session.require_cabinet(), User.active.is_(True))
    known = set(session.scalars(asked)) | there
    for user_id, role in wanted.items():
        if user_id not in known:
            raise DomainError("Choisissez un collaborateur de votre cabinet.", field=FIELDS[role])
