"""Budgets reckoned: rhythms, days, what loans cost, shares, capacity, debt ratio, what is unknown (PA-02)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from plugins.patrimoine import budget_kinds as kinds
from plugins.patrimoine import budget_sums as sums
from plugins.patrimoine.budget_sums import Budget
from plugins.patrimoine.budget_sums import Burden
from plugins.patrimoine.budget_sums import Line
from plugins.patrimoine.loan_terms import Borrower
from plugins.patrimoine.loan_terms import Happened
from plugins.patrimoine.loan_terms import Loan
from plugins.patrimoine.loan_terms import Terms

D = Decimal
ON = date(2026, 6, 15)


def line(kind: str, amount: str, period: str = "MENSUEL", who: str = "jeanne", **more: object) -> Line:
    return Line(who, kind, D(amount), period, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("period", "amount", "year", "month"),
    [
        ("MENSUEL", "3210.45", "38525.40", "3210.45"), ("BIMESTRIEL", "100.01", "600.06", "50.01"),
        ("TRIMESTRIEL", "1000", "4000", "333.33"), ("SEMESTRIEL", "0.05", "0.10", "0.01"),
        ("ANNUEL", "0.06", "0.06", "0.01"),  # half a cent is rounded up
        ("ANNUEL", "1000000000", "1000000000", "83333333.33"), ("PONCTUEL", "500", "500", "41.67"),
    ],
)  # fmt: skip
def test_a_year_is_exact_and_a_month_is_shown(period: str, amount: str, year: str, month: str) -> None:
    """PA-02: the amount times its times a year; a twelfth of it, to the cent, half up."""
    one = line("SALAIRES", amount, period)
    assert one.year == D(year)
    assert sums.month(one.year) == D(month)


def test_months_that_are_rounded_are_never_added_up() -> None:
    """PA-02: three times 100 € a year are 25,00 € a month, not three times 8,33 €."""
    budget = Budget(ON, tuple(line("DONS", "100", "ANNUEL", label=str(place)) for place in range(3)))
    assert budget.charges == D(300)
    assert sums.month(budget.charges) == D("25.00")


@pytest.mark.parametrize(
    ("since", "until", "period", "counts"),
    [
        (None, None, "MENSUEL", True), (ON, None, "MENSUEL", True), (date(2026, 6, 16), None, "MENSUEL", False),
        (None, ON, "ANNUEL", True), (None, date(2026, 6, 14), "ANNUEL", False), (ON, ON, "TRIMESTRIEL", True),
        (date(2026, 12, 31), None, "PONCTUEL", True), (date(2026, 1, 1), None, "PONCTUEL", True),
        (date(2025, 12, 31), None, "PONCTUEL", False), (date(2027, 1, 1), None, "PONCTUEL", False),
    ],
)  # fmt: skip
def test_the_lines_of_a_day(since: date | None, until: date | None, period: str, counts: bool) -> None:
    """PA-02: both ends included; what comes once is in its whole civil year."""
    assert line("RENTES", "10", period, since=since, until=until).counts_on(ON) is counts


def test_every_kind_and_rhythm_has_its_side_and_times() -> None:
    """PA-02: the closed tables are whole."""
    assert set(kinds.PERIODS) == set(kinds.TIMES)
    assert [kinds.side(kind) for kind in ("SALAIRES", "LOYER", "EPARGNE")] == list(kinds.SIDES)
    assert {*kinds.DAILY, kinds.LOANS} < set(kinds.CHARGES)
    assert len(kinds.KINDS) == sum(len(one) for one in kinds.SIDES.values())


def couple() -> Budget:
    """Jeanne earns 3,000 and lets a flat for 500; Paul earns 2,000; a loan of 1,400 a month by halves."""
    return Budget(ON, (
        line("SALAIRES", "3000"), line("FONCIERS", "500"), line("PRIMES", "1200", "PONCTUEL", since=ON, certain=False),
        line("LOYER", "300"), line("VIE_COURANTE", "700"), line("EPARGNE", "600", "TRIMESTRIEL"),
        line("SALAIRES", "2000", who="paul"), line("CREDITS", "150", who="paul"), line("TRANSPORT", "80", who="paul"),
    ), tuple(Burden(who, "p1", "Prêt", D(8400), D("0.5")) for who in ("jeanne", "paul")), D("0.7"))  # fmt: skip


def test_figures_of_a_couple() -> None:
    """PA-02: capacity is all that comes in less all that goes out; savings that are planned are no charge."""
    budget = couple()
    assert budget.income == D(67200)
    assert budget.charges == D(16800 + 12 * (300 + 700 + 150 + 80))
    assert budget.savings == D(2400)
    assert budget.capacity == D(67200 - 31560)
    assert budget.to_live_on == D(67200 - 16800 - 12 * 450)
    assert budget.left == budget.capacity - 2400
    assert budget.burden == D(16800 + 1800)
    assert budget.counted == D(36000 + 24000) + D("0.7") * 6000
    assert budget.ratio == D(18600) / D(64200)
    assert not budget.beyond
    assert list(budget.by_kind(kinds.CHARGE)) == ["LOYER", "CREDITS", "VIE_COURANTE", "TRANSPORT"]
    assert budget.by_kind(kinds.CHARGE)["CREDITS"] == D(18600)


def test_a_household_is_the_sum_of_its_members() -> None:
    """PA-02: no figure of a household is counted twice or lost."""
    budget = couple()
    each = [budget.of("jeanne"), budget.of("paul")]
    for name in ("income", "charges", "burden", "counted", "engaged", "capacity", "to_live_on"):
        assert getattr(budget, name) == sum(getattr(one, name) for one in each), name
    assert each[1].savings is None


def test_what_is_unknown_is_none() -> None:
    """PA-02: without an income no ratio, never 0 % nor infinite; without charges no capacity."""
    nothing, income, charges = Budget(ON), Budget(ON, (line("SALAIRES", "100"),)), Budget(ON, (line("CREDITS", "100"),))
    for name in ("income", "charges", "savings", "capacity", "to_live_on", "left", "burden", "counted", "ratio"):
        assert getattr(nothing, name) is None, name
    assert nothing.empty
    assert (income.capacity, income.ratio, charges.capacity, charges.ratio) == (None, None, None, None)
    debtless = Budget(ON, (*income.lines, line("LOYER", "10")))
    assert (debtless.burden, debtless.ratio) == (0, 0)
    shaky = Budget(ON, (line("SALAIRES", "100", certain=False), line("CREDITS", "10")))
    assert (shaky.counted, shaky.ratio, shaky.capacity) == (None, None, D(1080))
    dark = Budget(ON, income.lines, (Burden("jeanne", "p", "Crédit renouvelable", None),))
    assert (dark.charges, dark.ratio, len(dark.unknown)) == (None, None, 1)
    none_kept = Budget(ON, (line("FONCIERS", "100"), line("CREDITS", "10")), rents=D(0))
    assert none_kept.ratio is None


@pytest.mark.parametrize(
    ("on", "burden", "beyond"),
    [(ON, "350", False), (ON, "350.01", True), (date(2021, 6, 1), "351", True), (date(2021, 1, 26), "900", False)],
)
def test_the_threshold_is_that_of_the_day(on: date, burden: str, beyond: bool) -> None:
    """PA-02: 35 % exactly is not above; before the first recommendation nothing is said."""
    assert Budget(on, (line("SALAIRES", "1000"), line("CREDITS", burden))).beyond is beyond
    found = kinds.threshold(on)
    assert (found is None) is (on < date(2021, 1, 27))
    if on == ON:
        assert found is not None
        assert "D-HCSF-2021-7 du 29 septembre 2021" in found.source


def loan(kind: str = "AMORTISSABLE", months: int = 24, **more: object) -> Loan:
    terms = Terms(
        kind, "Maison", "Banque", D(24000), D("0.03") if kind != "PTZ" else D(0), months=months, first_due=date(2026, 1, 5),
        granted_on=date(2025, 12, 5), insurance_kind="MONTANT", insurance_amount=D(10), **more,  # type: ignore[arg-type]
    )  # fmt: skip
    return Loan(kind, terms, (Borrower("jeanne", D("0.6"), D(1)), Borrower("paul", D("0.4"))))


def test_loans_come_by_their_schedules() -> None:
    """PA-02, AU-01: the instalments of the twelve months to come with their insurance; a last capital is no monthly burden."""
    assert sums.coming_year(loan(), ON) == 12 * D("1041.55")  # 1,031.55 and 10 of insurance
    ending = loan(months=12)
    assert sums.coming_year(ending, ON) == sum(one.payment for one in ending.schedule() if one.due > ON)
    on_its_day = [one.payment for one in ending.schedule() if one.due > date(2026, 6, 5)]
    assert (len(on_its_day), sums.coming_year(ending, date(2026, 6, 5))) == (6, sum(on_its_day))  # that day's is paid
    assert sums.coming_year(loan("IN_FINE", 12), ON) == 6 * D(70)  # 24,000 × 3 % / 12, and 10
    assert sums.coming_year(loan("PTZ", 240, deferred_months=60, deferred_kind="TOTAL"), ON) == 120
    assert sums.coming_year(loan("RELAIS", 12, deferred_months=12, deferred_kind="TOTAL"), ON) is not None
    early = replace(loan(), events=(Happened("REMBOURSEMENT", date(2026, 8, 5), amount=D(5000), mode="ECHEANCE"),), reckoned=[])
    paid = [one for one in early.schedule() if ON < one.due <= date(2027, 6, 15)]
    assert sums.coming_year(early, ON) == sum(one.payment for one in paid) - 5000
    bare = Loan("r", Terms("RENOUVELABLE", "Cuisine", "Banque", D(3000)), (Borrower("jeanne", D(1)),))
    assert sums.coming_year(bare, ON) is None


def test_each_person_bears_his_share_to_the_cent() -> None:
    """PA-02: shares add up to the loan; who is not asked for is left out; a loan that has ended is gone."""
    found = sums.burdens([loan()], ["jeanne", "paul"], ON)
    assert [one.year for one in found] == [D("7499.16"), D("4999.44")]
    assert [one.contact_id for one in sums.burdens([loan()], ["paul"], ON)] == ["paul"]
    assert sums.burdens([loan(months=4)], ["paul"], ON) == []
    third = [D("0.33333333"), D("0.33333333"), D("0.33333334")]
    assert sums.parted(D("100.00"), third) == [D("33.33"), D("33.33"), D("33.34")]
    assert sum(sums.parted(D("0.02"), third)) == D("0.02")
    assert sums.parted(D("1234.57"), [D("0.5"), D("0.5")]) == [D("617.29"), D("617.28")]
