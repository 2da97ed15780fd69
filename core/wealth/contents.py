"""What accounts are made of on the last day known of each: support by support, in one query for many (OU-01, PF-09).

Models, drift and proposals of arbitrage ask here: what an account's lines make together has one definition.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import and_
from sqlalchemy import func
from sqlalchemy import select

from core.accounts.models import Position
from core.db.session import TenantSession
from core.supports.models import Support

#: Accounts read at a time.
BATCH = 400


@dataclass(frozen=True, slots=True)
class Content:
    """A support of an account, its pockets added up. `pockets`: in how many it stands; `price`: of the statement's day."""

    support_id: str
    label: str
    isin: str | None
    type: str
    value: Decimal
    currency: str
    price: Decimal | None
    pockets: int


@dataclass(frozen=True, slots=True)
class Contents:
    """All lines of an account's last day, the largest first. `total`: None where they are of several currencies."""

    on: date
    lines: tuple[Content, ...]
    total: Decimal | None


def contents(session: TenantSession, account_ids: Sequence[str]) -> Mapping[str, Contents]:
    """Account → what it holds; those of which no line is known are left out. The caller has checked these accounts."""
    found: dict[str, Contents] = {}
    for start in range(0, len(account_ids), BATCH):
        rows = defaultdict[str, list[Any]](list)
        for row in _rows(session, account_ids[start : start + BATCH]):
            rows[row.account_id].append(row)
        found |= {account: _made(some) for account, some in rows.items()}
    return found


def _rows(session: TenantSession, ids: Sequence[str]) -> Sequence[Any]:
    last = (
        select(Position.account_id.label("account"), func.max(Position.on).label("day"))
        .where(Position.account_id.in_(ids)).group_by(Position.account_id).subquery()
    )  # fmt: skip
    return session.execute(
        select(
            Position.account_id, Position.on, Position.support_id, Position.value, Position.currency, Position.price,
            Support.label, Support.isin, Support.type,
        )
        .join(last, and_(last.c.account == Position.account_id, last.c.day == Position.on))
        .join(Support, Support.id == Position.support_id)
        .where(Position.account_id.in_(ids))
    ).all()  # fmt: skip


def _made(rows: Sequence[Any]) -> Contents:
    by: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for row in rows:
        by[row.support_id, row.currency].append(row)
    lines = [
        Content(
            some[0].support_id, some[0].label, some[0].isin, some[0].type, sum((row.value for row in some), Decimal(0)),
            some[0].currency, next((row.price for row in some if row.price is not None), None), len(some),
        )
        for some in by.values()
    ]  # fmt: skip
    lines.sort(key=lambda one: (-one.value, one.label, one.support_id))
    alone = len({one.currency for one in lines}) == 1
    return Contents(rows[0].on, tuple(lines), sum((one.value for one in lines), Decimal(0)) if alone else None)
