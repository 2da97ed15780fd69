"""What a file says of an account: of a new one, or what it changes of one that is there, so that it can be undone (AC-02)."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import asdict
from dataclasses import dataclass
from dataclasses import field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from core.accounts import holdings
from core.accounts import overrides
from core.accounts import services
from core.accounts.models import Account
from core.accounts.models import Position
from core.accounts.models import Valuation
from core.accounts.schemas import NewAccount
from core.accounts.schemas import NewPosition
from core.accounts.schemas import plain
from core.db.session import TenantSession
from core.hooks.types import Adviser

#: The account's own figures: what its newest day says.
HEAD = ("value", "value_on", "net_payments", "data_as_of", "freshness")
#: Fields that a file may change of an account that is there.
FIELDS = ("envelope", "title", "state", "opened_on", "product_id", "net_payments")


@dataclass(frozen=True, slots=True)
class Day:
    """What a file says of an account on a day. `positions`: all of that day; empty where it tells none."""

    on: date
    value: Decimal | None = None
    net_payments: Decimal | None = None
    positions: tuple[NewPosition, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be written of one account; nothing where all of it is empty."""

    fields: Mapping[str, Any] = field(default_factory=dict)
    day: Day | None = None

    def __bool__(self) -> bool:
        return bool(self.fields or self.day)


@dataclass(frozen=True, slots=True)
class Now:
    """What is known of an account: its fields, and of one day its value and its positions. `fed`: its partner tells them."""

    fields: Mapping[str, Any]
    fed: bool
    value: Decimal | None
    net_payments: Decimal | None
    positions: tuple[NewPosition, ...]
    #: What its feed or its file said of the fields that a person corrected.
    corrected: Mapping[str, Any] = field(default_factory=dict)
    archived: bool = False


def add(session: TenantSession, by: Adviser | str, data: NewAccount, day: Day | None, *, source: str) -> str:
    """Create an account with what it is worth and holds; its id. Raises as `services.create` and `put_positions` do."""
    account_id = services.create(session, by, data)
    if day is not None:
        _put(session, by, account_id, day, source)
    return account_id


def known(session: TenantSession, wanted: Mapping[str, date | None]) -> dict[str, Now]:
    """Account → what is there of it, and of this day. No right is checked: `bulk_match` did. Four queries."""
    if not wanted:
        return {}
    ids, days = list(wanted), {day for day in wanted.values() if day is not None}
    values = {
        (row.account_id, row.on): row
        for row in session.scalars(select(Valuation).where(Valuation.account_id.in_(ids), Valuation.on.in_(days)))
    }  # fmt: skip
    held: dict[tuple[str, date], list[NewPosition]] = {}
    for row in session.scalars(select(Position).where(Position.account_id.in_(ids), Position.on.in_(days))):
        held.setdefault((row.account_id, row.on), []).append(_position(row))
    found: dict[str, Now] = {}
    beside = overrides.fed(session, ids)
    for account in session.scalars(select(Account).where(Account.id.in_(ids))):
        day = wanted[account.id]
        value = values.get((account.id, day)) if day is not None else None
        found[account.id] = Now(
            {name: getattr(account, name) for name in FIELDS}, account.origin == "AGREGE",
            value.value if value is not None else None, value.net_payments if value is not None else None,
            tuple(held.get((account.id, day), ())) if day is not None else (), beside.get(account.id, {}),
            account.archived_at is not None,
        )  # fmt: skip
    return found


def apply(
    session: TenantSession, by: Adviser | str, account_id: str, change: Change, *, source: str
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Write a change by the services' own rules; what was there before and is now, as JSON, for `bulk_undo.put_back`.

    Raises `NotFound`, `DomainError`, `Forbidden`.
    """
    before = frozen(session, account_id, change)
    if change.fields:
        # what a person corrected stays: the file's word is noted beside it
        services.update(session, by, account_id, overrides.told(session, account_id, change.fields))
    if change.day is not None:
        _put(session, by, account_id, change.day, source)
    return before, frozen(session, account_id, change)


def frozen(session: TenantSession, account_id: str, change: Change) -> dict[str, Any]:
    """All that a change touches, as JSON: fields, the account's own figures, the day's value and positions."""
    row = session.scalars(select(Account).where(Account.id == account_id)).one()
    told: dict[str, Any] = {"fields": {name: coded(getattr(row, name)) for name in change.fields}}
    if beside := overrides.fed(session, [account_id]).get(account_id):
        told["fed"] = {name: coded(value) for name, value in beside.items() if name in change.fields}
    if change.day is not None:
        told |= {"on": change.day.on.isoformat(), "head": {name: coded(getattr(row, name)) for name in HEAD}}
        told["value"] = value_on(session, account_id, change.day.on)
        if change.day.positions:
            told["positions"] = positions_on(session, account_id, change.day.on)
    return told


def value_on(session: TenantSession, account_id: str, on: date) -> dict[str, Any] | None:
    """A day's valuation, as JSON."""
    row = session.scalar(select(Valuation).where(Valuation.account_id == account_id, Valuation.on == on))
    return None if row is None else {name: coded(getattr(row, name)) for name in ("value", "net_payments", "source")}


def positions_on(session: TenantSession, account_id: str, on: date) -> list[dict[str, Any]]:
    """A day's positions, as JSON."""
    asked = select(Position).where(Position.account_id == account_id, Position.on == on)
    rows = session.scalars(asked.order_by(Position.support_id, Position.pocket))
    return [plain(asdict(_position(row))) for row in rows]


def coded(value: Any) -> Any:
    """A value as JSON holds it."""
    return value.isoformat() if isinstance(value, date) else str(value) if isinstance(value, Decimal) else value


def _put(session: TenantSession, by: Adviser | str, account_id: str, day: Day, source: str) -> None:
    if day.positions:
        holdings.put_positions(session, by, account_id, day.on, day.positions, source)
    value = day.value if day.value is not None else _sum(day.positions)
    if value is not None and (not day.positions or day.net_payments is not None):
        holdings.put_valuation(session, by, account_id, day.on, value, source, day.net_payments)


def _sum(lines: Sequence[NewPosition]) -> Decimal | None:
    return sum((one.value for one in lines), Decimal(0)) if lines else None


def _position(row: Position) -> NewPosition:
    return NewPosition(
        row.support_id, row.value, row.quantity, row.price, row.price_on, row.cost, row.currency, row.pocket
    )  # fmt: skip
