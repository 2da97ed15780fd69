"""SQLite, one file: WAL, synchronous FULL, foreign keys on. A connection a thread."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .schema import SCHEMA

Connection = sqlite3.Connection
Row = sqlite3.Row


class Store:
    """The database of one extranet. What is committed survives a kill -9."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()

    def create(self) -> None:
        """The file and its tables; harmless where they exist."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        connection = self._connection()
        connection.executescript(SCHEMA)

    def _connection(self) -> Connection:
        found: Connection | None = getattr(self._local, "connection", None)
        if found is None:
            found = sqlite3.connect(self.path, timeout=20, isolation_level=None, check_same_thread=True)
            found.row_factory = sqlite3.Row
            found.execute("PRAGMA journal_mode=WAL")
            found.execute("PRAGMA synchronous=FULL")
            found.execute("PRAGMA foreign_keys=ON")
            self._local.connection = found
        return found

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent view."""
        connection = self._connection()
        if connection.in_transaction:
            yield connection
            return
        connection.execute("BEGIN")
        try:
            yield connection
        finally:
            connection.execute("ROLLBACK")

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A write transaction taken at once (BEGIN IMMEDIATE), so that what is read in it stays true until commit."""
        connection = self._connection()
        assert not connection.in_transaction, "a write transaction never nests"
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")

    def close(self) -> None:
        """This thread's connection."""
        found: Connection | None = getattr(self._local, "connection", None)
        if found is not None:
            found.close()
            self._local.connection = None


def get_meta(connection: Connection, key: str) -> str | None:
    """One small value kept by name."""
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return None if row is None else str(row["value"])


def set_meta(connection: Connection, key: str, value: str) -> None:
    """Keeps it."""
    connection.execute(
        "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (key, value),
    )
