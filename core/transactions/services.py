"""Transactions: creation, reading, and the one way in which a status changes."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import true

from core.cabinets import audit
from core.db.clock import now
from core.db.errors import DomainError
from core.db.errors import NotFound
from core.db.model import new_id
from core.db.session import TenantSession
from core.hooks import events
from core.hooks.happenings import TransactionStatusChanged
from core.hooks.types import Adviser
from core.hooks.types import TransactionRef
from core.live import events as live
from core.transactions import machine
from core.transactions import schedule
from core.transactions.access import KIND
from core.transactions.access import visible_transactions
from core.transactions.models import Transaction
from core.transactions.models import TransactionEvent

#: What plugins get of this module (`core.api.transactions`): no plugin sets a status.
__all__ = [
    "HistoryLine",
    "create",
    "for_account",
    "get",
    "history",
    "in_progress",
    "initiated_by",
    "ref",
]

_ACT = re.compile(r"[a-z0-9_.]{1,60}")
#: Told when a transaction appears, so that what was kept aside for it is judged again (PLP-098).
_appeared: list[Callable[[TenantSession, Transaction], None]] = []


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One line of a transaction's history, as pages show it. `applied`: False for what came too late to count."""

    status: str
    label: str
    source: str
    effective_at: datetime
    received_at: datetime
    applied: bool
    corrected: bool
    reason_text: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """A status to be set, and where it comes from: launch, token, clock; hook, feed (then with its number)."""

    status: str
    label: str
    source: str
    effective_at: datetime
    seq: int | None = None
    corrected: bool = False
    reason_code: str | None = None
    reason_text: str | None = None
    data: dict[str, Any] | None = None
    actor: str = "system"


def on_appearance(listener: Callable[[TenantSession, Transaction], None]) -> None:
    """Be told of each new transaction of a partner link, in the database transaction that creates it."""
    if listener not in _appeared:
        _appeared.append(listener)


def create(
    session: TenantSession, *, account_id: str, plugin: str | None, origin: str, act: str, act_label: str,
    nature: str | None = None, initiated_by: str | None = None, amount: Decimal | None = None, currency: str = "EUR",
    began: datetime | None = None, transaction_id: str | None = None,
) -> TransactionRef:  # fmt: skip
    """A new transaction: `initiated` through a partner link, without any status otherwise (BL-13; `typed` gives its own one).

    `amount` in `currency`; `began`: when an imported one was made, now by default; `transaction_id`: a form's key. The caller
    checks the right on the account. Raises `DomainError` for an unknown origin or act code, or an origin that does not fit
    `plugin`.
    """
    if origin not in machine.ORIGINS or (origin == "PARTENAIRE") != (plugin is not None):
        raise DomainError("L'origine de la transaction n'est pas reconnue\u202f: reprenez la saisie depuis le compte.")
    if not _ACT.fullmatch(act) or not act_label.strip():
        raise DomainError("Le type de transaction n'est pas reconnu\u202f: choisissez-le dans la liste.")
    row = Transaction(
        id=transaction_id or new_id(), account_id=account_id, reference=f"txn_{secrets.token_urlsafe(16)}", plugin=plugin,
        origin=origin,
        act=act, act_label=act_label.strip()[:100], nature=machine.nature_of(act, nature), initiated_by=initiated_by,
        amount=amount, currency=currency, created_at=began or now(), seq=0, gap=False,
    )  # fmt: skip
    session.add(row)
    session.flush()
    actor = initiated_by or "system"
    audit.record(session, actor, "transaction.created", f"transaction:{row.id}", {"act": act, "origin": origin})
    if plugin is None:
        tell_pages(session, row)
        return ref(row)
    set_status(session, row, Change("initiated", machine.LABELS["initiated"], "launch", now(), actor=actor))
    for listener in _appeared:
        listener(session, row)
    return ref(row)


def apply_local(session: TenantSession, transaction_id: str, status: str, *, source: str) -> bool:
    """One of our own statuses: `opened` at the token, `abandoned` and `unknown` by the clock.

    Nothing where the state does not allow it (any more): the partner's word came before. True if it changed.
    Raises `NotFound`.
    """
    row = locked(session, transaction_id)
    if row.status is None or not machine.may_move(row.status, status):
        return False
    set_status(session, row, Change(status, machine.LABELS[status], source, now()))
    return True


def set_status(session: TenantSession, row: Transaction, change: Change) -> None:
    """Move a transaction: row, history, journal, open pages, plugins; all in the caller's transaction.

    The caller has judged that it may, and holds the row.
    """
    before = row.status
    row.status, row.status_label, row.status_at = change.status, change.label, change.effective_at
    row.reason_code, row.reason_text = change.reason_code, change.reason_text
    if change.seq is not None:
        row.seq = change.seq
    heard = now() if change.seq is not None else row.created_at
    row.next_poll_at = schedule.next_look(change.status, row.created_at, heard, now())
    note(session, row, change, applied=True)
    payload = {"before": before, "after": change.status, "source": change.source, "seq": change.seq}
    audit.record(session, change.actor, "transaction.status", f"transaction:{row.id}", payload)
    tell_pages(session, row)
    if before != change.status:
        moved = TransactionStatusChanged(
            row.id, row.reference, row.account_id, before, change.status, change.label
        )
        events.publish(session, moved)


def note(session: TenantSession, row: Transaction, change: Change, *, applied: bool) -> None:
    """A line of history; `applied` is False for what was only stored (stale, PLP-095)."""
    session.add(
        TransactionEvent(
            transaction_id=row.id, seq=change.seq, status=change.status, status_label=change.label,
            source=change.source, applied=applied, corrected=change.corrected, effective_at=change.effective_at,
            received_at=now(), reason_code=change.reason_code, reason_text=change.reason_text, data=change.data,
        )
    )  # fmt: skip
    session.flush()


