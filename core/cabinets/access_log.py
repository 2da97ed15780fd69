"""The trace of reads of clients' files (security-reliability.md §2.2): who, what, when; one line a quarter of an hour.

Beside the journal, not in its chain: it is long, short-lived, and no proof of a change. Pages leave a note in memory; a
thread of the process writes notes down every few seconds, in one transaction a cabinet, so that no page waits for it.
A process that is killed loses the notes of its last seconds (ADR 014).
"""

from __future__ import annotations

import atexit
import logging
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta

from sqlalchemy import ColumnElement
from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import SQLAlchemyError

from core import config
from core.cabinets import audit
from core.cabinets.models import AccessLine
from core.cabinets.models import User
from core.db.clock import now
from core.db.session import TenantSession
from core.extensions import db

#: Seconds of a slot: the same person reading the same thing leaves one line in each.
SLOT = 900
#: Seconds between two writings; notes kept while the database does not answer.
EVERY, MOST = 2.0, 10_000
#: How long lines are kept (the CNIL recommends six months to a year).
KEPT = timedelta(days=365)
_log = logging.getLogger("encours.access")


@dataclass(frozen=True, slots=True)
class Note:
    """One read, to be written down."""

    cabinet_id: int
    user_id: str
    what: str
    kind: str
    ref: str
    slot: int


@dataclass(frozen=True, slots=True)
class Line:
    """One read, as it is shown."""

    at: datetime
    who: str
    what: str
    kind: str
    ref: str


class Notes:
    """The notes of this process that wait, and those of this slot that were taken already."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[Note, datetime] = {}
        self._taken: set[Note] = set()
        self._slot = 0
        self._thread: threading.Thread | None = None

    def take(self, note: Note, at: datetime) -> None:
        with self._lock:
            if note.slot != self._slot:
                self._slot, self._taken = note.slot, set()
            if note in self._taken:
                return
            if len(self._waiting) >= MOST:
                _log.error("a read could not be noted: %s notes wait for the database", MOST)
                return
            self._taken.add(note)
            self._waiting[note] = at
            if self._thread is None and not config.current().testing:
                self._thread = threading.Thread(target=self._run, name="access-log", daemon=True)
                self._thread.start()
                atexit.register(self.flush)

    def flush(self) -> None:
        """Write down what waits; what cannot be written waits on."""
        with self._lock:
            found, self._waiting = self._waiting, {}
        by_cabinet: dict[int, dict[Note, datetime]] = {}
        for note, at in found.items():
            by_cabinet.setdefault(note.cabinet_id, {})[note] = at
        for cabinet_id, notes in by_cabinet.items():
            try:
                with db.session(cabinet_id) as session:
                    _write(session, notes)
            except OperationalError:
                _log.exception("%s reads could not be written down yet", len(notes))
                with self._lock:
                    self._waiting = {**notes, **self._waiting}
            except SQLAlchemyError:  # the notes themselves are at fault: kept, they would hold up all that follow
                _log.exception("%s reads were not written down", len(notes))

    def forget(self) -> None:
        """Nothing waits, nothing was taken (tests)."""
        with self._lock:
            self._waiting, self._taken = {}, set()

    def _run(self) -> None:
        while True:
            time.sleep(EVERY)
            self.flush()


_notes = Notes()
flush = _notes.flush
forget = _notes.forget


def note(cabinet_id: int, user_id: str, what: str, kind: str, ref: str) -> None:
    """A person read something of a client's file. `what`: read, export; `kind`: contact, account, document, list…"""
    at = now()
    _notes.take(Note(cabinet_id, user_id, what, kind[:12], ref[:64], int(at.timestamp()) // SLOT), at)


def lines(session: TenantSession, which: ColumnElement[bool], *, most: int = 1000) -> list[Line]:
    """The reads of the session's cabinet that a condition on `AccessLine` keeps, the newest first."""
    rows = session.execute(
        select(
            AccessLine.at, AccessLine.user_id, User.display_name, AccessLine.what, AccessLine.subject_kind,
            AccessLine.subject_id,
        )
        .outerjoin(User, User.id == AccessLine.user_id)
        .where(which).order_by(AccessLine.at.desc(), AccessLine.id.desc()).limit(most)
    )  # fmt: skip
    return [Line(row.at, row.display_name or row.user_id, row.what, row.subject_kind, row.subject_id) for row in rows]


def purge(session: TenantSession, until: datetime, *, actor: str | None = None) -> int:
    """Delete what was noted before; how many lines. By a person's order (`actor`), the journal says so."""
    old = AccessLine.at < until
    count = session.scalar(select(func.count(AccessLine.id)).where(old)) or 0
    session.execute(delete(AccessLine).where(old).execution_options(synchronize_session=False))
    if actor is not None:
        said = {"until": until.isoformat(), "count": count}
        audit.record(session, actor, "access.purged", f"cabinet:{session.require_cabinet()}", said)
    return count


def _write(session: TenantSession, notes: dict[Note, datetime]) -> None:
    for slot in {note.slot for note in notes}:
        known = _known(session, [note for note in notes if note.slot == slot], slot)
        session.add_all(
            AccessLine(
                user_id=note.user_id, what=note.what, subject_kind=note.kind, subject_id=note.ref, at=at, slot=slot
            )
            for note, at in notes.items()
            if note.slot == slot and (note.ref, note.kind, note.user_id, note.what) not in known
        )  # fmt: skip
    session.flush()


def _known(session: TenantSession, notes: Iterable[Note], slot: int) -> set[tuple[str, str, str, str]]:
    """What another process of this slot wrote already. A cabinet has one writer at a time: nobody comes between."""
    refs = sorted({note.ref for note in notes})
    rows = session.execute(
        select(AccessLine.subject_id, AccessLine.subject_kind, AccessLine.user_id, AccessLine.what)
        .where(AccessLine.slot == slot, AccessLine.subject_id.in_(refs))
    )  # fmt: skip
    return {(row[0], row[1], row[2], row[3]) for row in rows}
