"""How often a token calls, counted in the database for all workers, which write it once in some calls, not at each.

A worker takes a share of a token's calls (and of its cabinet's) and spends it from memory: together they never let through
more than the limit. What a worker holds unspent is missing for the others until the minute ends, hence small shares.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from core.auth import limits
from core.auth.limits import Limit
from core.auth.limits import Wait
from core.db.clock import now

#: Calls of a share at most, and what part of the limit it may be.
SHARE, PART = 10, 30
#: Tokens whose shares are kept; those that have ended go first.
MOST = 1000
Keys = tuple[tuple[str, Limit], ...]


@dataclass(slots=True)
class _Held:
    left: int
    until: datetime


class Pace:
    """What one process holds."""

    def __init__(self) -> None:
        self._held: dict[Keys, _Held] = {}
        self._lock = Lock()

    def take(self, *wanted: tuple[str, Limit]) -> Wait | None:
        """Count a call against each; how long to wait where one is exhausted."""
        if self._spent(wanted):
            return None
        size = max(1, min(SHARE, *(limit.tries // PART for _key, limit in wanted)))
        found = limits.share(size, *wanted)
        if isinstance(found, Wait):
            return found
        self._keep(wanted, _Held(found.calls - 1, found.until))
        return None

    def _spent(self, wanted: Keys) -> bool:
        with self._lock:
            held = self._held.get(wanted)
            if held is None or held.left == 0 or held.until <= now():
                return False
            held.left -= 1
            return True

    def _keep(self, wanted: Keys, more: _Held) -> None:
        with self._lock:
            held, at = self._held.get(wanted), now()
            if held is not None and held.until > at:  # another thread took one meanwhile
                more = _Held(more.left + held.left, min(more.until, held.until))
            if len(self._held) >= MOST:
                self._held = {key: one for key, one in self._held.items() if one.left and one.until > at}
            self._held[wanted] = more


PACE = Pace()
