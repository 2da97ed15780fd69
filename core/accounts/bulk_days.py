"""What a feed says of many accounts, of each one day: read and written in a few statements for all of them (AGG-01).

By the same rules, and into the same journal, as `bulk_update.apply` one by one; what is out of the ordinary is left to it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from operator import itemgetter
from typing import Any

from sqlalchemy import delete
from sqlalchemy import select

from core.accounts.access import visible_accounts
from core.accounts.bulk_update import HEAD
from core.accounts.bulk_update import Day
from core.accounts.bulk_update import coded
from core.accounts.changes import told
from core.accounts.models import Account
from core.accounts.models import Position
from core.accounts.models import Valuation
from core.accounts.schemas import NewPosition
from core.accounts.schemas import plain
from core.cabinets import audit
from core.contacts.access import writer
from core.db.session import TenantSession
from core.hooks.types import Adviser

_CENT, _MONEY = Decimal("0.01"), Decimal("0.0001")
_PLACES = {"value": _MONEY, "quantity": Decimal("0.00000001"), "price": _MONEY, "cost": _MONEY}
_LINE = ("support_id", "value", "quantity", "price", "price_on", "cost", "currency", "pocket")
_NAMES = ("account_id", "on", *_LINE)
#: An account and a day.
Dated = tuple[str, date]
Lines = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an account's day. `lines`: value and units of each, sorted."""

    value: Decimal | None
    lines: tuple[tuple[Decimal, Decimal], ...]


def known(session: TenantSession, wanted: Collection[Dated]) -> dict[Dated, Known]:
    """What is there of these days; those of which nothing is known are left out. No right is checked. Two queries."""
    ids, days = {account for account, _day in wanted}, {day for _account, day in wanted}
    if not ids:
        return {}
    values = {
        (row.account_id, row.on): row.value
        for row in session.execute(
            select(Valuation.account_id, Valuation.on, Valuation.value)
            .where(Valuation.account_id.in_(ids), Valuation.on.in_(days))
        )
    }  # fmt: skip
    held = defaultdict[Dated, list[tuple[Decimal, Decimal]]](list)
    for account, day, value, quantity in session.execute(
        select(Position.account_id, Position.on, Position.value, Position.quantity)
        .where(Position.account_id.in_(ids), Position.on.in_(days))
    ):  # fmt: skip
        held[account, day].append((value, quantity or Decimal(0)))
    return {one: Known(values.get(one), tuple(sorted(held.get(one, ())))) for one in {*values, *held}}


def put(
    session: TenantSession, by: Adviser | str, wanted: Mapping[str, Day], source: str
) -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """Write a day of each account; what was there before and is now, for `bulk_undo.put_back`.

    Left out, for `bulk_update.apply` to write or to refuse: an account that `by` may not write, lines of another currency,
    two of one support, one that is not quantity × price, and a day with payments.
    """
    actor = writer(by, "accounts.edit")
    seen = [visible_accounts(by, "accounts.edit", each=True)] if isinstance(by, Adviser) else []
    rows = {row.id: row for row in session.scalars(select(Account).where(Account.id.in_(wanted), *seen))}
    days = {key: day for key, day in wanted.items() if key in rows and _plain(rows[key], day)}
    if not days:
        return {}
    values, held = _values(session, days), _held(session, days)
    before = {key: _frozen(rows[key], day, values.get(key), held.get(key, [])) for key, day in days.items()}
    _replace(session, days, held)
    lines = {key: [_said(one) for one in day.positions] for key, day in days.items()}
    links, newest = list[tuple[str, str, dict[str, Any]]](), list[str]()
    for key, day in days.items():
        row, worth = rows[key], _worth(day)
        if day.positions:
            said = {"on": day.on.isoformat(), "source": source, "lines": lines[key]}
            links.append(("account.positions", f"account:{key}", said))
        links.append(("account.valued", f"account:{key}", plain({"on": day.on, "value": worth, "source": source})))
        if key in values:
            values[key].value, values[key].source = worth, source
        if row.value_on is None or day.on >= row.value_on:
            row.value, row.value_on, row.data_as_of, row.freshness = worth, day.on, day.on, "A_JOUR"
            newest.append(key)
    fresh = [key for key in days if key not in values]
    session.put(
        Valuation, ("account_id", "on", "value", "source"), [(key, days[key].on, _worth(days[key]), source) for key in fresh]
    )
    session.flush()
    audit.record_many(session, actor, links)
    if newest:
        told(session, *newest)
    made = {key: Valuation(value=_worth(days[key]), net_payments=None, source=source) for key in fresh} | values
    return {key: (before[key], _frozen(rows[key], day, made[key], _kept(lines[key]))) for key, day in days.items()}


