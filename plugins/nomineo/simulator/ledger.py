"""Transactions: opened by a launch or entered directly, moved by adviser and clerk, told by hook and feed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from . import effects
from . import faults
from . import outbox
from . import wire
from .acts import FINAL
from .acts import IN_PROGRESS
from .acts import STATUS_LABELS
from .acts import Act
from .book import Contract
from .db import Connection
from .db import Row
from .db import get_meta
from .db import set_meta
from .rules import Pending

#: Our own word for what nobody has validated yet; never on the wire (PLP-086).
OPEN = "opened"


class ChangeRefused(ValueError):
    """A status cannot follow the one there is."""


@dataclass(frozen=True, slots=True)
class Transaction:
    """One act being entered, worked on or ended. Without `transaction_ref`: entered directly, told to nobody."""

    id: int
    key: str
    transaction_ref: str | None
    partner_ref: str | None
    iss: str | None
    mandate: str | None
    launch_id: str | None
    interaction_id: str | None
    contract_id: int
    account_ref: str
    action: str
    nature: str
    adviser: str
    display: str
    broker_code: str
    status: str
    seq: int
    reason: Mapping[str, str] | None
    amount: int | None
    instructions: Sequence[Mapping[str, Any]] | None
    typed: Mapping[str, str] | None
    prefill: Mapping[str, Any] | None
    effects: Mapping[str, Any] | None
    undo: Mapping[str, Any] | None
    return_url: str | None
    created_at: float
    entered_on: str | None
    effective_at: float


_JSON = ("reason", "instructions", "typed", "prefill", "effects", "undo")


def read(row: Row) -> Transaction:
    """A row of the table."""
    return from_values(dict(row))


def from_values(values: dict[str, Any]) -> Transaction:
    """The columns of the table, by name."""
    for name in _JSON:
        values[name] = None if values[name] is None else json.loads(values[name])
    return Transaction(**values)


def by_key(connection: Connection, key: str) -> Transaction | None:
    """By the random name its pages have."""
    row = connection.execute("SELECT * FROM transactions WHERE key = ?", (key,)).fetchone()
    return None if row is None else read(row)


def by_ref(connection: Connection, reference: str) -> Transaction | None:
    """By the platform's reference or by ours."""
    row = connection.execute(
        "SELECT * FROM transactions WHERE transaction_ref = ? OR partner_ref = ?", (reference, reference)
    ).fetchone()
    return None if row is None else read(row)


def pending_on(connection: Connection, contract_id: int) -> list[Pending]:
    """PLP-051: what the company works on, its own pages' included; what was only opened does not count."""
    rows = connection.execute(
        f"""SELECT nature, partner_ref, entered_on FROM transactions
            WHERE contract_id = ? AND status IN ({','.join('?' * len(IN_PROGRESS))}) ORDER BY id""",  # noqa: S608
        (contract_id, *IN_PROGRESS),
    )
    return [Pending(row["nature"], row["partner_ref"], date.fromisoformat(row["entered_on"])) for row in rows]


@dataclass(frozen=True, slots=True)
class Launched:
    """What an ID Token said of the act (PLP-076)."""

    transaction_ref: str
    iss: str
    mandate: str
    launch_id: str
    interaction_id: str
    account_ref: str
    return_url: str
    prefill: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Who:
    """The adviser who enters an act: `key` is his name at this company or (issuer, handle)."""

    key: str
    display: str
    broker_code: str