def get(session: TenantSession, by: Adviser | str, transaction_id: str) -> TransactionRef:
    """One transaction. `by`: an adviser, or a trusted name («system»). Raises `NotFound`, also for what he may not see."""
    row = session.scalar(select(Transaction).where(Transaction.id == transaction_id, _seen(by)))
    if row is None:
        raise NotFound("Cette transaction n'existe pas, ou n'est pas ouverte à votre profil.")
    return ref(row)


def initiated_by(session: TenantSession, transaction_id: str) -> str | None:
    """The user who initiated it here; None for what was imported, or does not exist."""
    return session.scalar(select(Transaction.initiated_by).where(Transaction.id == transaction_id))


def for_account(
    session: TenantSession, by: Adviser | str, account_id: str, *, status: str | None = None, limit: int = 200
) -> Sequence[TransactionRef]:
    """An account's transactions that `by` may see, newest first."""
    found = select(Transaction).where(Transaction.account_id == account_id, _seen(by))
    if status is not None:
        found = found.where(Transaction.status == status)
    rows = session.scalars(found.order_by(Transaction.created_at.desc(), Transaction.id.desc()).limit(limit))
    return [ref(row) for row in rows]


def in_progress(session: TenantSession, by: Adviser | str, account_ids: Sequence[str]) -> dict[str, int]:
    """How many transactions the partner is processing, by account, in one query; accounts without any are left out."""
    if not account_ids:
        return {}
    ours = (*machine.LOCAL, *machine.FINAL)
    rows = session.execute(
        select(Transaction.account_id, func.count())
        .where(
            Transaction.account_id.in_(account_ids), Transaction.plugin.is_not(None), Transaction.status.not_in(ours),
            _seen(by),
        )
        .group_by(Transaction.account_id)
    )
    return dict(rows.all())


#: At their end, or given up by our own clock: nobody waits for more.
_AT_REST = (*machine.FINAL, "abandoned", "unknown", "executed_here")


def is_under_way(status: str | None) -> bool:
    """Whether something is still to come of a transaction of this status."""
    return status is not None and status not in _AT_REST


def under_way(session: TenantSession, by: Adviser | str, account_id: str) -> dict[str, int]:
    """How many of an account's transactions are under way, by the plugin of their partner link."""
    rows = session.execute(
        select(Transaction.plugin, func.count())
        .where(
            Transaction.account_id == account_id, Transaction.plugin.is_not(None), Transaction.status.not_in(_AT_REST), _seen(by)
        )
        .group_by(Transaction.plugin)
    )
    return {name: count for name, count in rows if name is not None}


def followed(session: TenantSession, plugin: str) -> int:
    """How many transactions of the cabinet a partner is processing: what stops being followed when its link is turned off."""
    open_there = Transaction.status.not_in((*machine.LOCAL, *machine.FINAL))
    return session.scalar(select(func.count()).select_from(Transaction).where(Transaction.plugin == plugin, open_there)) or 0


def history(session: TenantSession, by: Adviser | str, transaction_id: str) -> Sequence[HistoryLine]:
    """All that was said of a transaction, in the order in which it was heard; nothing of one that `by` may not see."""
    rows = session.scalars(
        select(TransactionEvent)
        .where(TransactionEvent.transaction_id.in_(select(Transaction.id).where(Transaction.id == transaction_id, _seen(by))))
        .order_by(TransactionEvent.received_at, TransactionEvent.id)
    )
    return [
        HistoryLine(
            row.status, row.status_label, row.source, row.effective_at, row.received_at, row.applied, row.corrected,
            row.reason_text,
        )
        for row in rows
    ]  # fmt: skip


def last_heard(session: TenantSession, row: Transaction) -> datetime:
    """When the partner's last word that counted came in; the transaction's beginning before any."""
    heard = session.scalar(
        select(func.max(TransactionEvent.received_at)).where(
            TransactionEvent.transaction_id == row.id, TransactionEvent.seq.is_not(None), TransactionEvent.applied
        )
    )
    return heard or row.created_at


def ref(row: Transaction) -> TransactionRef:
    """The row as plugins and pages see it."""
    return TransactionRef(
        id=row.id, reference=row.reference, account_id=row.account_id, plugin=row.plugin, origin=row.origin,
        act=row.act, act_label=row.act_label, nature=row.nature, status=row.status, status_label=row.status_label,
        status_at=row.status_at, reason_text=row.reason_text, partner_ref=row.partner_ref, amount=row.amount,
        currency=row.currency, created_at=row.created_at,
    )  # fmt: skip


def locked(session: TenantSession, transaction_id: str) -> Transaction:
    """The row, held until the end of the caller's transaction: one at a time (PLP-094). Raises `NotFound`."""
    found = select(Transaction).where(Transaction.id == transaction_id).with_for_update()
    row = session.scalar(found.execution_options(populate_existing=True))
    if row is None:
        raise NotFound("Cette transaction n'existe pas.")
    return row


def _seen(by: Adviser | str) -> ColumnElement[bool]:
    return true() if isinstance(by, str) else visible_transactions(by, each=True)


def tell_pages(session: TenantSession, row: Transaction) -> None:
    """Open pages that show the transaction learn that it changed."""
    said = {"transaction_id": row.id, "account_id": row.account_id}
    live.publish(session, "transaction", said, about=(KIND, row.id))
