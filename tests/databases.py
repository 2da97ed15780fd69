# ruff: noqa: S608 - our own tables' names
"""Where the suite's databases lie: SQLite files, or databases of a PostgreSQL cluster of the suite's own.

`ENCOURS_TEST_DATABASE=postgresql` chooses the second for every test that runs in this process, and for stages. Each test then has
a database that the owner's role migrated once (a template), which the application's role uses, second wall and all.
"""

from __future__ import annotations

import atexit
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from contextlib import contextmanager
from datetime import UTC
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from typing import Protocol

import psycopg
from sqlalchemy import Connection
from sqlalchemy import NullPool
from sqlalchemy import Select
from sqlalchemy import create_engine
from sqlalchemy import make_url

from core.db import migrate
from core.db import walls
from core.db.session import Database
from tests.postgres.cluster import APP
from tests.postgres.cluster import OWNER
from tests.postgres.cluster import SUPER
from tests.postgres.cluster import Cluster

POSTGRESQL = os.environ.get("ENCOURS_TEST_DATABASE", "sqlite") == "postgresql"
_PREFIX = "sqlite:///"
_DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg"}




class Below(Protocol):
    """A connection below all walls: the file's, or the cluster's superuser's."""

    def execute(self, query: Any, params: Any = ..., /) -> Any: ...


def bundled() -> list[tuple[str, Path]]:
    """Our own plugins that have tables: the suite's databases hold them from the start, as after `encours db upgrade`."""
    root = Path(__file__).parent.parent / "plugins"
    return [(folder.parent.name, folder) for folder in sorted(root.glob("*/migrations"))]


@cache
def cluster() -> Cluster:
    """This process's cluster: started when first asked for, gone with the process."""
    made = Cluster()
    atexit.register(made.stop)
    return made.start()


@cache
def template() -> str:
    """A migrated database without a row: its owner is the owner's role, its rights the application's."""
    name = cluster().create()
    owner = Database()
    owner.open(cluster().url(name, OWNER), check=False)
    migrate.upgrade(owner, bundled(), app_role=APP)
    owner.close()
    return name


#: Databases that may be lent again, and those that are lent, by the folder that asked.
_free: list[str] = []
_lent: dict[Path, str] = {}


def url(folder: Path, name: str = "encours") -> str:
    """The address of a folder's database: the same for the same folder. On PostgreSQL it is ready; see `ready`."""
    if not POSTGRESQL:
        return f"{_PREFIX}{folder / name}.sqlite"
    if folder not in _lent:
        _lent[folder] = borrow()
    return cluster().url(_lent[folder])


def borrow() -> str:
    """A migrated database of the cluster without a row: one that a test gave back, or a new one."""
    if not _free:
        made = cluster().create(template())
        cluster().keep(made, "empty")
        return made
    cluster().renew(_free[-1], "empty")
    return _free.pop()


def free(name: str) -> None:
    """A database that was borrowed without a folder may be lent again."""
    _free.append(name)


def give_back(folder: Path) -> None:
    """A test is over: what it borrowed may be lent again. No connection to it may be left in a transaction."""
    for one in [one for one in _lent if one.is_relative_to(folder)]:
        _free.append(_lent.pop(one))


def addresses(folder: Path) -> dict[str, str]:
    """Settings of programs apart: an empty database, which is migrated as its owner and used as the application."""
    if not POSTGRESQL:
        return {"ENCOURS_DATABASE_URL": url(folder)}
    name = cluster().create()
    return {"ENCOURS_DATABASE_URL": cluster().url(name, APP), "ENCOURS_OWNER_URL": cluster().url(name, OWNER)}


def ready(address: str) -> None:
    """Make a database that `url` named hold today's tables, whatever engine it is of."""
    file = _file(address)
    if file is None:
        return
    if not file.exists() or not file.stat().st_size:
        shutil.copyfile(_migrated_file(), file)
        return
    db = Database()
    db.open(address, check=False)
    migrate.upgrade(db, bundled())
    db.close()


@cache
def _migrated_file() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="enc-modele-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    db = Database()
    db.open(f"{_PREFIX}{folder / 'modele.sqlite'}", check=False)
    migrate.upgrade(db, bundled())
    db.close()
    return folder / "modele.sqlite"


def keep(address: str, schema: str = "kept") -> None:
    """Remember a database's rows, for `renew`."""
    file = _file(address)
    if file is None:
        cluster().keep(_name(address), schema)
        take_stock(address)
    else:
        copied(file, file.with_suffix(f".{schema}"))


