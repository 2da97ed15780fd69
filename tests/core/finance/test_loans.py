"""AU-01: schedules against domain.md's vectors, published figures, numpy-financial, and rules that hold for any loan."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

import numpy_financial as oracle
import pytest

from core.api.finance import BadLoan
from core.api.finance import EarlyRepayment
from core.api.finance import Instalment
from core.api.finance import RateChange
from core.api.finance import Step
from core.api.finance import balance_on
from core.api.finance import effective_rate
from core.api.finance import indemnity_cap
from core.api.finance import loan_schedule
from core.api.finance import taeg
from core.api.finance import totals

D = Decimal
FIRST = date(2026, 1, 31)


def made(principal: str, rate: str, months: int, kind: Any = "amortissable", **more: Any) -> list[Instalment]:
    return loan_schedule(D(principal), D(rate), months, kind, **{"first_due": FIRST, **more})


def sound(schedule: list[Instalment], principal: Decimal) -> None:
    """What holds for any loan."""
    balance = principal
    for place, one in enumerate(schedule, 1):
        assert one.rank == place
        assert one.payment == one.interest + one.principal + one.insurance + one.indemnity
        assert all(figure == round(figure, 2) for figure in (one.interest, one.principal, one.insurance, one.payment))
        balance -= one.principal
        assert one.balance == balance >= 0
    assert balance == 0
    assert sum(one.principal for one in schedule) == principal
    assert [one.due for one in schedule] == sorted({one.due for one in schedule})


@pytest.mark.parametrize(
    ("principal", "rate", "months", "kind", "first", "interest"),
    [
        ("200000", "0.03", 240, "amortissable", "1109.20", None),  # domain.md §2.8
        ("100000", "0.01", 240, "amortissable", "459.89", "10374.74"),  # modules.md §12, as published
        ("200000", "0.03", 240, "in_fine", "500.00", "120000.00"),
        ("12000", "0", 12, "amortissable", "1000.00", "0.00"),
        ("1000", "0.12", 1, "amortissable", "1010.00", "10.00"),
        ("100", "0", 3, "amortissable", "33.33", "0.00"),
    ],
)
def test_published_figures(principal: str, rate: str, months: int, kind: str, first: str, interest: str | None) -> None:
    """AU-01: the payment and the interest that the design's vectors and a published example give; 0 %; one month."""
    schedule = made(principal, rate, months, kind)
    sound(schedule, D(principal))
    assert (schedule[0].payment, len(schedule)) == (D(first), months)
    assert interest is None or totals(schedule).interest == D(interest)
    assert schedule[-1].balance == D("0.00")


def test_in_fine_ends_with_its_capital() -> None:
    """AU-01: 200,000 € at 3 %: 500.00 a month, 200,500.00 with the last one."""
    schedule = made("200000", "0.03", 240, "in_fine")
    assert {one.payment for one in schedule[:-1]} == {D("500.00")}
    assert schedule[-1].payment == D("200500.00")


def test_against_numpy_financial() -> None:
    """AU-01: payments to half a cent; balances to what the rounding of each line can add up to; three hundred loans."""
    draw = Random(20261126)  # noqa: S311 - the same every time
    for _ in range(300):
        principal, months = draw.randrange(1_000, 900_000), draw.randrange(2, 420)
        rate = D(draw.randrange(1, 1200)) / 10_000
        schedule, each = made(str(principal), str(rate), months), float(rate) / 12
        payment = schedule[0].payment
        assert abs(float(payment) + oracle.pmt(each, months, principal)) <= 0.005 + 1e-9
        place = draw.randrange(1, months)
        bound = 0.005 * ((1 + each) ** place - 1) / each
        assert abs(float(schedule[place - 1].balance) - oracle.fv(each, place, float(payment), -principal)) <= bound + 1e-6


