"""How the cabinets' work and plugins stand, summed over all of them: for `/healthz` and `/metrics`.

Tables of a cabinet are read cabinet by cabinet (the walls have no door for «all»); hence seldom.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from dataclasses import dataclass
from dataclasses import field

from sqlalchemy import func
from sqlalchemy import select

from core import config
from core.cabinets.models import Cabinet
from core.cabinets.models import PluginHealth
from core.db.clock import now
from core.extensions import db
from core.jobs.models import OutboxItem

#: Seconds for which an answer is good: anybody may ask for `/healthz`.
FRESH = 5.0


@dataclass(frozen=True, slots=True)
class Standing:
    """`outbox`: items by state. `failures`, `paused`: by (plugin, hook); paused counts cabinets."""

    outbox: Counter[str] = field(default_factory=Counter)
    failures: Counter[tuple[str, str]] = field(default_factory=Counter)
    paused: Counter[tuple[str, str]] = field(default_factory=Counter)


_lock = threading.Lock()
_kept: list[tuple[float, str, Standing]] = []


def read() -> Standing:
    """At most a few seconds old. Raises SQLAlchemyError where the database does not answer."""
    base = config.current().database_url
    with _lock:
        if _kept and _kept[0][1] == base and time.monotonic() - _kept[0][0] < FRESH:
            return _kept[0][2]
        found = _read()
        _kept[:] = [(time.monotonic(), base, found)]
        return found


def forget() -> None:
    """Read anew at the next question (tests)."""
    _kept.clear()


def _read() -> Standing:
    found = Standing()
    with db.session(None, write=False) as session:
        cabinets = session.scalars(select(Cabinet.id)).all()
    for cabinet_id in cabinets:
        with db.session(cabinet_id, write=False) as session:
            for state, count in session.execute(select(OutboxItem.state, func.count()).group_by(OutboxItem.state)):
                found.outbox[state] += count
            for row in session.scalars(select(PluginHealth)):
                found.failures[row.plugin, row.hook] += row.failures
                if row.paused_until is not None and row.paused_until > now():
                    found.paused[row.plugin, row.hook] += 1
    return found
