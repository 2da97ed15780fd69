"""When an open transaction is looked at again, and when we stop waiting for a word (PLP-105)."""

from __future__ import annotations

from datetime import datetime
from datetime import timedelta

from core.transactions import machine

#: Age since the transaction began → pause until the next look.
LADDER: tuple[tuple[timedelta, timedelta], ...] = (
    (timedelta(hours=1), timedelta(minutes=5)),
    (timedelta(hours=24), timedelta(minutes=15)),
    (timedelta(days=7), timedelta(hours=1)),
)
LATER = timedelta(days=1)
#: Never a word: «Non aboutie». In progress without a further word: «Statut non communiqué».
ABANDONED = timedelta(hours=72)
LOST = timedelta(days=90)


def pause(age: timedelta) -> timedelta:
    """How long until the next look at a transaction of this age."""
    return next((wait for limit, wait in LADDER if age < limit), LATER)


def next_look(status: str, began: datetime, heard: datetime, at: datetime) -> datetime | None:
    """The moment of the next look; None where nothing more is waited for.

    `began`: the transaction's creation; `heard`: the partner's last word, or the creation before any.
    """
    end = deadline(status, began, heard)
    if end is None:
        return None
    return min(at + pause(at - began), end) if at < end else at


def deadline(status: str, began: datetime, heard: datetime) -> datetime | None:
    """When our own clock ends the wait; None where there is no wait (any more)."""
    group = machine.group_of(status)
    if group == "ours":
        return began + ABANDONED
    return heard + LOST if group == "progress" else None


def outcome(status: str) -> str:
    """What a transaction becomes at its deadline: the last column of partner-link.md §7's table."""
    return "abandoned" if machine.group_of(status) == "ours" else "unknown"
