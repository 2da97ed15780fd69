"""What projections, efforts and gaps come to: closed formulas beside numpy-financial and the theory of the lognormal law."""

from __future__ import annotations

import math
from datetime import date
from decimal import Decimal
from statistics import NormalDist

import numpy_financial
import pytest

from core.db.errors import DomainError
from plugins.conformite.projects import assumptions
from plugins.conformite.projects import gaps
from plugins.conformite.projects import projection
from plugins.conformite.projects import targets
from plugins.conformite.projects.projection import Market
from plugins.conformite.projects.projection import Payments
from plugins.conformite.projects.rules import BEARABLE
from plugins.conformite.projects.shapes import months_between

D = Decimal
HALF = Market(D("0.05"), D("0.10"))


def test_percentiles_are_those_of_the_law() -> None:
    """CO-04: the constant rate of each scenario leads a sum to that percentile of a lognormal worth."""
    years, grown = 8, 1.05
    spread = math.log(1 + (0.10 / grown) ** 2)
    drift = math.log(grown) - spread / 2
    # the law's own mean and deviation of a year are those that were supposed
    assert math.exp(drift + spread / 2) == pytest.approx(1.05)
    assert math.exp(drift + spread / 2) * math.sqrt(math.exp(spread) - 1) == pytest.approx(0.10)
    for percentile in (0.10, 0.50, 0.90):
        whole = math.exp(drift * years + NormalDist().inv_cdf(percentile) * math.sqrt(spread * years))
        assert (1 + projection.rate(HALF, years, percentile)) ** years == pytest.approx(whole)
    # golden: the median of a year is below its mean; costs of 1 % take 1 % of what is held
    assert projection.rate(HALF, 1, 0.50) == pytest.approx(1.05**2 / math.hypot(1.05, 0.10) - 1)
    dear = projection.rate(HALF, 8, 0.50, D("0.01"))
    assert (1 + dear) / (1 + projection.rate(HALF, 8, 0.50)) == pytest.approx(0.99)
    still = Market(D("0.03"), D(0))
    assert {round(projection.rate(still, 5, one), 12) for one in (0.10, 0.50, 0.90)} == {0.03}


@pytest.mark.parametrize(
    ("initial", "monthly", "months", "yearly"),
    [(20000, 300, 120, 0.0343), (0, 150, 1, 0.08), (50000, 0, 7, -0.02), (1, 1, 719, 0.005)],
)
def test_worth_and_effort_are_those_of_numpy_financial(initial: int, monthly: int, months: int, yearly: float) -> None:
    """CO-04: worth at the horizon is the future value of an ordinary annuity, effort its payment; both to the cent."""
    paid = Payments(D(initial), D(monthly), months)
    month = (1 + yearly) ** (1 / 12) - 1
    worth = -numpy_financial.fv(month, months, monthly, initial)
    assert float(projection.worth(paid, yearly)) == pytest.approx(worth, abs=0.0051)
    wanted = D(100000)
    exact = -numpy_financial.pmt(month, months, -initial, float(wanted))
    found = projection.effort(wanted, paid, yearly)
    assert float(found) == pytest.approx(max(exact, 0), abs=0.0101)
    # what the effort makes reaches the amount, a cent less does not
    if found:
        assert projection.worth(Payments(D(initial), found, months), yearly) >= wanted
        assert projection.worth(Payments(D(initial), found - D("0.01"), months), yearly) < wanted


def test_a_rate_of_nothing_and_entry_costs() -> None:
    """CO-04: without growth, what is paid adds up; entry costs are taken from each payment; what is reached asks no effort."""
    paid = Payments(D(1000), D(100), 24, entry=D("0.02"))
    assert projection.worth(paid, 0.0) == D("3332.00")
    assert projection.effort(D("3332.00"), paid, 0.0) == D("100.00")
    assert projection.effort(D(900), paid, 0.0) == 0
    assert paid.total == D(3400)


def test_golden_figures_of_a_project() -> None:
    """CO-04: one project whole, reckoned apart: 60 % equities, 40 % euro fund, ten years, 5 000 € and 200 € a month."""
    of = projection.market({"ACTIONS": D("0.6"), "FONDS_EURO": D("0.4")}, assumptions.load())
    assert of == Market(D("0.049"), D("0.098"))
    found = projection.project(of, D(40000), Payments(D(5000), D(200), 120, D("0.01"), D("0.006")))
    assert found.marks == (*range(0, 120, 12), 120)
    assert (found.paid[0], found.paid[-1]) == (D(5000), D(29000))
    rates = [round(one.rate, 6) for one in found.scenarios]
    spread = math.log(1 + (0.098 / 1.049) ** 2)
    drift = math.log(1.049 * 0.994) - spread / 2
    tenth = 1.2815515655446004
    assert rates == [round(math.exp(drift + z * math.sqrt(spread / 10)) - 1, 6) for z in (-tenth, 0, tenth)]
    for one in found.scenarios:
        month = (1 + one.rate) ** (1 / 12) - 1
        assert float(one.worth) == pytest.approx(-numpy_financial.fv(month, 120, 198, 4950), abs=0.0051)
        assert float(one.effort) == pytest.approx(-numpy_financial.pmt(month, 120, -4950, 40000) / 0.99, abs=0.0101)
        assert one.values[0] == D("4950.00")
        assert list(one.values) == sorted(one.values)


