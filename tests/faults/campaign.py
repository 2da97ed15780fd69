"""What every fault campaign asks in the end: ours equals theirs, histories only went forward, nothing was made up.

The partner's book is read from the extranet's own SQLite file, the table of moves is written out again here: a fault of
the product's table must not hide in the check.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field
from itertools import pairwise
from typing import Any

import requests
from sqlalchemy import select

from core.transactions.models import Transaction
from core.transactions.models import TransactionEvent
from tests.stage import Stage
from tests.stage import dumped

FINAL = ("validated", "rejected", "cancelled")
PROGRESS = ("pending", "signature_awaited")
#: Our own clock's and launch's moves (PLP-106, last column): target → where it may come from.
OURS = {"opened": ("initiated",), "abandoned": ("initiated", "opened"), "unknown": PROGRESS}


@dataclass
class Line:
    """One line of our history."""

    seq: int | None
    status: str
    source: str
    applied: bool
    corrected: bool
    data: dict[str, Any] | None


@dataclass
class Ours:
    """A transaction as this side has it; `amount` in cents, as theirs."""

    reference: str
    status: str
    seq: int
    partner_ref: str | None
    reason: str | None
    amount: int | None
    lines: list[Line] = field(default_factory=list)


@dataclass
class Theirs:
    """A transaction in the partner's book, with every word it ever said of it, by number."""

    reference: str
    status: str
    seq: int
    partner_ref: str | None
    reason: str | None
    amount: int | None
    words: dict[int, dict[str, Any]] = field(default_factory=dict)


def ours(stage: Stage) -> dict[str, Ours]:
    """Our transactions of partner links, by reference."""
    one = Transaction
    wanted = select(one.id, one.reference, one.status, one.seq, one.partner_ref, one.reason_text, one.amount)
    found = {
        row[1]: (row[0], Ours(*row[1:6], amount=None if row[6] is None else int(row[6] * 100)))
        for row in stage.read(wanted.where(one.plugin.is_not(None)))
    }
    by_id = dict(found.values())
    word = TransactionEvent
    told = select(word.transaction_id, word.seq, word.status, word.source, word.applied, word.corrected, word.data)
    for key, *rest, data in stage.read(told.order_by(word.received_at, word.id)):
        if key in by_id:
            by_id[key].lines.append(Line(*rest, data=data))
    return {reference: made for reference, (_, made) in found.items()}


def theirs(stage: Stage) -> dict[str, Theirs]:
    """The partner's transactions that began here, by our reference."""
    file = stage.folder / "extranet.sqlite"
    connection = sqlite3.connect(file, timeout=15)
    try:
        rows = connection.execute(
            "SELECT transaction_ref, status, seq, partner_ref, reason, amount FROM transactions WHERE transaction_ref NOT NULL"
        ).fetchall()
        said = connection.execute("SELECT transaction_ref, seq, body FROM events ORDER BY id").fetchall()
    finally:
        connection.close()
    book = {row[0]: Theirs(*row[:4], reason=_text(row[4]), amount=row[5]) for row in rows}
    for reference, seq, body in said:
        book[reference].words[seq] = json.loads(body)
    return book


def _text(reason: str | None) -> str | None:
    return json.loads(reason)["text"] if reason else None


def check_words(mine: dict[str, Ours], book: dict[str, Theirs]) -> None:
    """BL-13: no status of the partner's without the partner's word; what counted is word for word what was said."""
    for row in mine.values():
        said = book[row.reference].words if row.reference in book else {}
        for line in row.lines:
            if line.seq is None:
                assert line.status in ("initiated", *OURS), dumped(row)
                continue
            assert line.source in ("hook", "feed"), dumped(row)
            word = said.get(line.seq)
            assert word is not None, f"never said: {dumped(line)} of {dumped(row)}"
            assert line.data == word["data"], dumped((line, word))
            assert line.status == word["data"]["status"], dumped(line)
            assert line.corrected == (word["type"] == "transaction.corrected"), dumped(line)


def check_forward(mine: Iterable[Ours]) -> None:
    """PLP-094 to PLP-100, PLP-106: each history follows the table, and the row is its last line that counted."""
    for row in mine:
        counted = [line for line in row.lines if line.applied]
        assert counted, dumped(row)
        assert counted[0].status == "initiated", dumped(row)
        last = 0
        for before, line in pairwise(counted):
            if line.seq is None:
                assert before.status in OURS[line.status], f"{before.status} → {line.status}: {dumped(row)}"
                continue
            assert line.seq > last, f"number {line.seq} after {last}: {dumped(row)}"
            if before.status in FINAL:
                assert line.corrected, f"a final state was left: {dumped(row)}"
                assert line.data is not None
                assert last <= line.data["corrects"] < line.seq, dumped(row)
            last = line.seq
        assert (row.status, row.seq) == (counted[-1].status, last), dumped(row)
        late = [(line.seq, dumped(line.data)) for line in row.lines if not line.applied]
        assert len(late) == len(set(late)), f"stored twice: {dumped(row)}"


def check_equal(mine: dict[str, Ours], book: dict[str, Theirs], *, silent_for_90_days: bool = False) -> None:
    """PLP-106: what the partner has said last is what we show. Our clock's own ends are the only other statuses."""
    for reference, row in mine.items():
        their = book.get(reference)
        if their is None or their.seq == 0:
            assert (row.status in ("initiated", "opened", "abandoned"), row.seq) == (True, 0), dumped((row, their))
            continue
        assert row.seq == their.seq, dumped((row, their))
        lost = silent_for_90_days and row.status == "unknown" and their.status in PROGRESS
        assert row.status == their.status or lost, dumped((row, their))
        assert row.partner_ref == their.partner_ref, dumped((row, their))
        assert row.reason == their.reason, dumped((row, their))
        assert row.amount == their.amount, dumped((row, their))
    assert set(book) <= set(mine)


def check_all(stage: Stage, *, equal: bool, silent_for_90_days: bool = False) -> None:
    """All three; equality only where a polling round has just ended."""
    mine, book = ours(stage), theirs(stage)
    check_words(mine, book)
    check_forward(mine.values())
    if equal:
        check_equal(mine, book, silent_for_90_days=silent_for_90_days)


def check_no_forgery(stage: Stage, forged: Iterable[str]) -> None:
    """None of these webhook ids was ever taken: the inbox has no row of them."""
    kept = {row[0] for row in stage.rows("SELECT webhook_id FROM link_inbox")}
    assert not kept & set(forged)


def clerk(stage: Stage, reference: str, status: str, *, corrected: bool = False) -> bool:
    """The partner's back office moves a transaction; False where its own rules do not allow it."""
    try:
        stage.sim("POST", f"/transactions/{reference}/status", status=status, corrected=corrected)
    except (AssertionError, requests.HTTPError):
        return False
    return True
