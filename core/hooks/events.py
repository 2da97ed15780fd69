"""Events for plugins: written with the change as a job, told after commit, at least once."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from core.db.session import TenantSession
from core.hooks.happenings import EVENTS
from core.hooks.happenings import Event
from core.jobs import queue

JOB = "hooks.event"


def publish(session: TenantSession, event: Event) -> None:
    """Have `on_event` of every enabled plugin called once the session's transaction is committed."""
    queue.enqueue(session, JOB, {"type": type(event).__name__, "data": asdict(event)})


def restore(payload: dict[str, Any]) -> Event:
    """The event that a job carries. Raises KeyError for a type that no longer exists."""
    by_name = {cls.__name__: cls for cls in EVENTS}
    return by_name[payload["type"]](**payload["data"])
