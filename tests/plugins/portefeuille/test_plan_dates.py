"""The days of an act that comes back: ends of months, frequencies, pauses, answers, new terms (PF-04)."""

from __future__ import annotations

from datetime import date
from itertools import islice

import pytest

from plugins.portefeuille.plans import dates
from plugins.portefeuille.plans.dates import Terms

D = date


@pytest.mark.parametrize(
    ("terms", "first"),
    [
        (Terms("MENSUEL", 31, D(2026, 1, 15)), [D(2026, 1, 31), D(2026, 2, 28), D(2026, 3, 31), D(2026, 4, 30)]),
        (Terms("MENSUEL", 31, D(2028, 2, 1)), [D(2028, 2, 29), D(2028, 3, 31), D(2028, 4, 30), D(2028, 5, 31)]),
        (Terms("TRIMESTRIEL", 5, D(2026, 1, 6)), [D(2026, 2, 5), D(2026, 5, 5), D(2026, 8, 5), D(2026, 11, 5)]),
        (Terms("SEMESTRIEL", 1, D(2026, 5, 1)), [D(2026, 5, 1), D(2026, 11, 1), D(2027, 5, 1), D(2027, 11, 1)]),
        (Terms("ANNUEL", 30, D(2027, 2, 1)), [D(2027, 2, 28), D(2028, 2, 29), D(2029, 2, 28), D(2030, 2, 28)]),
        (Terms("MENSUEL", 10, D(2026, 1, 10), D(2026, 2, 10)), [D(2026, 1, 10), D(2026, 2, 10)]),
        (Terms("ANNUEL", 31, D(9999, 12, 1)), [D(9999, 12, 31)]),
    ],
)  # fmt: skip
def test_days(terms: Terms, first: list[date]) -> None:
    """PF-04: the last day of a shorter month; a Sunday or a 1 May stays where it is; the calendar's end is an end."""
    assert list(islice(dates.days(terms), 4)) == first


def test_what_waits_and_what_comes() -> None:
    """PF-04: answered days and pauses are left out, what waited before one waits again; new terms ask no month twice."""
    terms = Terms("MENSUEL", 5, D(2026, 1, 1), pauses=((D(2026, 3, 1), D(2026, 5, 5)),))
    assert dates.waiting(terms, [], D(2026, 5, 4)) == [D(2026, 1, 5), D(2026, 2, 5)]
    assert dates.waiting(terms, [D(2026, 1, 5)], D(2026, 6, 5)) == [D(2026, 2, 5), D(2026, 5, 5), D(2026, 6, 5)]
    assert dates.coming(terms, [], D(2026, 2, 10), 2) == [D(2026, 5, 5), D(2026, 6, 5)]
    assert dates.earliest(terms, [D(2026, 1, 5)]) == D(2026, 2, 5)
    assert dates.earliest(Terms("MENSUEL", 5, D(2026, 1, 1), D(2026, 1, 31)), [D(2026, 1, 5)]) is None
    floor = dates.floor_after(None, [D(2026, 1, 5)])
    changed = Terms("MENSUEL", 20, D(2026, 1, 1), floor=floor)
    assert dates.earliest(changed, [D(2026, 1, 5)]) == D(2026, 2, 20)
    assert len(dates.waiting(Terms("MENSUEL", 5, D(1, 1, 1)), [], D(2026, 1, 1))) == dates.MOST
