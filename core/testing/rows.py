"""Rows for a plugin's own tables, made from their columns: so that pages have something to show, and more of it."""

from __future__ import annotations

from datetime import UTC
from datetime import date
from datetime import datetime
from decimal import Decimal
from itertools import count
from typing import Any

from sqlalchemy import JSON
from sqlalchemy import Boolean
from sqlalchemy import Column
from sqlalchemy import Date
from sqlalchemy import DateTime
from sqlalchemy import Enum
from sqlalchemy import Integer
from sqlalchemy import LargeBinary
from sqlalchemy import Numeric
from sqlalchemy import String
from sqlalchemy import Table
from sqlalchemy import insert
from sqlalchemy.exc import SQLAlchemyError

from core.db.model import Base
from core.db.model import new_id
from core.extensions import db

_numbers = count(1)


def tables(plugin: str) -> list[Table]:
    """The plugin's tables, those that others name first."""
    return [table for table in Base.metadata.sorted_tables if table.name.startswith(f"{plugin}_")]


def fill(plugin: str, cabinet_id: int, times: int, *, word: str, known: dict[str, list[str]]) -> dict[str, list[str]]:
    """Write `times` rows into each table; `known`: table → ids that foreign keys may name. The ids written, by table.

    Texts begin with `word`, so that they can be looked for; a column whose `info` has a «sample» holds that. A table that takes
    no such rows is left empty.
    """
    made: dict[str, list[str]] = {}
    for table in tables(plugin):
        ids = {**known, **made}
        rows = [_row(table, cabinet_id, number, word, ids) for number in range(times)]
        try:
            with db.session(cabinet_id) as session:
                session.connection().execute(insert(table), rows)
        except SQLAlchemyError:
            made[table.name] = []
            continue
        made[table.name] = [str(row["id"]) for row in rows if "id" in row]
    return made


def _row(table: Table, cabinet_id: int, number: int, word: str, ids: dict[str, list[str]]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    targets = {
        element.parent.name: element.column.table.name
        for constraint in table.foreign_key_constraints for element in constraint.elements if element.column.name != "cabinet_id"
    }  # fmt: skip
    serial = next(_numbers)
    for column in table.columns:
        if column.name == "cabinet_id":
            row[column.name] = cabinet_id
        elif column.name in targets:
            found = ids.get(targets[column.name], [])
            row[column.name] = found[number % len(found)] if found else None
        elif column.name == "id":
            row[column.name] = new_id()
        else:
            row[column.name] = _value(column, serial, word)
    return row


def _value(column: Column[Any], serial: int, word: str) -> Any:
    if "sample" in column.info:  # what it holds has a shape that no type tells
        return column.info["sample"]
    kind = getattr(column.type, "impl", column.type)
    if isinstance(kind, Enum):
        return kind.enums[serial % len(kind.enums)]
    if isinstance(kind, String):
        text = f"{word} {serial}"
        return text if kind.length is None or kind.length >= len(text) else str(serial)[: kind.length]
    made: list[tuple[type, Any]] = [
        (Boolean, False), (DateTime, datetime(2026, 1, 2, 3, 4, serial % 60, tzinfo=UTC)), (Date, date(2026, 1, 2)),
        (Integer, serial), (Numeric, Decimal(serial)), (JSON, {}), (LargeBinary, b"kit"),
    ]  # fmt: skip
    return next((value for wanted, value in made if isinstance(kind, wanted)), None)
