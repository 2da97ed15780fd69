"""Reading an account's transactions: filtered, sorted, by page or whole (PF-05): those that the adviser may see."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from datetime import time
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import Select
from sqlalchemy import and_
from sqlalchemy import func
from sqlalchemy import select

from core.db.clock import PARIS
from core.db.paging import Page
from core.db.session import TenantSession
from core.hooks.types import Adviser
from core.hooks.types import TransactionRef
from core.transactions import machine
from core.transactions.access import visible_transactions
from core.transactions.models import MovementMatch
from core.transactions.models import Transaction
from core.transactions.services import ref

#: The value of a filter by status for those that nobody follows.
UNTRACKED = "aucun"
BATCH = 500


@dataclass(frozen=True, slots=True)
class TransactionFilter:
    """Which transactions, in what order; both days are included, as days in France.

    `matched`: with a movement of the account, or without.
    """

    nature: str | None = None
    status: str | None = None
    since: date | None = None
    until: date | None = None
    sort: str = "date"
    descending: bool = True
    matched: bool | None = None


def page(
    session: TenantSession, by: Adviser, account_id: str, wanted: TransactionFilter, *, number: int = 1, size: int = 50
) -> Page[TransactionRef]:
    """One page of an account's transactions: two queries."""
    total = count(session, by, account_id, wanted)
    number = max(1, min(number, -(-total // size) or 1))
    rows = session.scalars(_ordered(by, account_id, wanted).limit(size).offset((number - 1) * size))
    return Page(tuple(ref(row) for row in rows), total, number, size)


def before_id(
    session: TenantSession, by: Adviser, account_id: str | None, wanted: TransactionFilter, edge: str | None, *, size: int
) -> list[TransactionRef]:
    """Of one account or of all that the adviser sees, the last recorded first, from before one of them: pages that no
    change moves.
    """
    found = select(Transaction).where(_asked(by, account_id, wanted))
    if edge is not None:
        found = found.where(Transaction.id < edge)
    return [ref(row) for row in session.scalars(found.order_by(Transaction.id.desc()).limit(size))]


def count(session: TenantSession, by: Adviser, account_id: str, wanted: TransactionFilter) -> int:
    """How many there are."""
    return session.scalar(select(func.count(Transaction.id)).where(_asked(by, account_id, wanted))) or 0


def every(session: TenantSession, by: Adviser, account_id: str, wanted: TransactionFilter) -> Iterator[TransactionRef]:
    """All of them in order, read some at a time."""
    for row in session.scalars(_ordered(by, account_id, wanted).execution_options(yield_per=BATCH)):
        yield ref(row)


def natures(session: TenantSession, by: Adviser, account_id: str) -> tuple[tuple[str, str], ...]:
    """The natures that the account's transactions have, with their labels: the choices of a filter."""
    used = set(session.scalars(select(Transaction.nature).distinct().where(_mine(by, account_id))))
    known = tuple((key, label) for key, label in machine.NATURES.items() if key in used)
    return known + tuple((key, key) for key in sorted(used - set(machine.NATURES)))


def statuses(session: TenantSession, by: Adviser, account_id: str) -> tuple[tuple[str, str], ...]:
    """The statuses that the account's transactions have, in the words of those who set them."""
    rows = session.execute(
        select(Transaction.status, func.min(Transaction.status_label)).where(_mine(by, account_id))
        .group_by(Transaction.status)
    ).all()  # fmt: skip
    known = [(status, machine.LABELS.get(status, label or status)) for status, label in rows if status]
    untracked = [(UNTRACKED, "Sans suivi")] if any(status is None for status, _label in rows) else []
    return (*sorted(known, key=lambda one: one[1]), *untracked)


def _ordered(by: Adviser, account_id: str, wanted: TransactionFilter) -> Select[Transaction]:
    keys: tuple[Any, ...] = (Transaction.created_at, Transaction.id)
    if wanted.sort == "type":
        keys = (Transaction.act_label, *keys)
    elif wanted.sort == "montant":
        keys = (Transaction.amount, *keys)
    first = [Transaction.amount.is_(None)] if wanted.sort == "montant" else []
    order = [key.desc() if wanted.descending else key.asc() for key in keys]
    return select(Transaction).where(_asked(by, account_id, wanted)).order_by(*first, *order)


def _asked(by: Adviser, account_id: str | None, wanted: TransactionFilter) -> ColumnElement[bool]:
    asked = [visible_transactions(by) if account_id is None else _mine(by, account_id)]
    if wanted.nature:
        asked.append(Transaction.nature == wanted.nature)
    if wanted.status:
        asked.append(Transaction.status.is_(None) if wanted.status == UNTRACKED else Transaction.status == wanted.status)
    if wanted.since:
        asked.append(Transaction.created_at >= _begins(wanted.since))
    if wanted.until and wanted.until < date.max:
        asked.append(Transaction.created_at < _begins(wanted.until + timedelta(days=1)))
    if wanted.matched is not None:
        found = select(MovementMatch.id).where(MovementMatch.transaction_id == Transaction.id, MovementMatch.state != "REFUSE")
        asked.append(found.exists() if wanted.matched else ~found.exists())
    return and_(*asked)


def _mine(by: Adviser, account_id: str) -> ColumnElement[bool]:
    return and_(Transaction.account_id == account_id, visible_transactions(by, each=True))


def _begins(day: date) -> datetime:
    # the first days of the calendar have no UTC instant in every zone
    return datetime.combine(max(day, date(1900, 1, 1)), time(), PARIS)
