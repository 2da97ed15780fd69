"""What a producer's file says of supports: kept, compared with what is known, applied in one transaction, taken back (OU-09).

A person's word stands before a file's (ADR 030); of two files, the one of the later day. The same file again changes nothing.
A file with an error is not applied at all: what is wrong is told, line by line.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from typing import Any

from sqlalchemy import select

from core.cabinets import audit
from core.db.clock import now
from core.db.errors import Conflict
from core.db.errors import NotFound
from core.db.session import TenantSession
from core.hooks.types import Adviser
from core.supports import by_hand
from core.supports import facts
from core.supports.fact_keys import KEYS
from core.supports.fact_keys import FactKey
from core.supports.fact_models import SupportFact
from core.supports.file_models import SupportFile
from core.supports.models import Support

#: Supports that one file may tell of: a manager's whole range, and more.
MOST = 5_000
ABSENT = "Ce fichier n'existe pas, ou n'existe plus."
_BATCH = 400


@dataclass(frozen=True, slots=True)
class Value:
    """A value as the file writes it, in the form of a fact; the day that it is of, and its line."""

    value: str
    on: date | None
    line: int


@dataclass(frozen=True, slots=True)
class Seen:
    """A support of the file."""

    isin: str
    label: str
    line: int
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong in the file, or worth saying. `severity`: error, warning, info."""

    severity: str
    place: str
    text: str


@dataclass(frozen=True, slots=True)
class Read:
    """A file that was read: its template's version, its supports, what is wrong."""

    name: str
    sha256: str
    size: int
    version: str
    seen: Sequence[Seen]
    findings: Sequence[Finding]

    @property
    def refused(self) -> bool:
        """Whether something in it is wrong."""
        return any(one.severity == "error" for one in self.findings)


@dataclass(frozen=True, slots=True)
class Change:
    """What applying the file would change of a support. `kept`: a person has said otherwise, and his word stays."""

    support_id: str
    label: str
    isin: str
    key: FactKey
    before: str
    after: str
    on: date | None
    line: int
    kept: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """A file beside what is known: changes, supports that the cabinet does not have, values that change nothing."""

    changes: tuple[Change, ...]
    unknown: tuple[Seen, ...]
    same: int
    older: int

    @property
    def supports(self) -> int:
        """How many supports change."""
        return len({one.support_id for one in self.changes})


def receive(session: TenantSession, by: Adviser, read: Read, *, file_id: str | None = None) -> SupportFile:
    """Keep what a file says; nothing of a support is written. `file_id`: the form's key. Raises `Forbidden`."""
    actor, name = by_hand.writer(by)
    if file_id and (there := session.scalar(select(SupportFile).where(SupportFile.id == file_id))) is not None:
        return there
    told = [] if read.refused else [_coded(one) for one in read.seen]
    row = SupportFile(
        name=read.name[:120], sha256=read.sha256, size=read.size, version=read.version[:20],
        state="REFUSE" if read.refused else "LU", told={"supports": told}, done={}, sent_by=name,
        findings={"items": [[one.severity, one.place, one.text] for one in read.findings]},
    )  # fmt: skip
    if file_id:
        row.id = file_id
    session.add(row)
    session.flush()
    payload = {"name": row.name, "sha256": row.sha256, "version": row.version, "state": row.state}
    audit.record(session, actor, "support_file.received", f"support-file:{row.id}", payload)
    return row


def get(session: TenantSession, file_id: str) -> SupportFile:
    """A file that was sent. Raises `NotFound`."""
    row = session.scalar(select(SupportFile).where(SupportFile.id == file_id))
    if row is None:
        raise NotFound(ABSENT)
    return row


def listed(session: TenantSession, *, after: str | None = None, most: int = 50) -> list[SupportFile]:
    """Files that were sent, the newest first."""
    wanted = select(SupportFile).order_by(SupportFile.id.desc()).limit(most)
    return list(session.scalars(wanted if after is None else wanted.where(SupportFile.id < after)))


def findings(row: SupportFile) -> list[Finding]:
    """What was found wrong in a file, or worth saying."""
    return [Finding(*one) for one in row.findings.get("items", ())]


def preview(session: TenantSession, row: SupportFile) -> Preview:
    """A file beside what is known now: a handful of queries for four hundred supports."""
    changes, unknown, same, older = list[Change](), list[Seen](), 0, 0
    every = [_seen(one) for one in row.told.get("supports", ())]
    for at in range(0, len(every), _BATCH):
        some = every[at : at + _BATCH]
        asked = select(Support.id, Support.isin, Support.label).where(Support.isin.in_([one.isin for one in some]))
        known = {one.isin: one for one in session.execute(asked)}
        told = facts.of_many(session, [one.id for one in known.values()], tuple(KEYS)) if known else {}
        for seen in some:
            there = known.get(seen.isin)
            if there is None:
                unknown.append(seen)
                continue
            for code, value in seen.values.items():
                fact = told[there.id].get(code)
                words = (fact.told, *fact.beneath) if fact else ()
                file = next((one for one in words if one.origin == "FICHIER"), None)
                if file is not None and file.value == value.value and file.on == value.on:
                    same += 1
                elif file is not None and file.on and value.on and value.on < file.on:
                    older += 1
                else:
                    kept = bool(words) and words[0].origin == "SAISIE"
                    before = words[0].value if words else ""
                    changes.append(Change(
                        there.id, there.label, seen.isin, KEYS[code], before, value.value, value.on, value.line, kept
                    ))  # fmt: skip
    return Preview(tuple(changes), tuple(unknown), same, older)


