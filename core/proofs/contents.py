"""What a client's proof file holds: every version of the documents, the signatures, the journal's lines about him (NX-05).

Only what the one who asks may see; what is told of nobody (notes of suspicion) has subjects of its own in the journal, and no
line here.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_
from sqlalchemy import func
from sqlalchemy import select

from core.accounts.lists import refs
from core.cabinets import rights
from core.cabinets.models import AuditEntry
from core.cabinets.models import AuditPayload
from core.contacts import aliases
from core.contacts.schemas import ContactCard
from core.contacts.services import get_contact
from core.db.errors import Forbidden
from core.db.session import TenantSession
from core.documents.models import Document
from core.documents.services import visible_documents
from core.hooks.types import Adviser
from core.signing import reading
from core.transactions.models import Transaction
from core.wealth.services import people

#: The rights that a proof file asks for, on the client.
NEEDED = ("documents.view", "accounts.view")
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the journal, whole. `payload` and `salt`: None once its content was purged."""

    seq: int
    at: datetime
    actor: str
    action: str
    subject: str
    payload_hash: str
    previous: str
    hash: str
    salt: str | None
    payload: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Contents:
    """What goes in. `owners`: (kind, id) → name of those whose documents are there."""

    contact: ContactCard
    owners: Mapping[tuple[str, str], str]
    documents: Sequence[Document]
    signatures: Sequence[reading.Asked]
    subjects: tuple[str, ...]
    entries: int

    @property
    def size(self) -> int:
        """Bytes of the documents."""
        return sum(one.size for one in self.documents)


def of(session: TenantSession, by: Adviser, contact_id: str) -> Contents:
    """What the proof file of a contact would hold now: of a household, its members' files too.

    Raises `NotFound` for a contact that `by` may not see, `Forbidden` for one whose documents or accounts he may not.
    """
    card = get_contact(session, by, contact_id)
    require(session, by, contact_id, *NEEDED)
    named = {("contact", one): get_contact(session, by, one).name for one in (contact_id, *people(session, by, contact_id))}
    for _kind, one in list(named):
        for account in refs(session, by, contact_id=one, archived=True):
            named["account", account.id] = f"{account.title} {account.number}"
    papers = _documents(session, by, list(named))
    ids = [one.id for one in papers]
    asked = [one for start in range(0, len(ids), _BATCH)
             for found in reading.of_documents(session, by, ids[start : start + _BATCH]).values() for one in found]  # fmt: skip
    subjects = _subjects(session, by, named, ids, asked)
    count = sum(
        session.scalar(select(func.count()).select_from(AuditEntry).where(AuditEntry.subject.in_(some))) or 0
        for some in _some(subjects)
    )
    return Contents(card, named, papers, sorted(asked, key=lambda one: one.asked_at), subjects, count)


def require(session: TenantSession, by: Adviser, contact_id: str, *needed: str) -> None:
    """A copy of a file is whole or is not made. Raises `Forbidden` where a right on the client is missing."""
    if not all(rights.sees(session, by, "contact", contact_id, name) for name in needed):
        raise Forbidden("Votre profil ne permet pas de voir tout le dossier de ce client\u202f: la copie en serait incomplète.")


def entries(session: TenantSession, contents: Contents) -> Iterator[Entry]:
    """The journal's lines about him, his accounts, documents and acts, each subject's in order."""
    for some in _some(contents.subjects):
        wanted = (
            select(AuditEntry, AuditPayload)
            .outerjoin(AuditPayload, and_(
                AuditPayload.cabinet_id == AuditEntry.cabinet_id, AuditPayload.entry_id == AuditEntry.id,
            ))
            .where(AuditEntry.subject.in_(some)).order_by(AuditEntry.seq)
        )  # fmt: skip
        for row, kept in session.execute(wanted):
            yield Entry(
                row.seq, row.at, row.actor, row.action, row.subject, row.payload_hash, row.previous, row.hash,
                kept.salt if kept else None, kept.payload if kept else None,
            )  # fmt: skip


def _documents(session: TenantSession, by: Adviser, owners: Sequence[tuple[str, str]]) -> list[Document]:
    found: list[Document] = []
    for kind in dict.fromkeys(kind for kind, _id in owners):
        for some in _some([one for other, one in owners if other == kind]):
            found += session.scalars(select(Document).where(
                Document.owner_kind == kind, Document.owner_id.in_(some), Document.deleted_at.is_(None), visible_documents(by),
            ))  # fmt: skip
    return sorted(found, key=lambda one: (one.created_at, one.id))


def _subjects(
    session: TenantSession, by: Adviser, owners: Mapping[tuple[str, str], str], documents: Sequence[str],
    asked: Sequence[reading.Asked],
) -> tuple[str, ...]:  # fmt: skip
    """What the journal calls them: former ids of merged files too."""
    held = [one for kind, one in owners if kind == "account"]
    whose = [one for kind, one in owners if kind == "contact"]
    acts = [
        key for some in _some(held)
        for key in session.scalars(select(Transaction.id).where(
            Transaction.account_id.in_(some), rights.on(Transaction.id, by, "transaction", each=True),
        ))
    ]  # fmt: skip
    named = [f"contact:{name}" for one in whose for name in aliases.names(session, one)]
    named += [f"account:{one}" for one in held]
    named += [f"document:{one}" for one in documents] + [f"transaction:{one}" for one in acts]
    named += [f"signature:{one.id}" for one in asked]
    return tuple(dict.fromkeys(named))


def _some(values: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(values), _BATCH):
        yield values[start : start + _BATCH]
