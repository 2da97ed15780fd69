"""The one clock. Tests move it; nothing else asks the system for the time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from datetime import date
from datetime import datetime
from datetime import timedelta
from zoneinfo import ZoneInfo

#: The time zone in which dates are shown and days are counted.
PARIS = ZoneInfo("Europe/Paris")

_offset = timedelta(seconds=float(os.environ.get("ENCOURS_CLOCK_OFFSET", "0")))


def now() -> datetime:
    """The present, aware, in UTC."""
    return datetime.now(UTC) + _offset


def today() -> date:
    """The day it is in France."""
    return now().astimezone(PARIS).date()


def day_of(moment: datetime) -> date:
    """The day it was in France at that moment."""
    return moment.astimezone(PARIS).date()


def epoch() -> int:
    """Whole seconds since 1970, as tokens and signatures count."""
    return int(now().timestamp())


@contextmanager
def shifted(by: timedelta) -> Iterator[None]:
    """Move this process's clock for the time of a block (tests)."""
    global _offset
    before = _offset
    _offset = before + by
    try:
        yield
    finally:
        _offset = before
