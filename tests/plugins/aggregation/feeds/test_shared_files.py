"""AGG-01, OU-09: files that no one here wrote (`ENCOURS_FIXTURES`): sums hold, bad ones are refused with their line."""

from __future__ import annotations

import os
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from core.api import feeds
from core.api.feeds import AccountSeen
from core.api.feeds import BalanceSeen
from core.api.feeds import FeedFinding
from core.api.feeds import MovementSeen
from core.api.feeds import PositionSeen
from core.api.feeds import SupportFact
from plugins.aggregation.formats.registry import FORMATS
from tests.plugins.aggregation.feeds.reading import file_of
from tests.plugins.aggregation.feeds.reading import only
from tests.plugins.aggregation.feeds.reading import refusal
from tests.plugins.aggregation.feeds.reading import told

pytestmark = pytest.mark.fixtures
SHARED = Path(os.environ.get("ENCOURS_FIXTURES", "."))


@pytest.mark.parametrize(("name", "accounts", "movements", "positions", "balances"), [
    ("account_listing_aggregation", 4, 0, 0, {}), ("bank_medium", 1, 3, 0, {"closing": "382.34", "available": "682.34"}),
    ("checking", 1, 3, 0, {"closing": "100.99", "available": "75.99"}), ("fidelity", 1, 17, 6, {"cash": "18073.98"}),
    ("investment_401k", 1, 3, 3, {}), ("multiple_accounts", 2, 0, 0, {"closing": "111"}),
    ("suncorp", 1, 1, 0, {"closing": "1234.12", "available": "1234.12"}), ("tiaacref", 1, 1, 6, {"cash": "0"}),
    ("vanguard", 1, 1, 2, {}),
])  # fmt: skip
def test_ofx(name: str, accounts: int, movements: int, positions: int, balances: dict[str, str]) -> None:
    """AGG-01: the accounts, movements, positions and balances that the files hold (counted in them by their tags)."""
    records = told(SHARED / "ofx" / f"{name}.ofx")
    found = (len(only(records, AccountSeen)), len(only(records, MovementSeen)), len(only(records, PositionSeen)))
    assert found == (accounts, movements, positions)
    told_balances: dict[str, Decimal] = {}
    for one in only(records, BalanceSeen):
        told_balances.setdefault(one.kind, one.amount)
    assert told_balances == {kind: Decimal(amount) for kind, amount in balances.items()}
    assert [one for one in only(records, FeedFinding) if one.severity == "error"] == []


def test_fidelity_adds_up() -> None:
    """AGG-01: Σ positions and cash is the net worth that the file states (BAL «Cash Market value», «Networth»)."""
    records = told(SHARED / "ofx" / "fidelity.ofx")
    held = sum((one.value or Decimal(0) for one in only(records, PositionSeen)), Decimal(0))
    assert held == Decimal("14919.80")
    assert abs(held + only(records, BalanceSeen)[0].amount - Decimal("32993.79")) <= Decimal("0.02")


def test_a_bad_ofx_is_refused_with_its_line() -> None:
    """AGG-01: its first movement has a day that does not exist; once that is mended, an amount in dollars."""
    data = (SHARED / "ofx" / "bad_decimal.ofx").read_bytes()
    assert refusal(data, "bad.ofx").place.line == 36
    error = refusal(data.replace(b"201120000000", b"20111201"), "bad.ofx")
    assert (error.place.line, "$120" in error.text) == (37, True)


@pytest.mark.parametrize(("name", "movements", "total"), [
    ("camt052.v2", 1, "-200000"), ("camt053.v2.minimal", 1, "8.85"), ("camt053.v2.multi.statement", 2, "1.85"),
    ("camt053.v4", 1, "8.85"), ("camt053.v8", 1, "8.85"), ("camt054.v4", 1, "-200000"),
])  # fmt: skip
def test_camt(name: str, movements: int, total: str) -> None:
    """AGG-01: entries and their sum; where both balances are in one currency, it is closing − opening."""
    records = told(SHARED / "camt" / f"{name}.xml")
    found = only(records, MovementSeen)
    assert (len(found), sum(one.amount for one in found)) == (movements, Decimal(total))
    assert [one for one in only(records, FeedFinding) if one.severity == "error"] == []
    if name == "camt053.v2.multi.statement":
        first, second, third, fourth = (one.amount for one in only(records, BalanceSeen))
        assert (second - first) + (fourth - third) == Decimal(total)


def test_a_camt_without_a_statement_is_refused() -> None:
    """AGG-01: `camt053.v2.wrong.xml`."""
    assert "ni relevé" in refusal(SHARED / "camt" / "camt053.v2.wrong.xml").text


def test_cfonb() -> None:
    """AGG-01: the closing balance that is reckoned is record 07's, for both accounts."""
    records = told(SHARED / "cfonb" / "example.txt")
    assert [(one.kind, one.amount) for one in only(records, BalanceSeen)] == [
        ("opening", Decimal("-190.40")), ("closing", Decimal("-241.21")), ("opening", Decimal("-241.21")),
        ("closing", Decimal("-163.72")),
    ]  # fmt: skip
    sums = Counter[str]()
    for one in only(records, MovementSeen):
        sums[one.account] += int(one.amount * 100)
    assert sorted(sums.values()) == [-5081, 7749]
    assert only(records, FeedFinding) == []


@pytest.mark.parametrize(("name", "line"), [
    ("bad_end_of_statement_without_beginning", 9), ("bad_invalid_date", 1), ("bad_operation_out_of_statement", 1),
])  # fmt: skip
def test_a_bad_cfonb_is_refused_with_its_line(name: str, line: int) -> None:
    """AGG-01: the line of the record that is wrong."""
    assert refusal(SHARED / "cfonb" / f"{name}.txt").place.line == line


