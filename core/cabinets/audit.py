"""The cabinet's journal: one hash chain, whose payloads may be purged without breaking it (architecture.md §5)."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from core.cabinets.models import AuditEntry
from core.cabinets.models import AuditPayload
from core.db.clock import now
from core.db.model import new_id
from core.db.session import TenantSession

GENESIS = "0" * 64


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
    last = session.execute(
        select(AuditEntry.seq, AuditEntry.hash).order_by(AuditEntry.seq.desc()).limit(1).with_for_update()
    ).first()
    seq, previous = (last.seq + 1, last.hash) if last else (1, GENESIS)
    salt = secrets.token_hex(16)
    entry = AuditEntry(
        id=once or new_id(), seq=seq, at=now(), actor=actor, action=action, subject=subject,
        payload_hash=_payload_hash(salt, payload), previous=previous, hash="",
    )  # fmt: skip
    entry.hash = _entry_hash(entry)
    session.add(entry)
    session.flush()
    session.add(AuditPayload(entry_id=entry.id, salt=salt, payload=payload))
    session.flush()


@dataclass(frozen=True, slots=True)
class Verified:
    """What a walk along the chain found: how many links, how many purged payloads, the first fault."""

    entries: int
    purged: int
    fault: str | None


def verify(session: TenantSession) -> Verified:
    """Walk the session's cabinet's chain from its beginning."""
    previous, expected, purged = GENESIS, 1, 0
    payloads = {row.entry_id: row for row in session.scalars(select(AuditPayload))}
    for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.seq)):
        payload = payloads.get(entry.id)
        purged += payload is None
        if entry.seq != expected:
            return Verified(expected - 1, purged, f"entrée {expected} absente")
        if entry.previous != previous or entry.hash != _entry_hash(entry):
            return Verified(entry.seq, purged, f"entrée {entry.seq} modifiée")
        if payload is not None and _payload_hash(payload.salt, payload.payload) != entry.payload_hash:
            return Verified(entry.seq, purged, f"contenu de l'entrée {entry.seq} modifié")
        previous, expected = entry.hash, expected + 1
    return Verified(expected - 1, purged, None)


def _payload_hash(salt: str, payload: dict[str, Any]) -> str:
    text = json.dumps(payload, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{salt}{text}".encode()).hexdigest()


def _entry_hash(entry: AuditEntry) -> str:
    fields = (entry.seq, entry.at.isoformat(), entry.actor, entry.action, entry.subject, entry.payload_hash)
    return hashlib.sha256("\n".join([*map(str, fields), entry.previous]).encode()).hexdigest()
