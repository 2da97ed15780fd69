"""Statements compiled once a process: each test has a database of its own, and all of them the same statements.

An engine keeps what it compiled for its own dialect's sake; compiling was a quarter of the suite's work.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Dialect
from sqlalchemy import Engine
from sqlalchemy import create_engine

from core.db import session

#: More than all statements of the product: none is forgotten and compiled again.
_ENOUGH = 10_000


def compile_once() -> None:
    """Every database opened from now on in this process shares its kind's dialect and compiled statements."""
    kept: dict[str, tuple[Dialect, Any]] = {}

    def sharing(*args: Any, **options: Any) -> Engine:
        made = create_engine(*args, query_cache_size=_ENOUGH, **options)
        dialect, compiled = kept.get(made.name, (made.dialect, made._compiled_cache))
        if getattr(dialect, "server_version_info", None) is None:  # its engine never met a database: it knows of none
            kept[made.name] = made.dialect, made._compiled_cache
        else:
            made.dialect, made._compiled_cache = dialect, compiled
        return made

    session.create_engine = sharing  # type: ignore[attr-defined]
