"""One snapshot of a transaction, by hook or by feed: judged once, applied once (PLP-085 to PLP-100)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from typing import Literal

from sqlalchemy import func
from sqlalchemy import select

from core.cabinets import audit
from core.cabinets.services import administrators
from core.db.clock import now
from core.db.session import TenantSession
from core.jobs import queue
from core.links.models import InboxEvent
from core.links.models import Launch
from core.links.models import Registration
from core.links.plp_json import parse
from core.links.plp_json import same
from core.shell.notifications import notify
from core.transactions import machine
from core.transactions import services
from core.transactions import snapshot as wire
from core.transactions.models import Transaction
from core.transactions.models import TransactionEvent
from core.transactions.snapshot import Snapshot

Channel = Literal["hook", "feed"]
#: Jobs: read the feed soon (PLP-097); judge what was kept aside for a transaction that appeared (PLP-098).
RECONCILE = "link.reconcile"
REJUDGE = "link.rejudge"
#: PLP-093: events kept aside, per endpoint.
ASIDE_MOST = 1000
ASIDE_KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a snapshot that was taken; `status` is the answer to a hook. Members are `InboxEvent`'s words."""

    kind: Literal["applied", "duplicate", "stale", "aside"]
    status: int
    reference: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """The partner contradicts itself (PLP-094, PLP-096): what to tell people. `ahead`: numbers are missing before it."""

    transaction_id: str
    reference: str
    initiated_by: str | None
    act_label: str
    ours: str
    label: str
    seq: int
    ahead: bool


class Refused(Exception):
    """A snapshot that is not taken: nothing of it was written (PLP-098). `status` and `slug` are the hook's answer."""

    def __init__(self, status: int, slug: str, text: str, conflict: Conflict | None = None) -> None:
        super().__init__(text)
        self.status = status
        self.slug = slug
        self.text = text
        self.conflict = conflict


def declared_statuses(session: TenantSession, plugin: str) -> dict[str, str]:
    """The partner's own further statuses, code → label, as its sheet declares them (PLP-009, PLP-086)."""
    sheet = session.scalar(select(Registration.sheet).where(Registration.plugin == plugin)) or {}
    return {
        str(item["code"]): str(item.get("label") or item["code"])
        for item in sheet.get("extra_statuses") or ()
        if item["code"] not in machine.LABELS
    }


def apply_snapshot(
    session: TenantSession, plugin: str, item: Mapping[str, Any], *, channel: Channel,
    declared: Mapping[str, str] | None = None,
) -> Outcome:  # fmt: skip
    """Check, judge and apply a `transaction.*` object in the caller's transaction (PLP-092 to PLP-100).

    `declared`: the sheet's statuses where the caller has read them. Raises `Refused`, before anything was written.
    """
    snapshot = _read(item, declared_statuses(session, plugin) if declared is None else declared)
    row = _held(session, plugin, snapshot)
    if row is None:
        return _aside(session, plugin, snapshot)
    event = machine.Event(snapshot.seq, snapshot.status, snapshot.corrected, snapshot.corrects)
    verdict = machine.judge(row.status or "initiated", row.seq, event)
    if verdict.kind == "repeat" and _is_known(session, row, snapshot):
        return Outcome("duplicate", 200, snapshot.reference)
    if verdict.kind in ("repeat", "refuse"):
        raise _contradiction(row, snapshot)
    change = services.Change(
        snapshot.status, snapshot.label, channel, snapshot.effective_at, seq=snapshot.seq,
        corrected=snapshot.corrected, reason_code=snapshot.reason_code, reason_text=snapshot.reason_text,
        data=snapshot.data, actor=f"partner:{plugin}",
    )  # fmt: skip
    if verdict.kind == "stale":
        if not _is_known(session, row, snapshot):
            services.note(session, row, change, applied=False)
            _settle_gap(session, row)
        return Outcome("stale", 200, snapshot.reference)
    _apply(session, plugin, row, snapshot, change)
    if verdict.gap and channel == "hook":
        row.gap = True
        reconcile_soon(session, plugin)
    return Outcome("applied", 204, snapshot.reference)


def alert(session: TenantSession, plugin: str, conflict: Conflict) -> None:
    """Tell the adviser and the administrators that the partner contradicts itself; each contradiction once.

    For a hook in a transaction of its own, after the refused one. Where numbers are missing before it, the feed
    may explain it (a correction that was lost): it is read soon.
    """
    people = [*([conflict.initiated_by] if conflict.initiated_by else ()), *administrators(session)]
    notify(
        session, people, kind="danger", key=f"conflict:{conflict.reference}:{conflict.seq}:{conflict.label}"[:160],
        title=f"{conflict.act_label}\u202f: message contradictoire du partenaire",
        text=f"Le partenaire annonce «{conflict.label}» (message n° {conflict.seq}) alors que la transaction est "
        f"«{conflict.ours}». Ce message n'a pas été pris en compte\u202f; vérifiez le statut dans l'extranet.",
        about=("transaction", conflict.transaction_id),
    )  # fmt: skip
    subject = f"transaction:{conflict.transaction_id}"
    payload = {"seq": conflict.seq, "said": conflict.label, "ours": conflict.ours}
    audit.record(session, f"partner:{plugin}", "transaction.conflict", subject, payload)
    if conflict.ahead:
        reconcile_soon(session, plugin)