def open_act(
    connection: Connection, contract: Contract, act: Act, who: Who, now: float, launched: Launched | None = None
) -> Transaction:
    """A blank form. It blocks nothing and is told to nobody."""
    key = wire.new_id("act")
    connection.execute(
        """INSERT INTO transactions (key, transaction_ref, iss, mandate, launch_id, interaction_id, contract_id,
               account_ref, action, nature, adviser, display, broker_code, status, prefill, return_url, created_at,
               effective_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            key, launched and launched.transaction_ref, launched and launched.iss, launched and launched.mandate,
            launched and launched.launch_id, launched and launched.interaction_id, contract.id,
            launched.account_ref if launched else contract.ref, act.code, act.nature, who.key, who.display,
            who.broker_code, OPEN, wire.dump(launched.prefill) if launched and launched.prefill else None,
            launched and launched.return_url, now, now,
        ),
    )  # fmt: skip
    made = by_key(connection, key)
    assert made is not None
    return made


def keep_typed(connection: Connection, transaction: Transaction, typed: Mapping[str, str]) -> None:
    """What was typed, kept until it is validated."""
    connection.execute("UPDATE transactions SET typed = ? WHERE id = ?", (wire.dump(dict(typed)), transaction.id))


def keep_entry(
    connection: Connection, transaction: Transaction, amount: int | None,
    instructions: Sequence[Mapping[str, Any]] | None, changes: Mapping[str, Any],
) -> None:  # fmt: skip
    """What the adviser validated: amount in cents, final instructions, what it will change in the book."""
    connection.execute(
        "UPDATE transactions SET amount = ?, instructions = ?, effects = ? WHERE id = ?",
        (amount, None if instructions is None else wire.dump(list(instructions)), wire.dump(changes), transaction.id),
    )


def change(
    connection: Connection, transaction_id: int, status: str, now: float, today: date, *,
    reason: Mapping[str, str] | None = None, corrected: bool = False,
) -> Transaction:  # fmt: skip
    """Moves a transaction; status, book, feed item and hook in the caller's one transaction (PLP-103).

    Raises `ChangeRefused` where the status is unknown or a final one would change without `corrected` (PLP-100).
    """
    row = connection.execute("SELECT * FROM transactions WHERE id = ?", (transaction_id,)).fetchone()
    before = read(row)
    if status not in STATUS_LABELS:
        raise ChangeRefused(f"statut inconnu\u202f: {status}")
    if corrected and before.seq == 0:
        raise ChangeRefused("rien à corriger\u202f: aucun statut n'a été communiqué")
    if before.status in FINAL and not corrected:
        raise ChangeRefused("la transaction est close\u202f: seule une correction peut la rouvrir")
    if not corrected and before.status == status:
        raise ChangeRefused("la transaction a déjà ce statut")
    step = 1
    if before.transaction_ref is not None and faults.take(connection, "hooks", "seq_gap"):
        step = 2
    undo = _apply(connection, before, status)
    connection.execute(
        """UPDATE transactions SET status = ?, seq = seq + ?, reason = ?, undo = ?, effective_at = ?,
               partner_ref = coalesce(partner_ref, ?), entered_on = coalesce(entered_on, ?) WHERE id = ?""",
        (
            status, step, None if reason is None else wire.dump(reason), None if undo is None else wire.dump(undo),
            now, before.partner_ref or next_partner_ref(connection), today.isoformat(), before.id,
        ),
    )  # fmt: skip
    after = read(connection.execute("SELECT * FROM transactions WHERE id = ?", (before.id,)).fetchone())
    if after.transaction_ref is not None:
        _tell(connection, before, after, now, corrected)
    return after


def _apply(connection: Connection, before: Transaction, status: str) -> Mapping[str, Any] | None:
    """The book follows what is validated, and goes back where that is corrected."""
    if status == "validated" and before.undo is None:
        return effects.apply(connection, before.contract_id, before.effects or {})
    if status != "validated" and before.undo is not None:
        effects.revert(connection, before.contract_id, before.undo)
        return None
    return before.undo


def next_partner_ref(connection: Connection) -> str:
    """TXP-nnnnn, in order."""
    number = int(get_meta(connection, "next_txp") or 10_021)
    set_meta(connection, "next_txp", str(number + 1))
    return f"TXP-{number}"


def snapshot(before: Transaction, after: Transaction, corrected: bool) -> dict[str, Any]:
    """PLP-085: the whole state, each time."""
    return {
        "transaction_ref": after.transaction_ref, "partner_ref": after.partner_ref, "launch_id": after.launch_id,
        "mandate": after.mandate, "seq": after.seq, "corrects": before.seq if corrected else None,
        "status": after.status, "status_label": STATUS_LABELS[after.status],
        "previous": None if before.status == OPEN else before.status,
        "effective_at": wire.timestamp(after.effective_at), "reason": after.reason,
        "amount": wire.money(after.amount), "instructions": after.instructions, "documents": [],
    }  # fmt: skip


def _tell(connection: Connection, before: Transaction, after: Transaction, now: float, corrected: bool) -> None:
    assert after.iss is not None
    assert after.transaction_ref is not None
    kind = "transaction.corrected" if corrected else "transaction.status_changed"
    body = outbox.queue(
        connection, iss=after.iss, subject=after.transaction_ref, kind=kind,
        data=snapshot(before, after, corrected), now=now, seq=after.seq, status=after.status,
        interaction_id=after.interaction_id,
    )  # fmt: skip
    connection.execute(
        "INSERT INTO events (mandate, transaction_ref, seq, status, at, body) VALUES (?, ?, ?, ?, ?, ?)",
        (after.mandate, after.transaction_ref, after.seq, after.status, now, body),
    )