def take_stock(address: str) -> None:
    """Many rows were just written, and an operator's server would have counted them long ago: PostgreSQL plans by that."""
    if _file(address) is None:
        with psycopg.connect(cluster().dsn(_name(address)), autocommit=True) as connected:
            connected.execute("ANALYZE")


def renew(address: str, schema: str = "kept") -> None:
    """Put a database's rows back as they were kept, while others have it open."""
    file = _file(address)
    if file is None:
        cluster().renew(_name(address), schema)
    else:
        copied(file.with_suffix(f".{schema}"), file)


@contextmanager
def below(address: str) -> Iterator[Below]:
    """A hand below all walls, triggers off: what no role of the product may do. Values are marked by «?» on both engines.

    A moment is written as `written` writes it.
    """
    file = _file(address)
    if file is not None:
        with sqlite3.connect(file, timeout=15) as connection:
            yield connection
        connection.close()
        return
    with psycopg.connect(cluster().dsn(_name(address))) as connected:
        connected.execute("SET session_replication_role = replica")
        connected.execute("SET timezone = 'UTC'")  # what `written` writes names no zone
        yield _Marked(connected)


def written(at: datetime) -> str:
    """An aware moment as SQLite keeps it, which PostgreSQL reads too."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def at_rest(address: str) -> bool:
    """Whether nobody else is in the middle of writing."""
    if (file := _file(address)) is not None:
        with closing(sqlite3.connect(file, timeout=0.2, isolation_level=None)) as connection:
            try:
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("ROLLBACK")
            except sqlite3.OperationalError:
                return False
            return True
    busy = (
        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
        "AND state IN ('active', 'idle in transaction')"
    )
    with below(address) as hand:
        return hand.execute(busy).fetchone() is None


@contextmanager
def reading(address: str) -> Iterator[Connection]:
    """A connection below all walls for SQLAlchemy's statements, whose values are the same on both engines.

    Raw SQL gives what each engine keeps: an amount is a scaled integer on SQLite, JSON a text, a moment another text. The
    product's own engine shows nothing on PostgreSQL where no cabinet is set.
    """
    whole = make_url(address if _file(address) is not None else cluster().url(_name(address), SUPER))
    engine = create_engine(whole.set(drivername=_DRIVERS[whole.get_backend_name()]), poolclass=NullPool)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def read(address: str, statement: Select[Any]) -> list[tuple[Any, ...]]:
    """The rows of one statement on such a connection."""
    with reading(address) as connection:
        return [tuple(row) for row in connection.execute(statement)]


def rows(address: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, in an order of their own: for what must, or must not, be anywhere."""
    with below(address) as hand:
        return {name: sorted(hand.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr) for name in tables(hand)}


def tables(hand: Below) -> list[str]:
    """The names of all tables."""
    listed = "SELECT name FROM sqlite_master WHERE type = 'table'"
    if not isinstance(hand, sqlite3.Connection):
        listed = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    return [row[0] for row in hand.execute(listed).fetchall()]


def version(hand: Below) -> str:
    """What stays the same while no other connection commits anything."""
    asked = "PRAGMA data_version" if isinstance(hand, sqlite3.Connection) else "SELECT pg_current_wal_insert_lsn()"
    return str(hand.execute(asked).fetchall()[0][0])


def lower_journal(hand: Below) -> None:
    """On SQLite triggers alone hold the journal: take them off. On PostgreSQL `below` has done so."""
    if isinstance(hand, sqlite3.Connection):
        for statement in walls.journal_sqlite_lowered():
            hand.execute(statement)


class _Marked:
    """psycopg, with SQLite's marks for values."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def execute(self, query: str, params: Any = (), /) -> Any:
        text = query.replace("%", "%%").replace("?", "%s") if params else query
        return self._connection.execute(text.encode(), params or None)


def copied(source: Path, target: Path) -> None:
    """One SQLite file over another, while others have it open."""
    one, other = sqlite3.connect(source, timeout=15), sqlite3.connect(target, timeout=15)
    one.backup(other)
    one.close()
    other.close()


def _file(address: str) -> Path | None:
    return Path(address.removeprefix(_PREFIX)) if address.startswith(_PREFIX) else None


def _name(address: str) -> str:
    return str(make_url(address).database)
