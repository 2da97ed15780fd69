"""What every part of the program is handed: settings, database, clock."""

from __future__ import annotations

import time
from dataclasses import dataclass
from dataclasses import field
from datetime import UTC
from datetime import date
from datetime import datetime
from threading import Event
from zoneinfo import ZoneInfo

from .db import Store
from .db import get_meta
from .db import set_meta
from .settings import Settings

_PARIS = ZoneInfo("Europe/Paris")


class Clock:
    """PLP-110: one injectable clock. The offset (seconds) is kept in the database."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._offset = 0.0

    def load(self) -> None:
        """After a restart."""
        with self._store.read() as connection:
            self._offset = float(get_meta(connection, "clock_offset_s") or 0)

    def move(self, offset_s: float) -> None:
        """From now on the extranet lives `offset_s` seconds away from the machine's time."""
        with self._store.write() as connection:
            set_meta(connection, "clock_offset_s", repr(offset_s))
        self._offset = offset_s

    def now(self) -> float:
        """Seconds since the epoch, UTC."""
        return time.time() + self._offset

    def today(self) -> date:
        """The company's day, in Paris."""
        return datetime.fromtimestamp(self.now(), UTC).astimezone(_PARIS).date()


@dataclass(frozen=True, slots=True)
class World:
    """One running extranet. `wake` tells the sender of hooks that something is due."""

    settings: Settings
    store: Store
    clock: Clock
    wake: Event = field(default_factory=Event)


def open_world(settings: Settings) -> World:
    """Opens (and where needed creates) the database."""
    store = Store(settings.db)
    store.create()
    clock = Clock(store)
    clock.load()
    return World(settings, store, clock)
