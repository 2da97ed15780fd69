"""PostgreSQL started anew, or a connection cut: the next request does not see it (security-reliability.md §3.1)."""

from __future__ import annotations

import psycopg
import pytest
from flask import Flask
from sqlalchemy import select

from core.cabinets.models import Cabinet
from core.db import session as sessions
from core.extensions import db
from tests.postgres.cluster import Cluster


@pytest.mark.parametrize("cabinet_id", [1, None])
def test_a_connection_that_waited_is_asked_first(
    app: Flask, cluster: Cluster, monkeypatch: pytest.MonkeyPatch, cabinet_id: int | None
) -> None:
    """All connections are cut while they wait in the pool: the next sessions open others, nobody gets an error."""
    monkeypatch.setattr(sessions, "IDLE", -1.0)  # as if each had waited long enough
    for _ in range(2):
        with db.session(cabinet_id, write=False) as session:
            session.scalars(select(Cabinet.id)).all()
        name = db.engine.url.database
        with psycopg.connect(cluster.dsn("postgres"), autocommit=True) as above:
            above.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
    with db.session(cabinet_id, write=False) as session:
        session.scalars(select(Cabinet.id)).all()


def test_reading_the_instance_needs_no_transaction(app: Flask) -> None:
    """Sign-in is read in one statement; what writes, and what has a cabinet, is a transaction as before."""
    for cabinet_id, write, alone in ((None, False, True), (None, True, False), (1, False, False), (1, True, False)):
        with db.session(cabinet_id, write=write) as session:
            connection = session.connection().connection.driver_connection
            assert isinstance(connection, psycopg.Connection)
            session.scalars(select(Cabinet.id)).all()
            assert connection.autocommit is alone
            assert (connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE) is alone
