"""How often one may try: counted in the database, so that all workers agree (ASVS 5.0 §6.3.1).

Only refused tries count in the end: a try is counted before it is judged (many at once gain nothing) and given back
when it was right. A pause is never longer than a few minutes, and a browser in which the person signed in before has a
count of its own: whoever types wrong passwords elsewhere does not lock that person out.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from math import ceil

from sqlalchemy import delete

from core.auth.models import Attempts
from core.db import locks
from core.db.clock import now
from core.db.session import TenantSession
from core.extensions import db

#: Counts are forgotten after this long without a try.
FORGOTTEN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """So many tries within `window`; then a pause, doubled each time within the hour, `longest` at most."""

    tries: int
    window: timedelta
    pause: timedelta
    longest: timedelta


MINUTE = timedelta(minutes=1)
ACCOUNT = Limit(5, MINUTE, timedelta(seconds=30), timedelta(minutes=4))
ADDRESS = Limit(20, MINUTE, MINUTE, MINUTE)
CODE = Limit(5, MINUTE, timedelta(seconds=30), timedelta(minutes=4))
#: Mails of reset to one address.
RESET = Limit(3, timedelta(minutes=15), timedelta(minutes=15), timedelta(minutes=15))


@dataclass(frozen=True, slots=True)
class Wait:
    """The door is shut for so many seconds; `new`: this try shut it."""

    seconds: int
    new: bool


def account_key(email: str, device: str | None = None) -> str:
    """The count of an e-mail, whether anybody has it or not; of a browser that its owner uses, apart."""
    return f"account:{_short(email)}{':' + device[:32] if device else ''}"


def address_key(ip: str | None) -> str:
    """The count of a network address."""
    return f"address:{ip or 'none'}"


def code_key(user_id: str) -> str:
    """The count of a person's second step."""
    return f"code:{user_id}"


def reset_key(email: str) -> str:
    """The count of reset mails to an address."""
    return f"reset:{_short(email)}"


@dataclass(frozen=True, slots=True)
class Share:
    """Tries that were counted ahead, good until the first of their windows ends."""

    calls: int
    until: datetime


def take(*wanted: tuple[str, Limit]) -> Wait | None:
    """Count a try against each; the longest wait where one is exhausted, and then nothing is counted."""
    found = share(1, *wanted)
    return found if isinstance(found, Wait) else None


def share(size: int, *wanted: tuple[str, Limit]) -> Wait | Share:
    """Count up to `size` tries against each, as many as all still allow; else as `take`."""
    with db.session(None) as session:
        locks.alone(session, locks.ATTEMPTS)
        rows = [(_row(session, key, limit), limit) for key, limit in wanted]
        waits = [wait for row, limit in rows if (wait := _exhausted(row, limit)) is not None]
        if waits:
            return max(waits, key=lambda wait: wait.seconds)
        calls = min(size, *(limit.tries - row.count for row, limit in rows))
        for row, _limit in rows:
            row.count, row.seen_at = row.count + calls, now()
        return Share(calls, min(row.since + limit.window for row, limit in rows))


def give_back(*keys: str) -> None:
    """The try was right: it does not count."""
    with db.session(None) as session:
        locks.alone(session, locks.ATTEMPTS)
        for key in keys:
            row = session.get(Attempts, key)
            if row is not None:
                row.count = max(0, row.count - 1)


def clear(*keys: str) -> None:
    """The person got in: what was counted of that account in that browser is forgotten."""
    with db.session(None) as session:
        session.execute(delete(Attempts).where(Attempts.key.in_(keys)))


def purge(session: TenantSession) -> None:
    """Forget old counts."""
    session.execute(delete(Attempts).where(Attempts.seen_at < now() - FORGOTTEN))


def _row(session: TenantSession, key: str, limit: Limit) -> Attempts:
    row = session.get(Attempts, key)
    if row is None:
        row = Attempts(key=key, count=0, since=now(), blocks=0, seen_at=now())
        session.add(row)
    elif row.seen_at < now() - FORGOTTEN:
        row.blocks = row.count = 0
        row.blocked_until, row.since = None, now()
    if row.since <= now() - limit.window:
        row.count, row.since = 0, now()
    return row


def _exhausted(row: Attempts, limit: Limit) -> Wait | None:
    if row.blocked_until is not None and row.blocked_until > now():
        return Wait(_seconds(row.blocked_until), new=False)
    if row.count < limit.tries:
        return None
    row.blocked_until = now() + min(limit.longest, limit.pause * 2**min(row.blocks, 8))
    row.blocks, row.count, row.since, row.seen_at = row.blocks + 1, 0, now(), now()
    return Wait(_seconds(row.blocked_until), new=True)


def _seconds(until: datetime) -> int:
    return max(1, ceil((until - now()).total_seconds()))


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:40]
