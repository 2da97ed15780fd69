"""Balance sheets of couples under each regime, dismembered things, debts: nothing twice, nothing lost (PA-01, NX-02)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from core.hooks.wealth import Ownership
from core.hooks.wealth import WealthItem
from core.wealth.balance import Balance
from core.wealth.balance import made
from core.wealth.regimes import Couple

ON = date(2026, 6, 30)
WED = date(2000, 5, 6)
BIRTHS: dict[str, date | None] = {"elle": date(1970, 1, 1), "lui": date(1968, 1, 1), "mère": date(1940, 1, 1), "enfant": None}


def item(key: str, value: int | None, *owners: Ownership, **more: Any) -> tuple[str, WealthItem]:
    made_of = {"category": "DIVERS", **more}
    return "essai", WealthItem(key, key, value=None if value is None else Decimal(value), owners=owners, **made_of)


def couple(regime: str | None, kind: str = "CONJOINT") -> Couple:
    return Couple("elle", "lui", kind, WED, regime)


THINGS = (
    item("avant", 100, Ownership("elle"), acquired_on=date(1998, 1, 1)),
    item("après", 1001, Ownership("lui"), acquired_on=date(2010, 1, 1)),
    item("maison d'avant", 300, Ownership("elle"), acquired_on=date(1999, 1, 1), immovable=True),
    item("hérité", 500, Ownership("elle"), acquired_on=date(2015, 1, 1), nature="PROPRE"),
    item("prêt", 200, Ownership("lui"), category="EMPRUNT", acquired_on=date(2011, 1, 1)),
    item("en commun", 60, Ownership("elle", Decimal("0.7")), Ownership("lui", Decimal("0.3")), nature="INDIVIS"),
)


def sheet(
    *things: tuple[str, WealthItem], couples: tuple[Couple, ...] = (), people: tuple[str, ...] = ("elle", "lui")
) -> Balance:
    return made(things, people, BIRTHS, couples, ON)


@pytest.mark.parametrize(
    ("of", "hers", "his"),
    [
        (couple("COMMUNAUTE_REDUITE_AUX_ACQUETS"), Decimal("1342.5"), Decimal("418.5")),
        (couple("COMMUNAUTE_MEUBLES_ET_ACQUETS"), Decimal("1292.5"), Decimal("468.5")),
        (couple("COMMUNAUTE_UNIVERSELLE"), Decimal("1142.5"), Decimal("618.5")),
        (couple("SEPARATION_DE_BIENS"), Decimal(942), Decimal(819)),
        (couple("PARTICIPATION_AUX_ACQUETS"), Decimal(942), Decimal(819)),
        (couple("REGIME_ETRANGER"), Decimal(942), Decimal(819)),
        (couple(None), Decimal(942), Decimal(819)),
        (couple("INDIVISION", "PARTENAIRE_PACS"), Decimal("1342.5"), Decimal("418.5")),
        (couple("SEPARATION", "PARTENAIRE_PACS"), Decimal(942), Decimal(819)),
    ],
)  # fmt: skip
def test_each_regime_shares_in_its_own_way(of: Couple, hers: Decimal, his: Decimal) -> None:
    """PA-01: C. civ. 1401 to 1405, 1498, 1526, 1536, 515-5-1; the household's total is the sum of the two."""
    found = sheet(*THINGS, couples=(of,))
    assert (found.net("elle"), found.net("lui")) == (hers, his)
    assert found.net() == hers + his == 1761
    assert (found.assets(), found.debts()) == (1961, 200)
    assert all(line.common for line in found.lines) or of.kind == "PARTENAIRE_PACS"


def test_odd_cents_are_not_lost() -> None:
    """PA-01: 100,01 € halved is 50,01 and 50,00."""
    thing = WealthItem("x", "x", "DIVERS", Decimal("100.01"), (Ownership("elle"),))
    found = sheet(("essai", thing), couples=(couple("COMMUNAUTE_UNIVERSELLE"),))
    assert sorted((found.net("elle"), found.net("lui"))) == [Decimal("50.00"), Decimal("50.01")]


def test_one_alone_counts_her_half_only() -> None:
    """PA-01: a person's own sheet has her part of what is common, whoever holds it, and nothing of his own things."""
    found = sheet(*THINGS, couples=(couple("COMMUNAUTE_REDUITE_AUX_ACQUETS"),), people=("elle",))
    assert found.net() == Decimal("1342.5")
    apart = sheet(item("à lui", 10, Ownership("lui"), nature="PROPRE"), couples=(couple(None),), people=("elle",))
    assert apart.lines == ()


def test_a_dismembered_thing_is_counted_once_in_a_family() -> None:
    """PA-01: usufruct of 86 years (20 %) and bare ownership: 20 and 80, 100 together; without a birth date: unknown, said."""
    things = item("maison", 100, Ownership("mère", right="USUFRUIT"), Ownership("enfant", right="NUE_PROPRIETE"), immovable=True)
    found = sheet(things, people=("mère", "enfant"))
    assert (found.net("mère"), found.net("enfant"), found.net()) == (20, 80, 100)
    other = item("maison", 100, Ownership("enfant", right="USUFRUIT"), Ownership("mère", right="NUE_PROPRIETE"))
    unknown = sheet(other, people=("mère", "enfant"))
    assert (unknown.net(), [line.item.key for line in unknown.unknown]) == (0, ["maison"])


def test_a_common_usufruct_is_halved_too() -> None:
    """PA-01: what a couple has of a thing is halved, be it a usufruct; whoever else owns a part keeps it."""
    things = item(
        "maison", 1000, Ownership("elle", right="USUFRUIT"), Ownership("enfant", right="NUE_PROPRIETE"), nature="COMMUN"
    )
    found = sheet(things, couples=(couple("COMMUNAUTE_UNIVERSELLE"),), people=("elle", "lui", "enfant"))
    assert (found.net("elle"), found.net("lui"), found.net("enfant")) == (250, 250, 500)  # 56 years: half


def test_a_quasi_usufructuary_owes_what_he_spends() -> None:
    """PA-01, C. civ. art. 587: all of it is his, and owed: nothing net; the claim is the bare owner's."""
    found = sheet(
        item("livret", 80, Ownership("mère", right="QUASI_USUFRUIT"), Ownership("enfant", right="NUE_PROPRIETE")),
        people=("mère", "enfant"),
    )
    assert (found.assets("mère"), found.debts("mère"), found.net("enfant"), found.net()) == (80, 80, 80, 80)


def test_what_is_not_counted_says_why() -> None:
    """NX-02: a surety, dollars, shares that do not sum, a value that nobody knows: told beside the sums, never guessed."""
    found = sheet(
        item("caution", 50, Ownership("elle"), category="CAUTION"), item("dollars", 10, Ownership("elle"), currency="USD"),
        item("bancal", 10, Ownership("elle", Decimal("0.5"))), item("tableau", None, Ownership("elle")),
        people=("elle",),
    )  # fmt: skip
    assert found.net() == 0
    assert [line.item.key for line in found.apart] == ["caution", "dollars", "bancal"]
    assert all(line.apart for line in found.apart)
    assert [line.item.key for line in found.unknown] == ["tableau"]