def apply(session: TenantSession, by: Adviser, file_id: str) -> SupportFile:
    """Write what a file says, all of it or nothing. Raises `Conflict` for one that was applied, refused or taken back."""
    actor, name = by_hand.writer(by)
    row = get(session, file_id)
    if row.state != "LU":
        raise Conflict("Ce fichier n'est plus à appliquer\u202f: relisez son état.")
    found, source, done = preview(session, row), f"{row.name} ({row.version})", []
    ids = {one.support_id for one in found.changes}
    rows, owns, known = _rows(session, ids), _owns(session, ids), _known(session, ids)
    for one in found.changes:
        support, code = rows[one.support_id], one.key.code
        by_hand.keep(session, support, code, known[one.support_id].get(code))
        own = owns.get((one.support_id, code))
        done.append({"support": one.support_id, "key": code, "after": one.after, "before": _kept(own)})
        if own is None:
            own = SupportFact(support_id=one.support_id, key=code, origin="FICHIER", value=one.after)
            session.add(own)
        own.value, own.on, own.line, own.source, own.said_by, own.said_at = one.after, one.on, one.line, source, name, now()
        if not one.kept:
            by_hand.stand(session, support, code, one.after)
    row.done = {"source": source, "items": done, "same": found.same, "older": found.older, "unknown": len(found.unknown)}
    row.state, row.ended_at = "APPLIQUE", now()
    session.flush()
    payload = {"name": row.name, "version": row.version, "count": len(done), "unknown": len(found.unknown)}
    audit.record(session, actor, "support_file.applied", f"support-file:{row.id}", payload)
    return row


def undo(session: TenantSession, by: Adviser, file_id: str) -> int:
    """Take back what a file wrote and nobody wrote since; how many values were changed since, and stay. Raises `Conflict`."""
    actor, _name = by_hand.writer(by)
    row = get(session, file_id)
    if row.state != "APPLIQUE":
        raise Conflict("Ce fichier n'est pas appliqué, ou ne l'est plus\u202f: il n'y a rien à annuler.")
    items, stays = row.done.get("items", []), 0
    ids = {one["support"] for one in items}
    rows, owns, known = _rows(session, ids), _owns(session, ids), _known(session, ids)
    for one in items:
        support, code, before = rows.get(one["support"]), one["key"], one["before"]
        own = owns.get((one["support"], code))
        if support is None or own is None or own.value != one["after"] or own.source != row.done["source"]:
            stays += 1
            continue
        fact = known[support.id][code]
        rest = by_hand.others(fact, "FICHIER")
        if before is None:
            session.delete(own)
        else:
            own.value, own.source, own.line, own.said_by = before["value"], before["source"], before["line"], before["said_by"]
            own.on = date.fromisoformat(before["on"]) if before["on"] else None
            own.said_at = datetime.fromisoformat(before["said_at"])
        if fact.told.origin != "SAISIE":
            by_hand.stand(session, support, code, before["value"] if before else rest[0] if rest else "")
    row.state, row.ended_at = "ANNULE", now()
    session.flush()
    payload = {"name": row.name, "count": len(items) - stays, "kept": stays}
    audit.record(session, actor, "support_file.undone", f"support-file:{row.id}", payload)
    return stays


def drop(session: TenantSession, by: Adviser, file_id: str) -> None:
    """Forget a file that was not applied. Raises `Conflict` for one that was, `NotFound`, `Forbidden`."""
    actor, _name = by_hand.writer(by)
    row = get(session, file_id)
    if row.state not in ("LU", "REFUSE"):
        raise Conflict("Ce fichier a été appliqué\u202f: il reste, pour que ses valeurs disent d'où elles viennent.")
    session.delete(row)
    session.flush()
    audit.record(session, actor, "support_file.dropped", f"support-file:{file_id}", {"name": row.name})


def _rows(session: TenantSession, ids: set[str]) -> dict[str, Support]:
    wanted, found = sorted(ids), dict[str, Support]()
    for at in range(0, len(wanted), _BATCH):
        found |= {one.id: one for one in session.scalars(select(Support).where(Support.id.in_(wanted[at : at + _BATCH])))}
    return found


def _owns(session: TenantSession, ids: set[str]) -> dict[tuple[str, str], SupportFact]:
    """What files say already, by support and key."""
    wanted, found = sorted(ids), dict[tuple[str, str], SupportFact]()
    for at in range(0, len(wanted), _BATCH):
        some = select(SupportFact).where(SupportFact.support_id.in_(wanted[at : at + _BATCH]), SupportFact.origin == "FICHIER")
        found |= {(one.support_id, one.key): one for one in session.scalars(some)}
    return found


def _known(session: TenantSession, ids: set[str]) -> dict[str, dict[str, facts.Fact]]:
    wanted, found = sorted(ids), dict[str, dict[str, facts.Fact]]()
    for at in range(0, len(wanted), _BATCH):
        found |= facts.of_many(session, wanted[at : at + _BATCH], tuple(KEYS))
    return found


def _kept(own: SupportFact | None) -> dict[str, Any] | None:
    if own is None:
        return None
    return {
        "value": own.value, "source": own.source, "line": own.line, "on": own.on.isoformat() if own.on else None,
        "said_by": own.said_by, "said_at": own.said_at.isoformat(),
    }  # fmt: skip


def _coded(one: Seen) -> list[Any]:
    values = {code: [said.value, said.on.isoformat() if said.on else None, said.line] for code, said in one.values.items()}
    return [one.isin, one.label, one.line, values]


def _seen(told: Sequence[Any]) -> Seen:
    isin, label, line, values = told
    return Seen(isin, label, line, {
        code: Value(value, date.fromisoformat(on) if on else None, at) for code, (value, on, at) in values.items() if code in KEYS
    })  # fmt: skip
