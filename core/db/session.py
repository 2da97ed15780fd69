"""Sessions that know their cabinet: the first wall of tenancy.

A session either has a cabinet, and then sees that cabinet's rows only, or has none, and then may touch the
instance's tables only: a query on a cabinet's table raises. On PostgreSQL each transaction tells the database its
cabinet too, for the second wall (`core.db.walls`).
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from contextlib import contextmanager
from itertools import islice
from itertools import repeat
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import Engine
from sqlalchemy import Result
from sqlalchemy import Select
from sqlalchemy import create_engine
from sqlalchemy import event
from sqlalchemy import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import ORMExecuteState
from sqlalchemy.orm import Session
from sqlalchemy.orm import SessionTransaction
from sqlalchemy.orm import UOWTransaction
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.pool import PoolProxiedConnection

from core.db import bulk
from core.db import checker
from core.db import faults
from core.db import folding
from core.db import locks
from core.db import scope
from core.db import texts
from core.db.errors import NoCabinet
from core.db.model import Model
from core.db.model import Owned

#: Seconds for which a connection that was just in use is taken for alive.
IDLE = 1.0


class TenantSession(Session):
    """An SQLAlchemy session bound to one cabinet, or to none."""

    @property
    def cabinet_id(self) -> int | None:
        """The cabinet whose rows this session sees."""
        value: int | None = self.info.get("cabinet_id")
        return value

    def require_cabinet(self) -> int:
        """The cabinet, or `NoCabinet`."""
        if self.cabinet_id is None:
            raise NoCabinet("aucun cabinet n'est fixé pour cette session")
        return self.cabinet_id

    def rows(self, statement: Select[*tuple[Any, ...]], values: Mapping[str, Any]) -> Result[*tuple[Any, ...]]:
        """What a kept statement of columns finds: the ORM's machinery for entities around it costs as much as the query.

        Raises `NoCabinet`, and `KeyError` for a statement that is not kept (`core.db.scope`).
        """
        scoped = scope.of_cabinet(statement, self.require_cabinet())
        if self.new or self.dirty or self.deleted:
            self.flush()  # as `execute` does
        return self.connection().execute(scoped, values)

    def put(self, model: type[Owned], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Insert many rows, each the values of `names`, into this cabinet; an `id` is drawn where they have none (`bulk`)."""
        cabinet_id, connection = self.require_cabinet(), self.connection()
        drawn = issubclass(model, Model) and "id" not in names
        if self.new or self.dirty or self.deleted:
            self.flush()
        every = ("cabinet_id", *names, *(("id",) if drawn else ()))
        waiting = iter(rows)
        while some := list(islice(waiting, bulk.MOST)):
            ids = [bulk.new_ids(len(some))] if drawn else []
            columns = [repeat(cabinet_id, len(some)), *zip(*some, strict=True), *ids]
            connection.exec_driver_sql(*bulk.made(model, every, columns, connection.dialect))

    def replan(self) -> None:
        """For work that fills tables in many transactions: PostgreSQL keeps the way in which a connection first looked up
        what a row points to, and in a table that was empty then this is to read all of it (measured: 22 ms a row)."""
        connection = self.connection()
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("DISCARD PLANS")

    def adopt(self, cabinet_id: int) -> None:
        """Go on in a cabinet that this very transaction made: both walls know it from now on."""
        self.info["cabinet_id"] = cabinet_id
        locks.enter(self.connection(), cabinet_id, writes=_writes(self))


