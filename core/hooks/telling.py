"""Carries events to their listeners: core's own first, then each enabled plugin's `on_event`. At least once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.db.session import TenantSession
from core.extensions import db
from core.hooks import context
from core.hooks.events import JOB
from core.hooks.events import restore
from core.hooks.happenings import Event
from core.hooks.hub import Hub
from core.jobs.queue import Retry
from core.jobs.queue import handler

Listener = Callable[[TenantSession, Hub, Event], None]
_listeners: list[Listener] = []
_hub: list[Hub] = []


def use(hub: Hub) -> None:
    """The hub of this process."""
    _hub[:] = [hub]


def hub() -> Hub:
    """The hub of this process, once an application was made."""
    return _hub[0]


def ready() -> bool:
    """Whether this process has a hub: a bare script that writes through services has none."""
    return bool(_hub)


def forget() -> None:
    """No hub any more (tests)."""
    _hub.clear()


def listen(listener: Listener) -> Listener:
    """Register one of core's own listeners; it works in the event's own transaction, idempotently."""
    if listener not in _listeners:
        _listeners.append(listener)
    return listener


@handler(JOB, transaction=False)
def tell(cabinet_id: int, payload: dict[str, Any]) -> None:
    """Deliver one event."""
    event = restore(payload)
    with db.session(cabinet_id) as session:
        for listener in _listeners:
            listener(session, hub(), event)
        ctx = context.make(session, hub().registry)
    if failures := hub().notify(ctx, event):
        raise Retry(None, "; ".join(f"{failure.plugin}: {failure.text}" for failure in failures))
