"""What weights did on past prices: mean and volatility, and a back-test that goes back to its weights each month (PF-09)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

from core.api import finance
from plugins.outils.optimising import solver
from plugins.outils.optimising.shapes import Figures
from plugins.outils.optimising.shapes import Named
from plugins.outils.optimising.shapes import Result
from plugins.outils.optimising.shapes import Series
from plugins.outils.optimising.shapes import Spot
from plugins.outils.optimising.shapes import Trial
from plugins.outils.optimising.shapes import Wish
from plugins.outils.optimising.shapes import within

#: The share of the returns on which a trial's weights are found; it is tried on the others.
LEARNT = (2, 3)
Weights = Sequence[Decimal]


def reckon(series: Series, lines: Sequence[Named], wish: Wish) -> Result:
    """All that a record keeps. Raises `solver.Impossible`."""
    found = solver.solve(series.returns, series.a_year, lines, wish)
    frontier = tuple(spot(series, within(lines, one)) for one in found.frontier)
    chosen = spot(series, within(lines, found.chosen))
    model = today(lines)
    return Result(
        frontier, chosen, figures(levels(series, chosen.weights), series.a_year),
        spot(series, model) if model else None, figures(levels(series, model), series.a_year) if model else None,
        _trial(series, lines, wish, model),
    )  # fmt: skip


def today(lines: Sequence[Named]) -> tuple[Decimal, ...] | None:
    """The model's weights among these supports, 1 in all; None where it holds none of them."""
    held = [line.model or Decimal(0) for line in lines]
    total = sum(held, Decimal(0))
    return tuple(one / total for one in held) if total else None


def spot(series: Series, weights: Weights) -> Spot:
    """Mean return of a year (the mean of the returns, times how many make a year) and volatility, the weights held all along."""
    parts = [float(one) for one in weights]
    moved = [sum(part * one for part, one in zip(parts, step, strict=True)) for step in series.returns]
    mean = sum(moved) / len(moved) * series.a_year
    return Spot(tuple(weights), _ratio(mean), _ratio(finance.annual_volatility(moved, series.a_year)))


def levels(series: Series, weights: Weights) -> tuple[Decimal, ...]:
    """Base 100 on the series' days: each line moves by itself within a month, and a new month begins at the weights."""
    parts = [float(one) for one in weights]
    level, held = 100.0, [100.0 * part for part in parts]
    found = [level]
    for (before, on), step in zip(pairwise(series.days), series.returns, strict=True):
        if (on.year, on.month) != (before.year, before.month):
            held = [level * part for part in parts]
        held = [worth * (1 + one) for worth, one in zip(held, step, strict=True)]
        level = sum(held)
        found.append(level)
    return tuple(Decimal(str(round(one, 4))) for one in found)


def figures(track: Sequence[Decimal], a_year: int) -> Figures:
    """Of levels."""
    moved = [float(after / before) - 1 for before, after in pairwise(track)]
    risk = finance.annual_volatility(moved, a_year) if len(moved) > 1 else None
    return Figures(
        _ratio(float(track[-1] / track[0]) - 1), None if risk is None else _ratio(risk), _ratio(finance.max_drawdown(moved))
    )


def _trial(series: Series, lines: Sequence[Named], wish: Wish, model: Weights | None) -> Trial:
    """Found on the first days, tried on the rest: what whoever had asked on the day of the split would have lived."""
    part, of = LEARNT
    known = series.returns
    place = len(known) * part // of
    split = series.days[place]
    try:
        found = solver.solve(known[:place], series.a_year, lines, wish, frontier=False)
    except solver.Impossible as error:
        return Trial(split, why=error.text)
    rest = after(series, place)
    weights = within(lines, found.chosen)
    track = levels(rest, weights)
    beside = levels(rest, model) if model else ()
    return Trial(
        split, weights, track, figures(track, series.a_year), beside, figures(beside, series.a_year) if beside else None
    )


def after(series: Series, place: int) -> Series:
    """The series from one of its days on."""
    return Series(
        series.step, series.a_year, series.days[place:], tuple(one[place:] for one in series.prices), series.sources
    )


def trial_days(series: Series, split: date) -> tuple[date, ...]:
    """The days on which a trial was tried, from the split on."""
    return tuple(day for day in series.days if day >= split)


def _ratio(value: float) -> Decimal:
    return Decimal(str(round(value, 6)))
