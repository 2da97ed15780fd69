"""What an account's figures of a day say, kept as JSON so that what was written over them can be taken back (PF-04).

Callers have checked the account's right to be written.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import select

from core.accounts.changes import told
from core.accounts.models import Account
from core.accounts.models import Position
from core.accounts.models import Valuation
from core.accounts.values_by_hand import newest
from core.cabinets import audit
from core.db.session import TenantSession

_LINE = ("support_id", "pocket", "quantity", "price", "price_on", "value", "cost", "currency")
_DAYS = ("price_on",)
_DECIMALS = ("quantity", "price", "value", "cost", "net_payments")


def kept(session: TenantSession, account_id: str, on: date) -> dict[str, Any]:
    """The lines and the value of a day, and the payments of the account; equal as long as nobody writes over them."""
    lines = session.execute(
        select(*(getattr(Position, name) for name in _LINE))
        .where(Position.account_id == account_id, Position.on == on).order_by(Position.support_id, Position.pocket)
    ).mappings()  # fmt: skip
    value = session.execute(
        select(Valuation.value, Valuation.net_payments, Valuation.source)
        .where(Valuation.account_id == account_id, Valuation.on == on)
    ).mappings().first()  # fmt: skip
    paid = session.execute(select(Account.net_payments).where(Account.id == account_id)).scalar_one()
    return {
        "lines": [_plain(one) for one in lines], "value": _plain(value) if value else None,
        "net_payments": None if paid is None else str(paid),
    }  # fmt: skip


def later(session: TenantSession, account_id: str, on: date) -> date | None:
    """The last day after this one of which something is known: what is written of this day is then history alone."""
    days = [
        session.scalar(select(func.max(model.on)).where(model.account_id == account_id, model.on > on))
        for model in (Position, Valuation)
    ]
    return max((day for day in days if day is not None), default=None)


def put_back(session: TenantSession, actor: str, account: Account, on: date, was: Mapping[str, Any]) -> None:
    """Make the day say again what `kept` had told of it."""
    session.execute(delete(Position).where(Position.account_id == account.id, Position.on == on))
    session.add_all(Position(account_id=account.id, on=on, **_read(one)) for one in was["lines"])
    session.execute(delete(Valuation).where(Valuation.account_id == account.id, Valuation.on == on))
    if was["value"]:
        session.add(Valuation(account_id=account.id, on=on, **_read(was["value"])))
    session.flush()
    newest(session, account)
    account.net_payments = None if was["net_payments"] is None else Decimal(was["net_payments"])
    session.flush()
    audit.record(session, actor, "account.day_back", f"account:{account.id}", {"on": on.isoformat(), "lines": len(was["lines"])})
    told(session, account.id)


def _plain(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, date) else str(value) if isinstance(value, Decimal) else value
        for name, value in row.items()
    }


def _read(one: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _typed(name, value) for name, value in one.items()}


def _typed(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in _DAYS:
        return date.fromisoformat(value)
    return Decimal(value) if name in _DECIMALS else value
