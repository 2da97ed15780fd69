"""What no text holds: NUL. PostgreSQL refuses it by an error of the driver, SQLite keeps it: refused here on both, alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from core.db.errors import DomainError


class NulInText(DomainError):
    """A text with NUL came as far as a statement: forms and lists refuse or drop it where it is typed."""


def check(_connection: Connection, _cursor: Any, _statement: str, parameters: Any, _context: Any, _many: bool) -> None:
    """Raise `NulInText` for a statement whose values hold one."""
    if _has_nul(parameters):
        raise NulInText("Une valeur contient un caractère invisible qui n'a sa place dans aucun texte.")


def _has_nul(given: Any) -> bool:
    # one row's values or several rows', by name or by place: drivers differ, and so do ways to insert
    for value in given.values() if isinstance(given, Mapping) else given or ():
        if type(value) is str:
            if "\0" in value:
                return True
        elif type(value) is tuple:  # a row of many: all its texts at once
            texts = [one for one in value if type(one) is str]
            if "\0" in "".join(texts) or (len(texts) < len(value) and any(
                isinstance(one, (tuple, list, dict)) and _has_nul(one) for one in value
            )):  # fmt: skip
                return True
        elif isinstance(value, (tuple, list, Mapping)) and _has_nul(value):
            return True
    return False