def test_any_loan_is_sound() -> None:
    """AU-01: whatever the deferral, insurance, periods, rate changes and early repayments, the lines add up and end at 0.00."""
    draw = Random(5)  # noqa: S311 - the same every time
    for _ in range(250):
        every = draw.choice((1, 1, 1, 3, 6, 12))
        count = draw.randrange(1, 600 // every + 1)
        kind = draw.choice(("amortissable", "amortissable", "in_fine", "relais"))
        principal = D(draw.randrange(1, 90_000_000)) / 100
        more: dict[str, Any] = {"every": every, "deferred_kind": draw.choice(("partiel", "total"))}
        more["deferred_months"] = draw.randrange(0, count) * every if draw.random() < 0.4 else 0
        cover = draw.choice(("", "initial", "balance", "amount"))
        if cover == "amount":
            more["insurance_amount"] = D(draw.randrange(0, 20_000)) / 100
        elif cover:
            more |= {"insurance_rate": D(draw.randrange(0, 120)) / 10_000, "insurance_on": cover}
        day = date(2026 + draw.randrange(0, 20), 6, 15)
        if draw.random() < 0.4:
            more["rate_changes"] = [RateChange(day, D(draw.randrange(0, 900)) / 10_000)]
        if draw.random() < 0.5:
            amount = None if draw.random() < 0.3 else D(draw.randrange(1, 5_000_000)) / 100
            more["early_repayments"] = [EarlyRepayment(day, amount, draw.choice(("shorten", "lower")), "cap")]
        sound(made(str(principal), str(D(draw.randrange(0, 1200)) / 10_000), count * every, kind, **more), principal)


def test_deferral() -> None:
    """AU-01: partial: interest alone; total: nothing but the insurance, and interest bears interest; both within the length."""
    partial = made("100000", "0.036", 120, deferred_months=24)
    assert {one.payment for one in partial[:24]} == {D("300.00")}
    assert partial[24].payment == partial[25].payment > D("1000")
    total = made("100000", "0.036", 120, deferred_months=2, deferred_kind="total", insurance_rate=D("0.0036"))
    assert [(one.payment, one.capitalised, one.balance) for one in total[:2]] == [
        (D("30.00"), D("300.00"), D("100300.00")), (D("30.00"), D("300.90"), D("100600.90")),
    ]  # fmt: skip
    assert len(total) == 120
    bridge = made("100000", "0.036", 2, "relais", deferred_months=2, deferred_kind="total")
    assert [one.payment for one in bridge] == [D("0.00"), D("100600.90")]


def test_zero_rate_loan_by_steps() -> None:
    """AU-01: a PTZ: nothing for five years, then two stretches; the second is what is left by equal parts."""
    schedule = made("60000", "0", 300, "ptz", deferred_months=60, deferred_kind="total", steps=[Step(120, D("200"))])
    sound(schedule, D(60000))
    assert {one.payment for one in schedule[:60]} == {D("0.00")}
    assert {one.payment for one in schedule[60:180]} == {D("200.00")}
    assert schedule[180].payment == D("300.00")
    assert len(schedule) == 300


def test_insurance() -> None:
    """AU-01: on what was borrowed, on what is owed, or as amounts that change."""
    initial = made("120000", "0.03", 240, insurance_rate=D("0.0036"))
    assert {one.insurance for one in initial} == {D("36.00")}
    falling = made("120000", "0.03", 240, insurance_rate=D("0.0036"), insurance_on="balance")
    assert falling[0].insurance == D("36.00") > falling[100].insurance > falling[-1].insurance
    typed = made("120000", "0.03", 3, insurance_amount=[D("12"), D("10.50")])
    assert [one.insurance for one in typed] == [D("12.00"), D("10.50"), D("0.00")]


def test_a_rate_that_changes() -> None:
    """AU-01: the next period bears the new rate, and the payment is that of a loan of what is left."""
    schedule = made("200000", "0.02", 240, first_due=date(2026, 2, 5), rate_changes=[RateChange(date(2031, 1, 5), D("0.035"))])
    at = next(place for place, one in enumerate(schedule) if one.rate == D("0.035"))
    assert schedule[at].due == date(2031, 2, 5)
    rest = made(str(schedule[at - 1].balance), "0.035", 240 - at, first_due=schedule[at].due)
    assert [(one.due, one.payment, one.balance) for one in schedule[at:]] == [(one.due, one.payment, one.balance) for one in rest]


def test_early_repayments() -> None:
    """AU-01: shorter with the same payment, or as long with a smaller one; all of it ends the loan; the indemnity is capped."""
    plain = made("200000", "0.03", 240, first_due=date(2026, 1, 5))
    early = EarlyRepayment(date(2030, 1, 2), D("50000"), "shorten", "cap")
    shorter = made("200000", "0.03", 240, first_due=date(2026, 1, 5), early_repayments=[early])
    assert (shorter[48].early, shorter[48].indemnity, shorter[48].due) == (D("50000.00"), D("750.00"), date(2030, 1, 5))
    assert (shorter[49].payment, len(shorter)) == (plain[49].payment, 174)
    lower = made(
        "200000", "0.03", 240, first_due=date(2026, 1, 5), early_repayments=[EarlyRepayment(early.on, early.amount, "lower")]
    )
    assert len(lower) == 240
    assert lower[49].payment == made(str(shorter[48].balance), "0.03", 191)[0].payment
    whole = made("200000", "0.03", 240, first_due=date(2026, 1, 5), early_repayments=[EarlyRepayment(early.on)])
    assert (len(whole), whole[-1].balance, whole[-1].early) == (49, D("0.00"), plain[48].balance)
    assert indemnity_cap(date(2026, 1, 5), D(100000), D(100000), D("0.08")) == D("3000.00")  # 3 % is less than half a year


def test_effective_rate() -> None:
    """AU-01: the examples of directive 98/7/CE, whose method 2008/48/CE keeps; a loan without fees; fees make it dearer."""
    year = 546 / 365
    for lent, flows, expected in (
        ("1000", [(year, D(1200))], "0.12962"), ("950", [(year, D(1200))], "0.169026"),
        ("1000", [(1, D(600)), (2, D(600))], "0.130662"), ("1000", [(0.25, D(272)), (0.5, D(272)), (1, D(544))], "0.131855"),
    ):  # fmt: skip
        assert effective_rate(D(lent), flows) == D(expected)
    schedule = made("100000", "0.012", 240)
    assert taeg(schedule, D(100000)) == pytest.approx(D(str(round(1.001**12 - 1, 6))), abs=D("0.000005"))
    dear = taeg(schedule, D(100000), fees=D(2000))
    assert dear is not None
    assert dear > D("0.0141")
    assert effective_rate(D(0), [(1, D(1))]) is None


def test_what_is_owed_on_a_day() -> None:
    """AU-01: all before the first instalment, the instalment of the day paid, nothing after the last."""
    schedule = made("12000", "0", 12, first_due=date(2026, 1, 31))
    days = (date(2026, 1, 30), date(2026, 1, 31), date(2026, 2, 27), date(2026, 2, 28), date(2027, 1, 1))
    assert [balance_on(schedule, D(12000), day) for day in days] == [D(12000), D(11000), D(11000), D(10000), D(0)]


@pytest.mark.parametrize(
    ("field", "terms"),
    [
        ("months", {"months": 601}), ("months", {"months": 0}), ("months", {"months": 25, "every": 3}),
        ("annual_rate", {"annual_rate": D("-0.01")}), ("annual_rate", {"annual_rate": D("3.45")}),
        ("principal", {"principal": D(0)}), ("principal", {"principal": D("10.005")}), ("every", {"every": 2}),
        ("deferred_months", {"deferred_months": 24}), ("deferred_months", {"deferred_months": -1}),
        ("insurance_rate", {"insurance_rate": D("-0.001")}), ("insurance_amount", {"insurance_amount": D(-1)}),
        ("insurance_amount", {"insurance_amount": D(1), "insurance_rate": D("0.1")}),
        ("early_repayments", {"early_repayments": [EarlyRepayment(FIRST, D(0))]}),
        ("rate_changes", {"rate_changes": [RateChange(FIRST, D(-1))]}), ("kind", {"kind": "revolving"}),
        ("annual_rate", {"kind": "ptz"}), ("steps", {"steps": [Step(25, D(10))]}), ("steps", {"steps": [Step(3, D(1))]}),
        ("steps", {"steps": [Step(3, D(1))], "kind": "in_fine"}), ("first_due", {"first_due": date(9998, 1, 1)}),
    ],
)  # fmt: skip
def test_terms_that_make_no_loan(field: str, terms: dict[str, Any]) -> None:
    """AU-01, «Bad input»: longer than 600 months, a negative rate and the like are said of their field, in French."""
    given = {"principal": D(10000), "annual_rate": D("0.03"), "months": 24, "kind": "amortissable", "first_due": FIRST, **terms}
    with pytest.raises(BadLoan) as error:
        loan_schedule(**given)
    assert error.value.field == field
    assert error.value.text.endswith((".", "vérifiez-la."))
