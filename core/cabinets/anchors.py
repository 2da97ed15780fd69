"""Anchors of the journal: once an hour a line in a file beside the database, and in the log, says where the chain stood.

Each line is signed with a key made from ENCOURS_KEK, which no database holds: who may write the database, or the file,
but does not have the installation's key, cannot make a line (ADR 009). Lines name the one before them: none is taken
out of the middle.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import json
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from core.cabinets import audit_proof
from core.cabinets import vault
from core.cabinets.audit_proof import Anchor
from core.cabinets.audit_proof import Verified
from core.cabinets.models import AuditEntry
from core.db.clock import now
from core.db.session import TenantSession

#: The logger: an operator who ships logs elsewhere keeps the anchors there too.
_log = logging.getLogger("encours.audit")
_PURPOSE = b"encours|audit-anchor|1"
_FIRST = "0" * 64


@dataclass(frozen=True, slots=True)
class Read:
    """The anchors of a file, the last line's signature, and what is wrong with the file."""

    anchors: tuple[Anchor, ...]
    last: str
    fault: str | None


def file_of(folder: Path, cabinet_id: int) -> Path:
    """Where a cabinet's anchors are."""
    return folder / "audit" / f"{cabinet_id}.anchors"


def cabinets(folder: Path) -> list[int]:
    """The cabinets that have anchors: one that the database does not know any more was deleted from it."""
    names = (path.stem for path in (folder / "audit").glob("*.anchors"))
    return sorted(int(name) for name in names if name.isdecimal() and len(name) < 10)


def drop(session: TenantSession, folder: Path) -> bool:
    """Write an anchor of the session's cabinet's chain, if it went on since the last; True if one was written.

    A chain that no longer holds its last anchor gets none, and an error in the log.
    """
    with _alone(folder):
        return _dropped(session, file_of(folder, session.require_cabinet()))


def _dropped(session: TenantSession, file: Path) -> bool:
    cabinet_id = session.require_cabinet()
    known = read(file)
    count, head = audit_proof.head(session)
    if known.fault is not None:
        _log.error("journal of cabinet %s: %s", cabinet_id, known.fault)
        return False
    before = known.anchors[-1] if known.anchors else None
    if before is not None:
        if before.count == count and before.head == head:
            return False
        still = session.scalar(select(AuditEntry.hash).where(AuditEntry.seq == before.count))
        if before.count and still != before.head:
            _log.error("journal of cabinet %s: it does not hold its anchor of %s entries", cabinet_id, before.count)
            return False
    line = _line(cabinet_id, known.last, Anchor(now(), count, head))
    _append(file, line)
    _log.info("journal of cabinet %s: %s entries, head %s, signature %s", cabinet_id, count, head, json.loads(line)["mac"])
    return True


def verify(session: TenantSession, folder: Path) -> Verified:
    """Walk the session's cabinet's chain and hold it against its anchors."""
    known = read(file_of(folder, session.require_cabinet()))
    found = audit_proof.verify(session, known.anchors)
    return Verified(found.entries, found.purged, found.fault or known.fault, found.purges)


def read(file: Path) -> Read:
    """The anchors of a file, as far as its lines are whole, signed and in their order."""
    anchors: list[Anchor] = []
    last = _FIRST
    text = file.read_text("utf-8", errors="replace") if file.is_file() else ""
    for number, line in enumerate(text.splitlines(), 1):
        found = _checked(line, file.stem, last)
        if found is None:
            return Read(tuple(anchors), last, f"ancrage altéré : {file.name}, ligne {number}")
        last = str(json.loads(line)["mac"])
        anchors.append(found)
    return Read(tuple(anchors), last, None)


def behind(folder: Path) -> list[int]:
    """The cabinets of which a line is signed by a former key of the installation, or by none of its keys."""
    return [number for number in cabinets(folder) if not _signed_now(file_of(folder, number))]


def sign_anew(folder: Path, cabinet_id: int) -> str | None:
    """Sign every line of a cabinet's anchors by the installation's key in force; what is wrong with the file, or None.

    A file that is not whole is left as it is. The new file takes the old one's place at once.
    """
    with _alone(folder):
        file = file_of(folder, cabinet_id)
        known = read(file)
        if known.fault is not None:
            return known.fault
        lines, last = list[str](), _FIRST
        for anchor in known.anchors:
            lines.append(_line(cabinet_id, last, anchor))
            last = str(json.loads(lines[-1])["mac"])
        made = file.with_suffix(".new")
        made.unlink(missing_ok=True)
        _append(made, "\n".join(lines))
        made.replace(file)
        _log.info("journal of cabinet %s: %s anchors signed anew, signature %s", cabinet_id, len(lines), last)
        return None


def _signed_now(file: Path) -> bool:
    for line in file.read_text("utf-8", errors="replace").splitlines():
        try:
            body = json.loads(line)
            mac = str(body.pop("mac"))
        except (ValueError, KeyError, TypeError, AttributeError):
            return False
        if not hmac.compare_digest(mac.encode(), _macs(body)[0].encode()):
            return False
    return True


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One process at a time writes anchors: none is added to a file that is being written anew."""
    (folder / "audit").mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / "audit" / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _line(cabinet_id: int, previous: str, anchor: Anchor) -> str:
    body = {"cabinet": cabinet_id, "at": anchor.at.isoformat(), "count": anchor.count, "head": anchor.head, "previous": previous}
    return json.dumps({**body, "mac": _macs(body)[0]}, separators=(",", ":"))


def _checked(line: str, cabinet: str, previous: str) -> Anchor | None:
    try:
        body = json.loads(line)
        mac = str(body.pop("mac"))
        placed = (str(body["cabinet"]), body["previous"]) == (cabinet, previous)
        if not (placed and any(hmac.compare_digest(mac.encode(), one.encode()) for one in _macs(body))):
            return None
        return Anchor(datetime.fromisoformat(body["at"]), int(body["count"]), str(body["head"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _macs(body: dict[str, object]) -> list[str]:
    """The signature by each of the installation's keys, the one in force first."""
    text = json.dumps(body, sort_keys=True, separators=(",", ":"))
    return [hmac.new(key, text.encode(), hashlib.sha256).hexdigest() for key in vault.derived(_PURPOSE)]


def _append(file: Path, line: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, f"{line}\n".encode())
        os.fsync(handle)
    finally:
        os.close(handle)
