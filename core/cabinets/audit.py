"""The cabinet's journal: one hash chain, whose payloads may be purged without breaking it (architecture.md §5).

The database refuses to change or delete a link (`core.db.walls`); `core.cabinets.audit_proof` finds out what was done
below it.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from datetime import datetime
from datetime import time
from datetime import timedelta
from typing import Any

from sqlalchemy import and_
from sqlalchemy import select

from core.cabinets.models import AuditEntry
from core.cabinets.models import AuditPayload
from core.cabinets.models import AuditPurge
from core.db.bulk import new_ids
from core.db.clock import PARIS
from core.db.clock import now
from core.db.errors import DomainError
from core.db.model import new_id
from core.db.session import TenantSession

GENESIS = "0" * 64
#: The action of a purge's own link; its subject, «audit:12-480», is part of the chain.
PURGED = "audit.purged"
_RANGE = re.compile(r"audit:(\d+)-(\d+)")
#: A payload as the chain hashes it: made once, `json.dumps` would make an encoder a payload.
_canonical = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode
#: By which way the work at hand came in, where that is not the person's own browser.
_way: ContextVar[str | None] = ContextVar("encours_way", default=None)


@contextmanager
def came_by(way: str) -> Iterator[None]:
    """All that is recorded meanwhile says by which way it came (`via`): a program that acts in somebody's name."""
    before = _way.set(way)
    try:
        yield
    finally:
        _way.reset(before)


def record(
    session: TenantSession, actor: str, action: str, subject: str, payload: dict[str, Any], *, once: str | None = None
) -> None:
    """Add a link to the session's cabinet's chain, in its transaction.

    `actor`: a user's id, «system», «cli» or «partner:<plugin>»; `subject`: «kind:id». The payload (before, after)
    must be JSON; it is hashed with a salt, so that the chain alone tells nothing of it.
    `once`: the entry's id, for a job that may come twice.
    """
    if once is not None and session.get(AuditEntry, (session.require_cabinet(), once)) is not None:
        return
    _link(session, actor, action, subject, payload, once)


def _link(
    session: TenantSession, actor: str, action: str, subject: str, payload: dict[str, Any], once: str | None = None
) -> str:
    # Not FOR UPDATE, which PostgreSQL grants to none but those who may update: a cabinet has one writer at a time.
    if (way := _way.get()) is not None:
        payload = {**payload, "via": way}
    last = session.execute(select(AuditEntry.seq, AuditEntry.hash).order_by(AuditEntry.seq.desc()).limit(1)).first()
    seq, previous = (last.seq + 1, last.hash) if last else (1, GENESIS)
    salt = secrets.token_hex(16)
    entry = AuditEntry(
        id=once or new_id(), seq=seq, at=now(), actor=actor, action=action, subject=subject,
        payload_hash=payload_hash(salt, payload), previous=previous, hash="",
    )  # fmt: skip
    entry.hash = entry_hash(entry)
    session.add(entry)
    session.flush()
    session.add(AuditPayload(entry_id=entry.id, salt=salt, payload=payload))
    session.flush()
    return entry.id


def record_many(session: TenantSession, actor: str, entries: Sequence[tuple[str, str, dict[str, Any]]]) -> int:
    """Add a link for each (action, subject, payload), as `record` does, in a few statements; the last link's number.

    For work on many things at once: the chain is the same, link by link.
    """
    way = _way.get()
    last = session.execute(select(AuditEntry.seq, AuditEntry.hash).order_by(AuditEntry.seq.desc()).limit(1)).first()
    seq, previous = (last.seq, last.hash) if last else (0, GENESIS)
    at, links, payloads = now(), [], []
    when, drawn = at.isoformat(), secrets.token_hex(16 * len(entries))
    for place, ((action, subject, said), entry_id) in enumerate(zip(entries, new_ids(len(entries)), strict=True)):
        payload = said if way is None else {**said, "via": way}
        seq, salt = seq + 1, drawn[32 * place : 32 * place + 32]
        hashed = payload_hash(salt, payload)
        own = chained(seq, when, actor, action, subject, hashed, previous)
        links.append((entry_id, seq, at, actor, action, subject, hashed, previous, own))
        payloads.append((entry_id, salt, payload))
        previous = own
    names = ("id", "seq", "at", "actor", "action", "subject", "payload_hash", "previous", "hash")
    session.put(AuditEntry, names, links)
    session.put(AuditPayload, ("entry_id", "salt", "payload"), payloads)
    return seq


def purge(session: TenantSession, actor: str, seqs: Iterable[int], *, reason: str) -> int:
    """Delete the payloads of these links for good, and write so in the chain; how many there were.

    Links stay: order and count can still be proven. Raises `DomainError` without a reason.
    """
    if not reason.strip():
        raise DomainError("Une expurgation du journal dit pourquoi.")
    wanted = set(seqs)
    here = session.execute(
        select(AuditEntry.seq, AuditEntry.payload_hash)
        .join(AuditPayload, and_(AuditPayload.cabinet_id == AuditEntry.cabinet_id, AuditPayload.entry_id == AuditEntry.id))
        .order_by(AuditEntry.seq)
    )
    found = [(row.seq, row.payload_hash) for row in here if row.seq in wanted]
    for run in _runs(found):
        first, last = run[0][0], run[-1][0]
        digest = hashlib.sha256("\n".join(one for _, one in run).encode()).hexdigest()
        said = {"count": len(run), "digest": digest, "reason": reason.strip()[:300]}
        written = _link(session, actor, PURGED, f"audit:{first}-{last}", said)
        session.add(AuditPurge(entry_id=written, first_seq=first, last_seq=last))
        session.flush()
    return len(found)


def seqs_until(session: TenantSession, day: date) -> list[int]:
    """The links up to the end of a day in France."""
    end = datetime.combine(day + timedelta(days=1), time(), PARIS)
    return list(session.scalars(select(AuditEntry.seq).where(AuditEntry.at < end)))


def purged_range(subject: str) -> range:
    """The links that a purge's subject names."""
    found = _RANGE.fullmatch(subject)
    return range(int(found[1]), int(found[2]) + 1) if found else range(0)


def payload_hash(salt: str, payload: dict[str, Any]) -> str:
    """What the chain holds of a payload."""
    return hashlib.sha256(f"{salt}{_canonical(payload)}".encode()).hexdigest()


def entry_hash(entry: AuditEntry) -> str:
    """A link's hash: over its own words and the link before it."""
    return chained(
        entry.seq, entry.at.isoformat(), entry.actor, entry.action, entry.subject, entry.payload_hash, entry.previous
    )


def chained(seq: int, at: str, actor: str, action: str, subject: str, payload_hash: str, previous: str) -> str:
    """The hash of a link by its words; `at`: the moment in ISO 8601, UTC without a zone."""
    fields = (str(seq), at, actor, action, subject, payload_hash, previous)
    return hashlib.sha256("\n".join(fields).encode()).hexdigest()


def _runs(found: list[tuple[int, str]]) -> list[list[tuple[int, str]]]:
    """Cut where numbers do not follow one another."""
    runs: list[list[tuple[int, str]]] = []
    for line in found:
        if runs and runs[-1][-1][0] + 1 == line[0]:
            runs[-1].append(line)
        else:
            runs.append([line])
    return runs
