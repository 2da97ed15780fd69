"""The journal as the history of one thing: its entries with who made them, and how a change is told (DO-01, PF-01)."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from core.cabinets.models import AuditEntry
from core.cabinets.models import AuditPayload
from core.cabinets.models import User
from core.db.session import TenantSession

_ACTORS = {"cli": "Commande d'exploitation", "system": "Encours"}


@dataclass(frozen=True, slots=True)
class Line:
    """One field, before and after."""

    name: str
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of the journal, as people read it. `purged`: what changed is no longer kept, only that it did."""

    at: datetime
    who: str
    action: str
    lines: tuple[Line, ...]
    purged: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as it was noted. `payload`: None where it was purged."""

    at: datetime
    actor: str
    action: str
    payload: dict[str, Any] | None


def entries(session: TenantSession, subjects: Sequence[str], actions: Iterable[str], most: int) -> tuple[Entry, ...]:
    """What was noted of some subjects, the newest first: two queries. The caller has checked that they may be seen."""
    rows = session.execute(
        select(AuditEntry.id, AuditEntry.at, AuditEntry.actor, AuditEntry.action)
        .where(AuditEntry.subject.in_(subjects), AuditEntry.action.in_(list(actions)))
        .order_by(AuditEntry.seq.desc()).limit(most)
    ).all()  # fmt: skip
    wanted = select(AuditPayload).where(AuditPayload.entry_id.in_([row.id for row in rows]))
    payloads = {row.entry_id: row.payload for row in session.scalars(wanted)} if rows else {}
    return tuple(Entry(row.at, row.actor, row.action, payloads.get(row.id)) for row in rows)


def people(session: TenantSession, actors: set[str]) -> dict[str, str]:
    """Id → name, of those that are people of the cabinet."""
    wanted = select(User.id, User.display_name).where(User.cabinet_id == session.require_cabinet(), User.id.in_(actors))
    return {row.id: row.display_name for row in session.execute(wanted)} if actors else {}


def said_of(actor: str, names: Mapping[str, str]) -> str:
    """Who it was: a person, a command, Encours itself."""
    return names.get(actor, _ACTORS.get(actor, actor))
