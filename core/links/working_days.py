"""The delay of activation, counted from a date of receipt (BL-05): calendar days, or working days in France."""

from __future__ import annotations

from datetime import date
from datetime import timedelta
from functools import lru_cache
from typing import Literal

import holidays

DelayKind = Literal["calendar", "working"]


@lru_cache(maxsize=64)
def _public_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("FR", years=year))


def is_working_day(day: date) -> bool:
    """Whether `day` is neither a Saturday, a Sunday nor one of France's eleven public holidays (Code du travail,
    L3133-1); the local ones of Alsace-Moselle and overseas are not counted."""
    return day.weekday() < 5 and day not in _public_holidays(day.year)


def add_days(start: date, days: int, kind: DelayKind) -> date:
    """The last day of a delay of `days` days from `start`, which itself is not counted.

    A calendar delay may end on a Sunday: the source says «5 jours», with no extension (BL-05).
    """
    if days < 0:
        raise ValueError("a delay is not negative")
    if kind == "calendar":
        return start + timedelta(days=days)
    day = start
    left = days
    while left:
        day += timedelta(days=1)
        if is_working_day(day):
            left -= 1
    return day


def label(days: int, kind: DelayKind) -> str:
    """How the delay is said: «5 jours calendaires», «5 jours ouvrés»."""
    noun = "jour" if days < 2 else "jours"
    word = "calendaire" if kind == "calendar" else "ouvré"
    return f"{days} {noun} {word}{'s' if days > 1 else ''}"
