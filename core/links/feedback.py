"""One snapshot of a transaction, by hook or by feed: judged once, applied once (PLP-085 to PLP-100)."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from decimal import Decimal
from typing import Any
from typing import Literal

from sqlalchemy import func
from sqlalchemy import select

from core.cabinets import audit
from core.db.clock import now
from core.db.session import TenantSession
from core.jobs import queue
from core.links.models import InboxEvent
from core.links.models import Launch
from core.links.models import Registration
from core.links.plp_json import same
from core.shell.notifications import notify
from core.shell.notifications import notify_administrators
from core.transactions import machine
from core.transactions import services
from core.transactions.models import Transaction
from core.transactions.models import TransactionEvent

Channel = Literal["hook", "feed", "aside"]
CHANGED, CORRECTED = "transaction.status_changed", "transaction.corrected"
RECONCILE = "link.reconcile"
ASIDE_MOST = 1000
ASIDE_KEPT = timedelta(days=30)
_MONEY = re.compile(r"^-?\d{1,15}(\.\d{1,4})?$")
_BUSINESS = re.compile(r"^[\x20-\x7e]{1,64}$")
_MOMENT = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")


class Malformed(ValueError):
    """A member is missing or of the wrong type (400)."""


class Invalid(ValueError):
    """A value is not allowed (422)."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a snapshot; `status` is the HTTP answer of a hook."""

    kind: Literal["applied", "duplicate", "stale", "conflict", "aside", "full"]
    status: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A checked `transaction.*` object."""

    type: str
    reference: str
    launch_id: str | None
    mandate: str | None
    seq: int
    corrects: int | None
    status: str
    label: str
    effective_at: datetime
    partner_ref: str | None
    reason_code: str | None
    reason_text: str | None
    amount: Decimal | None
    currency: str
    instructions: list[Any] | None
    data: dict[str, Any]


def read(item: dict[str, Any], declared: dict[str, str]) -> Snapshot:
    """Check a `transaction.*` object (PLP-085, PLP-086, PLP-092). Raises `Malformed` or `Invalid`."""
    data = item.get("data")
    if not isinstance(data, dict):
        raise Malformed("data")
    reference, seq, status = data.get("transaction_ref"), data.get("seq"), data.get("status")
    if not isinstance(reference, str) or not isinstance(seq, int) or isinstance(seq, bool) or not isinstance(status, str):
        raise Malformed("transaction_ref, seq, status")
    if not 1 <= seq <= 2**53 - 1:
        raise Invalid("seq")
    if status not in machine.PARTNER and status not in declared:
        raise Invalid("status")
    corrects = data.get("corrects")
    if item["type"] == CORRECTED and (not isinstance(corrects, int) or isinstance(corrects, bool)):
        raise Malformed("corrects")
    reason = data.get("reason")
    if reason is not None and not isinstance(reason, dict):
        raise Malformed("reason")
    amount, currency = _money(data.get("amount"))
    partner_ref = data.get("partner_ref")
    if partner_ref is not None and (not isinstance(partner_ref, str) or not _BUSINESS.fullmatch(partner_ref)):
        raise Invalid("partner_ref")
    instructions = data.get("instructions")
    if instructions is not None and not isinstance(instructions, list):
        raise Malformed("instructions")
    label = machine.LABELS.get(status) or declared.get(status) or status
    return Snapshot(
        type=item["type"], reference=reference, launch_id=data.get("launch_id"), mandate=data.get("mandate"), seq=seq,
        corrects=corrects if item["type"] == CORRECTED else None, status=status, label=label[:100],
        effective_at=_moment(data.get("effective_at")), partner_ref=partner_ref,
        reason_code=str(reason.get("code"))[:60] if reason and reason.get("code") else None,
        reason_text=str(reason.get("text"))[:200] if reason and reason.get("text") else None,
        amount=amount, currency=currency, instructions=instructions, data=data,
    )  # fmt: skip


def declared_statuses(session: TenantSession, plugin: str) -> dict[str, str]:
    """The partner's own further statuses, as its sheet declares them."""
    sheet = session.scalar(select(Registration.sheet).where(Registration.plugin == plugin)) or {}
    return {item["code"]: item["label"] for item in sheet.get("extra_statuses") or []}


def apply_snapshot(session: TenantSession, plugin: str, snapshot: Snapshot, *, channel: Channel) -> Outcome:
    """Judge and apply one snapshot in the caller's transaction."""
    row = session.scalar(
        select(Transaction).where(Transaction.reference == snapshot.reference, Transaction.plugin == plugin)
        .with_for_update().execution_options(populate_existing=True)
    )  # fmt: skip
    if row is None or not _one_triple(session, row, snapshot):
        return _aside(session, plugin)
    known = session.scalar(
        select(TransactionEvent.data).where(
            TransactionEvent.transaction_id == row.id, TransactionEvent.seq == snapshot.seq
        ).limit(1)
    )  # fmt: skip
    verdict = machine.judge(
        row.status or "", row.seq, snapshot.seq, same=known is not None and same(known, snapshot.data),
        corrects=snapshot.corrects,
    )  # fmt: skip
    if verdict.kind == "same":
        return Outcome("duplicate", 200)
    if verdict.kind == "refuse":
        return Outcome("conflict", 409)
    change = services.Change(
        snapshot.status, snapshot.label, channel, snapshot.effective_at, seq=snapshot.seq,
        corrected=snapshot.corrects is not None, reason_code=snapshot.reason_code, reason_text=snapshot.reason_text,
        data=snapshot.data, actor=f"partner:{plugin}",
    )  # fmt: skip
    if verdict.kind == "stale":
        if known is None:
            services.note(session, row, change, applied=False)
        return Outcome("stale", 200)
    _apply(session, plugin, row, snapshot, change, gap=verdict.gap and channel != "feed")
    return Outcome("applied", 204)