def _plain(row: Account, day: Day) -> bool:
    """Whether a day says a worth in the account's currency, and each of its lines is sound and of a support of its own."""
    if day.net_payments is not None or (day.value is None and not day.positions):
        return False
    return len({one.support_id for one in day.positions}) == len(day.positions) and all(
        one.currency == row.currency
        and (one.quantity is None or one.price is None or abs(one.quantity * one.price - one.value) <= _CENT)
        for one in day.positions
    )


def _worth(day: Day) -> Decimal:
    return sum((one.value for one in day.positions), Decimal(0)) if day.positions else day.value or Decimal(0)


def _values(session: TenantSession, days: Mapping[str, Day]) -> dict[str, Valuation]:
    wanted = select(Valuation).where(Valuation.account_id.in_(days), Valuation.on.in_({day.on for day in days.values()}))
    return {row.account_id: row for row in session.scalars(wanted) if row.on == days[row.account_id].on}


def _held(session: TenantSession, days: Mapping[str, Day]) -> dict[str, Lines]:
    wanted = (
        select(Position.account_id, Position.on, *(getattr(Position, name) for name in _LINE))
        .where(Position.account_id.in_(days), Position.on.in_({day.on for day in days.values()}))
        .order_by(Position.support_id, Position.pocket)
    )  # fmt: skip
    found = defaultdict[str, Lines](list)
    for account, day, *line in session.execute(wanted):
        if day == days[account].on:
            found[account].append(plain(dict(zip(_LINE, line, strict=True))))
    return found


def _replace(session: TenantSession, days: Mapping[str, Day], held: Mapping[str, Lines]) -> None:
    again = defaultdict[date, list[str]](list)
    for key, day in days.items():
        if day.positions and key in held:
            again[day.on].append(key)
    for on, ids in again.items():
        gone = delete(Position).where(Position.account_id.in_(ids), Position.on == on)
        session.execute(gone.execution_options(synchronize_session=False))
    rows = ((key, day.on, *_values_of(one)) for key, day in days.items() for one in day.positions)
    session.put(Position, _NAMES, rows)


def _values_of(one: NewPosition) -> tuple[Any, ...]:
    return (one.support_id, one.value, one.quantity, one.price, one.price_on, one.cost, one.currency, one.pocket)


def _said(one: NewPosition) -> dict[str, Any]:
    """As `plain` tells a line, which goes through a million of them four times as slowly."""
    said: dict[str, Any] = {"support_id": one.support_id, "value": str(one.value)}
    if one.quantity is not None:
        said["quantity"] = str(one.quantity)
    if one.price is not None:
        said["price"] = str(one.price)
    if one.price_on is not None:
        said["price_on"] = one.price_on.isoformat()
    if one.cost is not None:
        said["cost"] = str(one.cost)
    if one.currency:
        said["currency"] = one.currency
    if one.pocket:
        said["pocket"] = one.pocket
    return said


def _frozen(row: Account, day: Day, value: Valuation | None, lines: Lines) -> dict[str, Any]:
    """As `bulk_update.frozen` tells it, of a day alone."""
    head = {name: coded(_stored(getattr(row, name))) for name in HEAD}
    found: dict[str, Any] = {"fields": {}, "on": day.on.isoformat(), "head": head, "value": None}
    if value is not None:
        found["value"] = {name: coded(_stored(getattr(value, name))) for name in ("value", "net_payments", "source")}
    return found | ({"positions": lines} if day.positions else {})


def _kept(said: Lines) -> Lines:
    """The lines as they are read again: in that order, with the columns' own decimals."""
    made = []
    for one in sorted(said, key=itemgetter("support_id")):
        exact = {name: str(Decimal(one[name]).quantize(places)) for name, places in _PLACES.items() if name in one}
        made.append(one | exact)
    return made


def _stored(value: Any) -> Any:
    return value.quantize(_MONEY) if isinstance(value, Decimal) else value
