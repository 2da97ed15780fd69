"""What an optimisation is, as it is asked and read: frozen, without rows. Weights, bounds, returns and risks are ratios."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from decimal import ROUND_DOWN
from decimal import Decimal
from itertools import pairwise
from typing import Any

from flask_babel import lazy_gettext as _l

#: What is sought: the least risk, the most return at a risk, the most return for each point of risk.
GOALS: Mapping[str, Any] = {
    "VARIANCE": _l("Variance minimale"), "CIBLE": _l("Risque cible"), "RAPPORT": _l("Meilleur rapport rendement/risque"),
}  # fmt: skip
#: Years of history that may be asked.
YEARS = (1, 3, 5)
LEAST, MOST = 2, 30
ZERO, ONE = Decimal(0), Decimal(1)
#: Weights are written to the hundredth of a per cent, as a model's are.
STEP = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Line:
    """A support among which is chosen, and its least and greatest weight."""

    support_id: str
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked. `risk`: the volatility of a year that is aimed at, for `CIBLE` alone.

    `keep`: the model's lines that are not among `lines` keep their weight, and what is left is shared; otherwise they leave.
    """

    lines: tuple[Line, ...]
    years: int
    goal: str
    risk: Decimal | None = None
    keep: bool = True


@dataclass(frozen=True, slots=True)
class Named:
    """A support as a record keeps it. `model`: its weight in the version that held; None where it was not in it."""

    support_id: str
    label: str
    code: str
    low: Decimal
    high: Decimal
    model: Decimal | None


@dataclass(frozen=True, slots=True)
class Aside:
    """A line of the model that is not optimised: it keeps its weight, or leaves."""

    support_id: str
    label: str
    code: str
    weight: Decimal


@dataclass(frozen=True, slots=True)
class Series:
    """The prices that were used, of each support in the order of the lines, on common days."""

    step: str
    a_year: int
    days: tuple[date, ...]
    prices: tuple[tuple[Decimal, ...], ...]
    sources: tuple[str, ...]

    @property
    def returns(self) -> tuple[tuple[float, ...], ...]:
        """Step by step, one return a support."""
        each = [[float(after / before - 1) for before, after in pairwise(one)] for one in self.prices]
        return tuple(zip(*each, strict=True))


@dataclass(frozen=True, slots=True)
class Figures:
    """What weights did over days, brought back to their own each month. `gain`: from end to end, not annualised."""

    gain: Decimal
    volatility: Decimal | None
    drawdown: Decimal


@dataclass(frozen=True, slots=True)
class Spot:
    """Weights, with their mean return of a year and their volatility over the period."""

    weights: tuple[Decimal, ...]
    mean: Decimal
    risk: Decimal


@dataclass(frozen=True, slots=True)
class Trial:
    """Weights found on the first days alone, and what they and the model did on the days after. `why`: there are none."""

    split: date
    weights: tuple[Decimal, ...] = ()
    levels: tuple[Decimal, ...] = ()
    figures: Figures | None = None
    model_levels: tuple[Decimal, ...] = ()
    model_figures: Figures | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """What was found. `today`: the model's own weights among these supports; None where it holds none of them."""

    frontier: tuple[Spot, ...]
    chosen: Spot
    figures: Figures
    today: Spot | None
    today_figures: Figures | None
    trial: Trial


@dataclass(frozen=True, slots=True)
class Optimisation:
    """One that was asked. `state`: waiting, done or refused, with `why`; `share`: what of the model is optimised."""

    id: str
    model_id: str
    model: str
    version: int
    state: str
    why: str
    wish: Wish
    lines: tuple[Named, ...]
    aside: tuple[Aside, ...]
    share: Decimal
    series: Series
    result: Result | None
    said_by: str
    created_at: datetime


def rounded(weights: Sequence[Decimal], total: Decimal = ONE) -> tuple[Decimal, ...]:
    """To the step, making `total` exactly: the largest remainders take what is left. Negative weights are none."""
    whole = [max(one, ZERO).quantize(STEP, ROUND_DOWN) for one in weights]
    odd = int((total - sum(whole, ZERO)) / STEP)
    order = sorted(range(len(whole)), key=lambda place: (whole[place] - weights[place], place))
    for place in order[: max(odd, 0)]:
        whole[place] += STEP
    for place in [one for one in reversed(order) if whole[one] > 0][: max(-odd, 0)]:
        whole[place] -= STEP
    return tuple(whole)


def within(lines: Sequence[Named], weights: Sequence[float]) -> tuple[Decimal, ...]:
    """A solver's weights inside their bounds, to the step, 1 in all: a bound that it misses by a hair is met."""
    exact = [
        min(max(Decimal(str(round(one, 8))), line.low), line.high) for line, one in zip(lines, weights, strict=True)
    ]  # fmt: skip
    return rounded(exact)
