"""Migrations: core's own, then each plugin's, with a version table each (architecture.md §4, «Migrations»)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from core.db.session import Database

CORE = Path(__file__).parent.parent / "migrations"


def upgrade(db: Database, plugins: Iterable[tuple[str, Path]] = ()) -> None:
    """Bring the database to today's schema. `plugins`: (name, folder) of those that own tables, in order."""
    with db.engine.connect() as connection:
        _run(connection, CORE, "alembic_version")
        for name, folder in plugins:
            _run(connection, folder, f"alembic_version_{name}")
        connection.commit()


def _run(connection: Connection, folder: Path, table: str) -> None:
    config = _config(folder)
    config.attributes.update(connection=connection, version_table=table)
    command.upgrade(config, "head")


def behind(db: Database, plugins: Iterable[tuple[str, Path]] = ()) -> list[str]:
    """Whose tables are not those of this version: «core», or plugins' names. Empty: all is well."""
    found = []
    with db.engine.connect() as connection:
        for name, folder, table in [("core", CORE, "alembic_version"), *((n, f, f"alembic_version_{n}") for n, f in plugins)]:
            context = MigrationContext.configure(connection, opts={"version_table": table})
            if set(context.get_current_heads()) != _heads(folder):
                found.append(name)
    return found


@cache
def _heads(folder: Path) -> frozenset[str]:
    return frozenset(ScriptDirectory.from_config(_config(folder)).get_heads())


def _config(folder: Path) -> AlembicConfig:
    config = AlembicConfig()
    config.set_main_option("script_location", str(CORE))
    config.set_main_option("version_locations", str(folder / "versions"))
    config.set_main_option("path_separator", "os")
    return config
