"""What an adviser may see is found by indexes, however many contacts the cabinet has (performance.md, lists)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from core.db.model import Base
from core.db.session import Database
from tests.core.cabinets import plans


@pytest.mark.parametrize("profile", ["CONSEILLER", "RESPONSABLE_AGENCE"])
def test_no_large_table_is_gone_through(tmp_path: Path, profile: str) -> None:
    """SQLite: every condition of a right is a search in an index."""
    db = Database()
    db.open(f"sqlite:///{tmp_path / 'plein.sqlite'}", check=True)
    Base.metadata.create_all(db.engine)
    plans.fill(db, 4_000)
    asked: list[tuple[str, Any]] = []
    event.listen(
        db.engine, "before_cursor_execute",
        lambda _c, _k, statement, parameters, *_: asked.append((statement, parameters)) if statement[:6] == "SELECT" else None,
    )  # fmt: skip
    with db.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
    with db.session(1, write=False) as session:
        plans.read(session, plans.adviser(profile))
    gone = []
    with db.engine.connect() as connection:
        for statement, parameters in list(asked):
            plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
            gone += [line for line in plan if re.match(rf"SCAN ({'|'.join(plans.LARGE)})(_\d+)?\b", line)]
    db.close()
    assert len(asked) > 15
    assert gone == []
