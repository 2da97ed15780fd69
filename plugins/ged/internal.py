"""Internal documents of the cabinet: filed by who runs it, read by all, each reading confirmed by its person (OU-08)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from datetime import datetime

from sqlalchemy import select

from core.api import audit
from core.api import contacts
from core.api import documents
from core.api.db import Conflict
from core.api.db import DomainError
from core.api.db import NotFound
from core.api.db import TenantSession
from core.api.db import today
from core.api.files import Sent
from core.api.notify import notify
from core.api.types import Adviser
from plugins.ged.models import Duty
from plugins.ged.models import Reading

KIND = documents.filing.INTERNAL
VIEW, MANAGE = "documents.view", documents.filing.MANAGE
ABSENT = "Ce document interne n'existe pas, ou n'est plus en vigueur."
#: Documents of the page: a cabinet has some dozens.
MOST = 500


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who has to read it, and when they said that they did."""

    user_id: str
    name: str
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class Internal:
    """An internal document in force. `asked`: whether its reading is to be confirmed; `readers`: everybody, by name."""

    document: documents.Document
    asked: bool
    due_on: date | None
    readers: tuple[Reader, ...]
    mine: datetime | None

    @property
    def done(self) -> int:
        """How many read it."""
        return sum(one.read_at is not None for one in self.readers)

    @property
    def waits(self) -> bool:
        """Whether the person who looks has still to read it."""
        return self.asked and self.mine is None

    @property
    def late(self) -> bool:
        """Whether that should have been done."""
        return self.waits and self.due_on is not None and self.due_on < today()


def listed(session: TenantSession, by: Adviser) -> list[Internal]:
    """All in force: those that one has to read first, then the newest."""
    rows = documents.of_owner(session, by, KIND, str(by.cabinet_id))[:MOST]
    return sorted(_made(session, by, rows), key=lambda one: not one.waits)


def get(session: TenantSession, by: Adviser, document_id: str) -> Internal:
    """One of them, in force. Raises `NotFound`."""
    row = documents.get(session, by, document_id)
    if row.owner_kind != KIND or not row.current:
        raise NotFound(ABSENT)
    return _made(session, by, [row])[0]


def add(
    session: TenantSession, by: Adviser, facts: documents.filing.Facts, sent: Sent, *, asked: bool, due_on: date | None,
    key: str | None = None,
) -> documents.Document:  # fmt: skip
    """File one and, where `asked`, tell everybody that they have to read it. Raises `DomainError` with the field."""
    if due_on is not None and due_on < today():
        raise DomainError("Cette date est passée\u202f: choisissez-en une à venir.", field="due_on")
    known = key and session.scalar(select(documents.Document.id).where(documents.Document.id == key))
    filed = documents.filing.add(session, by, (KIND, str(by.cabinet_id)), facts, [sent], key=key)
    if not filed.made:
        raise DomainError("Ce fichier est déjà dans les documents internes\u202f: choisissez-en un autre.", field="file")
    row = filed.made[0]
    if asked and not known:
        session.add(Duty(document_id=row.chain, due_on=due_on, asked_by=by.user_id))
        session.flush()
        _tell(session, row, [one.user_id for one in contacts.advisers(session) if one.user_id != by.user_id], due_on, "asked")
    return row


def confirm(session: TenantSession, by: Adviser, document_id: str) -> Internal:
    """«J'ai lu»: noted once, with its moment, for this version. Raises `NotFound`, `Conflict` where nobody asked."""
    found = get(session, by, document_id)
    if not found.asked:
        raise Conflict("La lecture de ce document n'est pas à confirmer.")
    if found.mine is None:
        session.add(Reading(document_id=document_id, user_id=by.user_id))
        session.flush()
        audit.record(session, by.user_id, "ged.read", f"document:{document_id}", {"title": found.document.title})
    return get(session, by, document_id)


def remind(session: TenantSession, by: Adviser, document_id: str) -> int:
    """Tell those who have not read it yet, once a day at most; how many they are. Raises `NotFound`, `Forbidden`."""
    found = get(session, by, document_id)
    documents.filing.require(session, by, KIND, str(by.cabinet_id))
    late = [one.user_id for one in found.readers if one.read_at is None] if found.asked else []
    if late:
        _tell(session, found.document, late, found.due_on, f"again:{today()}")
        audit.record(session, by.user_id, "ged.reminded", f"document:{document_id}", {"count": len(late)})
    return len(late)


def _made(session: TenantSession, by: Adviser, rows: Sequence[documents.Document]) -> list[Internal]:
    ids = [row.id for row in rows]
    wanted = select(Duty).where(Duty.document_id.in_([row.chain for row in rows]))
    duties = {one.document_id: one for one in session.scalars(wanted)}
    done = select(Reading).where(Reading.document_id.in_(ids))
    read = {(one.document_id, one.user_id): one.read_at for one in session.scalars(done)}
    people = contacts.advisers(session)
    made = []
    for row in rows:
        duty = duties.get(row.chain)
        readers = tuple(Reader(one.user_id, one.name, read.get((row.id, one.user_id))) for one in people) if duty else ()
        made.append(Internal(row, duty is not None, duty.due_on if duty else None, readers, read.get((row.id, by.user_id))))
    return made


def _tell(session: TenantSession, row: documents.Document, people: Sequence[str], due_on: date | None, why: str) -> None:
    until = f" avant le {due_on:%d/%m/%Y}" if due_on else ""
    notify(
        session, people, kind="info", key=f"internal:{row.id}:{why}"[:120], title="Document interne à lire",
        text=f"«\u202f{row.title}\u202f»\u202f: lisez ce document{until}, puis confirmez votre lecture.",
        url=f"/p/ged/internes/{row.id}", about=(KIND, str(row.cabinet_id)),
    )  # fmt: skip
