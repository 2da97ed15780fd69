"""What speaks for a movement being an act's, in points: amount, days, kind, support; what forbids it (PF-05)."""

from __future__ import annotations

from datetime import date
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from core.transactions import match_rules as rules
from core.transactions.match_rules import Asked
from core.transactions.match_rules import Fact

D = Decimal
DAY = date(2026, 3, 10)
EURO, FUND = "euro", "fund"


def fact(amount: str, kind: str = "RACHAT", days: int = 0, support: str | None = None, key: str = "m", **more: Any) -> Fact:
    return Fact(key, DAY + timedelta(days), kind, D(amount), support_id=support, **more)


def asked(nature: str = "rachat", amount: str | None = "1040", key: str = "t", **more: Any) -> Asked:
    act = {"rachat": "rachat_partiel", "versement": "versement_complementaire"}.get(nature, nature)
    return Asked(key, act, nature, DAY, DAY, None if amount is None else D(amount), **more)


def scores(acts: list[Asked], facts: list[Fact], **more: Any) -> list[tuple[str, str, int]]:
    return [(one.transaction_id, one.movement_id, one.score) for one in rules.propose(acts, facts, **more)]


@pytest.mark.parametrize(
    ("act", "told", "score"),
    [
        (asked(), fact("-1040"), 90), (asked(), fact("-1040", days=2), 90), (asked(), fact("-1040", days=-5), 85),
        (asked(), fact("-1040", days=30), 77), (asked(), fact("-1040", days=62), 70), (asked(), fact("-1040", "DEBIT"), 83),
        (asked(), fact("-1030"), 70), (asked(amount=None), fact("-77"), 40),
        (asked(supports=frozenset({FUND})), fact("-1040", support=FUND), 100),
        (asked(supports=frozenset({FUND})), fact("-1040", support=EURO), 70),
        (asked("versement"), fact("1040", "CREDIT"), 83), (asked("achat"), fact("-1040", "ACHAT"), 90),
        (asked("arbitrage"), fact("-400", "ARBITRAGE"), 55), (asked("frais"), fact("-1040", "FRAIS"), 90),
    ],
)  # fmt: skip
def test_points(act: Asked, told: Fact, score: int) -> None:
    """PF-05: each reason has its points, and says itself in words."""
    (found,) = rules.propose([act], [told])
    assert found.score == score
    assert found.score == sum(one.points for one in found.reasons)
    assert {"amount", "date", "kind"} <= {one.code for one in found.reasons}
    assert found.strength == ("strong" if score >= 85 else "likely" if score >= 65 else "weak")


@pytest.mark.parametrize(
    ("act", "told"),
    [
        (asked(), fact("-1040", days=63)), (asked(), fact("-1040", days=-6)), (asked(), fact("1040")),
        (asked(), fact("-1040", "FRAIS")), (asked(), fact("-900")), (asked(), fact("-1040", currency="USD")),
        (asked("beneficiaire"), fact("-1040")), (asked("arbitrage"), fact("-1400", "ARBITRAGE")),
        (asked(amount=None, supports=frozenset({FUND})), fact("-77", support=EURO)),
        (asked(got=(fact("-1040", key="seen"),)), fact("-1040")), (asked("versement"), fact("-1040", "VERSEMENT")),
    ],
)  # fmt: skip
def test_another_act_s(act: Asked, told: Fact) -> None:
    """PF-05: beyond two months, the other way, of another kind, amount or currency, or found already: nothing is proposed.

    Two months: Code des assurances, art. L132-21.
    """
    assert rules.propose([act], [told]) == ()


def test_several_movements_make_an_act() -> None:
    """PF-05: a surrender told support by support, an arbitrage told both ways; what is left is looked for alone."""
    parts = [fact("-600", key="a"), fact("-440", key="b"), fact("-12", "FRAIS", key="c")]
    assert scores([asked()], parts) == [("t", "a", 85), ("t", "b", 85)]
    assert scores([asked(got=(parts[0],))], parts[1:]) == [("t", "b", 90)]
    out, back = fact("-1040", "VENTE", key="out"), fact("1040", "ACHAT", key="in")
    assert scores([asked("arbitrage")], [out, back]) == [("t", "out", 83), ("t", "in", 83)]
    assert scores([asked("arbitrage", got=(out,))], [back]) == [("t", "in", 83)]
    assert scores([asked("arbitrage", got=(out, back))], [fact("-1040", "VENTE", key="again")]) == []


def test_what_the_act_wrote_is_told_again() -> None:
    """PF-05: a movement that says again what the act wrote stands for it, line by line or as their sum; any other is not its."""
    own = (fact("-600", support=EURO, key="own1"), fact("-440", support=FUND, key="own2"))
    act = asked(own=own, supports=frozenset({EURO, FUND}))

    def aside(told: Fact) -> list[tuple[str, ...]]:
        return [one.aside for one in rules.propose([act], [told])]

    assert aside(fact("-600", support=EURO)) == [("own1",)]
    assert aside(fact("-440")) == [("own2",)]
    assert aside(fact("-438", support=FUND, days=4)) == [("own2",)]
    assert aside(fact("-1040", "DEBIT")) == [("own1", "own2")]
    assert aside(fact("-600", support=FUND)) == []
    assert aside(fact("-300", support=EURO)) == []


def test_order_refusals_and_the_most() -> None:
    """PF-05: of twin acts the nearer comes first, three at most; what was refused is not proposed, the others are."""
    acts = [asked(key="far", amount="1035"), asked(key="right"), asked(key="twin"), asked(key="zfar", amount="1036")]
    told = fact("-1040")
    assert [one[0] for one in scores(acts, [told])] == ["right", "twin", "far"]
    assert [one[0] for one in scores(acts, [told], refused={("right", "m")})] == ["twin", "far", "zfar"]


def test_edges_of_the_calendar() -> None:
    """Bad input: the first and last days that exist make no window fall over."""
    for day in (date.min, date.max):
        one = Asked("t", "frais", "frais", day, day, D(5))
        assert rules.window(one)[0] <= day <= rules.window(one)[1]
