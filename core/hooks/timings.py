"""How long plugins' guarded calls take: counts by steps of a quarter, a row a day, summed over all workers (PL-05).

What is kept says how many calls lay in each step, so that medians of many workers and days can be told from their sum;
a figure read back is right to the step, some 12 %.
"""

from __future__ import annotations

import logging
import math
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core.cabinets.models import PluginTiming
from core.db.clock import today
from core.db.session import Database
from core.db.session import TenantSession
from core.extensions import db
from core.jobs.queue import periodic

#: The first step ends at a millisecond; each next one a quarter further; the last holds all that took a minute or more.
FIRST, FACTOR, LAST = 0.001, 1.25, 50
#: Seconds that counts wait in memory before they are written.
WAIT = 10.0
#: Days that are kept.
KEPT = timedelta(days=30)
_log = logging.getLogger("encours.plugins")

Key = tuple[int, str, str, date]


@dataclass(frozen=True, slots=True)
class Pace:
    """`calls` since the day asked for; half of them took `median` seconds or less, 95 of a hundred `p95`."""

    calls: int
    median: float
    p95: float


def step_of(seconds: float) -> int:
    """The step that a duration lies in."""
    return min(LAST, max(0, math.ceil(math.log(max(seconds, FIRST) / FIRST, FACTOR))))


def pace(steps: Counter[int]) -> Pace | None:
    """What the counts say; None without any."""
    calls = sum(steps.values())
    return Pace(calls, _at(steps, calls * 0.5), _at(steps, calls * 0.95)) if calls else None


def _at(steps: Counter[int], rank: float) -> float:
    seen = 0
    for step in sorted(steps):
        seen += steps[step]
        if seen >= rank:
            return float(FIRST * FACTOR ** (step - 0.5))
    return float(FIRST * FACTOR**LAST)


def since(session: TenantSession, first: date) -> dict[tuple[str, str], Counter[int]]:
    """The cabinet's counts since a day, by plugin and hook."""
    found: dict[tuple[str, str], Counter[int]] = {}
    for row in session.scalars(select(PluginTiming).where(PluginTiming.on >= first)):
        steps = found.setdefault((row.plugin, row.hook), Counter())
        steps.update({int(step): int(count) for step, count in row.steps.items()})
    return found


class Timings:
    """One a process: counts in memory, handed to `write` (a thread of the caller's) some seconds later."""

    def __init__(self, db: Database, write: Callable[[Callable[[], None]], object]) -> None:
        self._db, self._write = db, write
        self._lock = threading.Lock()
        self._waiting: dict[Key, Counter[int]] = {}
        self._of = 0

    def took(self, cabinet_id: int, plugin: str, hook: str, seconds: float) -> None:
        """Count one call."""
        with self._lock:
            first = not self._waiting
            self._of = self._db.opening
            self._waiting.setdefault((cabinet_id, plugin, hook, today()), Counter())[step_of(seconds)] += 1
        if first:
            timer = threading.Timer(WAIT, self._later)
            timer.daemon = True
            timer.start()

    def _later(self) -> None:
        try:
            self._write(self.flush)
        except RuntimeError:  # the process is ending: a few counts less
            _log.info("the last timings were not written")

    def flush(self) -> None:
        """Write what waits."""
        with self._lock:
            waiting, self._waiting = self._waiting, {}
        if not waiting or self._of != self._db.opening:
            return  # counted on a database that this process has left since
        for key, steps in waiting.items():
            try:
                try:
                    self._add(key, steps)
                except IntegrityError:  # another worker made the day's row first: now it is there
                    self._add(key, steps)
            except Exception:  # a lost count must never be what takes a page down
                _log.exception("the timings of %s could not be written", key[1])

    def _add(self, key: Key, steps: Counter[int]) -> None:
        cabinet_id, plugin, hook, on = key
        same = (PluginTiming.plugin == plugin, PluginTiming.hook == hook, PluginTiming.on == on)
        with self._db.session(cabinet_id) as session:
            row = session.scalar(select(PluginTiming).where(*same).with_for_update())
            if row is None:
                row = PluginTiming(plugin=plugin, hook=hook, on=on, steps={})
                session.add(row)
            known = Counter({int(step): int(count) for step, count in row.steps.items()})
            known.update(steps)
            row.steps = {str(step): count for step, count in sorted(known.items())}


@periodic("hooks.timings", 24 * 3600)
def purge(cabinet_id: int) -> None:
    """Delete the days that are older than a month."""
    with db.session(cabinet_id) as session:
        session.execute(
            delete(PluginTiming).where(PluginTiming.on < today() - KEPT).execution_options(synchronize_session=False)
        )
