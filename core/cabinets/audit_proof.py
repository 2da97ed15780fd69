"""Is the journal what it was? The walk along a cabinet's chain, against the anchors kept apart from the database.

The chain shows an edit, a deletion and another order; its end cut off, or written anew, shows only against an anchor.
"""

from __future__ import annotations

from collections.abc import Generator
from collections.abc import Iterable
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_
from sqlalchemy import func
from sqlalchemy import select

from core.cabinets import audit
from core.cabinets.models import AuditEntry
from core.cabinets.models import AuditPayload
from core.db.clock import PARIS
from core.db.session import TenantSession


@dataclass(frozen=True, slots=True)
class Anchor:
    """What was known of a chain at a moment: how many links, the last one's hash."""

    at: datetime
    count: int
    head: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What a walk found: links, purged payloads and when (each said once), the first fault."""

    entries: int
    purged: int
    fault: str | None
    purges: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Purge:
    on: str
    seqs: range


def head(session: TenantSession) -> tuple[int, str]:
    """How many links the session's cabinet's chain has, and the last one's hash."""
    count = session.scalar(select(func.count()).select_from(AuditEntry)) or 0
    last = session.scalar(select(AuditEntry.hash).order_by(AuditEntry.seq.desc()).limit(1))
    return count, last or audit.GENESIS


def verify(session: TenantSession, anchors: Sequence[Anchor] = ()) -> Verified:
    """Walk the session's cabinet's chain from its beginning."""
    with closing(_links(session)) as links:
        return _walked(links, _purges(session), anchors)


def _walked(
    links: Iterable[tuple[AuditEntry, AuditPayload | None]], purges: list[_Purge], anchors: Sequence[Anchor]
) -> Verified:
    said = tuple(f"expurgé le {one.on} : entrées {one.seqs.start} à {one.seqs.stop - 1}" for one in purges)
    wanted = {anchor.count: anchor for anchor in anchors}
    previous, expected, purged = audit.GENESIS, 1, 0

    def stop(seq: int, fault: str | None) -> Verified:
        return Verified(seq, purged, fault, said)

    for entry, payload in links:
        if entry.seq != expected:
            return stop(expected - 1, f"entrée {expected} absente")
        if entry.previous != previous or entry.hash != audit.entry_hash(entry):
            return stop(entry.seq, f"entrée {entry.seq} modifiée")
        if payload is None:
            purged += 1
            if not any(entry.seq in one.seqs for one in purges):
                return stop(entry.seq, f"contenu de l'entrée {entry.seq} supprimé sans expurgation")
        elif audit.payload_hash(payload.salt, payload.payload) != entry.payload_hash:
            return stop(entry.seq, f"contenu de l'entrée {entry.seq} modifié")
        anchor = wanted.pop(entry.seq, None)
        if anchor is not None and anchor.head != entry.hash:
            return stop(entry.seq, f"entrée {entry.seq} réécrite depuis l'ancrage du {_moment(anchor.at)}")
        previous, expected = entry.hash, expected + 1
    if missing := [anchor for anchor in wanted.values() if anchor.count >= expected]:
        last = max(missing, key=lambda anchor: anchor.count)
        return stop(expected - 1, f"fin absente : l'ancrage du {_moment(last.at)} comptait {last.count} entrées")
    return stop(expected - 1, None)


def _links(session: TenantSession) -> Generator[tuple[AuditEntry, AuditPayload | None]]:
    """Every link with its payload, a few hundred at a time; the cursor is closed also where the walk stops early."""
    own = and_(AuditPayload.cabinet_id == AuditEntry.cabinet_id, AuditPayload.entry_id == AuditEntry.id)
    found = select(AuditEntry, AuditPayload).outerjoin(AuditPayload, own).order_by(AuditEntry.seq)
    with session.execute(found.execution_options(yield_per=500)) as rows:
        for row in rows:
            yield row[0], row[1]


def _purges(session: TenantSession) -> list[_Purge]:
    """What the chain says of its own purges: a forged line of `audit_purge` proves nothing."""
    found = session.execute(
        select(AuditEntry.at, AuditEntry.subject).where(AuditEntry.action == audit.PURGED).order_by(AuditEntry.seq)
    )
    return [_Purge(f"{row.at.astimezone(PARIS):%d/%m/%Y}", audit.purged_range(row.subject)) for row in found]


def _moment(at: datetime) -> str:
    return f"{at.astimezone(PARIS):%d/%m/%Y %H:%M}"
