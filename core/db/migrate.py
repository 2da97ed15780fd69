"""Migrations: core's own, then each plugin's, with a version table each (architecture.md §4, «Migrations»)."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from traceback import extract_tb

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from core.db import walls
from core.db.session import Database

CORE = Path(__file__).parent.parent / "migrations"


@dataclass(frozen=True, slots=True)
class Failed:
    """A plugin's tables that could not be brought to today's: they are as they were. `error`: what its migration raised."""

    name: str
    error: BaseException
    folder: Path

    @property
    def text(self) -> str:
        """What went wrong and where, in one line: the statement's values and the rows that it met are not in it."""
        said = str(getattr(self.error, "orig", None) or self.error).strip().splitlines()
        own = [one for one in extract_tb(self.error.__traceback__) if Path(one.filename).is_relative_to(self.folder)]
        where = f" ({Path(own[-1].filename).name}, ligne {own[-1].lineno})" if own else ""
        return f"{type(self.error).__name__}{f' : {said[0][:200]}' if said else ''}{where}"


def upgrade(
    db: Database, plugins: Iterable[tuple[str, Path]] = (), *, app_role: str | None = None, core: str = "head"
) -> tuple[Failed, ...]:
    """Bring the database to today's schema, walls and all: core in one transaction, then each plugin in one of its own.

    A plugin whose migration fails takes nobody else's along: all of it is rolled back, and it is named in the answer.
    Whatever core's raise is raised: nothing is changed then.

    `plugins`: (name, folder) of those that own tables, in order. `app_role`: PostgreSQL's role of web and worker, where
    it is not the one that migrates; it gets its rights. `core`: core's revision, or «-1» for the one before the newest,
    from which plugins' tables are tried.
    """
    _step(db, CORE, "alembic_version", app_role, _before_last() if core == "-1" else core)
    failed = []
    for name, folder in plugins:
        try:
            if is_behind(db, name, folder):
                _step(db, folder, _versions(name), app_role)
        except BaseException as error:  # a migration may also raise SystemExit
            if isinstance(error, KeyboardInterrupt):
                raise
            failed.append(Failed(name, error, folder))
    return tuple(failed)


def _step(db: Database, folder: Path, table: str, app_role: str | None, to: str = "head") -> None:
    """One history, in one transaction."""
    with db.engine.connect() as connection, _copying(connection):
        _lower(connection)
        _run(connection, folder, table, to)
        _raise(connection, app_role)
        connection.commit()


def downgrade(db: Database, name: str, folder: Path) -> None:
    """Take a plugin's tables away, in one transaction: core's and other plugins' stay as they are."""
    with db.engine.connect() as connection, _copying(connection):
        _lower(connection)
        config = _config(folder)
        config.attributes.update(connection=connection, version_table=_versions(name))
        command.downgrade(config, "base")
        _raise(connection, None)
        connection.commit()


def take_stock(db: Database) -> None:
    """Have PostgreSQL count what the tables hold, as their owner: after a load, a restoration, an upgrade.

    Until its own round, a minute or more later, it takes a table for nearly empty, and lists take seconds.
    """
    if not db.is_sqlite:
        with db.engine.connect() as connection:
            connection.exec_driver_sql("ANALYZE")
            connection.commit()


@contextmanager
def _copying(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by copying it, and then drops one that others refer to: keys are checked at the end instead.

    The switch works outside of a transaction only, hence on the driver's own connection.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        connection.rollback()
        driver.execute("PRAGMA foreign_keys=ON")


def _lower(connection: Connection) -> None:
    """Migrations change all cabinets' rows and copy tables: nothing of the walls stands in their way meanwhile."""
    if connection.dialect.name == "sqlite":
        _execute(connection, walls.journal_sqlite_lowered())
    elif not connection.exec_driver_sql(walls.BYPASSES).scalar():
        _execute(connection, walls.lowered(_tables(connection)))


def _raise(connection: Connection, app_role: str | None) -> None:
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"the upgrade would leave rows that refer to none: {sorted({row[0] for row in broken})}")
        _execute(connection, walls.journal_sqlite())
        if connection.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'").first():
            # An operator counted the rows for the planner: half old, half missing, such figures lead it astray (tried).
            _execute(connection, ("ANALYZE",))
        return
    schema = str(connection.exec_driver_sql("SELECT current_schema()").scalar_one())
    _execute(connection, walls.raised(_tables(connection)))
    _execute(connection, walls.journal_postgresql(schema))
    if app_role is not None:
        versions = connection.exec_driver_sql(walls.VERSIONS).scalars().all()
        _execute(connection, walls.granted(app_role, schema, versions))


def _tables(connection: Connection) -> list[tuple[str, bool, bool]]:
    return [(row[0], row[1], row[2]) for row in connection.exec_driver_sql(walls.TABLES)]


def _execute(connection: Connection, statements: Iterable[str]) -> None:
    for statement in statements:
        connection.exec_driver_sql(statement)


def _run(connection: Connection, folder: Path, table: str, to: str = "head") -> None:
    config = _config(folder)
    config.attributes.update(connection=connection, version_table=table)
    command.upgrade(config, to)


def _before_last() -> str:
    script = ScriptDirectory.from_config(_config(CORE))
    return str(script.get_revision("head").down_revision)


def behind(db: Database, plugins: Iterable[tuple[str, Path]] = ()) -> list[str]:
    """Whose tables are not those of this version: «core», or plugins' names. Empty: all is well."""
    with db.engine.connect() as connection:
        found = [] if _stands_at(connection, "alembic_version") == _heads(CORE) else ["core"]
    return [*found, *(name for name, folder in plugins if is_behind(db, name, folder))]


def is_behind(db: Database, name: str, folder: Path) -> bool:
    """Whether a plugin's tables are not those of its code, or its migrations cannot be read."""
    try:
        heads = _heads(folder)
    except Exception:  # two heads, a file that does not compile
        return True
    with db.engine.connect() as connection:
        return _stands_at(connection, _versions(name)) != heads


def _stands_at(connection: Connection, table: str) -> frozenset[str]:
    return frozenset(MigrationContext.configure(connection, opts={"version_table": table}).get_current_heads())


def _versions(name: str) -> str:
    return f"alembic_version_{name}"


@cache
def _heads(folder: Path) -> frozenset[str]:
    return frozenset(ScriptDirectory.from_config(_config(folder)).get_heads())


def _config(folder: Path) -> AlembicConfig:
    config = AlembicConfig()
    config.set_main_option("script_location", str(CORE))
    config.set_main_option("version_locations", str(folder / "versions"))
    config.set_main_option("path_separator", "os")
    return config