def reconcile_soon(session: TenantSession, plugin: str) -> None:
    """Have the feed read as soon as a worker is free."""
    name = f"{RECONCILE}:{session.require_cabinet()}:{plugin}"
    queue.enqueue(session, RECONCILE, {"plugin": plugin}, key=name, lock=f"link.poll:{session.cabinet_id}:{plugin}")


def rejudge(session: TenantSession, plugin: str, reference: str) -> int:
    """Judge again what was kept aside for a transaction (PLP-098), oldest first; how many were applied."""
    kept = session.scalars(
        select(InboxEvent)
        .where(InboxEvent.plugin == plugin, InboxEvent.outcome == "aside", InboxEvent.transaction_ref == reference)
        .order_by(InboxEvent.received_at, InboxEvent.id)
    ).all()
    for event in kept:
        event.outcome = "judging"  # not counted among those kept aside while it is judged
        try:
            event.outcome = apply_snapshot(session, plugin, parse(event.body), channel="hook").kind
        except Refused as refusal:
            event.outcome = "refused"
            if refusal.conflict is not None:
                alert(session, plugin, refusal.conflict)
    return sum(event.outcome == "applied" for event in kept)


@queue.handler(REJUDGE)
def judge_again(session: TenantSession, payload: dict[str, Any]) -> None:
    """A transaction appeared for which something had been kept aside."""
    rejudge(session, payload["plugin"], payload["reference"])


def _appeared(session: TenantSession, row: Transaction) -> None:
    # After the commit: the launch that makes the triple of PLP-093 is written after its transaction.
    found = select(InboxEvent.id).where(
        InboxEvent.plugin == row.plugin, InboxEvent.outcome == "aside", InboxEvent.transaction_ref == row.reference
    )
    if session.scalar(found.limit(1)) is not None:
        queue.enqueue(session, REJUDGE, {"plugin": row.plugin, "reference": row.reference})


def _read(item: Mapping[str, Any], declared: Mapping[str, str]) -> Snapshot:
    try:
        return wire.read(item, declared)
    except wire.Malformed as error:
        raise Refused(400, "malformed-request", f"Membre absent ou d'un autre type\u202f: {error}.") from error
    except wire.Invalid as error:
        raise Refused(422, "validation", f"Valeur non admise\u202f: {error}.") from error


def _held(session: TenantSession, plugin: str, snapshot: Snapshot) -> Transaction | None:
    """The transaction, locked, if reference, launch and mandate are one triple of this partner's (PLP-093)."""
    return session.scalar(
        select(Transaction)
        .join(Launch, (Launch.cabinet_id == Transaction.cabinet_id) & (Launch.transaction_id == Transaction.id))
        .where(
            Transaction.reference == snapshot.reference, Transaction.plugin == plugin,
            Launch.launch_id == snapshot.launch_id, Launch.mandate == snapshot.mandate,
        )
        .with_for_update(of=Transaction)
        .execution_options(populate_existing=True)
    )  # fmt: skip


def _is_known(session: TenantSession, row: Transaction, snapshot: Snapshot) -> bool:
    """Whether a snapshot of this number and content was kept before (PLP-099)."""
    kept = session.scalars(
        select(TransactionEvent.data).where(
            TransactionEvent.transaction_id == row.id, TransactionEvent.seq == snapshot.seq
        )
    )
    return any(data is not None and same(data, snapshot.data) for data in kept)


def _contradiction(row: Transaction, snapshot: Snapshot) -> Refused:
    conflict = Conflict(
        row.id, row.reference, row.initiated_by, row.act_label, row.status_label or "", snapshot.label, snapshot.seq,
        ahead=snapshot.seq > row.seq + 1,
    )  # fmt: skip
    return Refused(409, "sequence-conflict", "Ce message contredit ceux déjà reçus pour cette transaction.", conflict)


def _apply(
    session: TenantSession, plugin: str, row: Transaction, snapshot: Snapshot, change: services.Change
) -> None:
    before = row.status_label
    row.partner_ref = snapshot.partner_ref or row.partner_ref
    row.amount, row.currency = snapshot.amount, snapshot.currency or row.currency
    row.instructions = snapshot.instructions
    services.set_status(session, row, change)
    _settle_gap(session, row)
    if snapshot.corrected and row.initiated_by:
        notify(
            session, [row.initiated_by], kind="warning", key=f"corrected:{row.id}:{snapshot.seq}",
            title=f"{row.act_label}\u202f: statut corrigé par le partenaire",
            text=f"Le partenaire a corrigé son statut «{before}»\u202f: la transaction est maintenant «{change.label}».",
            about=("transaction", row.id),
        )  # fmt: skip


def _settle_gap(session: TenantSession, row: Transaction) -> None:
    """Take the flag away once every number up to the last one is here."""
    if not row.gap:
        return
    numbers = select(func.count(TransactionEvent.seq.distinct())).where(TransactionEvent.transaction_id == row.id)
    row.gap = (session.scalar(numbers.where(TransactionEvent.seq <= row.seq)) or 0) < row.seq


def _aside(session: TenantSession, plugin: str, snapshot: Snapshot) -> Outcome:
    """One answer for what is unknown and what is another's (PLP-093)."""
    kept = session.scalar(
        select(func.count()).select_from(InboxEvent).where(
            InboxEvent.plugin == plugin, InboxEvent.outcome == "aside", InboxEvent.received_at > now() - ASIDE_KEPT
        )
    )  # fmt: skip
    if (kept or 0) >= ASIDE_MOST:
        raise Refused(429, "rate-limited", "Trop de messages attendent leur transaction.")
    return Outcome("aside", 202, snapshot.reference)


services.on_appearance(_appeared)
