"""AGG-01: camt.052, .053 and .054, whatever the version."""

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

STATEMENT = (FILES / "releve.camt053.xml").read_bytes()
NAME = "releve.xml"


def test_a_statement() -> None:
    """AGG-01: account with its holder, balances, entries; Σ booked entries is closing − opening, so nothing is found."""
    records = told(STATEMENT, NAME)
    (account,) = only(records, AccountSeen)
    assert (account.key, account.company, account.label) == ("FR7630099000120000123456778", "Banque Exemple", "Compte espèces")
    assert [one.name for one in account.holders] == ["DIALLO MARIE"]
    balances = {one.kind: one for one in only(records, BalanceSeen)}
    assert (balances["opening"].on, balances["closing"].amount) == (date(2026, 2, 28), Decimal("1245.50"))
    paid, fees, back, pending = only(records, MovementSeen)
    assert (paid.amount, paid.on, paid.value_on) == (Decimal("300.00"), date(2026, 3, 10), date(2026, 3, 11))
    assert (paid.reference, paid.word, paid.label) == ("REF-300", "PMNT/RCDT/ESCT", "DIALLO PAUL · Participation mars")
    assert (fees.kind, fees.amount, fees.reference) == ("FRAIS", Decimal("-12.00"), None)
    assert (back.reverses, back.amount, pending.pending) == ("E2E-42", Decimal("-42.50"), True)
    assert (paid.place.line, paid.place.path) == (13, "camt.053, relevé 1, Ntry 1")
    booked = sum(one.amount for one in (paid, fees, back))
    assert balances["closing"].amount - balances["opening"].amount == booked
    assert only(records, FeedFinding) == []


@pytest.mark.parametrize(("message", "tag", "root"), [
    ("camt.052.001.02", b"Rpt", b"BkToCstmrAcctRpt"), ("camt.053.001.02", b"Stmt", b"BkToCstmrStmt"),
    ("camt.053.001.12", b"Stmt", b"BkToCstmrStmt"), ("camt.054.001.04", b"Ntfctn", b"BkToCstmrDbtCdtNtfctn"),
])  # fmt: skip
def test_all_messages_and_versions(message: str, tag: bytes, root: bytes) -> None:
    """AGG-01: known by local names; a version that does not exist yet is read like the others."""
    changed = STATEMENT.replace(b"camt.053.001.08", message.encode()).replace(b"BkToCstmrStmt", root)
    changed = changed.replace(b"<Stmt>", b"<" + tag + b">").replace(b"</Stmt>", b"</" + tag + b">")
    assert [one.amount for one in only(told(changed, NAME), MovementSeen)][:2] == [Decimal("300.00"), Decimal("-12.00")]


def test_a_prefix_changes_nothing() -> None:
    """AGG-01: some banks write «n:Stmt»."""
    changed = STATEMENT.replace(b"xmlns=", b"xmlns:n=").replace(b"<", b"<n:").replace(b"<n:/", b"</n:").replace(b"<n:?", b"<?")
    assert len(only(told(changed, NAME), MovementSeen)) == 4


def test_a_gap_is_told_with_both_figures() -> None:
    """AGG-01: opening + movements = closing, to the cent; two currencies are said not to be checked."""
    (found,) = only(told(STATEMENT.replace(b">1245.50<", b">1245.51<"), NAME), FeedFinding)
    assert (found.severity, found.code, found.place.line) == ("error", "closing", 11)
    assert "1\u202f245,51" in found.text
    assert "1\u202f245,50" in found.text
    (found,) = only(told(STATEMENT.replace(b'Ccy="EUR">1245.50', b'Ccy="SEK">1245.50'), NAME), FeedFinding)
    assert (found.severity, found.code) == ("warning", "closing")


@pytest.mark.parametrize(("before", "after", "words"), [
    (b'"EUR">12.00', b'"EUR">douze', "Ligne 18"), (b'"EUR">12.00', b'"EUR">-12.00', "négatif"),
    (b"<Dt>2026-03-15</Dt>", b"<Dt>2026-02-30</Dt>", "n'existe pas au calendrier"), (b"DBIT", b"DEBIT", "CdtDbtInd"),
    (b"<IBAN>FR7630099000120000123456778</IBAN>", b"", "numéro de compte"), (b"</Stmt>", b"", "mal formé"),
    (b"Document", b"Autre", "commence par <Autre>"),
])  # fmt: skip
def test_what_is_wrong_is_refused_with_its_place(before: bytes, after: bytes, words: str) -> None:
    """AGG-01: amounts, days and directions are never guessed."""
    assert before in STATEMENT
    error = refusal(STATEMENT.replace(before, after), NAME)
    assert error.place.line, str(error)
    assert words in str(error), str(error)


def test_without_a_statement_there_is_nothing() -> None:
    """AGG-01: a message with its header alone."""
    begin, end = STATEMENT.index(b"<Stmt>"), STATEMENT.index(b"</Stmt>") + 7
    assert "ne contient ni relevé" in str(refusal(STATEMENT[:begin] + STATEMENT[end:], NAME))
