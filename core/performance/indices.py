"""Indices to compare with: supports of type INDICE, rebased to 100 where the measure begins (PF-08)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from core.db.session import TenantSession
from core.performance.tracks import NEAR
from core.supports import prices
from core.supports.models import Support

#: As many as a chart and its table show well beside the account.
MOST = 3


@dataclass(frozen=True, slots=True)
class Index:
    """An index of the cabinet's supports."""

    id: str
    label: str
    currency: str


@dataclass(frozen=True, slots=True)
class Compared:
    """An index over the days of a measure: base 100, None on a day that no price is near to; its return over all of it."""

    index: Index
    levels: tuple[float | None, ...]
    ratio: float | None
    first: date | None
    last: date | None
    sources: tuple[str, ...]


def known(session: TenantSession) -> tuple[Index, ...]:
    """The cabinet's indices, by label."""
    rows = session.execute(
        select(Support.id, Support.label, Support.currency).where(Support.type == "INDICE").order_by(Support.label, Support.id)
    )
    return tuple(Index(*row) for row in rows)


def compared(session: TenantSession, wanted: Sequence[Index], days: Sequence[date]) -> tuple[Compared, ...]:
    """Each of some indices on these days, oldest first: the last price of a day, no older than `NEAR`. `MOST` of them."""
    if len(days) < 2:
        return ()
    found = []
    for index in wanted[:MOST]:
        series = prices.prices(session, index.id, since=days[0] - NEAR, until=days[-1])
        on = [one.on for one in series]
        near = []
        for day in days:
            place = bisect_right(on, day)
            near.append(series[place - 1] if place and day - on[place - 1] <= NEAR else None)
        base = near[0].value if near[0] is not None and near[0].value > 0 else None
        levels = tuple(_level(one.value, base) if one is not None and base is not None else None for one in near)
        ratio = levels[-1] / 100 - 1 if levels[-1] is not None else None
        first, last = near[0], near[-1]
        found.append(
            Compared(
                index, levels, ratio, first.on if first else None, last.on if last else None,
                tuple(sorted({one.source for one in near if one is not None})),
            )
        )  # fmt: skip
    return tuple(found)


def _level(value: Decimal, base: Decimal) -> float:
    return float(value / base * 100)
