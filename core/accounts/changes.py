"""Who is told of a change of accounts, in its own transaction: partner links, totals of wealth, acts of movements."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager

from core.db.session import TenantSession

Changed = Callable[[TenantSession, Sequence[str]], None]
Leaving = Callable[[TenantSession, str, Sequence[str]], None]
_listeners: list[Changed] = []
_leaving: list[Leaving] = []
_WAITING = "accounts.changed"


def on_change(listener: Changed) -> Changed:
    """Have `listener(session, account_ids)` called in the transaction of each creation or change of an account."""
    if listener not in _listeners:
        _listeners.append(listener)
    return listener


def told(session: TenantSession, *account_ids: str) -> None:
    """Tell them; whoever writes accounts says so when the rows are written."""
    waiting: dict[str, None] | None = session.info.get(_WAITING)
    if waiting is not None:
        waiting.update(dict.fromkeys(account_ids))
        return
    for listener in _listeners:
        listener(session, account_ids)


@contextmanager
def gathered(session: TenantSession) -> Iterator[None]:
    """Have all changes within told at once, at the end: of a few hundred accounts, totals are reckoned once."""
    if _WAITING in session.info:
        yield
        return
    waiting: dict[str, None] = {}
    session.info[_WAITING] = waiting
    try:
        yield
    finally:
        del session.info[_WAITING]
    if waiting:
        told(session, *waiting)


def on_leaving(listener: Leaving) -> Leaving:
    """Have `listener(session, actor, movement_ids)` called before movements are taken away, in the same transaction."""
    if listener not in _leaving:
        _leaving.append(listener)
    return listener


def leaving(session: TenantSession, actor: str, ids: Sequence[str]) -> None:
    """Tell them; whoever takes movements away says so before."""
    for listener in _leaving:
        listener(session, actor, ids)
