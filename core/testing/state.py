"""What the database holds of a cabinet, to see what somebody's code changed: rows without what each writing makes anew."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import Column
from sqlalchemy import DateTime
from sqlalchemy import literal
from sqlalchemy import select

from core.db.model import INSTANCE_TABLES
from core.db.model import Base
from core.extensions import db

#: What core itself writes around anybody's request, job or command: traces, counts, sessions, what waits to be done.
ASIDE = frozenset({
    "access_line", "api_reply", "api_token", "audit_entry", "audit_payload", "audit_purge", "breaker", "device", "job",
    "list_preference", "live_event", "plugin_health", "plugin_timing", "session", "undo_offer",
})  # fmt: skip

State = dict[str, Counter[str]]


def state(cabinet_id: int) -> State:
    """Table → its rows, without ids and moments: the same work done anew leaves the same."""
    found: State = {}
    with db.session(cabinet_id, write=False) as session:
        connection = session.connection()
        for table in Base.metadata.sorted_tables:
            if table.name in INSTANCE_TABLES or table.name in ASIDE or "cabinet_id" not in table.columns:
                continue
            kept = [one for one in table.columns if one.name not in ("id", "cabinet_id") and not _moment(one)]
            rows = connection.execute(select(literal(1), *kept).where(table.c.cabinet_id == cabinet_id))
            found[table.name] = Counter(repr(tuple(row)) for row in rows)
    return found


def changed(before: State, after: State) -> list[str]:
    """Tables whose rows are others than before, by name."""
    return sorted(name for name, rows in after.items() if rows != before.get(name, Counter()))


def _moment(column: Column[Any]) -> bool:
    return isinstance(getattr(column.type, "impl", column.type), DateTime)
