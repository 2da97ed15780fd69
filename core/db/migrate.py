"""Migrations: core's own, then each plugin's, with a version table each (architecture.md §4, «Migrations»)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from alembic import command
from alembic.config import Config as AlembicConfig
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
    config = AlembicConfig()
    config.set_main_option("script_location", str(CORE))
    config.set_main_option("version_locations", str(folder / "versions"))
    config.set_main_option("path_separator", "os")
    config.attributes.update(connection=connection, version_table=table)
    command.upgrade(config, "head")
