"""PF-08: XIRR, TWR, modified Dietz, volatility and drawdown against published figures, and rules that hold for any series."""

from __future__ import annotations

import math
from datetime import date
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from core.api.finance import BadSeries
from core.api.finance import annual_volatility
from core.api.finance import max_drawdown
from core.api.finance import modified_dietz
from core.api.finance import twr
from core.api.finance import xirr

D = Decimal
BEGIN = date(2025, 1, 1)
#: empyrical's published vectors (tests/test_stats.py, in hundredths).
MIXED = [1, 10, -4, 2, 3, 2, 1, -10]
NEGATIVE = [0, -6, -7, -1, -9, -2, -6, -8, -5]


def day(after: int) -> date:
    return BEGIN + timedelta(days=after)


@pytest.mark.parametrize(
    ("flows", "rate"),
    [
        # Excel's documentation of XIRR: 0.373362535
        ([("2008-01-01", "-10000"), ("2008-03-01", "2750"), ("2008-10-30", "4250"), ("2009-02-15", "3250"),
          ("2009-04-01", "2750")], 0.373362535),
        # act/365 fixed: a leap year is 366 days
        ([("2024-01-01", "-1000"), ("2025-01-01", "1100")], 1.1 ** (365 / 366) - 1),
        ([("2025-01-01", "-1000"), ("2026-01-01", "900")], -0.1),
    ],
)  # fmt: skip
def test_xirr_of_published_examples(flows: list[tuple[str, str]], rate: float) -> None:
    """PF-08: as spreadsheets have it, whatever the order in which flows are given."""
    given_flows = [(date.fromisoformat(on), D(amount)) for on, amount in flows]
    for one in (given_flows, given_flows[::-1]):
        assert xirr(one) == pytest.approx(rate, abs=1e-8)


def test_xirr_without_a_root_is_none() -> None:
    """PF-08: nothing is guessed: no flow, one sign, one day, a growth beyond numbers, a total loss."""
    for flows in (
        [], [(BEGIN, D(-1))], [(BEGIN, D(-1)), (day(9), D(-2))], [(BEGIN, D(-1)), (BEGIN, D(2))],
        [(BEGIN, D(-1)), (BEGIN, D(1))], [(BEGIN, D(-1)), (day(1), D("1e10"))], [(BEGIN, D(-100)), (day(365), D(0))],
    ):  # fmt: skip
        assert xirr(flows) is None
    with pytest.raises(BadSeries):
        xirr([(BEGIN, D("NaN")), (day(9), D(2))])


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 4000), st.integers(-500_000, 900_000)), min_size=1, max_size=12),
    st.integers(1000, 900_000),
)
def test_xirr_discounts_its_flows_to_zero(later: list[tuple[int, int]], paid: int) -> None:
    """PF-08: a rate that is given is a root, to a millionth of what moved."""
    flows = [(BEGIN, D(-paid)), *((day(at), D(amount)) for at, amount in later)]
    rate = xirr(flows)
    if rate is not None and rate > -0.99:
        worth = [float(amount) * (1 + rate) ** (-(on - BEGIN).days / 365) for on, amount in flows]
        assert abs(sum(worth)) <= 1e-6 * sum(map(abs, worth))


def test_twr_of_the_cfa_curriculum() -> None:
    """PF-08: Bailey, Richards & Tierney, «Evaluating Portfolio Performance»: 1.5 %, then 3.35 %: 4.90 %.

    1,000,000 at the start; 30,000 come on day 5, after which the account is worth 1,045,000; 1,080,000 after thirty days.
    """
    values = [(day(0), D(1_000_000)), (day(5), D(1_015_000)), (day(30), D(1_080_000))]
    assert round(twr(values, [(day(5), D(30_000))]), 4) == 0.0490
    assert twr(values, [(day(5), D(30_000))]) == pytest.approx(1.015 * (1_080_000 / 1_045_000) - 1)


def test_modified_dietz_of_published_examples() -> None:
    """PF-08: Wikipedia's «Modified Dietz method» (100, then 50 after one of two years, 300: 120 %); the month above: 4.88 %."""
    assert modified_dietz(D(100), D(300), [(day(365), D(50))], day(0), day(730)) == 1.2
    assert round(modified_dietz(D(10**6), D(1_080_000), [(day(5), D(30_000))], day(0), day(30)), 4) == 0.0488
    # a flow of the first day weighs 1, one of the last day 0
    assert modified_dietz(D(100), D(210), [(day(0), D(100))], day(0), day(10)) == 0.05
    assert modified_dietz(D(100), D(205), [(day(10), D(100))], day(0), day(10)) == 0.05


def test_a_value_is_before_the_flow_of_its_own_day() -> None:
    """PF-08, interfaces.md: the first day's flow is invested with the first value, the last day's comes after the last."""
    values = [(day(0), D(100)), (day(10), D(110)), (day(20), D(231))]
    flows = [(day(10), D(100)), (day(20), D(500))]
    assert twr(values, flows) == pytest.approx(1.1 * 1.1 - 1)
    assert twr([(day(0), D(0)), (day(10), D(105))], [(day(0), D(100))]) == pytest.approx(0.05)
    # out and back in: nothing is earned while nothing is there
    gone = [(day(0), D(100)), (day(5), D(120)), (day(9), D(0)), (day(12), D(0)), (day(20), D(55))]
    assert twr(gone, [(day(5), D(-120)), (day(12), D(50))]) == pytest.approx(1.2 * 1.1 - 1)


