"""A message leaves: the outbox's item asks the module, and what it says is written before the item is done (PF-03)."""

from __future__ import annotations

from functools import partial
from typing import Any
from typing import NoReturn

from sqlalchemy import select

from core.cabinets import audit
from core.cabinets import services as cabinets
from core.db.clock import now
from core.db.errors import NotFound
from core.db.session import TenantSession
from core.documents import services as documents
from core.extensions import db
from core.hooks import context
from core.hooks import gates
from core.hooks import telling
from core.hooks.errors import PartnerRefused
from core.hooks.errors import PartnerUnavailable
from core.hooks.messages import Message
from core.hooks.messages import MessageFile
from core.hooks.messages import MessageReceipt
from core.hooks.specs import Plugin
from core.hooks.types import Context
from core.jobs import outbox
from core.live import events as live
from core.messages import services
from core.messages import ways
from core.messages.models import MessageDocument
from core.messages.models import MessageRow
from core.shell.notifications import notify

GONE = "La personne qui l'a demandé n'a plus le droit d'envoyer les documents de ce dossier."
CHANGED = "Ce contact n'est plus joint par cette adresse\u202f: demandez un nouvel envoi."
SILENT = "Le module n'a pas dit pourquoi."


@outbox.sender(services.SEND)
def send(cabinet_id: int, item_id: str, payload: dict[str, Any]) -> None:
    """Ask the module once, and write its word. Raises `PartnerRefused` for a refusal, others to be tried again."""
    with db.session(cabinet_id, write=False) as session:
        row = session.get(MessageRow, (cabinet_id, item_id))
        if row is None or row.state == "sent":  # noted already by a worker that died before the item was
            return
        plugin, refused = row.plugin, row.why if row.state == "failed" else ""
        ready = refused or _ready(session, row)
    if isinstance(ready, str):
        _refuse(cabinet_id, item_id, ready)
    ctx, message = ready
    try:
        receipt = telling.hub().ask(plugin, Plugin.send_message, ctx, message)
    except PartnerRefused as error:
        receipt = MessageReceipt("refused", reason=error.text)
    if receipt.state == "later":
        raise PartnerUnavailable(receipt.reason or SILENT, receipt.after)
    if receipt.state == "refused":
        _refuse(cabinet_id, item_id, receipt.reason or SILENT)
    _note(cabinet_id, item_id, "sent", reference=receipt.reference)


def _ready(session: TenantSession, row: MessageRow) -> tuple[Context, Message] | str:
    """What the module is asked with, by the rights and agreements of this moment; or why it may not go."""
    who = cabinets.principals(session, [row.asked_by]).get(row.asked_by)
    if who is None:
        return GONE
    registry = telling.hub().registry
    ctx = context.make(session, registry, principal=who)
    if (held := gates.shut(registry, row.plugin, ctx.enabled)) is not None:
        if held.gate == "installed":  # an update that passes
            raise PartnerUnavailable(held.text)
        return held.text
    found, failures = ways.of(session, ctx, who, [row.contact_id])
    way = found.get(row.contact_id)
    if way is None or way.why == ways.SHUT:
        return GONE
    if any(one.plugin == row.plugin for one in failures):
        raise PartnerUnavailable(next(one.text for one in failures if one.plugin == row.plugin))
    if way.why:
        return way.why
    if way.channel is None or (way.plugin, way.channel.key, way.channel.address) != (row.plugin, row.channel, row.address):
        return CHANGED
    wanted = select(MessageDocument.document_id).where(MessageDocument.message_id == row.id).order_by(MessageDocument.id)
    try:
        papers = [documents.get(session, who, document_id) for document_id in session.scalars(wanted)]
    except NotFound:
        return GONE
    read = documents.content_store().get
    files = tuple(
        MessageFile(one.id, one.filename, one.media_type, one.size, one.sha256, partial(read, one.sha256)) for one in papers
    )
    return ctx, Message(f"msg_{row.id}", way.contact, row.channel, row.address, row.subject, row.text, files)


def _refuse(cabinet_id: int, message_id: str, why: str) -> NoReturn:
    """Write why, and tell the outbox: it is for a person to try again."""
    _note(cabinet_id, message_id, "failed", why=why)
    raise PartnerRefused(why)


def _note(cabinet_id: int, message_id: str, state: str, *, why: str = "", reference: str = "") -> None:
    with db.session(cabinet_id) as session:
        row = session.get(MessageRow, (cabinet_id, message_id), with_for_update=True)
        if row is None or row.state != "waiting":
            return
        row.state, row.why, row.reference, row.ended_at = state, why[:300], reference[:200], now()
        session.flush()
        said = {"message": row.id, "recipient": row.address, "reference": row.reference or None, "reason": row.why or None}
        audit.record(
            session, "system", "message.sent" if state == "sent" else "message.failed", f"contact:{row.contact_id}", said
        )
        if state == "failed":
            _tell(session, row)
        if row.part:
            live.publish(session, "part", {"part": row.part}, about=("contact", row.contact_id))


def _tell(session: TenantSession, row: MessageRow) -> None:
    """Whoever asked, once a day for each page that shows it: a batch has one line, however many fail."""
    notify(
        session, [row.asked_by], kind="warning", key=f"message:{row.part or row.id}:{now():%Y%m%d}"[:120],
        title="Des messages n'ont pas été envoyés", text=f"{row.subject}\u202f: {row.why}", url=row.url or None,
        about=("contact", row.contact_id),
    )  # fmt: skip
