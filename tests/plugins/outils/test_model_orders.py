"""Orders that bring accounts back to their model, to the cent (PF-09; modules.md §9, acceptance 6 and 7)."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal

import pytest
from flask import Flask

from core.wealth.contents import Content
from core.wealth.contents import Contents
from plugins.outils.portfolios.drift import drift
from plugins.outils.portfolios.orders import IN
from plugins.outils.portfolios.orders import OUT
from plugins.outils.portfolios.orders import Proposal
from plugins.outils.portfolios.orders import Rules
from plugins.outils.portfolios.orders import propose
from plugins.outils.portfolios.reasons import Facts
from plugins.outils.portfolios.reasons import euro
from plugins.outils.portfolios.shapes import ModelLine

D = Decimal
SIXTY = (("A", "0.6"), ("B", "0.4"))


def model(*weights: tuple[str, str], kind: str = "OPCVM", band: str = "0.05") -> tuple[ModelLine, ...]:
    return tuple(ModelLine(key, key, None, key, kind, None, None, D(weight), D(band)) for key, weight in weights)


def held(*lines: tuple[str, object], kinds: dict[str, str] | None = None, price: str | None = "1") -> Contents:
    worth = None if price is None else D(price)
    made = tuple(Content(key, key, None, (kinds or {}).get(key, "OPCVM"), D(str(value)), "EUR", worth, 1) for key, value in lines)
    return Contents(date(2026, 1, 2), made, sum((one.value for one in made), D(0)))


def signed(found: Proposal) -> dict[str, Decimal]:
    return {one.support_id: one.amount if one.side == IN else -one.amount for one in found.orders}


def test_two_hundred_accounts_of_a_60_40_add_up_to_nothing() -> None:
    """PF-09, acceptance 6: seeded; Σ orders = 0 to the cent, minimums kept, nothing is sold that is not held, targets met."""
    chance, minimum, done = random.Random(20261126), D(100), 0  # noqa: S311 - the same accounts each time
    for _n in range(200):
        lines = [(key, D(chance.randint(0, 5_000_000)) / 100) for key in ("A", "B")]
        if chance.random() < 0.3:
            lines.append(("Z", D(chance.randint(1, 300_000)) / 100))  # off the model
        found = drift(model(*SIXTY), held(*lines))
        made = propose(found, Rules(minimum))
        moves, values = signed(made), dict(lines)
        assert sum(moves.values(), D(0)) == 0
        assert all(abs(amount) >= minimum and amount == amount.quantize(D("0.01")) for amount in moves.values())
        assert all(values.get(key, D(0)) + amount >= 0 for key, amount in moves.items())
        assert bool(moves) != bool(made.why)
        if moves:
            done += 1
            kept = sum((values[one.support_id] for one in made.kept if one.support_id in values), D(0))
            after = {key: values.get(key, D(0)) + moves.get(key, D(0)) for key in ("A", "B")}
            if not {"A", "B"} & {one.support_id for one in made.kept}:
                assert abs(after["A"] - (sum(values.values()) - kept) * D("0.6")) <= D("0.01")
    assert done > 120


def test_what_is_small_is_dropped_and_the_rest_shared_anew() -> None:
    """PF-09: 70 € off the model are below 100 €: they stay, named; the two others still make nothing together."""
    found = propose(drift(model(*SIXTY), held(("A", 7000), ("B", 2930), ("Z", 70))), Rules(D(100)))
    assert signed(found) == {"A": D("-1042.00"), "B": D("1042.00")}
    assert [(one.support_id, "minimum" in one.why) for one in found.kept] == [("Z", True)]
    assert found.turned == D("1042.00")
    thirds = propose(drift(model(("A", "0.3333"), ("B", "0.3333"), ("C", "0.3334"), band="0"), held(("A", 100))), Rules(D(1)))
    assert (signed(thirds)["A"], sum(signed(thirds).values())) == (D("-66.67"), 0)
    assert [one.side for one in thirds.orders] == [OUT, IN, IN]


@pytest.mark.parametrize(
    ("contents", "rules", "said"),
    [
        (held(("A", 6200), ("B", 3800)), Rules(D(0)), "dans leurs bandes"),
        (held(("A", 80), ("B", 20)), Rules(D(100)), "minimum de 100,00"),
        (held(("A", 9000), ("B", 1000), price=None), Rules(D(0)), "Aucun cours"),
        (held(("A", 6000), ("B", 4000), ("E", 500), kinds={"E": "FONDS_EURO"}), Rules(D(0), keep_euro=True), "lignes conservées"),
        (None, Rules(D(0)), "Aucune ligne"),
    ],
)  # fmt: skip
def test_why_there_is_nothing_to_order(app: Flask, contents: Contents | None, rules: Rules, said: str) -> None:
    """PF-09: each with its reason; a reason, and no order."""
    with app.test_request_context("/"):
        found = propose(drift(model(*SIXTY), contents), rules)
        assert (found.orders, said in found.why.replace("\u00a0", " ").replace("\u202f", " ")) == ((), True), found.why


def test_a_fund_in_euros_of_another_insurer_is_not_bought() -> None:
    """PF-09, acceptance 7: not held, it is eligible only where the product's range has it; held, nothing is asked."""
    lines = (*model(("A", "0.6")), *model(("E", "0.4"), kind="FONDS_EURO"))
    lacks, holds = (drift(lines, held(("A", 900), *more, kinds={"E": "FONDS_EURO"})) for more in ((), (("E", 100),)))
    for found, eligible, said in ((lacks, None, True), (lacks, {"A", "E"}, False), (holds, None, False)):
        facts = Facts(None, "LIBRE", False, None if eligible is None else frozenset(eligible))
        assert bool(euro(found, facts)) is said


def test_a_fund_in_euros_is_kept_where_that_is_asked() -> None:
    """PF-09: neither sold nor bought; the others go to the model's own proportions of what is left."""
    lines = (*model(("A", "0.4"), ("B", "0.2")), *model(("E", "0.4"), kind="FONDS_EURO"))
    some = held(("A", 1000), ("B", 3000), ("E", 6000), kinds={"E": "FONDS_EURO"})
    free, kept = (propose(drift(lines, some), Rules(D(50), keep_euro=keep)) for keep in (False, True))
    assert signed(free) == {"A": D(3000), "B": D(-1000), "E": D(-2000)}
    assert {key: round(amount, 2) for key, amount in signed(kept).items()} == {"A": D("1666.67"), "B": D("-1666.67")}
    assert [one.support_id for one in kept.kept] == ["E"]