class Database:
    """The engine and the doors to it. One an application."""

    def __init__(self) -> None:
        self._engine: Engine | None = None
        self._writer: Engine | None = None
        self._glancer: Engine | None = None
        #: How often it was opened: who works on later knows whether it is still the same one.
        self.opening = 0

    @property
    def engine(self) -> Engine:
        if self._engine is None:
            raise RuntimeError("the database is not open")
        return self._engine

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    def open(self, url: str, *, check: bool) -> None:
        """Connect lazily to `url` (`sqlite:///…`, `postgresql://…`); `check` puts the statement checker on."""
        self.close()
        self.opening += 1
        # The connection that came back last is taken first: it has the statements and pages of a moment ago ready.
        options: dict[str, Any] = {
            "connect_args": {"timeout": 15, "check_same_thread": False, "cached_statements": 512}, "pool_size": 32,
        }  # fmt: skip
        address = make_url(url)
        if address.get_backend_name() == "postgresql":
            address = address.set(drivername="postgresql+psycopg")
            options = {
                # Requests, plugins' own threads, jobs: no fewer than the threads that may ask at once. The disk is no
                # turning one: with the server's usual cost of a jump, an adviser's few contacts are sought in the table.
                "connect_args": {"options": f"-c lock_timeout={locks.WAIT} -c timezone=UTC -c random_page_cost=1.1"},
                "pool_size": 8, "max_overflow": 32,
            }  # fmt: skip
        # An error's text must not quote the row: it goes into logs and job's errors.
        self._engine = create_engine(address, hide_parameters=True, pool_use_lifo=True, **options)
        if self.is_sqlite:
            event.listen(self._engine, "connect", _sqlite_connect)
            event.listen(self._engine, "begin", _sqlite_begin)
            self._glancer = self._engine
        else:
            event.listen(self._engine, "checkin", _returned)
            event.listen(self._engine, "checkout", _taken)
            # Read committed: each statement sees what is committed when it begins, in a transaction or out of one.
            self._glancer = self._engine.execution_options(isolation_level="AUTOCOMMIT")
        event.listen(self._engine, "before_cursor_execute", texts.check)
        if check:
            event.listen(self._engine, "before_cursor_execute", checker.check)
        # A writer takes its lock at BEGIN: on SQLite a read that turns into a write may not wait and would fail.
        self._writer = self._engine.execution_options(immediate=True)

    def new_session(self, cabinet_id: int | None, *, write: bool = True) -> TenantSession:
        """A session that the caller closes. Prefer `session`."""
        assert self._writer is not None, "the database is not open"
        reader = self._glancer if cabinet_id is None else self.engine
        return TenantSession(
            bind=self._writer if write else reader, expire_on_commit=False, info={"cabinet_id": cabinet_id}
        )

    @contextmanager
    def session(self, cabinet_id: int | None, *, write: bool = True) -> Iterator[TenantSession]:
        """One transaction: committed at the end of the block, rolled back on any error."""
        session = self.new_session(cabinet_id, write=write)
        try:
            with session.begin():
                yield session
        finally:
            session.close()

    def close(self) -> None:
        if self._engine is not None:
            self._engine.dispose()


def _sqlite_connect(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    # The driver must not begin transactions by itself: _sqlite_begin says which kind.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("cache_size=-8192", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=15000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
    folding.register(connection)


def _sqlite_begin(connection: Connection) -> None:
    if connection.get_execution_options().get("immediate"):
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # it may wait, and fail as SQLAlchemy's errors do
    elif (driver := connection.connection.driver_connection) is not None:
        driver.execute("BEGIN")


def _returned(_connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
    record.info["returned"] = time.monotonic()


def _taken(connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: PoolProxiedConnection) -> None:
    """PostgreSQL may have been started anew meanwhile: a connection that waited is asked first whether it still is one."""
    if time.monotonic() - record.info.get("returned", math.inf) <= IDLE:
        return
    try:
        cursor = connection.cursor()
        cursor.execute("SELECT 1")
        cursor.close()
        connection.rollback()
    except Exception as error:
        raise InvalidatePoolError from error


@event.listens_for(TenantSession, "do_orm_execute")
def _scope(state: ORMExecuteState) -> None:
    """Add the cabinet to every ORM statement; refuse one on a cabinet's table without a cabinet."""
    if state.is_column_load or state.is_relationship_load:
        return
    assert isinstance(state.session, TenantSession)
    scope.add(state, state.session.cabinet_id)


@event.listens_for(TenantSession, "before_flush")
def _stamp(session: TenantSession, _context: UOWTransaction, _instances: object) -> None:
    """New rows take the session's cabinet; a row of another cabinet is never written."""
    for row in session.new | session.dirty | session.deleted:
        if not isinstance(row, Owned):
            continue
        cabinet_id = session.require_cabinet()
        if row.cabinet_id is None:
            row.cabinet_id = cabinet_id
        elif row.cabinet_id != cabinet_id:
            raise NoCabinet(f"{type(row).__name__} of another cabinet")


@event.listens_for(TenantSession, "after_begin")
def _enter(session: TenantSession, _transaction: SessionTransaction, connection: Connection) -> None:
    if session.cabinet_id is not None:
        locks.enter(connection, session.cabinet_id, writes=_writes(session))


@event.listens_for(TenantSession, "before_commit")
def _before_commit(session: TenantSession) -> None:
    if _writes(session):
        faults.point("commit:before")


@event.listens_for(TenantSession, "after_commit")
def _after_commit(session: TenantSession) -> None:
    if _writes(session):
        faults.point("commit:after")


def _writes(session: TenantSession) -> bool:
    return bool(session.get_bind().get_execution_options().get("immediate"))
