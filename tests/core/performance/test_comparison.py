"""Supports side by side, against numpy and figures done by hand (OU-06)."""

from __future__ import annotations

from datetime import date
from datetime import timedelta
from decimal import Decimal

import numpy as np
import pytest

from core.api import finance
from core.db.errors import DomainError
from core.db.errors import NotFound
from core.extensions import db
from core.hooks.types import Adviser
from core.performance.comparison import Comparison
from core.performance.comparison import compare
from core.performance.steps import common
from core.supports import services as supports
from core.supports.prices import Price
from tests.conftest import People
from tests.conftest import person

END = date(2026, 6, 30)
#: Twenty-four month ends and what two funds were worth on them.
MONTHS = [date(2024 + (6 + n) // 12, (6 + n) % 12 + 1, 1) - timedelta(days=1) for n in range(1, 25)]
ONE = [100, 102, 101, 105, 107, 104, 108, 112, 110, 111, 115, 113, 117, 120, 118, 121, 125, 119, 122, 126, 130, 128, 131, 135]
TWO = [50, 50.5, 50.2, 51, 52, 51, 51.5, 52.4, 53, 52.1, 53.3, 52.9, 54, 53.5, 54.4, 55, 54.1, 53.2, 54.6, 55.5, 56, 55, 57, 56.6]


@pytest.fixture
def who(people: People) -> Adviser:
    with db.session(people.cabinet_id, write=False) as session:
        return person(session, people.adviser)


def fund(people: People, code: str, series: list[tuple[date, float]], **more: str) -> str:
    with db.session(people.cabinet_id) as session:
        made = supports.support_for(session, code=code, label=f"Fonds {code}", type=more.pop("kind", "OPCVM"), **more)
        for on, value in series:
            supports.set_price(session, made, on, Decimal(str(value)), source="Essai", actor="cli")
        return made


def found(people: People, who: Adviser, *ids: str, since: date | None = None, until: date = END) -> Comparison:
    with db.session(people.cabinet_id, write=False) as session:
        return compare(session, who, ids, since, until)


def moves(values: list[float]) -> np.ndarray:
    return np.diff(values) / np.array(values[:-1])


def test_correlation_is_numpys() -> None:
    """OU-06: Pearson; nothing where one does not move, refused for two returns or two lengths."""
    one, two = list(moves(ONE)), list(moves(TWO))
    assert finance.correlation(one, two) == pytest.approx(np.corrcoef(one, two)[0, 1], abs=1e-12)
    assert finance.correlation([1, 2, 3], [3, 2, 1]) == -1
    assert finance.correlation([1, 2, 3], [1, 3, 2]) == pytest.approx(0.5)
    assert finance.correlation([0.1, 0.1, 0.1], [1, 2, 3]) is None
    for bad in (([1, 2], [1, 2]), ([1, 2, 3], [1, 2]), ([1, 2, float("nan")], [1, 2, 3])):
        with pytest.raises(finance.BadSeries):
            finance.correlation(*bad)


def test_figures_are_an_independent_computations(people: People, who: Adviser) -> None:
    """OU-06, modules.md §9 (5): base 100, volatility, drawdown, correlation and periods equal numpy's and a hand's."""
    first = fund(people, "A", list(zip(MONTHS, ONE, strict=True)))
    second = fund(people, "B", list(zip(MONTHS, TWO, strict=True)))
    both = found(people, who, first, second)
    assert (both.step, both.days) == ("mensuels", tuple(MONTHS))
    for side, values in zip(both.sides, (ONE, TWO), strict=True):
        assert side.levels == pytest.approx([value / values[0] * 100 for value in values])
        assert side.volatility == pytest.approx(np.std(moves(values), ddof=1) * 12**0.5)
        peaks = np.maximum.accumulate(values)
        assert side.max_drawdown == pytest.approx(min(np.array(values) / peaks - 1))
        assert (side.sources, side.known, side.first, side.last) == (("Essai (cabinet)",), 24, MONTHS[0], END)
    assert both.correlations[0][1] == pytest.approx(np.corrcoef(moves(ONE), moves(TWO))[0, 1])
    assert both.correlations[0][0] == pytest.approx(1)
    gains = {one.key: one for one in both.sides[0].gains}
    expected = {"1m": 135 / 131, "annee": 135 / ONE[17], "1a": 135 / ONE[11], "origine": 1.35}
    for key, value in expected.items():
        assert gains[key].ratio == pytest.approx(value - 1), key
    assert gains["annee"].begin == Price(Decimal(119), date(2025, 12, 31), "Essai", "cabinet")
    assert (gains["3a"].ratio, gains["5a"].begin) == (None, None)


def test_the_finest_step_that_all_fill(people: People, who: Adviser) -> None:
    """OU-06: days beside half-years are compared by half-years; no price is carried over, none made up."""
    daily = [(date(2022, 1, 3) + timedelta(days=n), 100 + n / 10) for n in range(1640)]
    halves = [(date(2022 + n // 2, 6, 30) if n % 2 == 0 else date(2022 + n // 2, 12, 31), 100 + n) for n in range(9)]
    fund_of_days, fcpi = fund(people, "J", daily), fund(people, "FCPI", halves, kind="FCPI")
    both = found(people, who, fund_of_days, fcpi)
    assert (both.step, both.days) == ("semestriels", tuple(on for on, _ in halves))
    assert both.sides[0].levels[1] == pytest.approx(dict(daily)[date(2022, 12, 31)] / dict(daily)[date(2022, 6, 30)] * 100)
    assert found(people, who, fund_of_days).step == "hebdomadaires"
    assert [one.ratio for one in both.sides[1].gains if one.key == "1m"] == [None]


def test_a_hole_makes_the_step_coarser() -> None:
    """OU-06: one week without a price, and it is months that are compared; under two common days, nothing is."""
    weeks = [Price(Decimal(n + 1), date(2026, 1, 2) + timedelta(weeks=n), "x", "cabinet") for n in range(20)]
    assert (shared := common([weeks, weeks])) is not None
    assert shared.step.key == "semaine"
    assert (shared := common([weeks, weeks[:8] + weeks[9:]])) is not None
    assert shared.step.key == "mois"
    assert common([weeks[:5], weeks[10:]]) is None
    assert common([weeks[:1]]) is None
    assert common([]) is common([weeks, []]) is None


def test_what_cannot_be_compared_is_told(people: People, who: Adviser) -> None:
    """OU-06: no price, a single one, zero, two currencies: said, and the others are compared all the same."""
    sound = fund(people, "A", list(zip(MONTHS, ONE, strict=True)))
    nulls = fund(people, "Z", [(on, 0 if n == 5 else value) for n, (on, value) in enumerate(zip(MONTHS, TWO, strict=True))])
    dollars = fund(people, "D", [(END, 10)], currency="USD")
    none = fund(people, "EURO", [], kind="FONDS_EURO")
    every = found(people, who, sound, nulls, dollars, none)
    assert [one.line.label for one in every.drawn] == ["Fonds A", "Fonds Z"]
    notes = " ".join(every.notes)
    for words in ("Fonds EURO\u202f: aucun cours connu", "Fonds D\u202f: un seul cours connu sur la période",
                  "Fonds Z\u202f: un cours nul", "plusieurs devises (EUR, USD)"):  # fmt: skip
        assert words in notes, words
    assert every.step == "trimestriels"  # the zero is no price: a month has none
    last = every.sides[3]
    assert (last.volatility, last.max_drawdown, last.levels, last.first) == (None, None, (), None)
    assert all(one.ratio is None for one in last.gains)
    few = found(people, who, sound, since=MONTHS[-4])
    assert few.sides[0].volatility is None
    assert few.sides[0].max_drawdown == pytest.approx(128 / 130 - 1)
    assert "ni volatilité ni corrélation" in few.notes[0]
    alone = found(people, who, none)
    assert (alone.days, alone.drawn) == ((), ())


def test_what_is_refused(people: People, strangers: People, who: Adviser) -> None:
    """OU-06, bad input: six supports, a period upside down, a support of another cabinet; each once."""
    six = [fund(people, f"S{n}", []) for n in range(6)]
    with pytest.raises(DomainError, match="5 supports au plus"):
        found(people, who, *six)
    assert len(found(people, who, six[0], six[0]).sides) == 1
    with pytest.raises(DomainError, match="finit avant"):
        found(people, who, six[0], since=END)
    with pytest.raises(NotFound):
        found(people, who, fund(strangers, "X", []))


def test_a_month_end_comes_from_a_month_end(people: People, who: Adviser) -> None:
    """OU-06: a month before 30 June is 31 May; a price older than a week is no price of a month ago."""
    series = [(date(2026, 5, 31), 100), (END, 110)]
    gain = found(people, who, fund(people, "M", series)).sides[0].gains[0]
    assert (gain.key, gain.ratio) == ("1m", pytest.approx(0.1))
    late = [(date(2026, 5, 20), 100), (END, 110)]
    assert found(people, who, fund(people, "L", late)).sides[0].gains[0].ratio is None
