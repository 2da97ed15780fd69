"""PF-08: what a measure makes of values and flows: conventions of days, gaps that are told, several accounts together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from core.finance.returns import annual_volatility
from core.finance.returns import max_drawdown
from core.finance.returns import twr
from core.finance.returns import xirr
from core.performance.measure import Measure
from core.performance.measure import measure
from core.performance.sampling import sample
from core.performance.tracks import Flow
from core.performance.tracks import Track
from core.performance.tracks import Value
from core.performance.tracks import made

D = Decimal
Line = tuple[str, str | int]


def on(text: str) -> date:
    return date.fromisoformat(text)


def track(
    values: list[tuple[str, int] | tuple[str, int, int]], moves: Sequence[tuple[str, str, int]] = (), *, key: str = "a",
    opened: str | None = "2015-01-01", envelope: str = "ASSURANCE_VIE", closed: str | None = None, ended: bool = False,
    part: str = "1",
) -> Track:  # fmt: skip
    head = Track(
        key, f"Compte {key}", envelope, "EUR", on(opened) if opened else None, on(closed) if closed else None, ended, part=D(part)
    )
    known = [Value(on(one[0]), D(one[1]), "flux", D(one[2]) if len(one) > 2 else None) for one in values]
    return made(head, known, [(Flow(on(day), D(amount), kind, kind, "flux"), "EUR") for day, kind, amount in moves])


def measured(tracks: list[Track] | Track, since: str | None, until: str) -> Measure:
    return measure(tracks if isinstance(tracks, list) else [tracks], on(since) if since else None, on(until), "EUR")


def test_the_figures_are_those_of_the_functions() -> None:
    """PF-08: values posted without net payments are before the flow of their day, as `twr` has it; gain adds up."""
    found = measured(
        track([("2024-01-01", 10000), ("2024-07-01", 11000), ("2024-12-31", 12500)], [("2024-07-01", "VERSEMENT", 1000)]),
        "2024-01-01", "2024-12-31",
    )  # fmt: skip
    values = [(on("2024-01-01"), D(10000)), (on("2024-07-01"), D(11000)), (on("2024-12-31"), D(12500))]
    assert found.twr == pytest.approx(twr(values, [(on("2024-07-01"), D(1000))]))
    assert found.twr == pytest.approx(1.1 * 12500 / 12000 - 1)
    paid = [(on("2024-01-01"), D(-10000)), (on("2024-07-01"), D(-1000)), (on("2024-12-31"), D(12500))]
    assert found.xirr == pytest.approx(xirr(paid))
    assert (found.start, found.end, found.contributions, found.gain) == (D(10000), D(12500), D(1000), D(1500))
    assert found.max_drawdown == 0.0
    assert (found.begin, found.finish) == (on("2024-01-01"), on("2024-12-31"))
    assert any("Aucune valorisation entre le 01/07/2024 et le 31/12/2024 (183 jours)" in one for one in found.notes)


def test_an_account_that_begins_in_the_period() -> None:
    """PF-08: it was worth nothing before its first payment, valued that day or not."""
    first = [("2024-01-01", "VERSEMENT", 10000), ("2024-03-01", "FRAIS", -20)]
    for values in ([("2024-12-31", 11000)], [("2024-01-01", 10000), ("2024-12-31", 11000)]):
        for since in ("2024-01-01", "2023-12-31", None):
            found = measured(track(values, first, opened="2024-01-01"), since, "2024-12-31")
            assert found.twr == pytest.approx(0.1)
            assert found.xirr == pytest.approx(1.1 ** (365 / 365) - 1)
            assert (found.start, found.contributions, found.gain) == (D(0), D(10000), D(1000))


def test_net_payments_say_on_which_side_of_its_flow_a_value_is() -> None:
    """PF-08: at the end of the day where the net payments told with it hold the day's flow; before it otherwise."""
    moves = [("2024-01-01", "VERSEMENT", 1000), ("2024-06-30", "VERSEMENT", 500)]
    for paid, expected in ((1500, 1.1 * 1.1 - 1), (1000, 1.6 * (1815 / 2100) - 1)):
        found = measured(
            track([("2024-01-01", 1000, 1000), ("2024-06-30", 1600, paid), ("2024-12-31", 1760 if paid == 1500 else 1815, 1500)],
                  moves, opened="2024-01-01"), "2024-01-01", "2024-12-31",
        )  # fmt: skip
        assert found.twr == pytest.approx(expected)


