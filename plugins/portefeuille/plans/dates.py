"""The days of an act that comes back: pure, without a database or a clock (PF-04).

A day that a month does not have is its last; a day off stays where it is: what is proposed is dated as the order was given.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

#: Frequency → months from one day to the next.
MONTHS: dict[str, int] = {"MENSUEL": 1, "TRIMESTRIEL": 3, "SEMESTRIEL": 6, "ANNUEL": 12}
#: Days that wait at most on one plan, and that are looked at to find them.
MOST, FARTHEST = 60, 1300


@dataclass(frozen=True, slots=True)
class Terms:
    """When it comes back. `floor`: nothing is due before (what was answered under other terms stands); `pauses`: from a day
    to the one on which it was taken up again, that one left out.
    """

    frequency: str
    day: int
    since: date
    until: date | None = None
    floor: date | None = None
    pauses: tuple[tuple[date, date], ...] = ()


def days(terms: Terms) -> Iterator[date]:
    """All its days, pauses and answers aside."""
    year, month = terms.since.year, terms.since.month
    if _on(year, month, terms.day) < terms.since:
        year, month = _after(year, month, 1)
    for _turn in range(FARTHEST):
        if year > date.max.year:
            return
        found = _on(year, month, terms.day)
        if terms.until is not None and found > terms.until:
            return
        yield found
        year, month = _after(year, month, MONTHS[terms.frequency])


def waiting(terms: Terms, answered: Collection[date], on: date) -> list[date]:
    """The days up to `on` that nobody answered yet, the oldest first."""
    found: list[date] = []
    for one in days(terms):
        if one > on or len(found) == MOST:
            break
        if _counts(terms, one) and one not in answered:
            found.append(one)
    return found


def coming(terms: Terms, answered: Collection[date], after: date, most: int) -> list[date]:
    """The next days after `after`."""
    found: list[date] = []
    for one in days(terms):
        if len(found) == most:
            break
        if one > after and _counts(terms, one) and one not in answered:
            found.append(one)
    return found


def earliest(terms: Terms, answered: Collection[date]) -> date | None:
    """The first day that waits or comes; None where nothing does any more."""
    return next((one for one in days(terms) if _counts(terms, one) and one not in answered), None)


def floor_after(floor: date | None, answered: Sequence[date]) -> date | None:
    """Where new terms begin: the month after the last answer, so that no month has two."""
    if not answered:
        return floor
    last = max(answered)
    year, month = _after(last.year, last.month, 1)
    return date.max if year > date.max.year else date(year, month, 1)


def _counts(terms: Terms, one: date) -> bool:
    if terms.floor is not None and one < terms.floor:
        return False
    return not any(begin <= one < end for begin, end in terms.pauses)


def _on(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, monthrange(year, month)[1]))


def _after(year: int, month: int, by: int) -> tuple[int, int]:
    place = year * 12 + month - 1 + by
    return place // 12, place % 12 + 1
