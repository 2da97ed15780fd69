"""Every step of the schema takes over a database that is full: nothing is lost, nothing refers to what is gone."""

from __future__ import annotations

from datetime import UTC
from datetime import date
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory

from core.db import migrate
from core.db.session import Database

#: One id for a row of each table: whatever refers to another row refers to one that is there.
ID = "01hk153x000000000000000000"
REVISIONS = [
    one.revision for one in ScriptDirectory.from_config(migrate._config(migrate.CORE)).walk_revisions() if not one.is_head
]


def value(column: sa.Column[Any]) -> Any:
    """Something that fits a column."""
    kind = column.type
    if isinstance(kind, sa.DateTime):
        return datetime(2026, 3, 2, 9, 12, tzinfo=UTC).replace(tzinfo=None)
    if isinstance(kind, sa.Date):
        return date(2026, 3, 2)
    if isinstance(kind, sa.Boolean):
        return False
    if isinstance(kind, sa.Integer):
        return 1
    if isinstance(kind, sa.Float):
        return 1.0
    if isinstance(kind, sa.Numeric):
        return Decimal(1)
    if isinstance(kind, sa.JSON):
        return {}
    if isinstance(kind, sa.LargeBinary):
        return b"x"
    named = {"phone": "06 39 98 01 02", "number": "+33639980102", "email": "a@example.org", "payload": "{}"}
    length = getattr(kind, "length", None)
    return named.get(column.name, ID[: length or 26])


def fill(connection: sa.Connection) -> dict[str, int]:
    """One row in each table, whichever the revision has; how many each holds then."""
    tables = sa.MetaData()
    tables.reflect(connection)
    for table in tables.tables.values():
        if not table.name.startswith("alembic_version"):
            connection.execute(sa.insert(table).values({column.name: value(column) for column in table.columns}))
    return count(connection, tables)


def count(connection: sa.Connection, tables: sa.MetaData) -> dict[str, int]:
    return {
        name: connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
        for name, table in tables.tables.items()
    }


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_full_database_is_taken_over(tmp_path: Path, revision: str) -> None:
    """Operations, PL-03: from each revision to today's; SQLite copies tables that others refer to."""
    db = Database()
    db.open(f"sqlite:///{tmp_path / 'old.sqlite'}", check=False)
    config = migrate._config(migrate.CORE)
    with db.engine.connect() as connection:
        config.attributes.update(connection=connection, version_table="alembic_version")
        command.upgrade(config, revision)
        connection.commit()
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        before = fill(connection)
        connection.commit()
    migrate.upgrade(db)
    with db.engine.connect() as connection:
        tables = sa.MetaData()
        tables.reflect(connection)
        after = count(connection, tables)
        assert {name: after.get(name) for name in before} == before
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall() == []
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1
        if revision < "0003":  # telephones take their international form
            assert connection.exec_driver_sql("SELECT phone FROM contact").scalar_one() == "+33639980102"
    db.close()


def test_what_acts_wrote_before_is_theirs(tmp_path: Path) -> None:
    """PF-05: movements of acts executed before 0027 are theirs, by what their line of history kept; a missing one is left out."""
    db = Database()
    db.open(f"sqlite:///{tmp_path / 'old.sqlite'}", check=False)
    config = migrate._config(migrate.CORE)
    with db.engine.connect() as connection:
        config.attributes.update(connection=connection, version_table="alembic_version")
        command.upgrade(config, "0026")
        connection.commit()
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        fill(connection)
        connection.exec_driver_sql("UPDATE \"transaction\" SET status = 'executed_here'")
        said = f'{{"movements": ["{ID}", "gone"]}}'
        connection.exec_driver_sql("UPDATE transaction_event SET status = 'executed_here', source = 'typed', data = ?", (said,))
        connection.commit()
    migrate.upgrade(db)
    with db.engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT cabinet_id, transaction_id, movement_id, state FROM movement_match").fetchall()
        assert [tuple(row) for row in found] == [(1, ID, ID, "ECRIT")]
    db.close()