def test_what_stays_inside_is_no_flow() -> None:
    """PF-08, domain.md §2.4: fees, interest, switches and advances stay inside; a partner's own kind is told."""
    moves = [
        ("2024-02-01", "ARBITRAGE", -500), ("2024-02-01", "ARBITRAGE", 500), ("2024-03-01", "FRAIS", -10),
        ("2024-04-01", "INTERETS", 30), ("2024-05-01", "AVANCE", -200), ("2024-06-01", "xyz.9", 40),
        ("2024-07-01", "RACHAT", -300),
    ]  # fmt: skip
    found = measured(track([("2024-01-01", 1000), ("2024-12-31", 800)], moves), "2024-01-01", "2024-12-31")
    assert (found.contributions, found.gain) == (D(-300), D(100))
    assert any("nature inconnue" in one and "xyz.9" in one for one in found.notes)
    # an envelope without cash: what it yields leaves it
    units = track([("2024-01-01", 1000), ("2024-12-31", 1000)], [("2024-06-30", "DIVIDENDE", 45)], envelope="SCPI")
    assert measured(units, "2024-01-01", "2024-12-31").gain == D(45)


def test_net_payments_stand_for_movements_that_are_not_known() -> None:
    """PF-08: their change, dated at the middle; said so."""
    found = measured(track([("2024-01-01", 1000, 900), ("2024-12-31", 1200, 1000)]), "2024-01-01", "2024-12-31")
    assert found.contributions == D(100)
    assert found.flows[0].flow.on == on("2024-07-01")
    assert found.twr == pytest.approx(100 / (1000 + 100 * 183 / 365))
    assert any("versements nets" in one for one in found.notes)
    alone = measured(track([("2024-01-01", 1000), ("2024-12-31", 1200)]), "2024-01-01", "2024-12-31")
    assert alone.twr == pytest.approx(0.2)
    assert any("suppose qu'il n'y en a pas eu" in one for one in alone.notes)


def test_gaps_are_told_and_leave_figures_unknown() -> None:
    """PF-08, «Gaps are shown»: nothing near the beginning, nothing near the end, one value, none at all."""
    known = track([("2024-03-31", 1000), ("2024-06-30", 1100)])
    for since, until, told in (
        ("2023-06-30", "2024-06-30", "choisissez une période qui commence le 31/03/2024"),
        ("2024-03-31", "2024-12-31", "choisissez une période qui finit à cette date"),
        ("2024-06-30", "2024-07-15", "il en faut deux"), ("2020-01-01", "2021-01-01", "rien ne peut être mesuré"),
    ):  # fmt: skip
        found = measured(known, since, until)
        assert (found.twr, found.xirr, found.contributions, found.gain, found.volatility, found.max_drawdown) == (None,) * 6
        assert any(told in one for one in found.notes), found.notes
        assert not found.known
    # near enough: the days of the values, not those asked, are measured
    near = measured(known, "2024-04-15", "2024-07-20")
    assert (near.begin, near.finish, near.twr) == (on("2024-03-31"), on("2024-06-30"), pytest.approx(0.1))


def test_what_breaks_one_figure_leaves_the_others() -> None:
    """PF-08: more was taken out than was there: no TWR, with the reason; XIRR and gain stand."""
    found = measured(
        track([("2024-01-01", 100), ("2024-06-30", 400), ("2024-12-31", 500)], [("2024-01-02", "RACHAT", -250)]),
        "2024-01-01", "2024-12-31",
    )  # fmt: skip
    assert (found.twr, found.max_drawdown, found.gain) == (None, None, D(650))
    assert any(one.startswith("Le TWR n'est pas calculable") for one in found.notes)


