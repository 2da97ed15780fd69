"""AGG-01: the text of French statements, by descriptions of documents."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from core.api.feeds import AccountSeen
from core.api.feeds import BalanceSeen
from core.api.feeds import FeedFinding
from core.api.feeds import MovementSeen
from core.api.feeds import PositionSeen
from tests.plugins.aggregation.feeds.reading import FILES
from tests.plugins.aggregation.feeds.reading import only
from tests.plugins.aggregation.feeds.reading import refusal
from tests.plugins.aggregation.feeds.reading import told

TRADE = (FILES / "boursobank_achat.txt").read_text("utf-8")
INSURER = (FILES / "suravenir.txt").read_text("utf-8")


def test_a_trade() -> None:
    """AGG-01: a purchase on a PEA: quantity, price, commission, tax, net, reference."""
    records = told(TRADE.encode(), "avis.txt")
    (account,) = only(records, AccountSeen)
    assert (account.number, account.envelope, account.company, account.place.line) == ("00040123456", "PEA", "BoursoBank", 8)
    assert account.holders[0].name == "MR JEAN EXEMPLE"
    (one,) = only(records, MovementSeen)
    assert (one.kind, one.on, one.amount, one.quantity) == ("ACHAT", date(2026, 3, 12), Decimal("-1718.65"), Decimal(10))
    assert (one.price, one.fees, one.taxes) == (Decimal("170.5000"), Decimal("8.53"), Decimal("5.12"))
    assert one.reference == "112233445566"
    assert (one.support.isin if one.support else "", one.place.line) == ("FR0000120073", 22)
    assert only(records, FeedFinding) == []


def test_a_fund_sold() -> None:
    """AGG-01: exit fees in two columns; units leave."""
    (one,) = only(told(FILES / "boursobank_opc.txt"), MovementSeen)
    assert (one.kind, one.amount, one.quantity, one.fees) == ("VENTE", Decimal("1038.00"), Decimal("-2.5000"), Decimal("12.00"))
    assert one.reference == "998877665544"


def test_coupons() -> None:
    """AGG-01: each line is a dividend; what is between gross and net are levies; their sum is the total that is printed."""
    records = told(FILES / "boursobank_coupons.txt")
    assert [(one.kind, one.amount, one.taxes, one.place.line) for one in only(records, MovementSeen)] == [
        ("DIVIDENDE", Decimal("33.00"), Decimal("0.00"), 9), ("DIVIDENDE", Decimal("920.00"), Decimal("120.00"), 10),
    ]  # fmt: skip
    assert only(records, FeedFinding) == []


def test_an_insurer_s_payment() -> None:
    """AGG-01: Σ payments is the gross amount, Σ movements the net one; a euro fund has an amount and no unit."""
    records = told(INSURER.encode(), "versement.txt")
    (account,) = only(records, AccountSeen)
    assert (account.envelope, account.label, account.number) == ("ASSURANCE_VIE", "AVENIR EXEMPLE", "111111 22 333333333")
    movements = only(records, MovementSeen)
    assert sum(one.amount for one in movements if one.kind == "VERSEMENT") == Decimal("1000.00")
    assert sum(one.amount for one in movements) == Decimal("980.00")
    euro, fund = only(records, PositionSeen)
    assert (euro.support.type, euro.value, euro.quantity, euro.price) == ("FONDS_EURO", Decimal("5140.00"), None, None)
    assert (fund.quantity, fund.price, fund.on, fund.price_on) == (
        Decimal("12.0000"), Decimal("420.00"), date(2026, 4, 1), date(2026, 3, 30),
    )  # fmt: skip
    (value,) = only(records, BalanceSeen)
    assert (value.kind, value.amount, value.place.line) == ("value", Decimal("10180.00"), 21)
    assert only(records, FeedFinding) == []


@pytest.mark.parametrize(("text", "before", "after", "code", "line"), [
    (INSURER, "12,0000 5 040,00", "12,5000 5 040,00", "product", 20), (INSURER, "Total 10180,00", "Total 10181,00", "sum", 21),
    (INSURER, "27/03/2026 1,00 140,0000 140,00", "27/03/2026 1,00 140,0000 141,00", "product", 13),
    (TRADE, "1 705,00 EUR 8,53", "1 706,00 EUR 8,53", "net", 22), (INSURER, "FR0010286013", "FR0010286014", "isin", 12),
    (INSURER, "Montant net : 980,00", "Montant net : 990,00", "net", 9),
])  # fmt: skip
def test_figures_are_checked_against_each_other(text: str, before: str, after: str, code: str, line: int) -> None:
    """AGG-01: unit value × units = amount ± 0.01, Σ = printed total, gross and fees = net: a gap is told with its line."""
    assert before in text
    found = only(told(text.replace(before, after).encode(), "releve.txt"), FeedFinding)
    assert (code, line) in [(one.code, one.place.line) for one in found], found
    assert all(one.severity == "error" for one in found)


@pytest.mark.parametrize(("text", "before", "after", "words"), [
    (TRADE, "12/03/2026 10 AIR", "31/02/2026 10 AIR", "Ligne 15"), (TRADE, "40618 80299 00040123456", "", "numéro du compte"),
    (TRADE, "1 705,00 EUR 8,53 EUR 5,12 EUR 1 718,65 EUR", "illisible", "montant net"),
    (INSURER, "Le 1er avril 2026", "", "document"), (INSURER, "Total 980,00", "", "total"),
    (TRADE, "OPERATION DE BOURSE", "AUTRE CHOSE", "d'aucun relevé connu"),
])  # fmt: skip
def test_what_is_missing_is_refused(text: str, before: str, after: str, words: str) -> None:
    """AGG-01: a document that does not say what its kind says is not half read."""
    error = refusal(text.replace(before, after).encode(), "releve.txt")
    assert words in str(error), str(error)


def test_cp1252_is_read_too() -> None:
    """AGG-01: a text saved by Windows."""
    assert only(told(TRADE.encode("cp1252"), "avis.txt"), MovementSeen)[0].amount == Decimal("-1718.65")
