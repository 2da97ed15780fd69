"""PLP-101, PLP-102: what happened to a mandate's transactions, oldest first, page by page."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from typing import Any

from . import wire
from .db import Connection
from .db import get_meta
from .db import set_meta
from .problems import Problem

_PAGE = 200
_CURSOR_S = 60 * 86_400


def _secret(connection: Connection) -> bytes:
    kept = get_meta(connection, "cursor_secret")
    if kept is None:
        raise LookupError("no cursor secret: run init first")
    return kept.encode()


def create_secret(connection: Connection) -> None:
    """Once; what makes a cursor ours."""
    if get_meta(connection, "cursor_secret") is None:
        set_meta(connection, "cursor_secret", secrets.token_urlsafe(32))


def _mac(connection: Connection, mandate: str, last: int, at: int) -> str:
    text = f"{mandate}|{last}|{at}".encode()
    return wire.b64url(hmac.new(_secret(connection), text, hashlib.sha256).digest())


def make_cursor(connection: Connection, mandate: str, last: int, now: float) -> str:
    """After event `last`, for one mandate only."""
    at = int(now)
    return f"{last}-{at}-{_mac(connection, mandate, last, at)}"


def read_cursor(connection: Connection, mandate: str, cursor: str, now: float) -> int:
    """Raises `Problem`: forged or another mandate's 400, too old 410."""
    parts = cursor.split("-", 2)
    if len(cursor) > 512 or len(parts) != 3 or not (parts[0] + parts[1]).isdecimal() or not parts[0] or not parts[1]:
        raise Problem("malformed-request", "curseur illisible")
    last, at = int(parts[0]), int(parts[1])
    if not hmac.compare_digest(_mac(connection, mandate, last, at), parts[2]):
        raise Problem("malformed-request", "curseur illisible")
    if now - at > _CURSOR_S:
        raise Problem("cursor-expired", "reprenez depuis le début")
    return last


def read_limit(text: str | None) -> int:
    """1 to 200; higher is lowered, anything else refused."""
    if text is None:
        return _PAGE
    if not text.isascii() or not text.isdecimal() or len(text) > 9 or int(text) < 1:
        raise Problem("malformed-request", "limit va de 1 à 200")
    return min(int(text), _PAGE)


def page(
    connection: Connection, mandate: str, *, limit: int, cursor: str | None, since: str | None, now: float
) -> dict[str, Any]:
    """One page; of this mandate only."""
    if cursor is not None and since is not None:
        raise Problem("malformed-request", "cursor ou since, pas les deux")
    last = 0 if cursor is None else read_cursor(connection, mandate, cursor, now)
    start = 0.0
    if since is not None:
        try:
            start = wire.parse_timestamp(since)
        except ValueError as error:
            raise Problem("malformed-request", "since est un horodatage UTC") from error
    rows = connection.execute(
        "SELECT id, body FROM events WHERE mandate = ? AND id > ? AND at >= ? ORDER BY id LIMIT ?",
        (mandate, last, start, limit + 1),
    ).fetchall()
    shown = rows[:limit]
    return {
        "items": [json.loads(row["body"]) for row in shown],
        "next_cursor": make_cursor(connection, mandate, shown[-1]["id"] if shown else last, now),
        "has_more": len(rows) > limit,
    }


def newest(connection: Connection, mandate: str, transaction_ref: str) -> dict[str, Any]:
    """PLP-103; raises `Problem`: unknown and foreign are one answer."""
    row = connection.execute(
        "SELECT body FROM events WHERE mandate = ? AND transaction_ref = ? ORDER BY seq DESC LIMIT 1",
        (mandate, transaction_ref),
    ).fetchone()
    if row is None:
        raise Problem("transaction-unknown", "aucune transaction de ce nom sur ce mandat")
    item: dict[str, Any] = json.loads(row["body"])
    return item