def test_several_accounts_are_added_up_day_by_day() -> None:
    """PF-08: one keeps its last value, and what came since at its cost, while the other is valued; each for its part."""
    one = track([("2024-01-01", 1000), ("2024-12-31", 1210)], [("2024-03-01", "VERSEMENT", 100)], key="a")
    two = track([("2024-01-01", 2000), ("2024-06-30", 2200), ("2024-12-31", 2200)], key="b", part="0.5")
    found = measured([one, two], "2024-01-01", "2024-12-31")
    assert [(level.on, level.value) for level in found.levels] == [
        (on("2024-01-01"), D(2000)), (on("2024-06-30"), D(2200)), (on("2024-12-31"), D(2310)),
    ]  # fmt: skip
    assert (found.contributions, found.gain) == (D(100), D(210))
    first = 1 + 100 / (2000 + 100 * 121 / 181)
    assert found.twr == pytest.approx(first * 2310 / 2200 - 1)


def test_accounts_that_come_and_go_are_no_gain() -> None:
    """PF-08: one of which nothing is known before comes in at its first value; one that is closed leaves with its last."""
    kept = track([("2024-01-01", 1000), ("2024-06-30", 1000), ("2024-12-31", 1000)], key="a")
    late = track([("2024-06-30", 5000), ("2024-12-31", 5000)], key="b")
    gone = track([("2024-01-01", 3000), ("2024-06-30", 3000)], key="c", closed="2024-08-15", ended=True)
    emptied = track(
        [("2024-01-01", 700), ("2024-09-01", 0)], [("2024-09-01", "RACHAT", -700)], key="d", closed="2024-09-01", ended=True
    )
    found = measured([kept, late, gone, emptied], "2024-01-01", "2024-12-31")
    assert (found.twr, found.gain, found.end) == (pytest.approx(0), D(0), D(6000))
    assert found.contributions == D(5000 - 3000 - 700)
    assert any("entre dans la mesure le 30/06/2024" in one for one in found.notes)


def test_volatility_wants_a_rhythm() -> None:
    """PF-08, domain.md §2.10: log returns of weeks, else of months; none of days that follow no rhythm."""
    ends = [date(2024 + month // 12, month % 12 + 1, 1) - timedelta(days=1) for month in range(1, 15)]
    levels = [100 * (1.02 if place % 2 else 0.99) ** place for place in range(len(ends))]
    monthly = sample(list(zip(ends, levels, strict=True)))
    assert monthly is not None
    assert (monthly.periods, len(monthly.returns), monthly.few) == (12, 13, False)
    weekly = sample([(on("2024-01-05") + timedelta(weeks=week), 100.0 + week) for week in range(6)])
    assert weekly is not None
    assert (weekly.periods, weekly.few) == (52, True)
    assert sample([(on("2024-01-05"), 100.0), (on("2024-06-05"), 110.0), (on("2024-07-05"), 90.0)]) is None
    values = [(day.isoformat(), round(1000 * level)) for day, level in zip(ends, levels, strict=True)]
    found = measured(track(values), ends[0].isoformat(), ends[-1].isoformat())
    assert found.volatility == pytest.approx(annual_volatility(monthly.returns, 12), rel=1e-4)
    links = [float(D(after[1]) / D(before[1])) - 1 for before, after in pairwise(values)]
    assert found.max_drawdown == pytest.approx(max_drawdown(links))
    year = found.calendar.years[0]
    assert (year.year, year.partial) == (2025, True)
    whole = found.calendar.years[1]
    assert whole.months[1] == pytest.approx(links[0], rel=1e-4)
    assert whole.months[0] is None


def test_no_flow_and_no_value() -> None:
    """PF-08: nothing held: nothing is said, nothing breaks."""
    assert measure([], None, on("2024-12-31"), "EUR").known is False
    assert measured(track([]), None, "2024-12-31").known is False
