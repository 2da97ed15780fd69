"""The session of the work at hand: a request, a hook in its own thread, a job. One way to ask for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from core.db.session import Database
from core.db.session import TenantSession

_current: ContextVar[_Holder | None] = ContextVar("encours_session", default=None)


class _Holder:
    """A session made at the first need: work that reads nothing opens nothing."""

    def __init__(self, db: Database | None, cabinet_id: int | None, write: bool) -> None:
        self._db = db
        self._cabinet_id = cabinet_id
        self._write = write
        self.session: TenantSession | None = None

    def get(self) -> TenantSession:
        if self.session is None:
            assert self._db is not None
            self.session = self._db.new_session(self._cabinet_id, write=self._write)
        return self.session


def session() -> TenantSession:
    """The session of the work at hand. Raises RuntimeError outside of any."""
    holder = _current.get()
    if holder is None:
        raise RuntimeError("no session here: open one with `core.extensions.db.session`")
    return holder.get()


@contextmanager
def opened(db: Database, cabinet_id: int | None, *, write: bool) -> Iterator[None]:
    """Work with its own session, opened at the first need, rolled back unless it committed, closed at the end."""
    holder = _Holder(db, cabinet_id, write)
    token = _current.set(holder)
    try:
        yield
    finally:
        _current.reset(token)
        if holder.session is not None:
            holder.session.close()


@contextmanager
def bound(session_: TenantSession) -> Iterator[None]:
    """Work inside a transaction that somebody else owns."""
    holder = _Holder(None, session_.cabinet_id, True)
    holder.session = session_
    token = _current.set(holder)
    try:
        yield
    finally:
        _current.reset(token)
