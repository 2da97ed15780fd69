"""What a partner with programs of its own says of a transaction: once an event, by the machine's rules of order (BL-13, BL-14).

A plugin brings it back by a job (`core.api.transactions.report`). PLP partners have hooks and feeds instead (`core.links`).
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select

from core.db import current
from core.db.errors import DomainError
from core.db.session import TenantSession
from core.hooks import telling
from core.hooks.specs import Plugin
from core.hooks.types import Context
from core.links import feedback
from core.links.models import InboxEvent
from core.transactions import machine
from core.transactions import services
from core.transactions import snapshot
from core.transactions.models import Transaction
from core.transactions.models import TransactionEvent

Outcome = Literal["applied", "repeated", "stale", "contradicted", "unknown"]
_EVENT = re.compile(r"[\x21-\x7e]{1,64}")
_CODE = re.compile(r"[a-z0-9_.]{1,60}")
_REF = re.compile(r"[\x20-\x7e]{1,64}")


@dataclass(frozen=True, slots=True)
class Said:
    """One word of the partner's on a transaction. `seq`: its number among its words on this transaction, from 1 on."""

    seq: int
    status: str
    at: datetime
    source: str = "report"
    partner_ref: str | None = None
    reason_text: str | None = None
    corrects: int | None = None


def report(
    ctx: Context, reference: str, *, event_id: str, seq: int, status: str, at: datetime, reason: str = "",
    partner_ref: str | None = None, corrects: int | None = None,
) -> Outcome:  # fmt: skip
    """What the calling plugin's partner says of a transaction, in the transaction at hand: the job's.

    reference: `Intent.transaction_ref`. event_id: the event's own name, of which a second arrival changes nothing («repeated»).
    seq: what came before the last one applied is only noted («stale»). status: pending, validated, rejected, cancelled, or one
    that `Partner.statuses` declares. at: when it came to be so. reason: a word for the person. corrects: for the word that
    replaces a final one, the number of the word that it corrects.
    «contradicted»: it breaks the order and was not taken; the adviser and the administrators are told. «unknown»: no
    transaction of this partner has that reference. Raises `DomainError` for what cannot be a report.
    """
    session, plugin = current.session(), telling.hub().registry.plugins[ctx.plugin]
    _check(plugin, event_id, seq, status, partner_ref)
    known = select(InboxEvent.id).where(InboxEvent.plugin == ctx.plugin, InboxEvent.webhook_id == event_id)
    if session.scalar(known) is not None:
        return "repeated"
    wanted = select(Transaction.id).where(Transaction.reference == reference, Transaction.plugin == ctx.plugin)
    transaction_id = session.scalar(wanted)
    if transaction_id is None:
        return "unknown"  # not kept: it may be reported again once there is one
    said = Said(seq, status, at, partner_ref=partner_ref, reason_text=reason or None, corrects=corrects)
    outcome = take(session, plugin, transaction_id, said)
    body = json.dumps({"seq": seq, "status": status, "at": f"{at:%Y-%m-%dT%H:%M:%SZ}"}, separators=(",", ":")).encode()
    session.add(
        InboxEvent(
            plugin=ctx.plugin, webhook_id=event_id, body_sha256=hashlib.sha256(body).hexdigest(), body=body, outcome=outcome,
            transaction_ref=reference,
        )
    )  # fmt: skip
    session.flush()
    return outcome


def take(session: TenantSession, plugin: Plugin, transaction_id: str, said: Said) -> Outcome:
    """Judge and apply a word in the caller's transaction."""
    row = services.locked(session, transaction_id)
    label = labels(plugin).get(said.status, said.status)
    row.partner_ref = row.partner_ref or said.partner_ref
    change = services.Change(
        said.status, label, said.source, said.at, seq=said.seq, corrected=said.corrects is not None,
        reason_text=snapshot.shown(said.reason_text, 200) if said.reason_text else None, actor=f"partner:{plugin.name}",
    )  # fmt: skip
    event = machine.Event(said.seq, said.status, said.corrects is not None, said.corrects)
    verdict = machine.judge(row.status or "initiated", row.seq, event)
    if verdict.kind == "apply":
        row.partner_ref = said.partner_ref or row.partner_ref
        services.set_status(session, row, change)
        return "applied"
    if verdict.kind == "stale":
        services.note(session, row, change, applied=False)
        return "stale"
    if verdict.kind == "repeat" and _same(session, row, said):
        return "repeated"
    conflict = feedback.Conflict(
        row.id, row.reference, row.initiated_by, row.act_label, row.status_label or "", label, said.seq, ahead=False
    )
    feedback.alert(session, plugin.name, conflict)
    return "contradicted"


def labels(plugin: Plugin) -> dict[str, str]:
    """The statuses that this partner may say, with their French names."""
    own = dict(plugin.partner.statuses) if plugin.partner is not None else {}
    return {**{code: name for code, name in own.items() if code not in machine.LABELS}, **{
        code: machine.LABELS[code] for code in machine.PARTNER
    }}  # fmt: skip


def is_known(plugin: Plugin, status: str) -> bool:
    """Whether this partner may say it."""
    return status in labels(plugin)


def _check(plugin: Plugin, event_id: str, seq: int, status: str, partner_ref: str | None) -> None:
    if not _EVENT.fullmatch(event_id):
        raise DomainError("Le nom de l'événement n'est pas admis\u202f: 64 signes visibles au plus.")
    if not 1 <= seq <= snapshot.LAST_SEQ:
        raise DomainError("Le numéro d'ordre n'est pas admis\u202f: un nombre à partir de 1.")
    if not _CODE.fullmatch(status) or not is_known(plugin, status):
        raise DomainError(f"Le statut «{status}» n'est pas de ceux que le module déclare.")
    if partner_ref is not None and not _REF.fullmatch(partner_ref):
        raise DomainError("La référence du partenaire n'est pas admise\u202f: 64 signes au plus.")


def _same(session: TenantSession, row: Transaction, said: Said) -> bool:
    """Whether a word of this number and status was heard before."""
    found = select(TransactionEvent.status).where(TransactionEvent.transaction_id == row.id, TransactionEvent.seq == said.seq)
    return said.status in set(session.scalars(found))

