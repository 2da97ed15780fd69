"""Faults on demand (Annex B), kept in the database so that a restart does not heal them."""

from __future__ import annotations

from dataclasses import dataclass

from .db import Connection

OPS = ("capabilities", "mandates", "feed", "transaction", "jwks", "initiate", "token", "hooks", "act", "portfolio")
ANSWER_KINDS = (
    "latency", "trickle", "hang", "reset", "500", "503", "429", "malformed", "huge", "content_type", "redirect",
)  # fmt: skip
HOOK_KINDS = (
    "duplicate", "reorder", "drop", "delay", "replay", "forge", "skew", "seq_gap", "seq_conflict",
    "contradictory_final",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault; `times` calls are left, −1: until it is deleted; `value` in seconds or a count, by its kind."""

    id: int
    op: str
    kind: str
    times: int
    value: float | None


def add(connection: Connection, op: str, kind: str, times: int, value: float | None) -> None:
    """Raises `ValueError` on a fault that does not exist."""
    kinds = HOOK_KINDS if op == "hooks" else ANSWER_KINDS
    if op not in OPS or kind not in kinds or times == 0 or times < -1:
        raise ValueError("op, kind ou times")
    connection.execute("INSERT INTO faults (op, kind, times, value) VALUES (?, ?, ?, ?)", (op, kind, times, value))


def listed(connection: Connection) -> list[Fault]:
    """All that are planned."""
    return [Fault(**dict(row)) for row in connection.execute("SELECT * FROM faults ORDER BY id")]


def clear(connection: Connection) -> None:
    """Heals all."""
    connection.execute("DELETE FROM faults")


def planned(connection: Connection, op: str) -> bool:
    """Whether any is planned for an operation; cheap, for the ordinary case."""
    return connection.execute("SELECT 1 FROM faults WHERE op = ? LIMIT 1", (op,)).fetchone() is not None


def take(connection: Connection, op: str, kind: str | None = None) -> Fault | None:
    """Uses the oldest fault of an operation (of a kind) once; None where there is none."""
    row = connection.execute(
        "SELECT * FROM faults WHERE op = ? AND (? IS NULL OR kind = ?) ORDER BY id LIMIT 1", (op, kind, kind)
    ).fetchone()
    if row is None:
        return None
    fault = Fault(**dict(row))
    if fault.times == 1:
        connection.execute("DELETE FROM faults WHERE id = ?", (fault.id,))
    elif fault.times > 0:
        connection.execute("UPDATE faults SET times = times - 1 WHERE id = ?", (fault.id,))
    return fault
