"""AGG-01: OFX of banks and of securities, SGML and XML, read by line and strictly in days and amounts."""

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

BANK = (FILES / "compte.ofx").read_bytes()
SECURITIES = (FILES / "titres.ofx").read_bytes()


def test_a_bank_s_file() -> None:
    """AGG-01: version 1, leaves without an end: account, movements with their line, closing balance."""
    records = told(BANK, "compte.ofx")
    (account,) = only(records, AccountSeen)
    assert (account.key, account.number, account.envelope) == ("30099-00012-00001234567", "00001234567", "COMPTE_COURANT")
    assert (account.company, account.currency, account.place.line) == ("Banque Exemple", "EUR", 16)
    movements = only(records, MovementSeen)
    assert [(one.on, one.amount, one.reference) for one in movements] == [
        (date(2026, 3, 2), Decimal("1500.00"), "A1"), (date(2026, 3, 5), Decimal("-45.90"), "A2"),
        (date(2026, 3, 31), Decimal("-8.00"), "A3"),
    ]  # fmt: skip
    assert [(one.place.line, one.kind, one.label) for one in movements] == [
        (18, "", "VIR SALAIRE MARS & PRIME"), (20, "", "CAFE DES HALLES"), (21, "FRAIS", "COTISATION CARTE"),
    ]  # fmt: skip
    (balance,) = only(records, BalanceSeen)
    assert (balance.kind, balance.on, balance.amount) == ("closing", date(2026, 3, 31), Decimal("2446.10"))


def test_a_file_of_securities() -> None:
    """AGG-01: version 2: positions take their names from the list at the end, units that leave are negative."""
    records = told(SECURITIES, "titres.ofx")
    first, second = only(records, PositionSeen)
    assert (first.support.isin, first.support.label, first.value) == ("FR0000120073", "Air Liquide", Decimal("1720.00"))
    assert (second.support.type, second.price_on, second.on) == ("OPCVM", date(2026, 3, 30), date(2026, 3, 31))
    bought, sold, income, reinvested = only(records, MovementSeen)
    assert (bought.kind, bought.amount) == ("ACHAT", Decimal("-1715.02"))
    assert (bought.fees, bought.taxes) == (Decimal("4.90"), Decimal("5.12"))
    assert (bought.label, bought.value_on) == ("Achat <comptant> Air Liquide", date(2026, 3, 5))
    assert (sold.kind, sold.quantity, sold.amount) == ("VENTE", Decimal("-2.5"), Decimal("1050.00"))
    assert (income.kind, income.amount, income.quantity) == ("DIVIDENDE", Decimal("42.00"), None)
    assert (reinvested.kind, reinvested.amount, reinvested.quantity) == ("ACHAT", Decimal("-42.00"), Decimal("0.1"))
    (cash,) = only(records, BalanceSeen)
    assert (cash.kind, cash.amount) == ("cash", Decimal("512.40"))
    assert only(records, FeedFinding) == []


@pytest.mark.parametrize(("before", "after", "line", "words"), [
    (b"<TRNAMT>-45.90", b"<TRNAMT>$45.90", 20, "$45.90"), (b"<TRNAMT>-45.90", b"<TRNAMT>-1 045,90", 20, "n'est pas un nombre"),
    (b"<TRNAMT>-45.90", b"<TRNAMT>", 20, "manque"), (b"20260305120000.000[+1:CET]", b"20260231", 20, "n'existe pas"),
    (b"<DTPOSTED>20260331", b"<DTPOSTED>31/03/2026", 21, "n'est pas une date"), (b"<CURDEF>EUR", b"<CURDEF>EURO", 15, "devise"),
    (b"<ACCTID>00001234567", b"<ACCTID>", 16, "numéro"), (b"</OFX>", b"", 11, "tronqué"),
    (b"<OFX>", b"<!DOCTYPE a [<!ENTITY b 'c'>]><OFX>", 11, "DOCTYPE"),
])  # fmt: skip
def test_what_is_wrong_is_refused_with_its_line(before: bytes, after: bytes, line: int, words: str) -> None:
    """AGG-01: nothing is guessed of an amount or a day; the refusal says where."""
    assert before in BANK
    error = refusal(BANK.replace(before, after, 1), "compte.ofx")
    assert (error.place.line, words in str(error)) == (line, True), str(error)


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16", "utf-8-sig"])
def test_whatever_the_header_says_of_the_encoding(encoding: str) -> None:
    """AGG-01: CHARSET:1252 is declared over UTF-8 as over cp1252; both are read, and UTF-16 too."""
    text = BANK.decode().replace("CAFE DES HALLES", "CAFÉ DE L'ÉTÉ")
    labels = [one.label for one in only(told(text.encode(encoding), "compte.ofx"), MovementSeen)]
    assert labels[1] == "CAFÉ DE L'ÉTÉ"


def test_a_bank_may_leave_things_out() -> None:
    """AGG-01: a balance without an amount is told and left out; an error of the source's is said; the rest is read."""
    records = told(BANK.replace(b"<BALAMT>2446.10", b"<BALAMT>"), "compte.ofx")
    assert len(only(records, MovementSeen)) == 3
    assert [(one.severity, one.code) for one in only(records, FeedFinding)] == [("warning", "balance")]
    failed = BANK.replace(b"0<SEVERITY>INFO</STATUS>\n<STMTRS>", b"2000<SEVERITY>ERROR</STATUS>\n<STMTRS>")
    assert [one.code for one in only(told(failed, "compte.ofx"), FeedFinding)] == ["status"]


@pytest.mark.parametrize(("before", "after", "severity", "code"), [
    (b"<MKTVAL>1720.00", b"<MKTVAL>1800.00", "error", "product"), (b"<UNITPRICE>172.00", b"<UNITPRICE>0", "warning", "price"),
    (b"<UNITPRICE>172.00</UNITPRICE>", b"", "warning", "price"), (b"<MKTVAL>1720.00</MKTVAL>", b"", "warning", "value"),
])  # fmt: skip
def test_positions_are_checked(before: bytes, after: bytes, severity: str, code: str) -> None:
    """AGG-01: prices of zero or missing, a value that is not quantity × price: told with the line, the position kept."""
    records = told(SECURITIES.replace(before, after), "titres.ofx")
    found = only(records, FeedFinding)
    assert (severity, code, 24) in [(one.severity, one.code, one.place.line) for one in found]
    assert len(only(records, PositionSeen)) == 2


def test_a_wrong_isin_is_kept_apart() -> None:
    """AGG-01: its check digit is wrong: told, and never taken for an ISIN."""
    records = told(SECURITIES.replace(b"FR0000120073", b"FR0000120074"), "titres.ofx")
    assert {one.code for one in only(records, FeedFinding)} == {"isin"}
    support = only(records, PositionSeen)[0].support
    assert (support.isin, support.code) == ("", "FR0000120074")


def test_a_correction_names_what_it_reverses() -> None:
    """AGG-01: CORRECTFITID: the movement that this one takes the place of."""
    changed = BANK.replace(b"<FITID>A3", b"<FITID>A3<CORRECTFITID>A2<CORRECTACTION>REPLACE")
    assert [one.reverses for one in only(told(changed, "compte.ofx"), MovementSeen)] == [None, None, "A2"]
