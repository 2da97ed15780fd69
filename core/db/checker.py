"""The statement checker: in tests and demo, each SQL statement on a cabinet's table must name its cabinet.

It catches what the session's filter cannot see: `text()`, `select(Model.__table__)`, a join forgotten.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection

from core.db.errors import NoCabinet
from core.db.model import INSTANCE_TABLES
from core.db.model import Base

_CABINET = re.compile(r"cabinet_id\s*(?:=|IN\b)", re.IGNORECASE)
_TABLE = re.compile(r"\b(?:FROM|JOIN|UPDATE|INTO)\s+\"?([a-z_]+)", re.IGNORECASE)
_FREE = ("PRAGMA", "CREATE", "ALTER", "DROP", "BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "SET", "DISCARD", "LISTEN")


def check(_connection: Connection, _cursor: Any, statement: str, _parameters: Any, _context: Any, _many: bool) -> None:
    """Raise `NoCabinet` for a statement that could see or change another cabinet's rows."""
    if problem := verdict(statement):
        raise NoCabinet(problem)


@lru_cache(maxsize=4096)
def verdict(statement: str) -> str | None:
    """What is wrong with the statement, or None."""
    if statement.lstrip().upper().startswith(_FREE):
        return None
    known = set(Base.metadata.tables)
    scoped = [name for name in _TABLE.findall(statement) if name in known and name not in INSTANCE_TABLES]
    if not scoped:
        return None
    if re.match(r"\s*INSERT\b", statement, re.IGNORECASE):
        return None if "cabinet_id" in statement else f"INSERT sans cabinet : {statement[:200]}"
    if len(_CABINET.findall(statement)) < len(scoped):
        return f"requête sans cabinet sur {', '.join(scoped)} : {statement[:400]}"
    return None
