"""The open sessions of the cabinet's people, as an administrator sees and closes them (US-02)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from core import config
from core.auth import devices
from core.auth import sessions
from core.auth.models import SessionRow
from core.cabinets import audit
from core.cabinets.models import User
from core.db.clock import now
from core.db.session import TenantSession

#: More than these are not shown at once.
MOST = 200


@dataclass(frozen=True, slots=True)
class Open:
    """An open session. `key`: what names it to the form that closes it; it opens nothing."""

    key: str
    user_id: str
    name: str
    device: str
    place: str
    begun_at: datetime
    seen_at: datetime
    strong: bool
    current: bool


def listed(session: TenantSession, user_id: str | None = None) -> list[Open]:
    """The open sessions of the cabinet, or of one of its people; the last used first."""
    here, settings = sessions.current(), config.current()
    wanted = (
        select(SessionRow, User.display_name)
        .join(User, User.id == SessionRow.user_id)
        .where(SessionRow.cabinet_id == session.require_cabinet(), User.cabinet_id == session.require_cabinet())
        .order_by(SessionRow.seen_at.desc())
    )
    if user_id is not None:
        wanted = wanted.where(SessionRow.user_id == user_id)
    return [
        Open(
            row.sid_hash, row.user_id or "", name, devices.label(row.agent), row.ip or "adresse inconnue", row.created_at,
            row.seen_at, "otp" in row.amr, here is not None and here.sid_hash == row.sid_hash,
        )
        for row, name in session.execute(wanted)
        if sessions.expiry(row, settings) > now()
    ]  # fmt: skip


def close(session: TenantSession, key: str, *, actor: str) -> str | None:
    """Close one session of the cabinet; whose it was, or None where it had ended."""
    row = _one(session, key)
    if row is None or row.user_id is None:
        return None
    close_all(session, row.user_id, actor=actor, only=key)
    return row.user_id


def close_all(session: TenantSession, user_id: str, *, actor: str, only: str | None = None, but: str | None = None) -> int:
    """Close a person's sessions, of whom it is known that he is of the cabinet; how many there were."""
    count = sessions.end_all(session, user_id, only=only, but=but)
    if count:
        audit.record(session, actor, "session.closed", f"user:{user_id}", {"count": count})
    return count


def _one(session: TenantSession, key: str) -> SessionRow | None:
    if not re.fullmatch(r"[0-9a-f]{64}", key):
        return None
    wanted = select(SessionRow).where(SessionRow.sid_hash == key, SessionRow.cabinet_id == session.require_cabinet())
    return session.scalar(wanted)
