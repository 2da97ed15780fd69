"""What a project may be worth, and what it takes to reach its amount: pure, by closed formulas, no random numbers (CO-04).

The yearly growth of an allocation is lognormal. The scenarios are its 10th, 50th and 90th percentiles at the horizon, those of
the key information documents (règlement délégué (UE) 2017/653, annexe IV): each is the constant yearly rate that leads a sum
placed at the start to that percentile. Monthly payments grow at the same rate (ADR 047). Payments fall at the end of a month.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING
from decimal import ROUND_HALF_UP
from decimal import Decimal
from statistics import NormalDist

from plugins.conformite.projects.assumptions import Assumptions

LOW, MIDDLE, HIGH = "PESSIMISTE", "CENTRAL", "OPTIMISTE"
#: Scenario → the percentile that it is.
PERCENTILES: Mapping[str, float] = {LOW: 0.10, MIDDLE: 0.50, HIGH: 0.90}
SCENARIOS: dict[str, str] = {LOW: "Pessimiste", MIDDLE: "Central", HIGH: "Optimiste"}
#: Of twenty years, the worst: what losses are measured by.
BAD_YEAR = 0.05
CENT, ZERO, ONE = Decimal("0.01"), Decimal(0), Decimal(1)
_YEAR = 12


@dataclass(frozen=True, slots=True)
class Market:
    """What is supposed of an allocation in a year: its mean return (arithmetic) and its volatility, ratios."""

    mean: Decimal
    volatility: Decimal


@dataclass(frozen=True, slots=True)
class Payments:
    """What is put in. Amounts in euros; `entry`: taken from each payment; `yearly`: from what is held, a year; ratios."""

    initial: Decimal
    monthly: Decimal
    months: int
    entry: Decimal = ZERO
    yearly: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        """All that is paid by the horizon, entry costs included."""
        return self.initial + self.monthly * self.months


@dataclass(frozen=True, slots=True)
class Scenario:
    """One of the three. `rate`: of a year, net of costs; `worth`: at the horizon; `effort`: a month, to reach the amount."""

    code: str
    rate: float
    worth: Decimal
    effort: Decimal
    values: tuple[Decimal, ...]

    @property
    def label(self) -> str:
        """«Central»."""
        return SCENARIOS[self.code]


@dataclass(frozen=True, slots=True)
class Projection:
    """The three, month marks (0, 12, … and the last) of `values`, and what was paid by each of them."""

    market: Market
    marks: tuple[int, ...]
    paid: tuple[Decimal, ...]
    scenarios: tuple[Scenario, ...]

    def of(self, code: str) -> Scenario:
        """One of them."""
        return next(one for one in self.scenarios if one.code == code)


def volatility(weights: Mapping[str, Decimal], supposed: Assumptions) -> Decimal | None:
    """The volatility of an allocation by class, an upper bound: no diversification is counted. None where one is not known."""
    known = [(weight, supposed.classes.get(code)) for code, weight in weights.items() if weight]
    if not known or any(one is None or one.volatility is None for _, one in known):
        return None
    return sum((weight * one.volatility for weight, one in known if one and one.volatility is not None), ZERO)


def market(weights: Mapping[str, Decimal], supposed: Assumptions) -> Market | None:
    """What is supposed of an allocation by class; None where nothing is supposed of one of its classes (`unknown`)."""
    risk = volatility(weights, supposed)
    if risk is None or unknown(weights, supposed):
        return None
    means = ((weight, supposed.classes[code].mean) for code, weight in weights.items() if weight)
    return Market(sum((weight * mean for weight, mean in means if mean is not None), ZERO), risk)


def unknown(weights: Mapping[str, Decimal], supposed: Assumptions) -> tuple[str, ...]:
    """The classes of an allocation of which no return is supposed."""
    found = {code: supposed.classes.get(code) for code, weight in weights.items() if weight}
    return tuple(code for code, one in found.items() if one is None or one.mean is None)


def rate(of: Market, years: float, percentile: float, yearly: Decimal = ZERO) -> float:
    """The constant rate of a year that leads to a percentile of what a sum is worth after so many years."""
    grown = 1 + float(of.mean)
    spread = math.log(1 + (float(of.volatility) / grown) ** 2)
    drift = math.log(grown * (1 - float(yearly))) - spread / 2
    return math.exp(drift + NormalDist().inv_cdf(percentile) * math.sqrt(spread / years)) - 1


def bad_year(of: Market) -> Decimal:
    """What one year in twenty loses at least: a ratio, 0 where such a year gains."""
    return max(Decimal(-rate(of, 1, BAD_YEAR)).quantize(Decimal("0.0001")), ZERO)


def worth(paid: Payments, yearly_rate: float, months: int | None = None) -> Decimal:
    """What payments are worth after so many months (all of them), to the cent."""
    count = paid.months if months is None else months
    start, each = _factors(yearly_rate, count)
    net = 1 - float(paid.entry)
    return _cents((float(paid.initial) * start + float(paid.monthly) * each) * net)


def effort(amount: Decimal, paid: Payments, yearly_rate: float) -> Decimal:
    """What to pay a month, beside the initial sum, to have the amount at the horizon: to the cent, rounded up; 0 where it is
    reached without. `paid.months` is at least 1."""
    start, each = _factors(yearly_rate, paid.months)
    net = 1 - float(paid.entry)
    lacking = float(amount) / net - float(paid.initial) * start
    # what binary fractions leave beyond a tenth of a thousandth of a cent is no payment
    return max(Decimal(round(lacking / each, 6)).quantize(Decimal("0.000001")).quantize(CENT, ROUND_CEILING), ZERO)


def project(of: Market, amount: Decimal, paid: Payments) -> Projection:
    """The three scenarios. `paid.months` is at least 1."""
    marks = (*range(0, paid.months, _YEAR), paid.months)
    years = paid.months / _YEAR
    found = []
    for code, percentile in PERCENTILES.items():
        growth = rate(of, years, percentile, paid.yearly)
        values = tuple(worth(paid, growth, mark) for mark in marks)
        found.append(Scenario(code, growth, values[-1], effort(amount, paid, growth), values))
    sums = tuple(paid.initial + paid.monthly * mark for mark in marks)
    return Projection(of, marks, sums, tuple(found))


def _factors(yearly_rate: float, months: int) -> tuple[float, float]:
    """What one euro at the start, and one at the end of each month, are worth after so many months."""
    monthly = math.expm1(math.log1p(yearly_rate) / _YEAR)
    start = (1 + yearly_rate) ** (months / _YEAR)
    return start, float(months) if monthly == 0 else (start - 1) / monthly


def _cents(value: float) -> Decimal:
    return Decimal(repr(value)).quantize(CENT, ROUND_HALF_UP)
