"""The breaker's state, kept in the database so that all workers agree (PLP-108, PLP-109)."""

from __future__ import annotations

from datetime import datetime
from datetime import timedelta

import pybreaker

from core.db import locks
from core.db.clock import now
from core.db.session import Database
from core.db.session import TenantSession
from core.http.models import BreakerRow

#: interfaces.md, Numbers: five consecutive failures, thirty seconds open, one probe.
FAILURES = 5
OPEN = timedelta(seconds=30)
_STATES = {"closed": pybreaker.STATE_CLOSED, "open": pybreaker.STATE_OPEN, "half-open": pybreaker.STATE_HALF_OPEN}


class Storage(pybreaker.CircuitBreakerStorage):
    """pybreaker's storage over one row of `breaker`. A closed breaker costs one read and no write."""

    def __init__(self, db: Database, plugin: str, cabinet_id: int, operation: str) -> None:
        super().__init__("database")
        self._db = db
        self._key = (plugin, cabinet_id, operation)

    def _row(self) -> BreakerRow:
        with self._db.session(None, write=False) as session:
            return session.get(BreakerRow, self._key) or _new(self._key)

    def _change(self, **values: object) -> None:
        with self._db.session(None) as session:
            locks.alone(session, locks.BREAKERS)
            row = session.get(BreakerRow, self._key)
            if row is None:
                row = _new(self._key)
                session.add(row)
            for name, value in values.items():
                setattr(row, name, value)

    @property
    def state(self) -> str:
        return _STATES[self._row().state]

    @state.setter
    def state(self, state: str) -> None:
        if state != self._row().state:
            self._change(state=state)

    def increment_counter(self) -> None:
        with self._db.session(None) as session:
            locks.alone(session, locks.BREAKERS)
            row = session.get(BreakerRow, self._key)
            if row is None:
                row = _new(self._key)
                session.add(row)
            row.failures += 1

    def reset_counter(self) -> None:
        if self._row().failures:
            self._change(failures=0)

    def increment_success_counter(self) -> None:
        self._change(successes=self._row().successes + 1)

    def reset_success_counter(self) -> None:
        if self._row().successes:
            self._change(successes=0)

    @property
    def counter(self) -> int:
        return self._row().failures

    @property
    def success_counter(self) -> int:
        return self._row().successes

    @property
    def opened_at(self) -> datetime | None:
        return self._row().opened_at

    @opened_at.setter
    def opened_at(self, moment: datetime) -> None:
        self._change(opened_at=moment)


def _new(key: tuple[str, int, str]) -> BreakerRow:
    plugin, cabinet_id, operation = key
    return BreakerRow(
        plugin=plugin, cabinet_id=cabinet_id, operation=operation, state="closed", failures=0, successes=0
    )


def make(db: Database, plugin: str, cabinet_id: int, operation: str) -> pybreaker.CircuitBreaker:
    """The breaker of one operation of one plugin for one cabinet."""
    return pybreaker.CircuitBreaker(
        fail_max=FAILURES, reset_timeout=OPEN.total_seconds(),
        state_storage=Storage(db, plugin, cabinet_id, operation), throw_new_error_on_trip=False,
    )  # fmt: skip


def open_since(session: TenantSession, plugin: str, cabinet_id: int, operation: str) -> datetime | None:
    """Since when the breaker has been open; None while it is closed, or due for a probe."""
    row = session.get(BreakerRow, (plugin, cabinet_id, operation))
    if row is None or row.state != "open" or row.opened_at is None or now() - row.opened_at >= OPEN:
        return None
    return row.opened_at
