"""What a validated act changes in the book, and how a correction takes it back.

An effect is a plain mapping: `positions` (code → cents to add), `fields` (column of the contract → new value),
`plan` (a kind of plan and its new record, or None to leave it out).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .db import Connection

#: The columns an act may change.
_FIELDS = ("clause", "advance", "closed_on", "secured")
_PLAN = ("amount", "periodicity", "next_date", "suspended_on")


def apply(connection: Connection, contract_id: int, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Changes the book; what comes back undoes it."""
    undo: dict[str, Any] = {"positions": {}, "fields": {}, "plan": None}
    for code, delta in (wanted.get("positions") or {}).items():
        held = connection.execute(
            "SELECT amount FROM positions WHERE contract_id = ? AND code = ?", (contract_id, code)
        ).fetchone()
        done = max(delta, -held["amount"] if held else 0)  # the book may have moved since the act was entered
        _add(connection, contract_id, code, done)
        undo["positions"][code] = -done
    for name, value in (wanted.get("fields") or {}).items():
        undo["fields"][name] = _set_field(connection, contract_id, name, value)
    if wanted.get("plan"):
        kind = wanted["plan"]["kind"]
        undo["plan"] = {"kind": kind, "record": _set_plan(connection, contract_id, kind, wanted["plan"]["record"])}
    return undo


def revert(connection: Connection, contract_id: int, undo: Mapping[str, Any]) -> None:
    """Takes an applied effect back."""
    apply(connection, contract_id, undo)


def _add(connection: Connection, contract_id: int, code: str, delta: int) -> None:
    connection.execute(
        """INSERT INTO positions VALUES (?, ?, ?)
           ON CONFLICT (contract_id, code) DO UPDATE SET amount = amount + excluded.amount""",
        (contract_id, code, delta),
    )


def _set_field(connection: Connection, contract_id: int, name: str, value: object) -> object:
    if name not in _FIELDS:
        raise ValueError(name)
    row = connection.execute(f"SELECT {name} FROM contracts WHERE id = ?", (contract_id,)).fetchone()  # noqa: S608
    connection.execute(f"UPDATE contracts SET {name} = ? WHERE id = ?", (value, contract_id))  # noqa: S608
    old: object = row[name]
    return old


def _set_plan(
    connection: Connection, contract_id: int, kind: str, record: Mapping[str, Any] | None
) -> dict[str, Any] | None:
    row = connection.execute(
        "SELECT * FROM plans WHERE contract_id = ? AND kind = ?", (contract_id, kind)
    ).fetchone()
    connection.execute("DELETE FROM plans WHERE contract_id = ? AND kind = ?", (contract_id, kind))
    if record is not None:
        values = [record[name] for name in _PLAN]
        connection.execute("INSERT INTO plans VALUES (?, ?, ?, ?, ?, ?)", (contract_id, kind, *values))
    return None if row is None else {name: row[name] for name in _PLAN}
