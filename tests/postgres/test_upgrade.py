"""Every step of the schema takes over a PostgreSQL database that is full, as its owner; see tests/core/db/test_upgrade.py."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
import sqlalchemy as sa
from alembic import command

from core.db import migrate
from core.db import walls
from core.db.session import Database
from tests import databases
from tests.core.db.test_upgrade import REVISIONS
from tests.core.db.test_upgrade import count
from tests.core.db.test_upgrade import fill
from tests.postgres.cluster import APP
from tests.postgres.cluster import OWNER
from tests.postgres.cluster import Cluster


@pytest.fixture
def old(cluster: Cluster) -> Iterator[str]:
    """A new database, the owner's."""
    name = cluster.create()
    yield name
    cluster.drop(name)


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_full_database_is_taken_over(cluster: Cluster, old: str, revision: str) -> None:
    """Operations, PL-03: from each revision to today's, under an owner that policies bind: no row is lost, the walls stand."""
    address, owner = cluster.url(old, OWNER), Database()
    owner.open(address, check=False)
    with owner.engine.connect() as connection:
        config = migrate._config(migrate.CORE)
        config.attributes.update(connection=connection, version_table="alembic_version")
        command.upgrade(config, revision)
        connection.commit()
    with databases.reading(address) as hand:
        hand.exec_driver_sql("SET session_replication_role = replica")  # one id for all, in no order of keys
        before = fill(hand)
        hand.commit()
    with psycopg.connect(cluster.dsn(old), autocommit=True) as plain:
        for (name,) in plain.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall():
            if not name.startswith("alembic_version"):  # as `raised` leaves them
                plain.execute(f'ALTER TABLE "{name}" FORCE ROW LEVEL SECURITY'.encode())
        plain.execute(f"ALTER ROLE {OWNER} NOBYPASSRLS".encode())
    try:
        migrate.upgrade(owner, app_role=APP)
    finally:
        owner.close()
        with psycopg.connect(cluster.dsn(old), autocommit=True) as plain:
            plain.execute(f"ALTER ROLE {OWNER} BYPASSRLS".encode())
    with databases.reading(address) as hand:
        tables = sa.MetaData()
        tables.reflect(hand)
        after = count(hand, tables)
        assert {name: after.get(name) for name in before} == before
        assert orphans(hand, tables) == []
        if revision < "0003":  # telephones take their international form
            assert hand.exec_driver_sql("SELECT phone FROM contact").scalar_one() == "+33639980102"
    with psycopg.connect(cluster.dsn(old)) as plain:
        assert [row[0] for row in walls.scoped(plain.execute(walls.TABLES.encode())) if not row[2]] == []  # type: ignore[arg-type]


def orphans(hand: sa.Connection, tables: sa.MetaData) -> list[str]:
    """Foreign keys with a row that refers to none."""
    found = []
    for table in tables.tables.values():
        for key in table.foreign_key_constraints:
            target = key.referred_table.alias()
            pairs = [(element.parent, target.c[element.column.name]) for element in key.elements]
            there = sa.exists().where(*(mine == other for mine, other in pairs)).select_from(target)
            whole = [mine.is_not(None) for mine, _other in pairs]
            if hand.execute(sa.select(sa.func.count()).select_from(table).where(*whole, ~there)).scalar_one():
                found.append(f"{table.name}.{key.name}")
    return found
