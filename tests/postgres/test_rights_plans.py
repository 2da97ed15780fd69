"""The same on PostgreSQL, behind row-level security, as the application's role."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from sqlalchemy import event

from core.db.session import Database
from tests.core.cabinets import plans
from tests.postgres.cluster import Cluster


@pytest.fixture(scope="module")
def full(cluster: Cluster, migrated: str) -> Iterator[Database]:
    """Thirty thousand contacts."""
    name = cluster.create(migrated)
    db = Database()
    db.open(cluster.url(name), check=True)
    plans.fill(db, 30_000)
    with psycopg.connect(cluster.dsn(name), autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
    yield db
    db.close()
    cluster.drop(name)


@pytest.mark.parametrize("profile", ["CONSEILLER", "RESPONSABLE_AGENCE"])
def test_no_large_table_is_gone_through(full: Database, profile: str) -> None:
    """PostgreSQL: policies do not take a right's condition away from its index."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: Any, *_rest: object) -> None:
        asked.append((statement, parameters))

    event.listen(full.engine, "before_cursor_execute", note)
    with full.session(1, write=False) as session:
        plans.read(session, plans.adviser(profile))
    event.remove(full.engine, "before_cursor_execute", note)
    wanted = [one for one in asked if one[0].startswith("SELECT") and "set_config" not in one[0]]
    assert len(wanted) > 15
    gone = []
    with full.engine.connect() as connection:
        connection.exec_driver_sql("SELECT set_config('app.cabinet_id', '1', true)")
        for statement, parameters in wanted:
            plan = [row[0] for row in connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)]
            gone += [line.strip() for line in plan if re.search(rf"Seq Scan on \"?({'|'.join(plans.LARGE)})\b", line)]
    assert gone == []
