"""The days of the history: sixty month ends, and the day before today."""

from __future__ import annotations

from datetime import UTC
from datetime import date
from datetime import datetime
from datetime import timedelta

#: Five years of monthly valuations and prices.
MONTHS = 60


def month_ends(until: date, count: int = MONTHS) -> list[date]:
    """The last `count` month ends strictly before `until`, oldest first."""
    ends: list[date] = []
    day = until.replace(day=1) - timedelta(days=1)
    while len(ends) < count:
        ends.append(day)
        day = day.replace(day=1) - timedelta(days=1)
    return ends[::-1]


def years_before(day: date, years: int) -> date:
    """The same day some years earlier; 28 February for a 29th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def noon(day: date) -> datetime:
    """Noon of a day, UTC."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
