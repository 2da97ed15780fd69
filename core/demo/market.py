"""How the demonstration's prices move: the months of seven markets, and each support's own share of them.

The months up to 2025 are what those markets did, roughly: bonds fall in 2022, as they did. Later ones are drawn, each from its
own name. A price depends on its support and day alone, hence not on the day on which the demonstration is loaded.
"""

from __future__ import annotations

from bisect import bisect_right
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from datetime import date
from functools import cache
from random import Random

from core.demo.seed import SEED
from core.demo.seed import cents
from core.demo.seed import rows

#: Which of the possible futures is drawn: one without a crash in its first years, nor a fortune.
_YEARS = 1265
#: The month at whose end every support has the price of its file.
BASE = (2021, 11)
_BASIS = 10_000
#: A drawn month of a market: its mean and deviation, in basis points.
_DRAWN = {
    "monde": (60, 300), "europe": (55, 300), "tech": (75, 430), "emergents": (50, 340), "taux": (18, 100),
    "or": (50, 300), "bitcoin": (80, 800),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Course:
    """What a support's price follows. `factors`: market → per cent of it; `alpha`, `vol`: a year's, in basis points.

    `rhythm`: months between two prices, for what is valued twice or once a year; `steps`: month → cents, for what is decided.
    """

    key: str
    first: int
    factors: Mapping[str, int] = field(default_factory=dict)
    alpha: int = 0
    vol: int = 0
    rhythm: int = 0
    start: date | None = None
    steps: Mapping[date, int] = field(default_factory=dict)


def course(row: Mapping[str, str]) -> Course:
    """What a line of the supports' file says of its price."""
    key = row["isin"] or row["code"]
    steps = dict(pair.split("=") for pair in row["steps"].split())
    return Course(
        key, cents(row["price"]), {name: int(part) for name, part in (pair.split("=") for pair in row["factors"].split())},
        int(row["alpha"] or 0), int(row["vol"] or 0), int(row["rhythm"] or 0),
        date.fromisoformat(row["start"]) if row["start"] else None,
        {date.fromisoformat(f"{month}-01"): cents(price) for month, price in steps.items()},
    )  # fmt: skip


class Path:
    """The prices of one support, on any day."""

    def __init__(self, found: Course) -> None:
        self._course = found
        start = found.start
        self._base = BASE if start is None else (start.year, start.month - 1)
        self._levels: dict[tuple[int, int], float] = {self._base: float(found.first)}
        self._prices: dict[date, int] = {}

    def at(self, day: date) -> int:
        """The price of a day, in cents: what is not valued daily keeps the last one."""
        if day not in self._prices:
            self._prices[day] = self._reckoned(day)
        return self._prices[day]

    def _reckoned(self, day: date) -> int:
        if self._course.steps:
            dates = sorted(self._course.steps)
            return self._course.steps[dates[max(0, bisect_right(dates, day) - 1)]]
        if self._course.rhythm:
            day = self._last_valued(day)
        before, here = _month_before((day.year, day.month)), (day.year, day.month)
        low, high = self._level(before), self._level(here)
        last = monthrange(day.year, day.month)[1]
        value: float = low * (high / low) ** (day.day / last)
        if day.day != last and self._course.vol:
            value *= 1 + self._stray(day) * (day.day / last * (1 - day.day / last)) ** 0.5
        return max(1, round(value))

    def _stray(self, day: date) -> float:
        """How far a day is from the straight way between two month ends: funds of one market stray together."""
        shared = sum(_common(name, day) * part / 100 for name, part in self._course.factors.items())
        return 0.6 * (shared + self._gauss(f"{day}") * self._course.vol / 4) / _BASIS

    def _last_valued(self, day: date) -> date:
        """The end of the last half-year or year, not after a day."""
        month = day.month // self._course.rhythm * self._course.rhythm
        if month == day.month and day.day < monthrange(day.year, day.month)[1]:
            month -= self._course.rhythm
        year, month = (day.year, month) if month > 0 else (day.year - 1, 12)
        return date(year, month, monthrange(year, month)[1])

    def _level(self, month: tuple[int, int]) -> float:
        """The price at a month's end: from the base, a month at a time, forward or back."""
        if month in self._levels:
            return self._levels[month]
        if month > self._base:
            found = self._level(_month_before(month)) * self._growth(month)
        elif self._course.start is not None:
            return float(self._course.first)
        else:
            after = _month_after(month)
            found = self._level(after) / self._growth(after)
        self._levels[month] = found
        return found

    def _growth(self, month: tuple[int, int]) -> float:
        moved = sum(market(name, month) * part / 100 for name, part in self._course.factors.items())
        own = self._course.alpha / 12 + self._gauss(f"{month[0]}-{month[1]:02d}") * self._course.vol / 3.464
        return max(0.4, 1 + (moved + own) / _BASIS)

    def _gauss(self, name: str) -> float:
        return Random(f"{SEED} {self._course.key} {name}").gauss(0, 1)  # noqa: S311 - a demonstration


@cache
def market(name: str, month: tuple[int, int]) -> int:
    """What a market did in a month, in basis points."""
    known = _known().get(month)
    if known is not None:
        return known[name]
    mean, spread = _DRAWN[name]
    common = Random(f"{SEED} {_YEARS} {month}").gauss(0, 1)  # noqa: S311 - shares move together
    own = Random(f"{SEED} {_YEARS} {name} {month}").gauss(0, 1)  # noqa: S311 - a demonstration
    drawn = own if name in ("taux", "or") else 0.8 * common + 0.6 * own
    return round(mean + spread * drawn)


@cache
def _common(name: str, day: date) -> float:
    return _DRAWN[name][1] * Random(f"{SEED} {name} {day}").gauss(0, 1)  # noqa: S311 - a demonstration


@cache
def _known() -> dict[tuple[int, int], dict[str, int]]:
    found = {}
    for row in rows("markets.csv"):
        year, month = row.pop("month").split("-")
        found[int(year), int(month)] = {name: int(value) for name, value in row.items()}
    return found


def _month_before(month: tuple[int, int]) -> tuple[int, int]:
    return (month[0], month[1] - 1) if month[1] > 1 else (month[0] - 1, 12)


def _month_after(month: tuple[int, int]) -> tuple[int, int]:
    return (month[0], month[1] + 1) if month[1] < 12 else (month[0] + 1, 1)