def test_flows_between_values_go_by_modified_dietz() -> None:
    """PF-08: GIPS' linked modified Dietz, where a flow falls on a day without a value."""
    values = [(day(0), D(1000)), (day(10), D(1100)), (day(40), D(1300))]
    linked = 1.1 * (1 + modified_dietz(D(1100), D(1300), [(day(20), D(150))], day(10), day(40))) - 1
    assert twr(values, [(day(20), D(150))]) == pytest.approx(linked)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.floats(-0.3, 0.4), min_size=2, max_size=12),
    st.lists(st.integers(0, 5000), min_size=12, max_size=12),
)
def test_twr_does_not_depend_on_flows(returns: list[float], paid: list[int]) -> None:
    """PF-08: the same markets give the same TWR, whatever was paid in on days that have a value."""

    def grown(flows: list[int]) -> float:
        value, values, moved = D(1000), [(day(0), D(1000))], []
        for place, one in enumerate(returns):
            moved.append((day(place), D(flows[place])))
            value = (value + flows[place]) * D(repr(1 + one))
            values.append((day(place + 1), value))
        return twr(values, moved)

    assert grown(paid) == pytest.approx(grown([0] * 12), abs=1e-9)
    assert grown(paid) == pytest.approx(math.prod(1 + one for one in returns) - 1, abs=1e-9)


def test_volatility_and_drawdown_of_empyrical() -> None:
    """PF-08: the vectors of empyrical's own tests: volatility by day, week and month; drawdowns, negative."""
    mixed, negative = [one / 100 for one in MIXED], [one / 100 for one in NEGATIVE]
    assert annual_volatility(mixed, 252) == pytest.approx(0.9136465399704637)
    for periods, expected in ((52, 0.38851569394870583), (12, 0.18663690238892558)):
        assert annual_volatility([0.0, *mixed], periods) == pytest.approx(expected)
    assert max_drawdown(mixed) == pytest.approx(-0.1)
    assert max_drawdown(negative) == pytest.approx(-0.36590730349873601)
    assert max_drawdown([0.01, 0.02]) == 0.0


def test_drawdown_of_a_published_example() -> None:
    """PF-08: Investopedia's «Maximum Drawdown»: 500, 750, 400, 600, 350, 800 thousand: −53.33 %."""
    levels = [500, 750, 400, 600, 350, 800]
    returns = [after / before - 1 for before, after in pairwise(levels)]
    assert round(max_drawdown(returns), 4) == -0.5333


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(-0.5, 0.5), min_size=2, max_size=60), st.sampled_from([12, 52, 252]))
def test_against_numpy(returns: list[float], periods: int) -> None:
    """PF-08: numpy's sample deviation, and its running maximum."""
    expected = float(np.std(returns, ddof=1)) * math.sqrt(periods)
    assert annual_volatility(returns, periods) == pytest.approx(expected, abs=1e-12)
    levels = np.cumprod([1.0, *(1 + one for one in returns)])
    assert max_drawdown(returns) == pytest.approx(float((levels / np.maximum.accumulate(levels) - 1).min()), abs=1e-12)


@pytest.mark.parametrize(
    ("field", "call"),
    [
        ("values", lambda: twr([], [])), ("values", lambda: twr([(day(0), D(1))], [])),
        ("values", lambda: twr([(day(1), D(1)), (day(0), D(1))], [])), ("values", lambda: twr([(day(0), D(1))] * 2, [])),
        ("values", lambda: twr([(day(0), D("NaN")), (day(1), D(1))], [])),
        ("start", lambda: twr([(day(0), D(0)), (day(1), D(1))], [])),
        ("start", lambda: twr([(day(0), D(-5)), (day(1), D(1))], [])),
        ("values", lambda: twr([(day(0), D(5)), (day(1), D(-1))], [])),
        ("start", lambda: twr([(day(0), D(5)), (day(9), D(1))], [(day(1), D(-100))])),
        ("flows", lambda: twr([(day(0), D(5)), (day(9), D(1))], [(day(10), D(1))])),
        ("flows", lambda: twr([(day(1), D(5)), (day(9), D(1))], [(day(0), D(1))])),
        ("flows", lambda: twr([(day(1), D(5)), (day(9), D(1))], [(day(1), D("Infinity"))])),
        ("finish", lambda: modified_dietz(D(1), D(1), [], day(0), day(0))),
        ("flows", lambda: modified_dietz(D(1), D(1), [(day(9), D(1))], day(0), day(3))),
        ("start", lambda: modified_dietz(D(0), D(1), [], day(0), day(3))),
        ("end", lambda: modified_dietz(D(1), D("Infinity"), [], day(0), day(3))),
        ("returns", lambda: annual_volatility([0.1], 12)), ("returns", lambda: annual_volatility([0.1, math.nan], 12)),
        ("periods", lambda: annual_volatility([0.1, 0.2], 0)), ("returns", lambda: max_drawdown([])),
        ("returns", lambda: max_drawdown([math.inf])), ("returns", lambda: max_drawdown([-1.1])),
    ],
)  # fmt: skip
def test_series_of_which_no_figure_is_made(field: str, call: Any) -> None:
    """PF-08, «Bad input»: empty, out of order, twice a day, nothing invested, not finite: said in French, never NaN."""
    with pytest.raises(BadSeries) as error:
        call()
    assert error.value.field == field
    assert error.value.text.endswith((".", "valeurs."))
