"""The queue: jobs written in the caller's transaction, handlers and periodic work by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from core.db.clock import now
from core.db.session import TenantSession
from core.jobs.models import Job

Handler = Callable[..., None]


class Retry(Exception):
    """The work could not be done now: again after `seconds` (None: by the back-off)."""

    def __init__(self, seconds: float | None, text: str) -> None:
        super().__init__(text)
        self.seconds = seconds
        self.text = text


class Wait(Retry):
    """It is not yet time: again after `seconds`, and this is no failure, however often."""


@dataclass(frozen=True, slots=True)
class Registered:
    """A handler and how it is called."""

    run: Handler
    transaction: bool


@dataclass(frozen=True, slots=True)
class Periodic:
    """Work done every so often for each cabinet, by one worker."""

    name: str
    seconds: float
    run: Callable[[int], None]


HANDLERS: dict[str, Registered] = {}
PERIODIC: dict[str, Periodic] = {}


def handler(kind: str, *, transaction: bool = True) -> Callable[[Handler], Handler]:
    """Register what carries out jobs of a kind; at least once, so idempotent."""

    def mark(function: Handler) -> Handler:
        HANDLERS[kind] = Registered(function, transaction)
        return function

    return mark


def periodic(name: str, seconds: float) -> Callable[[Callable[[int], None]], Callable[[int], None]]:
    """Register work that is done every `seconds` for each cabinet."""

    def mark(function: Callable[[int], None]) -> Callable[[int], None]:
        PERIODIC[name] = Periodic(name, seconds, function)
        return function

    return mark


def enqueue(
    session: TenantSession, kind: str, payload: dict[str, Any], *, cabinet_id: int | None = None,
    run_at: datetime | None = None, key: str | None = None, lock: str | None = None,
) -> None:  # fmt: skip
    """Write a job in the session's transaction. A job of the same key that still waits is only pulled earlier."""
    at = run_at or now()
    owner = cabinet_id if cabinet_id is not None else session.cabinet_id
    if key is not None:
        waiting = session.scalar(select(Job).where(Job.key == key, Job.state == "queued"))
        if waiting is not None:
            waiting.run_at = min(waiting.run_at, at)
            return
    session.add(Job(cabinet_id=owner, kind=kind, payload=payload, run_at=at, key=key, lock=lock))
    session.flush()
