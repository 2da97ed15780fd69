"""Fills the book from `book.json`: the same every time. Sixty ordinary contracts are made by arithmetic."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from . import passwords
from . import wire
from .acts import BY_CODE
from .book import ref_key
from .db import Connection
from .db import set_meta

_BOOK = Path(__file__).with_name("book.json")
_MINIMUM = "1500.00"
_FIRST_TXP = 10_021


def cents(text: str) -> int:
    """`84210.55` → 8421055."""
    return int(Decimal(text) * 100)


def fill(connection: Connection, now: float) -> None:
    """Writes the whole book; the tables must be empty. `now` stamps what was pending already."""
    book = json.loads(_BOOK.read_text("utf-8"))
    for broker in book["brokers"]:
        connection.execute("INSERT INTO brokers VALUES (?, ?)", (broker["code"], broker["name"]))
    for login in book["logins"]:
        connection.execute(
            "INSERT INTO logins VALUES (?, ?, ?, ?)",
            (login["identifier"], passwords.digest(login["password"]), login["broker"], login["display"]),
        )
    for support in book["supports"]:
        connection.execute(
            "INSERT INTO supports VALUES (:code, :isin, :label, :kind, :risk, :investable)",
            {"investable": True, **support},
        )
    for record in [*book["contracts"], *ordinary(book)]:
        _contract(connection, record, now)
    set_meta(connection, "next_txp", str(_FIRST_TXP))


def _contract(connection: Connection, record: dict[str, Any], now: float) -> None:
    broker = record.get("broker", "GP-20417")
    limits = {
        act: {bound: cents(amount) for bound, amount in bounds.items()}
        for act, bounds in record.get("limits", {}).items()
    }
    cursor = connection.execute(
        """INSERT INTO contracts (ref, ref_key, broker_code, product, holder, legal_person, birth_date, guarded,
               deceased, effect_date, pledged_to, closed_on, accepted, advance, minimum, limits, clause)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            record["ref"], ref_key(record["ref"]), broker, record["product"], record["holder"],
            record.get("legal_person", False), record.get("born"), record.get("guarded", False),
            record.get("deceased", False), record["effect"], record.get("pledged_to"), record.get("closed"),
            record.get("accepted", False), cents(record.get("advance", "0")),
            cents(record.get("minimum", _MINIMUM)), json.dumps(limits), _clause(record),
        ),
    )  # fmt: skip
    contract_id = cursor.lastrowid
    assert contract_id is not None
    for code, amount in record["positions"].items():
        connection.execute("INSERT INTO positions VALUES (?, ?, ?)", (contract_id, code, cents(amount)))
    for plan in record.get("plans", []):
        connection.execute(
            "INSERT INTO plans VALUES (?, ?, ?, ?, ?, NULL)",
            (contract_id, plan["kind"], cents(plan["amount"]), plan["periodicity"], plan["next"]),
        )
    if "pending" in record:
        _pending(connection, contract_id, broker, record, now)


def _clause(record: dict[str, Any]) -> str:
    if record["product"] == "Himalia Capitalisation":
        return ""
    return "Mon conjoint, à défaut mes enfants nés ou à naître, vivants ou représentés, à défaut mes héritiers."


def _pending(connection: Connection, contract_id: int, broker: str, record: dict[str, Any], now: float) -> None:
    """An act that the company was working on before the platform came: no transaction_ref, no event."""
    pending = record["pending"]
    amount = cents(pending["amount"])
    connection.execute(
        """INSERT INTO transactions (key, partner_ref, contract_id, account_ref, action, nature, adviser, display,
               broker_code, status, amount, effects, created_at, entered_on, effective_at)
           VALUES (?, ?, ?, ?, ?, ?, 'book', 'Saisie au siège', ?, 'pending', ?, ?, ?, ?, ?)""",
        (
            wire.new_id("act"), pending["partner_ref"], contract_id, record["ref"], pending["action"],
            BY_CODE[pending["action"]].nature, broker, amount, wire.dump({"positions": {"EURO-1": -amount}}),
            now, pending["entered"], now,
        ),
    )  # fmt: skip


def ordinary(book: dict[str, Any]) -> list[dict[str, Any]]:
    """HIM0100001 to HIM0100040 and XAE0200001 to XAE0200020."""
    return [_ordinary(book, "Himalia", "HIM", 100_000 + n) for n in range(1, 41)] + [
        _ordinary(book, "Xaélidia", "XAE", 200_000 + n) for n in range(1, 21)
    ]


def _ordinary(book: dict[str, Any], product: str, prefix: str, serial: int) -> dict[str, Any]:
    digest = hashlib.sha256(f"{prefix}{serial}".encode()).digest()
    names = book["ordinary"]
    digits = f"{serial:07d}"
    funds = [support["code"] for support in book["supports"] if support["kind"] == "UC"]
    first = funds[digest[0] % len(funds)]
    second = funds[(digest[0] + 1 + digest[1] % (len(funds) - 1)) % len(funds)]
    positions = {
        "EURO-1": _amount(digest[2:4], 4_000, 90_000),
        first: _amount(digest[4:6], 2_000, 45_000),
        second: _amount(digest[6:8], 1_500, 30_000),
    }
    nth = serial % 1000
    if nth % 7 == 3:
        positions["SCPI-PR"] = _amount(digest[8:10], 5_000, 25_000)
    if nth % 9 == 5:
        positions["STR-2026-04"] = _amount(digest[10:12], 10_000, 30_000)
    record: dict[str, Any] = {
        "ref": f"{prefix} {digits[:3]} {digits[3:6]}-{digits[6]}",
        "product": product,
        "holder": f"{names['last_names'][nth % 20]} {names['first_names'][(nth * 5 + digest[12]) % 17]}",
        "born": str(date(1945, 1, 15) + timedelta(days=int.from_bytes(digest[13:15], "big") % 16_000)),
        "effect": str(date(2005, 2, 1) + timedelta(days=int.from_bytes(digest[15:17], "big") % 7_300)),
        "minimum": names["minima"][digest[17] % 4],
        "positions": positions,
    }
    if nth % 8 == 2:
        record["plans"] = [{"kind": "versement", "amount": f"{50 * (1 + digest[18] % 10)}.00",
                            "periodicity": "monthly", "next": "2026-12-10"}]  # fmt: skip
    if nth % 12 == 6:
        record["plans"] = [{"kind": "rachat", "amount": f"{100 * (2 + digest[19] % 6)}.00",
                            "periodicity": "quarterly", "next": "2027-01-15"}]  # fmt: skip
    if nth % 10 == 4:
        record["limits"] = {"arbitrage": {"min": "1000.00"}, "versement_complementaire": {"max": "150000.00"}}
    return record


def _amount(seed: bytes, low: int, high: int) -> str:
    number = int.from_bytes(seed, "big")
    return f"{low + number % (high - low)}.{number * 37 % 100:02d}"
