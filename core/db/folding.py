"""Texts compared without case or accents, in the very same way by both databases and by Python.

SQLite knows no accent and PostgreSQL's own fold needs an extension: a table of letters does for Latin scripts.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

_MARKED = "ÀÂÄÁÃÅÇÉÈÊËÍÌÎÏÑÓÒÔÖÕÚÙÛÜÝŸàâäáãåçéèêëíìîïñóòôöõúùûüýÿ’"
_PLAIN = "AAAAAACEEEEIIIINOOOOOUUUUYYaaaaaaceeeeiiiinooooouuuuyy'"
_PAIRS = (("Œ", "oe"), ("œ", "oe"), ("Æ", "ae"), ("æ", "ae"))
_TABLE = str.maketrans({**dict(zip(_MARKED, _PLAIN, strict=True)), **dict(_PAIRS)})
#: ASCII alone is lowered: what «lower» does of other letters hangs on the database's locale.
_LOWER = str.maketrans({chr(code): chr(code + 32) for code in range(65, 91)})
NAME = "encours_plain"


def plain(text: str | None) -> str | None:
    """«Crébillon» → «crebillon», «Cœur d’Or» → «coeur d'or»."""
    return None if text is None else text.translate(_TABLE).translate(_LOWER)


class Folded(GenericFunction[str]):
    """The same of a column, in SQL: `Folded(Contact.city)`."""

    name = NAME
    type = String()
    inherit_cache = True


@compiles(Folded, "postgresql")
def _on_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    inner = compiler.process(element.clauses, **options)
    for mark, pair in _PAIRS:
        inner = f"replace({inner}, '{mark}', '{pair}')"
    marked, flat = (text.replace("'", "''") for text in (_MARKED, _PLAIN))
    return f"lower(translate({inner}, '{marked}', '{flat}'))"


def register(connection: Any) -> None:
    """Make the function known to an SQLite connection."""
    connection.create_function(NAME, 1, plain, deterministic=True)


__all__ = ["Folded", "plain", "register"]
