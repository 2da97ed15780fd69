"""Shares of companies looked through: each holder's part of what the company owns, nothing twice, no endless circle (PA-01)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from core.contacts.relation_shapes import Holding
from core.hooks.wealth import Ownership
from core.hooks.wealth import WealthItem
from core.wealth.balance import Balance
from core.wealth.balance import made
from core.wealth.companies import Companies
from core.wealth.regimes import Couple

ON = date(2026, 6, 30)
D = Decimal
BIRTHS: dict[str, date | None] = {"elle": date(1970, 1, 1), "lui": date(1968, 1, 1), "mère": date(1940, 1, 1), "fils": None}
NAMES = {"sci": "SCI Les Tilleuls", "holding": "Holding Durand"}


def item(key: str, value: int | None, *owners: Ownership, **more: Any) -> tuple[str, WealthItem]:
    made_of = {"category": "DIVERS", **more}
    return "essai", WealthItem(key, key, value=None if value is None else D(value), owners=owners, **made_of)


BUILDING = item("immeuble", 1000, Ownership("sci"), category="IMMOBILIER_RAPPORT", taxable=D(1), as_of=date(2026, 1, 1))
CASH = item("trésorerie", 200, Ownership("sci"), as_of=date(2025, 12, 31))
LOAN = item("prêt", 400, Ownership("sci"), category="EMPRUNT")


def sheet(things: list[Any], holdings: list[Holding], people: tuple[str, ...] = ("elle", "lui"), *couples: Couple) -> Balance:
    through = Companies(things, holdings, NAMES, BIRTHS, ON)
    held = through.held_by(people)
    return made([*things, *held], people, through.lives(), couples, ON, through=through.sheets)


def test_each_holds_his_part_of_what_the_company_is_worth() -> None:
    """PA-01, NX-02: 1 000 + 200 − 400 = 800 at 60 and 25 %; the source, its day and its sheet are told."""
    found = sheet([BUILDING, CASH, LOAN], [Holding("elle", "sci", "PLEINE_PROPRIETE", D("0.6")),
                                           Holding("lui", "sci", "PLEINE_PROPRIETE", D("0.25"))])  # fmt: skip
    assert (found.net("elle"), found.net("lui"), found.net()) == (D(480), D(200), D(680))
    line = found.lines[0]
    assert line.item.label == "Parts de SCI Les Tilleuls (60\u00a0%)"
    assert (line.item.origin, line.item.as_of) == ("CALCULE", date(2025, 12, 31))
    assert line.item.taxable == D("0.83333333"), "of all that it owns, the building is taxed (art. 965 CGI)"
    assert found.through["sci"].net() == 800


def test_a_usufruct_on_shares() -> None:
    """PA-01: a mother of 86 has the usufruct (20 %, art. 669 CGI) of what her son owns bare; an unnamed associate has a tenth."""
    known = [Holding("mère", "sci", "USUFRUIT", D("0.9")), Holding("fils", "sci", "NUE_PROPRIETE", D("0.9"))]
    found = sheet([BUILDING, CASH, LOAN], known, ("mère", "fils"))
    assert (found.net("mère"), found.net("fils"), found.net()) == (D(144), D(576), D(720))


def test_declared_shares_are_not_counted_twice() -> None:
    """PA-01: who declared a value for his shares keeps it, the others' are reckoned."""
    declared = item("mes parts", 300, Ownership("elle"), category="PROFESSIONNEL", company_id="sci")
    known = [Holding("elle", "sci", "PLEINE_PROPRIETE", D("0.5")), Holding("lui", "sci", "PLEINE_PROPRIETE", D("0.5"))]
    found = sheet([BUILDING, declared], known)
    assert (found.net("elle"), found.net("lui")) == (D(300), D(500))
    bare = [Holding("elle", "sci", "USUFRUIT", D(1)), Holding("fils", "sci", "NUE_PROPRIETE", D(1))]
    apart = sheet([BUILDING, declared], bare, ("elle", "fils"))
    assert (apart.net("elle"), apart.net("fils")) == (D(300), D(500)), "her age still tells what the bare ownership is worth"


def test_companies_in_companies_and_a_circle() -> None:
    """PA-01: a holding's part of another is in its value; two that hold each other say that their value is to be declared."""
    tower = [Holding("elle", "holding", "PLEINE_PROPRIETE", D(1)), Holding("holding", "sci", "PLEINE_PROPRIETE", D("0.5"))]
    assert sheet([BUILDING, CASH, LOAN], tower).net("elle") == 400
    circle = [*tower, Holding("sci", "holding", "PLEINE_PROPRIETE", D("0.1"))]
    found = sheet([BUILDING], circle)
    assert found.net("elle") == 500, "what is known of it counts"
    assert [line.item.label for line in found.through["sci"].unknown] == ["Parts de Holding Durand (10\u00a0%)"]
    empty = sheet([], tower)
    assert [line.item.source for line in empty.unknown] == ["Aucun bien de valeur connue dans le dossier de la société"]


def test_what_a_company_owes_beyond_what_it_owns() -> None:
    """PA-01: shares are worth nothing then, never less, and the source says why."""
    found = sheet([CASH, LOAN], [Holding("elle", "sci", "PLEINE_PROPRIETE", D(1))])
    assert (found.net("elle"), "doit plus" in found.lines[0].item.source) == (D(0), True)


def test_shares_bought_before_the_wedding_stay_one_s_own() -> None:
    """PA-01: each holder's shares have their own day, so the regime judges them apart."""
    pair = Couple("elle", "lui", "CONJOINT", date(2000, 5, 6), "COMMUNAUTE_REDUITE_AUX_ACQUETS")
    known = [Holding("elle", "sci", "PLEINE_PROPRIETE", D("0.5"), date(1998, 1, 1)),
             Holding("lui", "sci", "PLEINE_PROPRIETE", D("0.5"), date(2010, 1, 1))]  # fmt: skip
    found = sheet([BUILDING], known, ("elle", "lui"), pair)
    assert (found.net("elle"), found.net("lui")) == (D(750), D(250))