def _apply(
    session: TenantSession, plugin: str, row: Transaction, snapshot: Snapshot, change: services.Change, *, gap: bool
) -> None:
    if snapshot.partner_ref is not None:
        row.partner_ref = snapshot.partner_ref
    if snapshot.amount is not None:
        row.amount, row.currency = snapshot.amount, snapshot.currency
    if snapshot.instructions is not None:
        row.instructions = snapshot.instructions
    if snapshot.status in machine.FINAL:
        row.next_poll_at = None
    elif row.next_poll_at is None:
        row.next_poll_at = now() + services.FIRST_POLL
    row.gap = gap
    services.set_status(session, row, change)
    if gap:
        queue.enqueue(session, RECONCILE, {"plugin": plugin}, key=f"reconcile:{session.cabinet_id}:{plugin}")
    if change.corrected and row.initiated_by:
        notify(
            session, [row.initiated_by], kind="correction", key=f"corrected:{row.id}:{snapshot.seq}",
            title=f"Statut corrigé par le partenaire : {row.act_label}",
            text=f"Le partenaire a corrigé un statut définitif : la transaction est maintenant «{change.label}».",
        )  # fmt: skip


def conflict(session: TenantSession, plugin: str, snapshot: Snapshot) -> None:
    """Tell people that the partner contradicts itself (PLP-094, PLP-096); in a transaction of its own."""
    row = session.scalar(select(Transaction).where(Transaction.reference == snapshot.reference))
    digest = hashlib.sha256(json.dumps(snapshot.data, sort_keys=True).encode()).hexdigest()[:16]
    text = f"Le partenaire a envoyé «{snapshot.label}» pour une transaction que ce message contredit ; rien n'a changé."
    about = {"kind": "conflict", "key": f"conflict:{snapshot.reference}:{digest}", "title": "Statut contradictoire"}
    if row is not None and row.initiated_by:
        notify(session, [row.initiated_by], text=text, **about)
    notify_administrators(session, text=text, **about)
    subject = f"transaction:{row.id if row else snapshot.reference}"
    audit.record(session, f"partner:{plugin}", "transaction.conflict", subject, {"seq": snapshot.seq, "status": snapshot.status})


def rejudge(session: TenantSession, row: Transaction) -> None:
    """A transaction appeared: what was kept aside for it is judged (PLP-098)."""
    if row.plugin is None:
        return
    kept = session.scalars(
        select(InboxEvent)
        .where(InboxEvent.plugin == row.plugin, InboxEvent.outcome == "aside", InboxEvent.transaction_ref == row.reference)
        .order_by(InboxEvent.received_at, InboxEvent.id)
    ).all()
    for event in kept:
        snapshot = read(json.loads(event.body), declared_statuses(session, row.plugin))
        event.outcome = apply_snapshot(session, row.plugin, snapshot, channel="aside").kind


def _aside(session: TenantSession, plugin: str) -> Outcome:
    count = session.scalar(
        select(func.count()).select_from(InboxEvent).where(
            InboxEvent.plugin == plugin, InboxEvent.outcome == "aside", InboxEvent.received_at > now() - ASIDE_KEPT
        )
    )  # fmt: skip
    return Outcome("full", 429) if (count or 0) >= ASIDE_MOST else Outcome("aside", 202)


def _one_triple(session: TenantSession, row: Transaction, snapshot: Snapshot) -> bool:
    """PLP-093: transaction, launch and mandate belong together."""
    found = session.scalar(
        select(Launch.id).where(
            Launch.transaction_id == row.id, Launch.launch_id == snapshot.launch_id, Launch.mandate == snapshot.mandate
        )
    )
    return found is not None


def _money(value: Any) -> tuple[Decimal | None, str]:
    if value is None:
        return None, "EUR"
    if not isinstance(value, dict):
        raise Malformed("amount")
    text, currency = value.get("value"), value.get("currency")
    if not isinstance(text, str) or not _MONEY.fullmatch(text):
        raise Invalid("amount.value")
    if not isinstance(currency, str) or not re.fullmatch(r"[A-Z]{3}", currency):
        raise Invalid("amount.currency")
    return Decimal(text), currency


def _moment(value: Any) -> datetime:
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        raise Malformed("effective_at")
    try:
        return datetime.fromisoformat(value.replace("Z", "+00:00"))
    except ValueError as error:
        raise Invalid("effective_at") from error


services.on_appearance(rejudge)
