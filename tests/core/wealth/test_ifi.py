"""The base of the IFI out of a balance sheet: main home, dismemberment, shares of companies, debts and their cap (PA-03)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from core.hooks.wealth import Ownership
from core.hooks.wealth import WealthItem
from core.wealth import ifi
from core.wealth.balance import Balance
from core.wealth.balance import made

ON = date(2026, 1, 1)
D = Decimal
BIRTHS: dict[str, date | None] = {"elle": date(1970, 1, 1), "lui": None, "enfant": None}


def item(key: str, value: int | None, *owners: Ownership, **more: Any) -> tuple[str, WealthItem]:
    made_of = {"category": "IMMOBILIER_USAGE", "taxable": D(1), **more}
    return "essai", WealthItem(key, key, value=None if value is None else D(value), owners=owners, **made_of)


def debt(key: str, value: int, who: str, pays: str, taxable: str = "1") -> tuple[str, WealthItem]:
    return item(key, value, Ownership(who), category="EMPRUNT", finances=pays, taxable=D(taxable))


def base(*things: tuple[str, WealthItem], people: tuple[str, ...] = ("elle", "lui")) -> ifi.Base:
    sheet: Balance = made(things, people, BIRTHS, (), ON)
    return ifi.base(sheet)


HOME = item("maison", 1_000_000, Ownership("elle", D("0.5")), Ownership("lui", D("0.5")), main_home=True)


def test_the_main_home_and_what_paid_for_it() -> None:
    """PA-03: 30 % off the main home, the loan that pays for it comes off, one for a car does not; each line says why."""
    found = base(HOME, item("voiture", 30_000, Ownership("elle"), category="DIVERS", taxable=D(0)),
                 debt("prêt", 200_000, "elle", "maison"), debt("auto", 9_000, "elle", "voiture"))  # fmt: skip
    assert (found.gross, found.debts, found.net) == (D(700_000), D(200_000), D(500_000))
    assert [(one.value, one.counted) for one in found.lines] == [(D(1_000_000), D(700_000)), (D(-200_000), D(-200_000))]
    assert all("CGI" in one.why for one in found.lines)


def test_the_usufructuary_is_taxed_on_the_whole() -> None:
    """PA-03: art. 968 CGI; the bare owner is not, nor are others' parts; without his age the usufruct is taxed all the same."""
    split = item("immeuble", 900_000, Ownership("elle", D("0.5"), "USUFRUIT"), Ownership("enfant", D("0.5"), "NUE_PROPRIETE"),
                 Ownership("tiers", D("0.5")))  # fmt: skip
    assert base(split).net == D(450_000)
    assert base(split, people=("enfant",)).net == D(0)
    assert base(item("terre", 100, Ownership("lui", D(1), "USUFRUIT"), Ownership("enfant", D(1), "NUE_PROPRIETE"))).net == 100


def test_shares_and_loans_in_fine() -> None:
    """PA-03: shares count for their part of property (art. 965), their loan too; a loan in fine by the years left."""
    shares = item("parts", 500_000, Ownership("elle"), category="PROFESSIONNEL", taxable=D("0.8"), company_id="sci")
    found = base(shares, debt("prêt", 100_000, "elle", "parts"), item("immeuble", 300_000, Ownership("lui")),
                 debt("in fine", 200_000, "lui", "immeuble", "0.75"))  # fmt: skip
    assert (found.gross, found.debts) == (D(700_000), D(230_000))


def test_the_cap_of_debts() -> None:
    """PA-03: art. 974, IV: above 5 M€ of property, debts over 60 % of it count by half for what is over; below, all."""
    high = base(item("immeuble", 10_000_000, Ownership("elle")), debt("prêt", 8_000_000, "elle", "immeuble"))
    assert (high.capped, high.debts, high.net) == (D(1_000_000), D(7_000_000), D(3_000_000))
    low = base(item("immeuble", 5_000_000, Ownership("elle")), debt("prêt", 4_900_000, "elle", "immeuble"))
    assert (low.capped, low.net) == (D(0), D(100_000))
    assert base(item("x", 100, Ownership("elle")), debt("prêt", 500, "elle", "x")).net == D(0)


def test_what_is_not_known_is_told() -> None:
    """PA-03, NX-02: a building without a value makes the base incomplete, it is not nought."""
    found = base(HOME, item("terrain", None, Ownership("lui")))
    assert ([one.item.key for one in found.unknown], found.net) == (["terrain"], D(700_000))
