"""Prices: whose a price is, and the series that a chart shows (architecture.md §3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from typing import Literal

from sqlalchemy import select

from core.db.session import TenantSession
from core.supports.models import CataloguePrice
from core.supports.models import Support
from core.supports.models import SupportPrice

Origin = Literal["cabinet", "catalogue"]


@dataclass(frozen=True, slots=True)
class Price:
    """A support's price of a day. `origin` says whose: the cabinet's own, or the catalogue's."""

    value: Decimal
    on: date
    source: str
    origin: Origin


def prices(session: TenantSession, support_id: str, *, since: date | None, until: date) -> tuple[Price, ...]:
    """Every price from one day to another, oldest first, one a day, the cabinet's own winning: three queries at most."""
    catalogue_id = session.scalar(select(Support.catalogue_id).where(Support.id == support_id))
    by_day: dict[date, Price] = {}
    if catalogue_id is not None:
        by_day.update(_series(session, CataloguePrice, catalogue_id, since, until, "catalogue"))
    by_day.update(_series(session, SupportPrice, support_id, since, until, "cabinet"))
    return tuple(by_day[day] for day in sorted(by_day))


def thinned(found: Sequence[Price], most: int) -> tuple[Price, ...]:
    """At most so many of a series, evenly taken, the first and the last among them: what a chart can show."""
    if len(found) <= most:
        return tuple(found)
    last = len(found) - 1
    return tuple(found[round(place * last / (most - 1))] for place in range(most))


def _series(
    session: TenantSession, table: Any, support_id: str, since: date | None, until: date, origin: Origin
) -> dict[date, Price]:
    wanted = [table.support_id == support_id, table.on <= until]
    if since is not None:
        wanted.append(table.on >= since)
    rows = session.execute(select(table.on, table.price, table.source).where(*wanted))
    return {row.on: Price(row.price, row.on, row.source, origin) for row in rows}
