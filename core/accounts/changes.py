"""Who is told of a change of accounts, in its own transaction: partner links, totals of wealth."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence

from core.db.session import TenantSession

Changed = Callable[[TenantSession, Sequence[str]], None]
_listeners: list[Changed] = []


def on_change(listener: Changed) -> Changed:
    """Have `listener(session, account_ids)` called in the transaction of each creation or change of an account."""
    if listener not in _listeners:
        _listeners.append(listener)
    return listener


def told(session: TenantSession, *account_ids: str) -> None:
    """Tell them; whoever writes accounts says so when the rows are written."""
    for listener in _listeners:
        listener(session, account_ids)
