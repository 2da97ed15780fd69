"""Who holds a support: the accounts that the adviser may see, with quantity, value, weight and the day of each (OU-02)."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import Select
from sqlalchemy import Subquery
from sqlalchemy import and_
from sqlalchemy import case
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import true

from core.accounts.access import visible_accounts
from core.accounts.envelopes import ENDED_STATES
from core.accounts.envelopes import HOLDING_ROLES
from core.accounts.lists import refs
from core.accounts.models import Account
from core.accounts.models import AccountRole
from core.accounts.models import Position
from core.db.paging import Page
from core.db.session import TenantSession
from core.hooks.types import AccountRef
from core.hooks.types import Adviser

#: Sums are of this currency; positions in another are counted, never added up.
CURRENCY = "EUR"


@dataclass(frozen=True, slots=True)
class HolderLine:
    """An account's holding of the support on its last day known. `weight`: its share of the account that day."""

    account: AccountRef
    on: date
    quantity: Decimal | None
    value: Decimal
    currency: str
    weight: Decimal | None


@dataclass(frozen=True, slots=True)
class Held:
    """All that the adviser may see of it: a page of accounts, and their sum in euros. `apart`: left out of the sum."""

    page: Page[HolderLine]
    value: Decimal
    apart: int


@dataclass(frozen=True, slots=True)
class Holding:
    """What the accounts that the adviser may see hold of a support. `value` in euros; None where none is in euros."""

    accounts: int
    value: Decimal | None


def held_supports(adviser: Adviser, *, company_id: str | None = None, distributor_id: str | None = None) -> Select[str]:
    """The ids of the supports that open accounts hold on their last day, as a subquery; those of a company, of a distributor."""
    found = _positions(adviser, Position.support_id)
    if distributor_id:
        found = found.where(Account.distributor_id == distributor_id)
    return found.where(Account.company_id == company_id) if company_id else found


def holding(session: TenantSession, adviser: Adviser, support_ids: Sequence[str]) -> Mapping[str, Holding]:
    """How much is held of each of some supports, in one query; those that nobody holds are left out."""
    if not support_ids:
        return {}
    euros = case((Position.currency == CURRENCY, Position.value))
    rows = session.execute(
        _positions(
            adviser, Position.support_id, func.count(Position.account_id.distinct()).label("accounts"),
            func.sum(euros).label("value"),
        )
        .where(Position.support_id.in_(support_ids)).group_by(Position.support_id)
    )  # fmt: skip
    return {row.support_id: Holding(row.accounts, row.value) for row in rows}


def clients(session: TenantSession, adviser: Adviser, support_ids: Sequence[str]) -> Mapping[str, int]:
    """How many people and companies hold each of some supports through those accounts, in one query; each counts once."""
    if not support_ids:
        return {}
    rows = session.execute(
        _positions(adviser, Position.support_id, func.count(AccountRole.contact_id.distinct()).label("clients"))
        .join(AccountRole, AccountRole.account_id == Account.id)
        .where(Position.support_id.in_(support_ids), AccountRole.role.in_(HOLDING_ROLES)).group_by(Position.support_id)
    )  # fmt: skip
    return {row.support_id: row.clients for row in rows}


def holders(
    session: TenantSession, adviser: Adviser, support_id: str, *, number: int = 1, size: int = 50
) -> Held:
    """The open accounts whose last day holds the support, the largest first: five queries whatever the page."""
    mine = _held(adviser, support_id)
    sums = session.execute(
        select(mine.c.currency, func.count(mine.c.account_id), func.sum(mine.c.value)).group_by(mine.c.currency)
    ).all()
    total = sum(row[1] for row in sums)
    number = max(1, min(number, -(-total // size) or 1))
    rows = session.execute(
        select(mine).order_by(mine.c.value.desc(), mine.c.account_id).limit(size).offset((number - 1) * size)
    ).all()
    ids = [row.account_id for row in rows]
    wholes = _wholes(session, ids)
    known = {ref.id: ref for ref in refs(session, adviser, account_ids=ids)} if ids else {}
    lines = tuple(
        HolderLine(
            known[row.account_id], row.on, row.quantity, row.value, row.currency,
            _weight(row.value, wholes.get((row.account_id, row.currency))),
        )
        for row in rows
    )  # fmt: skip
    in_euros = {row[0]: row for row in sums}.get(CURRENCY)
    value = Decimal(in_euros[2]) if in_euros else Decimal(0)
    return Held(Page(lines, total, number, size), value, total - (in_euros[1] if in_euros else 0))


def _held(adviser: Adviser, support_id: str) -> Subquery:
    """One row an account: its pockets of the support added up, on its last day."""
    ever = select(Position.account_id).where(Position.support_id == support_id)
    return (
        _positions(
            adviser, Position.account_id, Position.on, Position.currency, func.sum(Position.quantity).label("quantity"),
            func.sum(Position.value).label("value"), of=Position.account_id.in_(ever),
        )
        .where(Position.support_id == support_id)
        .group_by(Position.account_id, Position.on, Position.currency)
        .subquery()
    )  # fmt: skip


def _positions(adviser: Adviser, *columns: Any, of: ColumnElement[bool] | None = None) -> Select[Any]:
    """What open accounts that the adviser may see hold on their last day; `of`: days of these accounts only are read."""
    days = _last_days(true() if of is None else of)
    return (
        select(*columns)
        .join(days, and_(days.c.account_id == Position.account_id, days.c.last == Position.on))
        .join(Account, Account.id == Position.account_id)
        .where(visible_accounts(adviser), Account.state.not_in(ENDED_STATES))
    )


def _wholes(session: TenantSession, ids: list[str]) -> dict[tuple[str, str], Decimal | None]:
    """What each account's last day holds in all; None where its lines are of several currencies."""
    if not ids:
        return {}
    days = _last_days(Position.account_id.in_(ids))
    rows = session.execute(
        select(
            Position.account_id, func.min(Position.currency), func.count(Position.currency.distinct()),
            func.sum(Position.value),
        )
        .join(days, and_(days.c.account_id == Position.account_id, days.c.last == Position.on))
        .where(Position.account_id.in_(ids)).group_by(Position.account_id)
    )  # fmt: skip
    return {(account_id, currency): whole if several == 1 else None for account_id, currency, several, whole in rows}


def _last_days(which: ColumnElement[bool]) -> Subquery:
    return (
        select(Position.account_id, func.max(Position.on).label("last")).where(which).group_by(Position.account_id)
        .subquery()
    )  # fmt: skip


def _weight(value: Decimal, whole: Decimal | None) -> Decimal | None:
    return value / whole if whole else None