def test_what_nothing_is_supposed_of_is_not_projected() -> None:
    """CO-04: crypto has a volatility and no return; what nobody named has neither."""
    supposed = assumptions.load()
    assert projection.market({"CRYPTO": D(1)}, supposed) is None
    assert projection.volatility({"CRYPTO": D("0.5"), "FONDS_EURO": D("0.5")}, supposed) == D("0.3525")
    assert projection.unknown({"?": D("0.5"), "CRYPTO": D("0.5")}, supposed) == ("?", "CRYPTO")
    assert projection.volatility({"AUTRE": D(1)}, supposed) is None
    assert projection.market({}, supposed) is None


def test_the_house_goes_with_itself() -> None:
    """CO-03: each level's allocation makes 100 %, suits that level and no lower one, has a bad year that its losses bear."""
    house, supposed = targets.house(), assumptions.load()
    assert {level: targets.checked(some, "x") for level, some in house.levels.items()} == {
        level: dict(some) for level, some in house.levels.items()
    }
    for level, weights in house.levels.items():
        assert sum(weights.values()) == 1
        risk = projection.volatility(weights, supposed)
        assert risk is not None
        assert house.suits(risk, supposed) == level
        of = projection.market(weights, supposed)
        assert of is not None
        assert float(projection.bad_year(of)) <= BEARABLE[level]
    assert house.suits(D("0.5"), supposed) is None


def test_weights_make_the_whole() -> None:
    """CO-03: what is not 100 % says how much it lacks, or has too much of."""
    targets.check_total(D("1.0000"), "x")
    for total, said in ((D("0.9"), "il manque 10,00"), (D("1.05"), "retirez 5,00")):
        with pytest.raises(DomainError, match=said) as error:
            targets.check_total(total, "x")
        assert error.value.field == "x"


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (date(2026, 1, 31), date(2026, 2, 28), 1), (date(2026, 1, 31), date(2026, 2, 27), 0),
        (date(2026, 3, 15), date(2036, 3, 14), 119), (date(2026, 3, 15), date(2036, 3, 15), 120),
        (date(2028, 2, 29), date(2029, 2, 28), 12), (date(2026, 3, 15), date(2026, 3, 15), 0),
        (date(2026, 3, 15), date(2020, 3, 15), 0),
    ],
)  # fmt: skip
def test_whole_months_of_a_project(start: date, end: date, months: int) -> None:
    """CO-04: a month is whole on the same day of the next one, or on its last."""
    assert months_between(start, end) == months


def test_gaps_in_points_and_euros_and_what_closes_them() -> None:
    """CO-03: weights of what is known, amounts to the cent; what is taken is put in; a creditor's part is not taken."""
    held = {"FONDS_EURO": D("70000.00"), "ACTIONS": D("20000.00"), "CRYPTO": D("10000.01")}
    target = {"FONDS_EURO": D("0.3"), "ACTIONS": D("0.5"), "IMMOBILIER": D("0.2")}
    found = gaps.compare(held, target, unknown=D(500))
    assert found is not None
    assert (found.known, found.unknown) == (D("100000.01"), D(500))
    by = {one.code: one for one in found.lines}
    assert (by["ACTIONS"].amount, by["IMMOBILIER"].amount, by["CRYPTO"].amount) == (D("30000.01"), D("20000.00"), D("-10000.01"))
    assert round(by["FONDS_EURO"].gap, 4) == D("0.4000")
    assert round(found.distance, 4) == D("0.5000")
    assert sum(one.amount for one in found.moves) == 0
    assert found.turned == D("50000.01")
    tied = gaps.compare(held, target, held_back={"FONDS_EURO": D(70000)})
    assert tied is not None
    moved = {one.code: one.amount for one in tied.moves}
    assert moved == {"CRYPTO": D("-10000.01"), "ACTIONS": D("6000.01"), "IMMOBILIER": D("4000.00")}
    assert gaps.compare({}, target) is None
    whole = gaps.compare({"ACTIONS": D(10)}, {"ACTIONS": D(1)})
    assert whole is not None
    assert whole.moves == ()
    for third in ("33.33", "33.34", "0.01", "999999.99"):
        odd = gaps.compare({"A": D(third), "B": D("0.02")}, {"C": D("0.333333"), "D": D("0.333333"), "E": D("0.333334")})
        assert odd is not None
        assert sum(one.amount for one in odd.moves) == 0
