"""Counts of a plugin's failures, in the database so that every worker sees them; repeated ones pause the hook."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import select

from core.cabinets import audit
from core.cabinets.models import PluginHealth
from core.db.clock import now
from core.db.session import Database
from core.db.session import TenantSession
from core.hooks.timings import Timings
from core.telemetry.scrub import without_secrets

#: Consecutive failures of one hook after which it is paused.
CRASHES = 5
#: Overruns of the inline lane (> 250 ms) after which it is paused: they cannot be cut.
OVERRUNS = 3
PAUSE = timedelta(minutes=5)

_log = logging.getLogger("encours.plugins")
Told = Callable[[TenantSession, str, str, str], None]


class Health:
    """Writes failures in short transactions of its own; `told` hears of each pause (session, plugin, hook, why).

    They are written by a thread: the caller may hold the database's write lock (a guard inside a launch).
    """

    def __init__(self, db: Database, told: Told) -> None:
        self._db = db
        self._told = told
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="plugin-health")
        self._timings = Timings(db, self._writer.submit)

    def failed(self, cabinet_id: int, plugin: str, hook: str, *, kind: str, text: str, trace: str) -> None:
        """Count a failure; pause the hook at the fifth in a row, or at the third overrun."""
        # `text` may quote what the plugin was working on: it stays in the database, for the cabinet. Never its secrets.
        text = without_secrets(text)
        _log.error("plugin %s failed in %s: %s (trace %s)", plugin, hook, kind, trace)
        self._writer.submit(self._failed, cabinet_id, plugin, hook, kind, text, trace)

    def recovered(self, cabinet_id: int, plugin: str, hook: str) -> None:
        """The first success after failures: the count starts anew."""
        self._writer.submit(self._recovered, cabinet_id, plugin, hook)

    def took(self, cabinet_id: int, plugin: str, hook: str, seconds: float) -> None:
        """Count how long a guarded call took."""
        self._timings.took(cabinet_id, plugin, hook, seconds)

    def drain(self) -> None:
        """Wait until all that was told is written (tests, shutdown)."""
        self._writer.submit(self._timings.flush)
        self._writer.submit(lambda: None).result()

    def _failed(self, cabinet_id: int, plugin: str, hook: str, kind: str, text: str, trace: str) -> None:
        try:
            with self._db.session(cabinet_id) as session:
                self._count(session, plugin, hook, kind, text, trace)
        except Exception:  # the count must never be what takes a page down
            _log.exception("the health of %s could not be written", plugin)

    def _count(self, session: TenantSession, plugin: str, hook: str, kind: str, text: str, trace: str) -> None:
        row = _row(session, plugin, hook)
        row.failures += 1
        # A crowd turned away is no fault of the plugin: the lane's limit is its protection, a pause would outlast it.
        row.consecutive += kind != "busy"
        row.overruns += kind == "overrun"
        row.last_at = now()
        row.last_kind, row.last_text, row.last_trace = kind[:60], text[:300], trace
        if row.consecutive >= CRASHES or row.overruns >= OVERRUNS:
            row.paused_until = now() + PAUSE
            # One failure after the pause pauses again: the next call is the probe.
            row.consecutive, row.overruns = CRASHES - 1, OVERRUNS - 1
            audit.record(session, "system", "plugin.paused", f"plugin:{plugin}", {"hook": hook, "kind": kind})
            self._told(session, plugin, hook, f"{kind} : {text}")

    def _recovered(self, cabinet_id: int, plugin: str, hook: str) -> None:
        try:
            with self._db.session(cabinet_id) as session:
                row = _row(session, plugin, hook)
                row.consecutive = row.overruns = 0
                row.paused_until = None
        except Exception:
            _log.exception("the recovery of %s could not be written", plugin)


def _row(session: TenantSession, plugin: str, hook: str) -> PluginHealth:
    found = session.scalar(select(PluginHealth).where(PluginHealth.plugin == plugin, PluginHealth.hook == hook))
    if found is None:
        found = PluginHealth(plugin=plugin, hook=hook, failures=0, consecutive=0, overruns=0)
        session.add(found)
    return found


