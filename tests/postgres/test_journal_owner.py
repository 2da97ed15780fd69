"""The journal and the owner's role: triggers hold him whom rights do not."""

from __future__ import annotations

import psycopg
import pytest
from sqlalchemy import make_url

from core.config import Config
from tests.core.cabinets.test_audit import chain
from tests.postgres.cluster import OWNER
from tests.postgres.cluster import Cluster

__all__ = ["chain"]


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_entry SET actor = 'x'", "DELETE FROM audit_entry", "TRUNCATE audit_entry CASCADE",
                  "TRUNCATE audit_payload", "DELETE FROM audit_payload", "UPDATE audit_purge SET last_seq = 1"],
)  # fmt: skip
def test_the_owner_too_only_adds(config: Config, cluster: Cluster, chain: int, statement: str) -> None:
    """Triggers hold him whom rights do not: a slip of the hand at the database's prompt changes nothing."""
    database = str(make_url(config.database_url).database)
    with psycopg.connect(cluster.dsn(database, OWNER)) as connection:
        connection.execute("SELECT set_config('app.cabinet_id', '1', true)")
        if "audit_purge" in statement:
            connection.execute(
                "INSERT INTO audit_purge (cabinet_id, id, entry_id, first_seq, last_seq, at) "
                "SELECT 1, 'x', id, 1, 1, at FROM audit_entry WHERE cabinet_id = 1 AND seq = 1"
            )
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="journal"):
            connection.execute(statement.encode())
