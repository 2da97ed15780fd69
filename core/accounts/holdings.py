"""What an account holds, what moved, what it was worth; each written once, each figure with its day (domain.md §2.3).

Readers check the account's visibility first: `lists.get_ref`.
"""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from decimal import Decimal

from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import select

from core.accounts.access import visible_accounts
from core.accounts.changes import told
from core.accounts.models import Account
from core.accounts.models import Movement
from core.accounts.models import Position
from core.accounts.models import Valuation
from core.accounts.schemas import Holdings
from core.accounts.schemas import NewPosition
from core.accounts.schemas import PositionLine
from core.accounts.schemas import ValuationLine
from core.accounts.schemas import plain
from core.cabinets import audit
from core.cabinets import rights
from core.contacts.access import writer
from core.db.errors import DomainError
from core.db.errors import NotFound
from core.db.model import new_id
from core.db.paging import Page
from core.db.session import TenantSession
from core.hooks.types import Adviser
from core.supports.models import Support


def positions(session: TenantSession, account_id: str, on: date | None = None) -> Holdings:
    """The positions of the last day known, or of the last one up to `on`. Weights are of the account's currency."""
    last = select(func.max(Position.on)).where(Position.account_id == account_id)
    day = session.scalar(last if on is None else last.where(Position.on <= on))
    if day is None:
        return Holdings(None, (), None)
    rows = session.execute(
        select(
            Position.support_id, Support.label, Support.isin, Support.type, Support.sri, Position.pocket,
            Position.quantity, Position.price, Position.price_on, Position.value, Position.cost, Position.currency,
        )
        .join(Support, Support.id == Position.support_id)
        .where(Position.account_id == account_id, Position.on == day)
        .order_by(Position.value.desc(), Support.label)
    ).all()  # fmt: skip
    currencies = {row.currency for row in rows}
    total = sum((row.value for row in rows), Decimal(0)) if len(currencies) == 1 else None
    return Holdings(
        day,
        tuple(
            PositionLine(**row._mapping, weight=row.value / total if total else None)
            for row in rows
        ),
        total,
    )


def valuations(session: TenantSession, account_id: str, *, number: int = 1, size: int = 50) -> Page[ValuationLine]:
    """One page of valuations, the newest first."""
    mine = Valuation.account_id == account_id
    total = session.scalar(select(func.count(Valuation.id)).where(mine)) or 0
    number = max(1, min(number, -(-total // size) or 1))
    rows = session.execute(
        select(Valuation.on, Valuation.value, Valuation.net_payments, Valuation.source)
        .where(mine).order_by(Valuation.on.desc()).limit(size).offset((number - 1) * size)
    )  # fmt: skip
    return Page(tuple(ValuationLine(*row) for row in rows), total, number, size)


def valuations_before(session: TenantSession, account_id: str, edge: date | None, *, size: int) -> list[ValuationLine]:
    """The newest first, from before a day: pages that no change moves."""
    found = select(Valuation.on, Valuation.value, Valuation.net_payments, Valuation.source).where(
        Valuation.account_id == account_id
    )
    if edge is not None:
        found = found.where(Valuation.on < edge)
    return [ValuationLine(*row) for row in session.execute(found.order_by(Valuation.on.desc()).limit(size))]


def put_positions(
    session: TenantSession, by: Adviser | str, account_id: str, on: date, lines: Sequence[NewPosition], source: str, *,
    carried: Collection[str] = (),
) -> None:  # fmt: skip
    """Replace a day's positions, and the account's valuation of that day with their sum where it can be made.

    `carried`: supports whose lines are those of another day, as they were told then, rounding included.
    Raises `NotFound`, `DomainError` where a line's value is not quantity × price to a cent a line (domain.md §2.3).
    """
    actor = writer(by, "accounts.edit")
    account = _account(session, by, account_id)
    for line in lines:
        if line.support_id not in carried and line.quantity is not None and line.price is not None:
            gap = abs(line.quantity * line.price - line.value)
            if gap > Decimal("0.01"):
                raise DomainError("La valorisation d'une ligne n'est pas quantité × prix : vérifiez les trois.")
    session.execute(delete(Position).where(Position.account_id == account_id, Position.on == on))
    session.add_all(Position(account_id=account_id, on=on, **asdict(line)) for line in lines)
    session.flush()
    audit.record(
        session, actor, "account.positions", f"account:{account_id}",
        {"on": on.isoformat(), "source": source, "lines": [plain(asdict(line)) for line in lines]},
    )  # fmt: skip
    if lines and {line.currency for line in lines} == {account.currency}:
        put_valuation(session, by, account_id, on, sum((line.value for line in lines), Decimal(0)), source)


def add_movement(
    session: TenantSession, by: Adviser | str, account_id: str, *, on: date, kind: str, label: str, amount: Decimal,
    source: str, support_id: str | None = None, quantity: Decimal | None = None, currency: str = "EUR",
    movement_id: str | None = None,
) -> str:  # fmt: skip
    """Add a movement; its id, `movement_id` where that is given. Raises `NotFound`."""
    actor = writer(by, "accounts.edit")
    _account(session, by, account_id)
    row = Movement(
        id=movement_id or new_id(), account_id=account_id,
        on=on, kind=kind, label=label, amount=amount, source=source, support_id=support_id,
        quantity=quantity, currency=currency,
    )  # fmt: skip
    if movement_id:
        row.id = movement_id
    session.add(row)
    session.flush()
    payload = plain({"on": on, "kind": kind, "label": label, "amount": amount, "source": source})
    audit.record(session, actor, "account.movement", f"account:{account_id}", payload)
    return row.id


def put_valuation(
    session: TenantSession, by: Adviser | str, account_id: str, on: date, value: Decimal, source: str,
    net_payments: Decimal | None = None,
) -> None:  # fmt: skip
    """Say what an account was worth on a day; the newest day is the account's own value. Raises `NotFound`."""
    actor = writer(by, "accounts.edit")
    account = _account(session, by, account_id)
    row = session.scalar(select(Valuation).where(Valuation.account_id == account_id, Valuation.on == on))
    if row is None:
        row = Valuation(account_id=account_id, on=on, value=value, net_payments=net_payments, source=source)
        session.add(row)
    else:
        row.value, row.source = value, source
        row.net_payments = net_payments if net_payments is not None else row.net_payments
    newest = account.value_on is None or on >= account.value_on
    if newest:
        account.value, account.value_on, account.data_as_of, account.freshness = value, on, on, "A_JOUR"
        account.net_payments = net_payments if net_payments is not None else account.net_payments
    session.flush()
    payload = plain({"on": on, "value": value, "net_payments": net_payments, "source": source})
    audit.record(session, actor, "account.valued", f"account:{account_id}", payload)
    if newest:
        told(session, account_id)


def _account(session: TenantSession, by: Adviser | str, account_id: str) -> Account:
    wanted = select(Account).where(Account.id == account_id)
    row = session.scalar(wanted.where(visible_accounts(by, each=True)) if isinstance(by, Adviser) else wanted)
    if row is None:
        raise NotFound("Ce compte n'existe pas, ou n'est pas ouvert à votre profil.")
    rights.require(session, by, "account", account_id, "accounts.edit")
    return row
