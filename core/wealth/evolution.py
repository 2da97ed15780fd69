"""What several accounts were worth together, month by month, and what they are made of (PF-01; domain.md §2.3).

Each counts for the part that its holder has of it today (`totals.parts_of`). Only accounts in euros are added up: no rate
of exchange is known here. Readers have checked that the accounts may be seen (`lists.refs`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import func
from sqlalchemy import select

from core.accounts.envelopes import ENDED_STATES
from core.accounts.models import Account
from core.accounts.models import Position
from core.accounts.models import Valuation
from core.db.session import TenantSession
from core.supports.labels import TYPE_LABELS
from core.supports.models import Support
from core.wealth.balance import CURRENCY
from core.wealth.balance import cents

Line = tuple[date, Decimal, Decimal | None]
#: A year's window begins with what was known a little before.
_BEFORE = timedelta(days=92)


@dataclass(frozen=True, slots=True)
class Worth:
    """The sum of a day. `net_payments` is None where one account's are not known."""

    on: date
    value: Decimal
    net_payments: Decimal | None


def evolution(
    session: TenantSession, parts: Mapping[str, Decimal], *, since: date | None = None, until: date
) -> tuple[Worth, ...]:
    """The sum at each end of a month, and at the last day known, oldest first. `parts`: account → the ratio that counts.

    Each account counts with its last value of that day or before, from its first known value until it is closed.
    """
    ids = list(parts)
    known, ends = _values(session, ids, since), _ends(session, ids)
    days = sorted({line[0] for lines in known.values() for line in lines if line[0] <= until})
    if not days:
        return ()
    first = max(days[0], since) if since else days[0]
    found = []
    for day in _months(first, days[-1]):
        now = {account: _at(lines, day) for account, lines in known.items() if ends.get(account, date.max) > day}
        lines = [_part(line, parts[account]) for account, line in now.items() if line is not None]
        if lines:
            payments = [line[2] for line in lines]
            paid = None if None in payments else sum((one for one in payments if one is not None), Decimal(0))
            found.append(Worth(day, sum((line[1] for line in lines), Decimal(0)), paid))
    return tuple(found)


def _part(line: Line, ratio: Decimal) -> Line:
    if ratio == 1:
        return line
    return line[0], cents(line[1], ratio), None if line[2] is None else cents(line[2], ratio)


def by_support_type(session: TenantSession, parts: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Label of a kind of support → what is held of it, by each account's last positions; those in euros only.

    `parts`: account → the ratio that counts.
    """
    account_ids = list(parts)
    last = (
        select(Position.account_id.label("account"), func.max(Position.on).label("day"))
        .where(Position.account_id.in_(account_ids)).group_by(Position.account_id).subquery()
    )  # fmt: skip
    rows = session.execute(
        select(Position.account_id, Support.type, func.sum(Position.value).label("value"))
        .join(last, (last.c.account == Position.account_id) & (last.c.day == Position.on))
        .join(Support, Support.id == Position.support_id)
        .where(Position.account_id.in_(account_ids), Position.currency == CURRENCY).group_by(Position.account_id, Support.type)
    )  # fmt: skip
    found: dict[str, Decimal] = {}
    for row in rows:
        label = TYPE_LABELS.get(row.type, row.type)
        found[label] = found.get(label, Decimal(0)) + cents(Decimal(row.value), parts[row.account_id])
    return found


def _values(session: TenantSession, account_ids: Sequence[str], since: date | None) -> dict[str, list[Line]]:
    wanted = (
        select(Valuation.account_id, Valuation.on, Valuation.value, Valuation.net_payments)
        .where(Valuation.account_id.in_(account_ids)).order_by(Valuation.on)
    )  # fmt: skip
    if since is not None:
        wanted = wanted.where(Valuation.on >= since - _BEFORE)
    known = defaultdict[str, list[Line]](list)
    for account_id, on, value, payments in session.execute(wanted):
        known[account_id].append((on, value, payments))
    return known


def _ends(session: TenantSession, account_ids: Sequence[str]) -> Mapping[str, date]:
    """An account that ended on a day that nobody knows counts for none."""
    rows = session.execute(
        select(Account.id, Account.closed_on).where(Account.id.in_(account_ids), Account.state.in_(ENDED_STATES))
    )
    return {account_id: closed or date.min for account_id, closed in rows}


def _at(lines: Sequence[Line], day: date) -> Line | None:
    place = bisect_right(lines, day, key=lambda line: line[0])
    return lines[place - 1] if place else None


def _months(first: date, last: date) -> Iterable[date]:
    """The ends of months from one day to another, then that other day."""
    day = first
    while True:
        following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
        end = following - timedelta(days=1)
        if end >= last:
            break
        yield end
        day = following
    yield last
