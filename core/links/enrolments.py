"""Advisers at a partner: a handle that says nothing of them elsewhere (PLP-010), and whether they are enrolled."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from core.cabinets import audit
from core.cabinets import profiles
from core.cabinets import services as cabinets
from core.cabinets.models import User
from core.db.clock import now
from core.db.errors import DomainError
from core.db.errors import NotFound
from core.db.session import TenantSession
from core.links import mandate_book as book
from core.links import mandate_document
from core.links.models import Enrolment

LABELS: dict[str, str] = {"not_enrolled": "Non habilité", "enrolled": "Habilité", "suspended": "Suspendu"}


@dataclass(frozen=True, slots=True)
class Listed:
    """A person who may initiate transactions, and where he stands at the partner."""

    user_id: str
    name: str
    email: str
    role: str
    state: str
    label: str
    partner_code: str | None
    changed_at: datetime | None


def handle(session: TenantSession, plugin: str, user_id: str) -> str:
    """The adviser's handle at this partner: random, the same for ever, another at each partner (PLP-010)."""
    return _row(session, plugin, user_id).handle


def listed(session: TenantSession, plugin: str) -> list[Listed]:
    """Everybody of the cabinet whose role may initiate transactions, by name."""
    rows = {row.user_id: row for row in session.scalars(select(Enrolment).where(Enrolment.plugin == plugin))}
    found, called = [], profiles.labels(session)
    for user in cabinets.users(session):
        row = rows.get(user.id)
        if "transactions.initiate" not in profiles.rights_of(session, user.role) and (row is None or row.state == "not_enrolled"):
            continue
        state = row.state if row else "not_enrolled"
        found.append(
            Listed(
                user.id, user.display_name, user.email, called.get(user.role, user.role), state, LABELS[state],
                row.partner_code if row else None, row.changed_at if row else None,
            )
        )  # fmt: skip
    return found


def set_state(
    session: TenantSession, plugin: str, user_id: str, *, state: str, partner_code: str | None = None, actor: str
) -> Enrolment:
    """Enrol, suspend or remove an adviser; the partner gets the next version of the mandate (PLP-038).

    `partner_code` is his own user code there. Raises `NotFound` for somebody of another cabinet, `DomainError` for a
    state or a code that is none, or a role that may not initiate transactions.
    """
    if state not in LABELS:
        raise DomainError("Choisissez un état\u202f: habilité, suspendu ou non habilité.")
    code = (partner_code or "").strip() or None
    if code is not None and not re.fullmatch(r"[!-~]{1,64}", code):
        raise DomainError("Le code utilisateur compte 1 à 64 lettres, chiffres ou signes, sans espace ni accent.")
    user = session.scalar(
        select(User).where(User.id == user_id, User.cabinet_id == session.require_cabinet(), User.active)
    )
    if user is None:
        raise NotFound("Cette personne n'est pas de votre cabinet, ou n'y est plus active.")
    if state == "enrolled" and "transactions.initiate" not in profiles.rights_of(session, user.role):
        raise DomainError(f"{user.display_name} n'a pas le droit d'initier des transactions\u202f: changez son rôle.")
    row = _row(session, plugin, user_id)
    if (row.state, row.partner_code) == (state, code):
        return row
    before = {"state": row.state, "partner_code": row.partner_code}
    row.state, row.partner_code, row.changed_at = state, code, now()
    session.flush()
    after = {"state": state, "partner_code": code}
    audit.record(session, actor, "enrolment.changed", f"user:{user_id}", {"before": before, "after": after})
    mandate = book.current(session, plugin)
    if mandate is not None and mandate.ended_at is None:
        mandate_document.touch(session, mandate)
    return row


def _row(session: TenantSession, plugin: str, user_id: str) -> Enrolment:
    row = session.scalar(select(Enrolment).where(Enrolment.plugin == plugin, Enrolment.user_id == user_id))
    if row is None:
        row = Enrolment(plugin=plugin, user_id=user_id, handle="adv_" + secrets.token_urlsafe(16))
        session.add(row)
        session.flush()
    return row
