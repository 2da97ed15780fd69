"""Many rows of one table in one statement, without a unit of work for each: what an import of 100,000 lines needs.

The ORM's own insert of many rows costs four times as much as the database's work. Types are the table's, walls and checks
those of every statement.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Dialect
from sqlalchemy import insert
from ulid import ULID
from ulid.base32 import ENCODE

from core.db.model import Model
from core.db.session import TenantSession

#: Rows of one statement.
MOST = 4_000


def insert_rows(session: TenantSession, model: type[Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows, each the values of `names`, into the session's cabinet; an `id` is drawn for each that has none."""
    connection, cabinet_id = session.connection(), session.require_cabinet()
    every = ("cabinet_id", *(() if "id" in names else ("id",)), *names)
    drawn = "id" not in names
    text, processors, order = _statement(model, every, connection.dialect)
    batch: list[Any] = []
    if session.new or session.dirty or session.deleted:
        session.flush()

    def send() -> None:
        ids = new_ids(len(batch)) if drawn else ()
        filled: list[Any] = [(cabinet_id, *row) for row in batch]
        if drawn:
            filled = [(cabinet_id, one, *row) for one, row in zip(ids, batch, strict=True)]
        if processors:
            filled = [_processed(row, processors) for row in filled]
        if order is None:
            connection.exec_driver_sql(text, [dict(zip(every, row, strict=True)) for row in filled])
        else:
            connection.exec_driver_sql(text, list(map(itemgetter(*order), filled)))

    for row in rows:
        batch.append(row)
        if len(batch) == MOST:
            send()
            batch = []
    if batch:
        send()


def new_ids(count: int) -> list[str]:
    """As many keys as `new_id` would give one by one, in order: one drawn, the others counted up from it."""
    begun = str(ULID()).lower()[:-8]  # eight signs of forty bits count them
    return [
        f"{begun}{_SIGNS[place >> 30]}{_SIGNS[place >> 20 & 1023]}{_SIGNS[place >> 10 & 1023]}{_SIGNS[place & 1023]}"
        for place in range(count)
    ]


#: Two signs of a key at once, of each ten bits.
_SIGNS = [(ENCODE[pair >> 5] + ENCODE[pair & 31]).lower() for pair in range(1024)]


def _processed(row: Sequence[Any], processors: Sequence[tuple[int, Any]]) -> tuple[Any, ...]:
    made = list(row)
    for place, process in processors:
        made[place] = process(made[place])
    return tuple(made)


@lru_cache(maxsize=64)
def _statement(
    model: type[Model], names: tuple[str, ...], dialect: Dialect
) -> tuple[str, list[tuple[int, Any]], list[int] | None]:
    table = model.__table__
    columns = [model.__mapper__.columns[name] for name in names]
    compiled = insert(table).compile(dialect=dialect, column_keys=[column.name for column in columns])  # type: ignore[arg-type]
    # the compiler puts them in the table's order
    places = {column.name: place for place, column in enumerate(columns)}
    order = [places[name] for name in (compiled.positiontup or places)]
    found = [(at, columns[at].type.dialect_impl(dialect).bind_processor(dialect)) for at in range(len(columns))]
    return str(compiled), [(at, process) for at, process in found if process is not None], order if compiled.positional else None