@pytest.mark.parametrize(("name", "kind", "on", "amount", "quantity", "isin"), [
    ("AChat01", "ACHAT", date(2024, 5, 29), "-2008.64", "400", "IE0002XZSHO1"),
    ("AChat03", "ACHAT", date(2024, 2, 27), "-2513.95", "1.02", "FR0000288946"),
    ("AChat05", "ACHAT", date(2024, 1, 8), "-3148.33", "7", "LU1681043599"),
    ("Dividende01", "DIVIDENDE", date(2024, 2, 15), "28.24", None, "IE00B1FZS350"),
    ("Vente01", "VENTE", date(2023, 9, 29), "858.78", "-42", "FR0013412020"),
    ("Vente03", "VENTE", date(2024, 5, 30), "2003.12", "-19.9890", "FR0000447039"),
])  # fmt: skip
def test_boursobank(name: str, kind: str, on: date, amount: str, quantity: str | None, isin: str) -> None:
    """AGG-01: day, quantity and net amount as printed; gross, fees, taxes and net agree."""
    records = told(SHARED / "statements-fr" / f"boursobank_{name}.txt")
    (one,) = only(records, MovementSeen)
    assert (one.kind, one.on, one.amount) == (kind, on, Decimal(amount))
    assert one.quantity == (None if quantity is None else Decimal(quantity))
    assert one.support is not None
    assert one.support.isin == isin
    assert only(records, FeedFinding) == []


def test_suravenir() -> None:
    """AGG-01: nine positions, whose unit value × units is their amount, add up to the printed 56 391,02."""
    records = told(SHARED / "statements-fr" / "suravenir_CompteAChat01.txt")
    held = only(records, PositionSeen)
    assert len(held) == 9
    assert sum((one.value or Decimal(0) for one in held), Decimal(0)) == Decimal("56391.02")
    assert [one.amount for one in only(records, BalanceSeen)] == [Decimal("56391.02")]
    assert [one.amount for one in only(records, MovementSeen)] == [Decimal("3000.00")]
    for one in held:
        if one.quantity is not None and one.price is not None and one.value is not None:
            assert abs(one.quantity * one.price - one.value) <= Decimal("0.01")
    assert only(records, FeedFinding) == []


def test_the_ept_of_captor() -> None:
    """OU-09: fields of a real file (its YAML twin at the source): SRI, VEV, costs as ratios, the day of the KID."""
    facts = only(told(SHARED / "findatex" / "ept-captor-2023-12-29.xlsx"), SupportFact)
    assert len({one.support.isin for one in facts}) == 22
    one = {fact.field: fact for fact in facts if fact.support.isin == "SE0016075006"}
    assert one["ept.01090"].value == "2"
    assert one["ept.01020"].value == Decimal("0.034293")
    assert (one["ept.03060"].value, one["ept.03060"].unit) == (Decimal("0.0025"), "ratio")
    assert one["ept.02010"].value == Decimal("-0.185")
    assert one["ept.00070"].value == date(2024, 2, 16)
    assert (one["ept.01120"].value, one["ept.01120"].version) == (Decimal(2), "EPT V2.1")
    assert "ept.04030" not in one, "two quotes stand for nothing"


def test_clean_emt_and_eet() -> None:
    """OU-09: every cell that is filled in is a fact, and nothing is found fault with."""
    for name, count in (("emt_01_clean", 40), ("eet_01_clean", 19)):
        records = told(SHARED / "findatex" / f"{name}.xlsx")
        assert only(records, FeedFinding) == []
        assert len(only(records, SupportFact)) == count
    emt = {one.field: one.value for one in only(told(SHARED / "findatex" / "emt_01_clean.xlsx"), SupportFact)}
    assert (emt["emt.00010"], emt["emt.05080"], emt["emt.07100"]) == ("DE0007164600", "0.5", Decimal(1))
    assert emt["emt.08100"] == date(2025, 12, 31)


@pytest.mark.parametrize(("name", "fields"), [
    ("emt_02_missing_mandatory", ["00005", "00030", "00040", "00050", "00060"]),
    ("eet_02_missing_mandatory", ["00050", "00070", "20000", "20020", "20030"]),
])  # fmt: skip
def test_what_is_missing_is_named(name: str, fields: list[str]) -> None:
    """OU-09: the five that `emt_samples.txt` says are blank (NUM 5, 11, 12, 15, 16 of the template), each as «presence»."""
    found = only(told(SHARED / "findatex" / f"{name}.xlsx"), FeedFinding)
    assert {(one.severity, one.code, one.place.line) for one in found} == {("error", "presence", 2)}
    assert [one.field[:5] for one in found] == fields


def test_every_shared_file_finds_its_format_and_reads_twice_alike() -> None:
    """AGG-01: the surest format is the right one; a second reading gives the same fingerprints."""
    wanted = {"ofx": "ofx", "camt": "camt", "cfonb": "cfonb120", "findatex": "findatex", "statements-fr": "statement"}
    for folder, key in wanted.items():
        for path in sorted((SHARED / folder).iterdir()):
            if path.name == "emt_samples.txt":
                continue
            data = path.read_bytes()
            assert feeds.best(FORMATS, file_of(data, path.name)).key == key, path.name
            if "bad" not in path.name and "wrong" not in path.name and key != "findatex":
                first, second = (
                    [one.fingerprint for one in only(told(data, path.name), MovementSeen)] for _ in range(2)
                )
                assert first == second
                assert len(set(first)) == len(first), path.name
