"""Hooks waiting to go out: written in the transaction of what they tell (PLP §7), kept with their attempts."""

from __future__ import annotations

from typing import Any

from . import wire
from .db import Connection


def queue(
    connection: Connection, *, iss: str, subject: str, kind: str, data: dict[str, Any], now: float,
    seq: int | None = None, status: str | None = None, interaction_id: str | None = None, delay: float = 0.0,
    extra: str | None = None,
) -> str:  # fmt: skip
    """Adds one hook, due after `delay` seconds, and returns its object as text (the feed's too, PLP-101).

    `extra` names the fault that this hook is, so that it is no part of the ledger's story.
    """
    body = wire.dump({"type": kind, "timestamp": wire.timestamp(now), "data": data})
    connection.execute(
        """INSERT INTO hooks (webhook_id, iss, subject, type, seq, status, interaction_id, body, next_at, extra,
               created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            wire.new_id("msg"), iss, subject, kind, seq, status, wire.interaction_id(interaction_id), body.encode(),
            now + delay, extra, now,
        ),
    )  # fmt: skip
    return body
