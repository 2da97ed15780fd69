"""Regular returns out of irregular days: for volatility, and for the table of months and years (PF-08)."""

from __future__ import annotations

import math
from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from datetime import timedelta
from itertools import pairwise
from typing import Any

Mark = tuple[date, float]
#: Rhythm → periods a year, what names a period, the shortest and the longest days between two of its values.
_RHYTHMS: tuple[tuple[int, Callable[[date], Any], int, int], ...] = (
    (52, lambda day: day.isocalendar()[:2], 4, 10), (12, lambda day: (day.year, day.month), 24, 38),
)  # fmt: skip
#: The part of a measure's days that stands for all of it.
_MOSTLY = 0.8
#: Fewer returns than this say little.
FEW = 12
#: How far from the end of a month, or of a year, a value may be and still stand for it.
_EDGE = timedelta(days=10)


@dataclass(frozen=True, slots=True)
class Sample:
    """Regular log returns; `periods` of them make a year. `whole`: they cover the measure; otherwise its end, from `since` on."""

    periods: int
    returns: tuple[float, ...]
    since: date
    whole: bool

    @property
    def few(self) -> bool:
        """Whether they are too few to say much."""
        return len(self.returns) < FEW


@dataclass(frozen=True, slots=True)
class Year:
    """A calendar year: its return and its months', None where not known. `partial`: the measure begins or ends within it."""

    year: int
    whole: float | None
    months: tuple[float | None, ...]
    partial: bool


@dataclass(frozen=True, slots=True)
class Calendar:
    """Returns by year, the latest first."""

    years: tuple[Year, ...]


def sample(marks: Sequence[Mark]) -> Sample | None:
    """Weekly log returns, else monthly ones, of the last regular run; None for neither (domain.md §2.10).

    The run covers most of the measure, or is long enough to say something by itself.
    """
    for periods, named, least, most in _RHYTHMS:
        last = list({named(day): (day, level) for day, level in marks}.values())
        if len(last) > 2 and not least <= (last[-1][0] - last[-2][0]).days <= most:
            last.pop()  # a period in course
        start = len(last) - 1
        while start > 0 and least <= (last[start][0] - last[start - 1][0]).days <= most:
            start -= 1
        run = last[start:]
        if len(run) < 3 or any(level <= 0 for _, level in run):
            continue
        whole = (run[-1][0] - run[0][0]).days >= _MOSTLY * (marks[-1][0] - marks[0][0]).days
        if whole or len(run) > FEW:
            found = tuple(math.log(second[1] / first[1]) for first, second in pairwise(run))
            return Sample(periods, found, run[0][0], whole)
    return None


def calendar(marks: Sequence[Mark]) -> Calendar:
    """The return of each calendar year and month that has a value near both of its ends."""
    if len(marks) < 2:
        return Calendar(())
    first, last = marks[0][0], marks[-1][0]
    years = []
    for year in range(last.year, first.year - 1, -1):
        begin, end = date(year - 1, 12, 31), date(year, 12, 31)
        months = tuple(_between(marks, _end(year, month - 1), _end(year, month)) for month in range(1, 13))
        partial = first > begin + _EDGE or last < end - _EDGE
        whole = _between(marks, max(begin, first), min(end, last))
        if whole is not None or any(one is not None for one in months):
            years.append(Year(year, whole, months, partial))
    return Calendar(tuple(years))


def _end(year: int, month: int) -> date:
    """The last day of a month; of month 0, that of the year before."""
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def _between(marks: Sequence[Mark], begin: date, end: date) -> float | None:
    low, high = _at(marks, begin), _at(marks, end)
    return high / low - 1 if low and high is not None and end > begin else None


def _at(marks: Sequence[Mark], day: date) -> float | None:
    """The level of the nearest day, before or after, where it is near enough."""
    nearest = min(marks, key=lambda one: (abs(one[0] - day), one[0]))
    return nearest[1] if abs(nearest[0] - day) <= _EDGE else None
