"""Which work a line of the log belongs to: a request or a job, with its reference and what became known of it.

Plugins' threads run in a copy of the caller's context: what they note lands on the same work.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from dataclasses import field
from uuid import uuid4


@dataclass(frozen=True, slots=True)
class Work:
    """A request or a job. `fields` are ids and codes only: they go into the log as they are."""

    trace: str
    fields: dict[str, str | int] = field(default_factory=dict)


_current: ContextVar[Work | None] = ContextVar("encours_work", default=None)


def begin(trace: str | None = None) -> Work:
    """New work in this thread; it lasts until the next one begins."""
    work = Work(trace or uuid4().hex[:12])
    _current.set(work)
    return work


def current() -> Work | None:
    """The work at hand, if any."""
    return _current.get()


def reference() -> str:
    """What a person is told, so that an operator finds the lines: the work's trace."""
    work = _current.get()
    return work.trace if work is not None else uuid4().hex[:12]


def note(**fields: str | int) -> None:
    """Say something of the work at hand: `cabinet`, `interaction`. Never a name, a number of a contract, a token."""
    work = _current.get()
    if work is not None:
        work.fields.update(fields)
