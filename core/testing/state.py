"""What the database holds of a cabinet, to see what somebody's code changed: rows without what each writing makes anew."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import Any

from sqlalchemy import Column
from sqlalchemy import DateTime
from sqlalchemy import Dialect
from sqlalchemy import Table
from sqlalchemy import literal_column
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
            rows = connection.exec_driver_sql(_read(table, cabinet_id, connection.dialect))
            found[table.name] = Counter(map(repr, map(tuple, rows)))
    return found


@lru_cache(maxsize=1024)
def _read(table: Table, cabinet_id: int, dialect: Dialect) -> str:
    """Values as the driver gives them are enough to compare; the same question a thousand times is compiled once."""
    kept = [one for one in table.columns if one.name not in ("id", "cabinet_id") and not _moment(one)]
    asked = select(literal_column("1"), *kept).where(table.c.cabinet_id == cabinet_id)
    return str(asked.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))


def changed(before: State, after: State) -> list[str]:
    """Tables whose rows are others than before, by name."""
    return sorted(name for name, rows in after.items() if rows != before.get(name, Counter()))


def _moment(column: Column[Any]) -> bool:
    return isinstance(getattr(column.type, "impl", column.type), DateTime)
