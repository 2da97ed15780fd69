"""What a transaction holds to its end: locks, and the cabinet that it is in. SQLite needs neither.

PostgreSQL has many writers: numbers that follow one another (the journal's chain, live events) and «read, then write»
would race. One writer a cabinet at a time, as on SQLite with its one writer, so that what holds there holds here;
cabinets do not wait for one another.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

#: Kinds of lock: a cabinet's writers; work of the whole instance, by name.
CABINET, INSTANCE = 1, 2
#: Work of the instance that is done by one transaction at a time.
CLAIMS, BREAKERS, ATTEMPTS = 1, 2, 3
#: How long one waits for a lock before an error, as `busy_timeout` on SQLite.
WAIT = "15s"


def take(connection: Connection, kind: int, number: int) -> None:
    """Wait for the lock and hold it until the transaction ends; nothing to do on SQLite."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(%s, %s)", (kind, number))


def enter(connection: Connection, cabinet_id: int, *, writes: bool) -> None:
    """Tell PostgreSQL the transaction's cabinet, for its policies; a writer is then the cabinet's only one.

    `true`: to the end of the transaction, so that a connection goes back to its pool without a cabinet.
    """
    if connection.dialect.name != "postgresql":
        return
    connection.exec_driver_sql("SELECT set_config('app.cabinet_id', %s, true)", (str(cabinet_id),))
    if writes:
        take(connection, CABINET, cabinet_id)


def alone(session: Any, number: int) -> None:
    """Be the only transaction of the instance that does this work."""
    take(session.connection(), INSTANCE, number)
