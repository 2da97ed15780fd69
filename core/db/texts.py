"""What no text holds: NUL. PostgreSQL refuses it by an error of the driver, SQLite keeps it: refused here on both, alike."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Mapping
from datetime import date
from datetime import datetime
from decimal import Decimal
from types import NoneType
from typing import Any

from sqlalchemy import Connection

from core.db.errors import DomainError

#: Kinds of value that hold no other.
_PLAIN = {str, bytes, bool, int, float, Decimal, date, datetime, NoneType}


class NulInText(DomainError):
    """A text with NUL came as far as a statement: forms and lists refuse or drop it where it is typed."""


def check(_connection: Connection, _cursor: Any, _statement: str, parameters: Any, _context: Any, _many: bool) -> None:
    """Raise `NulInText` for a statement whose values hold one."""
    if _has_nul(parameters):
        raise NulInText("Une valeur contient un caractère invisible qui n'a sa place dans aucun texte.")


def _has_nul(given: Any) -> bool:
    if type(given) is list and set(map(type, given)) == {tuple}:  # many rows: the driver refuses them where one is shorter
        return any(map(_has_nul_in, zip(*given, strict=False)))
    # one row's values or several rows', by name or by place: drivers differ, and so do ways to insert
    return _has_nul_in(given.values() if isinstance(given, Mapping) else given or ())


def _has_nul_in(values: Collection[Any]) -> bool:
    try:
        return "\0" in "".join(values)  # a column of texts, as most are
    except TypeError:
        pass
    kinds = set(map(type, values))
    if str in kinds and "\0" in "".join([value for value in values if type(value) is str]):
        return True
    return not kinds <= _PLAIN and any(map(_has_nul, (value for value in values if isinstance(value, (tuple, list, Mapping)))))
