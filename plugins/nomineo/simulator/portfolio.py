"""The company's own resource beside PLP/1: what each contract of a broker is worth, holds, and what moved on it.

docs/protocol/portfolio-feed.md describes it. A page is the same bytes as long as the book and the day are the same.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC
from datetime import date
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from . import book
from . import feed
from . import wire
from .acts import BY_CODE
from .book import Contract
from .db import Connection
from .problems import Problem

_PARIS = ZoneInfo("Europe/Paris")
COMPANY = "Generali Patrimoine"


def read_since(text: str | None) -> date | None:
    """A day written `2026-10-01`. Raises `Problem`."""
    if text is None:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError as error:
        raise Problem("malformed-request", "since est un jour, AAAA-MM-JJ") from error
    if text != found.isoformat():
        raise Problem("malformed-request", "since est un jour, AAAA-MM-JJ")
    return found


def page(
    connection: Connection, mandate: str, broker_code: str, *, limit: int, cursor: str | None, since: date | None,
    today: date, now: float,
) -> tuple[dict[str, Any], str]:  # fmt: skip
    """One page of the broker's contracts in force, by their order in the book; and the mark of all of them as they are."""
    last = 0 if cursor is None else feed.read_cursor(connection, _of(mandate), cursor, now)
    rows = connection.execute(
        "SELECT id FROM contracts WHERE broker_code = ? AND (closed_on IS NULL OR closed_on > ?) ORDER BY id",
        (broker_code, today.isoformat()),
    ).fetchall()
    ids = [int(row["id"]) for row in rows]
    told = {key: _told(connection, broker_code, key, since) for key in ids}
    left = [key for key in ids if key > last]
    shown = left[:limit]
    more = len(left) > len(shown)
    made = {
        "nomineo_portfolio": 1, "company": COMPANY, "broker_code": broker_code, "as_of": today.isoformat(),
        "contracts": [told[key] for key in shown],
        "next_cursor": feed.make_cursor(connection, _of(mandate), shown[-1], _midnight(now)) if more else None,
        "has_more": more,
    }  # fmt: skip
    return made, _mark(broker_code, today, list(told.values()))


def _of(mandate: str) -> str:
    """What a cursor is good for: this resource, this mandate."""
    return f"portfolio|{mandate}"


def _midnight(now: float) -> float:
    """Cursors of a day are the same, so that its pages are the same bytes."""
    at = datetime.fromtimestamp(now, UTC).astimezone(_PARIS)
    return at.replace(hour=0, minute=0, second=0, microsecond=0).timestamp()


def _mark(broker_code: str, today: date, told: list[dict[str, Any]]) -> str:
    text = wire.canonical([broker_code, today.isoformat(), told])
    return '"' + hashlib.sha256(text.encode()).hexdigest()[:32] + '"'


def _told(connection: Connection, broker_code: str, contract_id: int, since: date | None) -> dict[str, Any]:
    contract = book.contract_by_id(connection, broker_code, contract_id)
    assert contract is not None
    return {
        "ref": contract.ref, "product": contract.product, "currency": "EUR",
        "effect_date": contract.effect_date.isoformat(),
        "holder": {
            "name": contract.holder, "birth_date": contract.birth_date.isoformat() if contract.birth_date else None,
            "legal_person": contract.legal_person,
        },
        "value": wire.money(contract.value),
        "positions": [
            {
                "support_ref": one.code, "isin": one.isin, "label": one.label, "kind": one.kind.lower(),
                "value": wire.money(one.amount),
            }
            for one in contract.positions
        ],
        "movements": _moved(connection, contract, since),
    }  # fmt: skip


def _moved(connection: Connection, contract: Contract, since: date | None) -> list[dict[str, Any]]:
    """Acts that were carried out: what they really added to the positions, or took from them."""
    rows = connection.execute(
        "SELECT partner_ref, action, undo, effective_at FROM transactions WHERE contract_id = ? AND status = 'validated' "
        "ORDER BY effective_at, id",
        (contract.id,),
    )
    found = []
    for row in rows:
        taken = (json.loads(row["undo"] or "{}").get("positions") or {}).values()
        on = datetime.fromtimestamp(row["effective_at"], UTC).astimezone(_PARIS).date()
        if not taken or (since is not None and on < since):
            continue
        act = BY_CODE[row["action"]]
        found.append({
            "ref": row["partner_ref"], "on": on.isoformat(), "kind": act.nature, "label": act.label,
            "amount": wire.money(-sum(taken)),
        })  # fmt: skip
    return found
