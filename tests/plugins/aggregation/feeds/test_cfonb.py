"""AGG-01: CFONB 120, record by record."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from core.api.feeds import AccountSeen
from core.api.feeds import BalanceSeen
from core.api.feeds import FeedFinding
from core.api.feeds import MovementSeen
from tests.plugins.aggregation.feeds.reading import FILES
from tests.plugins.aggregation.feeds.reading import only
from tests.plugins.aggregation.feeds.reading import refusal
from tests.plugins.aggregation.feeds.reading import told

LINES = (FILES / "releve.cfonb").read_text().splitlines()
NAME = "releve.cfonb"


def data(lines: list[str], end: str = "\n") -> bytes:
    return end.join(lines).encode()


def test_a_statement() -> None:
    """AGG-01: punched amounts, decimals by the record, further records in the label; the closing balance is the reckoned one."""
    records = told(data(LINES), NAME)
    (account,) = only(records, AccountSeen)
    assert (account.key, account.company, account.currency) == ("30099-00012-00001234567", "30099", "EUR")
    assert [(one.on, one.amount, one.word) for one in only(records, MovementSeen)] == [
        (date(2026, 3, 10), Decimal("3000.00"), "05"), (date(2026, 3, 15), Decimal("-12.00"), "62"),
        (date(2026, 3, 20), Decimal("-42.50"), "08"),
    ]  # fmt: skip
    paid, fees, _ = only(records, MovementSeen)
    assert (paid.label, paid.value_on, paid.place.line) == (
        "VIR RECU DIALLO PAUL PARTICIPATION MARS DIALLO PAUL", date(2026, 3, 11), 2,
    )  # fmt: skip
    assert fees.kind == "FRAIS"
    opening, closing = only(records, BalanceSeen)
    assert opening.amount + sum(one.amount for one in only(records, MovementSeen)) == closing.amount == Decimal("12945.50")
    assert only(records, FeedFinding) == []


@pytest.mark.parametrize("written", [data(LINES, "\r\n"), data(LINES, ""), data([line.rstrip() for line in LINES]),
                                     data([*LINES[:2], "", *LINES[2:]])])  # fmt: skip
def test_as_banks_send_it(written: bytes) -> None:
    """AGG-01: lines of Windows, a tape without lines, ends cut off, empty lines between: the same movements."""
    amounts = [one.amount for one in only(told(written, NAME), MovementSeen)]
    assert amounts == [Decimal("3000.00"), Decimal("-12.00"), Decimal("-42.50")]


def test_the_braces_of_the_french_set() -> None:
    """AGG-01: «é» and «è» stand for { and } in files that went through NF Z 62-010."""
    changed = data([line.replace("{", "é").replace("}", "è") for line in LINES])
    assert only(told(changed, NAME), MovementSeen)[0].amount == Decimal("3000.00")


@pytest.mark.parametrize(("lines", "line", "words"), [
    (LINES[1:], 1, "hors de tout relevé"), ([LINES[0], *LINES], 2, "n'est pas clos"), (LINES[:-1], 1, "tronqué"),
    ([LINES[0], LINES[2], *LINES[5:]], 2, "ne suit aucun mouvement"),
    ([LINES[0].replace("280226", "310226"), *LINES[1:]], 1, "n'existe pas au calendrier"),
    ([LINES[0].replace("280226", "  CART"), *LINES[1:]], 1, "JJMMAA"),
    ([LINES[0], LINES[1].replace("30000{", "30000?"), *LINES[2:]], 2, "n'est pas au format CFONB"),
    ([LINES[0], LINES[1].replace("00001234567", "00001234568"), *LINES[2:]], 2, "n'est pas celui du relevé"),
    ([*LINES[:2], "09" + LINES[2][2:], *LINES[3:]], 3, "code d'enregistrement"),
    ([*LINES[:1], LINES[1] + "TROP", *LINES[2:]], 2, "120 au plus"), ([*LINES, LINES[-1]], 9, "hors de tout relevé"),
])  # fmt: skip
def test_a_record_out_of_its_place_is_refused_with_its_line(lines: list[str], line: int, words: str) -> None:
    """AGG-01: the line, and why."""
    error = refusal(data(lines), NAME)
    assert (error.place.line, words in str(error)) == (line, True), str(error)


def test_a_gap_is_told() -> None:
    """AGG-01: record 07 is not what 01 and 04 add up to."""
    changed = data([*LINES[:-1], LINES[-1].replace("129455{", "129455A")])
    (found,) = only(told(changed, NAME), FeedFinding)
    assert (found.severity, found.code, found.place.line) == ("error", "closing", 8)
    assert "0,01" in found.text
