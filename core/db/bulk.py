"""Many rows of one table in one statement, without a unit of work for each: what an import of 100,000 lines needs.

The ORM's own insert of many rows costs four times as much as the database's work. `TenantSession.put` sends what is made
here: types are the table's, the walls and checks those of every statement.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Dialect
from sqlalchemy import insert
from ulid import ULID
from ulid.base32 import ENCODE

from core.db.model import Owned

#: Rows of one statement.
MOST = 4_000
#: Two signs of a key at once, of each ten bits.
_SIGNS = [(ENCODE[pair >> 5] + ENCODE[pair & 31]).lower() for pair in range(1024)]


def new_ids(count: int) -> list[str]:
    """As many keys as `new_id` would give one by one, in order: one drawn, the others counted up from it."""
    begun = str(ULID()).lower()[:-8]  # eight signs of forty bits count them
    return [
        f"{begun}{_SIGNS[place >> 30]}{_SIGNS[place >> 20 & 1023]}{_SIGNS[place >> 10 & 1023]}{_SIGNS[place & 1023]}"
        for place in range(count)
    ]


def made(model: type[Owned], names: tuple[str, ...], columns: list[Iterable[Any]], dialect: Dialect) -> tuple[str, Any]:
    """The statement, and the rows as the driver takes them. `columns`: for each of `names`, its values row by row."""
    text, processors, order = _statement(model, names, dialect)
    for place, process in processors:
        columns[place] = _processed(columns[place], process)
    if order is None:
        return text, [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
    return text, list(zip(*itemgetter(*order)(columns), strict=True))


def _processed(column: Iterable[Any], process: Callable[[Any], Any]) -> list[Any]:
    """What the driver takes for each value: the same moment, as all rows of a batch hold, is turned once."""
    found, before, made = list[Any](), object(), None
    for value in column:
        if value is not before:
            before, made = value, process(value)
        found.append(made)
    return found


@lru_cache(maxsize=64)
def _statement(
    model: type[Owned], names: tuple[str, ...], dialect: Dialect
) -> tuple[str, list[tuple[int, Any]], list[int] | None]:
    columns = [model.__mapper__.columns[name] for name in names]
    compiled = insert(model).compile(dialect=dialect, column_keys=[column.name for column in columns])
    # the compiler puts them in the table's order
    places = {column.name: place for place, column in enumerate(columns)}
    order = [places[name] for name in (compiled.positiontup or places)]
    found = [(at, columns[at].type.dialect_impl(dialect).bind_processor(dialect)) for at in range(len(columns))]
    return str(compiled), [(at, process) for at, process in found if process is not None], order if compiled.positional else None
