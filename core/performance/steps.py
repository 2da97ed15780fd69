"""The days that several series of prices share: one a week where they all have one, else one a month, a quarter… (OU-06).

Weekly returns, monthly ones where there are no weekly ones: the sampling of the SRRI (CESR/10-673, box 1). A price is never
carried over: a step that one of the series does not fill is not taken, the next coarser one is tried.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.supports.prices import Price


@dataclass(frozen=True, slots=True)
class Step:
    """How often; `a_year`: how many make a year; `cell`: the number of the period that a day is in."""

    key: str
    label: str
    a_year: int
    cell: Callable[[date], int]


STEPS = (
    Step("semaine", "hebdomadaires", 52, lambda on: (on.toordinal() - 1) // 7),
    Step("mois", "mensuels", 12, lambda on: on.year * 12 + on.month - 1),
    Step("trimestre", "trimestriels", 4, lambda on: (on.year * 12 + on.month - 1) // 3),
    Step("semestre", "semestriels", 2, lambda on: (on.year * 12 + on.month - 1) // 6),
    Step("annee", "annuels", 1, lambda on: on.year),
)


@dataclass(frozen=True, slots=True)
class Common:
    """Days that series share, oldest first, and the price of each series on each, in the order of the series.

    In a period where no single day has them all, the day is the latest of theirs, and each price keeps its own.
    """

    step: Step
    days: tuple[date, ...]
    prices: tuple[tuple[Price, ...], ...]


def common(series: Sequence[Sequence[Price]]) -> Common | None:
    """The finest step that all of some series fill where they overlap; None where there is none, or under two days."""
    if not series or not all(series):
        return None
    first, last = max(one[0].on for one in series), min(one[-1].on for one in series)
    inside = [{one.on: one for one in each if first <= one.on <= last} for each in series]
    if not all(inside):
        return None
    for step in STEPS:
        cells = [_cells(step, each) for each in inside]
        full = sorted(set.intersection(*(set(each) for each in cells)))
        # the two ends may be cut in the middle of a period; within, no hole
        whole = len(full) >= 2 and len(full) == full[-1] - full[0] + 1
        if whole and full[0] - step.cell(first) <= 1 and step.cell(last) - full[-1] <= 1:
            return _taken(step, full, cells)
    return None


def _cells(step: Step, by_day: Mapping[date, Price]) -> dict[int, dict[date, Price]]:
    found: dict[int, dict[date, Price]] = {}
    for on, price in by_day.items():
        found.setdefault(step.cell(on), {})[on] = price
    return found


def _taken(step: Step, full: Sequence[int], cells: Sequence[Mapping[int, Mapping[date, Price]]]) -> Common:
    days: list[date] = []
    prices: list[list[Price]] = [[] for _ in cells]
    for cell in full:
        shared = set.intersection(*(set(each[cell]) for each in cells))
        on = max(shared) if shared else max(max(each[cell]) for each in cells)
        days.append(on)
        for place, each in enumerate(cells):
            prices[place].append(each[cell][on if shared else max(each[cell])])
    return Common(step, tuple(days), tuple(tuple(each) for each in prices))
