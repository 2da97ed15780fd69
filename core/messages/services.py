"""Messages to clients: written with their outbox item in one transaction, read back with what became of them (PF-03)."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_
from sqlalchemy import select

from core.cabinets import audit
from core.db.errors import NotFound
from core.db.model import new_id
from core.db.session import TenantSession
from core.documents.models import Document
from core.documents.services import visible_documents
from core.hooks.messages import MessageChannel
from core.hooks.types import Adviser
from core.hooks.types import Context
from core.jobs import outbox
from core.jobs.models import OutboxItem
from core.messages import ways
from core.messages.models import MessageDocument
from core.messages.models import MessageRow

#: The outbox's kind.
SEND = "message.send"
#: State → what people read.
LABELS = {"waiting": "En cours d'envoi", "sent": "Envoyé", "failed": "Non envoyé", "given_up": "Abandonné"}
#: Those that a person may have tried again.
FAILED = ("failed", "given_up")
ABSENT = "Ce document n'est pas dans le dossier du contact, ou n'est pas ouvert à votre profil."


@dataclass(frozen=True, slots=True)
class Draft:
    """A message that is wanted. `key`: what it is for its caller, 80 characters at most; the same key is written once."""

    key: str
    contact_id: str
    document_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where messages are shown: the live part of an open page, the page's address."""

    part: str
    url: str


@dataclass(frozen=True, slots=True)
class Sent:
    """A message and what became of it. `why`: why it was not sent, or not yet. `attempts`: tries that were ended."""

    id: str
    contact_id: str
    state: str
    why: str
    label: str
    address: str
    subject: str
    attempts: int
    asked_by: str
    asked_at: datetime
    ended_at: datetime | None
    reference: str

    @property
    def failed(self) -> bool:
        """Whether a person may have it tried again."""
        return self.state in FAILED


def write(
    session: TenantSession, ctx: Context, who: Adviser, drafts: Sequence[Draft], subject: str, text: str, place: Place
) -> dict[str, str]:
    """Write those of these messages that can go, in the caller's transaction; of each that cannot, by its key, why.

    A message whose key is there already is left alone. The caller's `who` is the person who confirmed.
    """
    there = set(session.scalars(select(MessageRow.key).where(MessageRow.key.in_([one.key for one in drafts]))))
    new = list({one.key: one for one in drafts if one.key not in there}.values())
    found, _failures = ways.of(session, ctx, who, list({one.contact_id for one in new}))
    papers = _documents(session, who, new)
    left: dict[str, str] = {}
    noted: list[tuple[str, str, dict[str, Any]]] = []
    for draft in new:
        way = found.get(draft.contact_id)
        if way is None or way.channel is None or way.why:
            left[draft.key] = way.why if way is not None else "Ce contact n'est plus ouvert à votre profil."
        elif any(papers.get(one) != draft.contact_id for one in draft.document_ids):
            left[draft.key] = ABSENT
        else:
            row = _row(who, draft, way.plugin, way.channel)
            row.subject, row.text, row.part, row.url = subject, text, place.part, place.url
            noted.append(("message.asked", f"contact:{row.contact_id}", {
                "message": row.id, "plugin": row.plugin, "way": row.label, "recipient": row.address, "object": subject,
                "documents": list(draft.document_ids),
            }))  # fmt: skip
            session.add(row)
            session.flush()
            session.add_all([MessageDocument(message_id=row.id, document_id=one) for one in dict.fromkeys(draft.document_ids)])
            outbox.post(session, SEND, f"message:{row.id}", {"message": row.id}, once=row.id, lock=_lock(session, row))
    if noted:
        audit.record_many(session, who.user_id, noted)
    return left


def _row(who: Adviser, draft: Draft, plugin: str, channel: MessageChannel) -> MessageRow:
    return MessageRow(
        id=new_id(), key=draft.key, contact_id=draft.contact_id, plugin=plugin, channel=channel.key, label=channel.label,
        address=channel.address, asked_by=who.user_id,
    )


def _lock(session: TenantSession, row: MessageRow) -> str:
    """One at a time by each module: a thousand messages leave the worker free for partners' links."""
    return f"message:{session.require_cabinet()}:{row.plugin}"


def _documents(session: TenantSession, who: Adviser, drafts: Sequence[Draft]) -> Mapping[str, str]:
    """Of the documents that `who` may see, whose contact's each is."""
    ids = [document_id for draft in drafts for document_id in draft.document_ids]
    wanted = select(Document.id, Document.owner_id).where(
        Document.id.in_(ids), Document.owner_kind == "contact", visible_documents(who)
    )
    return {row.id: row.owner_id for row in session.execute(wanted)}


def of_documents(session: TenantSession, document_ids: Sequence[str]) -> dict[str, list[Sent]]:
    """The messages that these documents went with, the newest first. Whoever asks may see the documents."""
    wanted = (
        select(MessageDocument.document_id, MessageRow, OutboxItem)
        .join(MessageRow, and_(MessageRow.cabinet_id == MessageDocument.cabinet_id, MessageRow.id == MessageDocument.message_id))
        .outerjoin(OutboxItem, and_(OutboxItem.cabinet_id == MessageRow.cabinet_id, OutboxItem.id == MessageRow.id))
        .where(MessageDocument.document_id.in_(document_ids))
        .order_by(MessageRow.asked_at.desc(), MessageRow.id.desc())
    )
    found: dict[str, list[Sent]] = {}
    for document_id, row, item in session.execute(wanted):
        found.setdefault(document_id, []).append(_sent(row, item))
    return found


def _sent(row: MessageRow, item: OutboxItem | None) -> Sent:
    """`item`: None once the outbox has forgotten what was done long ago."""
    given_up = row.state == "waiting" and (item is None or item.state in ("dead", "cancelled"))
    last = item.last_error or "" if item is not None and row.state == "waiting" else ""
    why = row.why or last
    return Sent(
        row.id, row.contact_id, "given_up" if given_up else row.state, why[:300], row.label, row.address, row.subject,
        item.attempts if item is not None else 0, row.asked_by, row.asked_at, row.ended_at, row.reference,
    )  # fmt: skip


def retry(session: TenantSession, who: Adviser, message_id: str) -> bool:
    """Have a message tried again that was refused or given up, in the caller's transaction; False where it is on its way.

    It goes by the way that was chosen, in the name of `who`. Raises `NotFound` where `who` may not send it.
    """
    row = session.get(MessageRow, (session.require_cabinet(), message_id))
    item = session.get(OutboxItem, (session.require_cabinet(), message_id))
    if row is None or item is None or not ways.reaches(session, who, row.contact_id):
        raise NotFound("Ce message n'existe pas, ou n'est pas ouvert à votre profil.")
    if not _sent(row, item).failed:
        return False
    row.state, row.why, row.ended_at, row.asked_by = "waiting", "", None, who.user_id
    if item.state in ("refused", "dead"):  # else its worker died before it noted the refusal: its job is there still
        outbox.replay(session, item.id)
    audit.record(session, who.user_id, "message.again", f"contact:{row.contact_id}", {"message": row.id})
    return True
