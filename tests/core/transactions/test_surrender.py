"""The part of gain in a surrender against published examples; what is not known has no figure (PF-04, domain.md §2.9)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from core.transactions.surrender import Facts
from core.transactions.surrender import explained

D = Decimal
ON = date(2026, 11, 20)


def facts(surrendered: Any, value: Any, payments: Any, envelope: str = "ASSURANCE_VIE", **more: Any) -> Facts:
    known = {"first_paid": date(2020, 1, 2), "begun": date(2020, 1, 2), **more}
    return Facts(envelope, known.pop("on", ON), D(surrendered), D(value), D(payments), **known)


@pytest.mark.parametrize(
    ("surrendered", "value", "payments", "gain"),
    [
        # toutsurmesfinances.com, «Assurance vie : calculer la part d'intérêts lors d'un rachat partiel»: 12 414 €
        (40_000, 145_000, 100_000, "12413.79"),
        # agecor.fr, «La détermination de la plus-value taxable»: 17 742 €
        (50_000, 155_000, 100_000, "17741.94"),
        # moneyvox.fr, forum «Rachat partiel assurance vie», premier rachat: 1 818 €
        (20_000, 110_000, 100_000, "1818.18"),
        # domain.md §2.9
        (12_000, 120_000, 100_000, "2000.00"),
        # below what was paid: no gain
        (10_000, 90_000, 100_000, "0.00"),
    ],
)  # fmt: skip
def test_published_examples(surrendered: int, value: int, payments: int, gain: str) -> None:
    """PF-04: pro rata of the payments, to the cent."""
    found = explained(facts(surrendered, value, payments))
    assert found is not None
    assert found.gain == D(gain)
    assert found.capital == D(surrendered) - D(gain)
    assert "÷" in found.text
    assert "BOI-RPPM" in found.source


def test_levies_and_tax_before_eight_years() -> None:
    """PF-04: mieuxvivre-votreargent.fr (5 September 2021): 80 000 paid, worth 100 000, 20 000 taken: 4 000, 688 and 512 €."""
    found = explained(facts(20_000, 100_000, 80_000))
    assert found is not None
    levy, tax = found.dues
    assert (found.gain, levy.amount, tax.amount) == (D(4000), D(688), D(512))
    assert (levy.most, tax.rate) == (True, D("0.128"))


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"begun": date(2018, 11, 19), "first_paid": date(2018, 11, 19)}, "4 600"),
        ({"first_paid": date(2017, 9, 26)}, "27 septembre 2017"), ({"begun": None}, "pas connu"),
    ],
)  # fmt: skip
def test_what_hangs_on_more_than_the_file_has_no_amount(more: dict[str, Any], words: str) -> None:
    """PF-04: after eight years, with old premiums, or of an unknown age: the rule, and no figure."""
    found = explained(facts(20_000, 100_000, 80_000, **more))
    assert found is not None
    tax = found.dues[1]
    assert tax.amount is None
    assert words in tax.text.replace("\u202f", " ")


def test_unknown_payments_give_no_figure() -> None:
    """PF-04: neither gain nor levy nor tax."""
    found = explained(Facts("ASSURANCE_VIE", ON, D(100), D(1000), None, "Pas tous connus."))
    assert found is not None
    assert (found.gain, found.capital, found.dues, found.text) == (None, None, (), "Pas tous connus.")
    assert explained(facts(1, 2, 1, "LIVRET_A")) is None
    pension = explained(facts(1, 2, 1, "PER_INDIVIDUEL"))
    assert pension is not None
    assert pension.gain is None


def test_plans() -> None:
    """PF-04: CGI 157, 5° bis: exempt after five years, levies at the day's rate; before, its whole gain counts."""
    old = explained(facts(20_000, 100_000, 80_000, "PEA"))
    assert old is not None
    assert (old.gain, old.dues[0].amount, old.dues[1].amount) == (D(4000), D("744.00"), D(0))
    before = explained(facts(20_000, 100_000, 80_000, "PEA", on=date(2025, 12, 31)))
    assert before is not None
    assert before.dues[0].rate == D("0.172")
    young = explained(facts(20_000, 100_000, 80_000, "PEA", begun=date(2023, 1, 1)))
    assert young is not None
    assert (young.gain, young.capital, young.dues[1].amount) == (D(20_000), None, D("2560.00"))
    ancient = explained(facts(20_000, 100_000, 80_000, "PEA", begun=date(2010, 1, 1)))
    assert ancient is not None
    assert ancient.dues[0].amount is None
