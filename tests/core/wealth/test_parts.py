"""Usufruct, bare ownership and shares made into parts that sum to the whole (PA-01)."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal

import pytest

from core.hooks.wealth import Ownership
from core.wealth import usufruct
from core.wealth.parts import parts
from core.wealth.parts import problem

ON = date(2026, 6, 30)


def born(age: int) -> date:
    return date(ON.year - age, ON.month, ON.day)


@pytest.mark.parametrize(
    ("age", "percent"),
    [(0, 90), (20, 90), (21, 80), (30, 80), (31, 70), (40, 70), (41, 60), (50, 60), (51, 50), (60, 50), (61, 40), (70, 40),
     (71, 30), (80, 30), (81, 20), (90, 20), (91, 10), (104, 10)],
)  # fmt: skip
def test_the_scale_of_article_669(age: int, percent: int) -> None:
    """PA-01: CGI art. 669 I, «moins de 21 ans révolus: 90 %» … «plus de 91 ans révolus: 10 %»."""
    assert usufruct.for_life(born(age), ON) == Decimal(percent) / 100
    assert usufruct.age(born(age), date(ON.year, ON.month, ON.day - 1)) == age - 1


@pytest.mark.parametrize(
    ("until", "percent"),
    [(date(2026, 7, 1), 23), (date(2036, 6, 30), 23), (date(2036, 7, 1), 46), (date(2046, 6, 30), 46), (date(2076, 1, 1), 100)],
)
def test_a_fixed_term_is_by_decades_begun(until: date, percent: int) -> None:
    """PA-01: CGI art. 669 II: 23 % for each period of ten years, without fraction; never more than the whole."""
    assert usufruct.for_term(until, ON) == Decimal(percent) / 100
    assert usufruct.for_term(ON, ON) == 0


def test_no_scale_is_made_up() -> None:
    """PA-01: before the oldest scale known, nothing is reckoned."""
    assert usufruct.for_life(date(1950, 1, 1), date(2003, 12, 31)) is None
    assert usufruct.for_life(date(1950, 1, 1), date(2004, 1, 1)) == Decimal("0.5")


def test_a_dismembered_house() -> None:
    """PA-01: mother of 65 in usufruct (40 %), two children in bare ownership: 30 % each."""
    owners = (
        Ownership("mère", right="USUFRUIT"), Ownership("a", Decimal("0.5"), "NUE_PROPRIETE"),
        Ownership("b", Decimal("0.5"), "NUE_PROPRIETE"),
    )  # fmt: skip
    found = parts(owners, {"mère": born(65)}, ON)
    assert [one.ratio for one in found] == [Decimal("0.4"), Decimal("0.3"), Decimal("0.3")]
    assert "Art. 669 CGI" in found[0].why
    unknown = parts(owners, {}, ON)
    assert [one.ratio for one in unknown] == [None, None, None]
    assert "Date de naissance" in unknown[0].why


def test_parts_make_the_whole() -> None:
    """PA-01: whatever shares, rights and ages, the parts of all owners sum to 1 exactly."""
    rng = random.Random(9)  # noqa: S311 - the same each time
    for _ in range(300):
        full = Decimal(rng.randrange(0, 101)) / 100
        owners = [Ownership("pp", full)] if full else []
        births = {}
        if full < 1:
            rest = 1 - full
            cut = (rest * rng.randrange(1, 100) / 100).quantize(Decimal("0.0001"))
            owners += [Ownership("n1", cut, "NUE_PROPRIETE"), Ownership("n2", rest - cut, "NUE_PROPRIETE")]
            other = (rest * rng.randrange(1, 100) / 100).quantize(Decimal("0.0001"))
            owners += [Ownership("u1", other, "USUFRUIT"), Ownership("u2", rest - other, "USUFRUIT")]
            births = {"u1": born(rng.randrange(100)), "u2": born(rng.randrange(100))}
        rng.shuffle(owners)
        assert problem(owners) is None
        ratios = [one.ratio for one in parts(owners, births, ON)]
        assert sum(ratio for ratio in ratios if ratio is not None) == 1
        assert all(ratio is not None and 0 <= ratio <= 1 for ratio in ratios)


@pytest.mark.parametrize(
    ("owners", "said"),
    [
        ((), "au moins un propriétaire"),
        ((Ownership("a", Decimal("0.4")), Ownership("b", Decimal("0.5"))), "90\u00a0%"),
        ((Ownership("a", right="USUFRUIT"),), "nue-propriété font ensemble 0\u00a0%"),
        ((Ownership("a", right="NUE_PROPRIETE"),), "usufruit font ensemble 0\u00a0%"),
        ((Ownership("a", Decimal(0)), Ownership("b")), "supérieure à 0"),
        ((Ownership("a", Decimal("1.5")),), "ne dépasse pas"),
        ((Ownership("a", Decimal("0.5")), Ownership("a", Decimal("0.5"))), "deux fois"),
    ],
)  # fmt: skip
def test_shares_that_do_not_sum_are_said(owners: tuple[Ownership, ...], said: str) -> None:
    """PA-01, «Bad input»: percentages that do not sum: what, and how much is there."""
    assert said in (problem(owners) or "")
