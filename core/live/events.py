"""Live updates: written with the change, read by open pages. Ids only, never a client's data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import or_
from sqlalchemy import select

from core.cabinets import rights
from core.db.clock import now
from core.db.session import TenantSession
from core.hooks.types import Adviser
from core.live.models import LiveEvent

#: Open pages catch up within this time; older events are of no use to anyone.
KEPT = timedelta(hours=1)
#: How many are told at once.
BATCH = 100


@dataclass(frozen=True, slots=True)
class Live:
    """One update as a page gets it."""

    id: int
    topic: str
    data: dict[str, Any]


def publish(
    session: TenantSession, topic: str, data: dict[str, Any], user_id: str | None = None, *,
    about: tuple[str, str] | None = None,
) -> None:  # fmt: skip
    """Tell open pages of the session's cabinet (or of one person) once the transaction is committed.

    `about`: kind and id of the thing in a client's file; who may not see it when the event is sent is not told.
    Raises ValueError for a kind that is not registered.
    """
    rights.check(about)
    kind, ref = about or (None, None)
    last = position(session)
    session.add(LiveEvent(position=last + 1, topic=topic, data=data, user_id=user_id, subject_kind=kind, subject_id=ref))
    session.flush()


def position(session: TenantSession) -> int:
    """The last event's number; 0 where there is none."""
    return session.scalar(select(func.max(LiveEvent.position))) or 0


def after(session: TenantSession, seen: int, adviser: Adviser, *, limit: int = BATCH) -> Sequence[Live]:
    """What came after `seen` for this person, by his rights of now, oldest first."""
    rows = session.scalars(
        select(LiveEvent)
        .where(
            LiveEvent.position > seen, or_(LiveEvent.user_id.is_(None), LiveEvent.user_id == adviser.user_id),
            rights.about(LiveEvent.subject_kind, LiveEvent.subject_id, adviser, free=True),
        )
        .order_by(LiveEvent.position)
        .limit(limit)
    )
    return [Live(row.position, row.topic, row.data) for row in rows]


def purge(session: TenantSession) -> None:
    """Forget what no page can still be waiting for; the last one stays, so that numbers go on."""
    last = position(session)
    session.execute(delete(LiveEvent).where(LiveEvent.at < now() - KEPT, LiveEvent.position < last))
