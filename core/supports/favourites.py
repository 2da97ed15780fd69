"""Favourites: the supports that a person keeps at hand, in his own order (OU-05). Nobody else sees them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select
from sqlalchemy import func
from sqlalchemy import select

from core.cabinets import audit
from core.db.errors import DomainError
from core.db.errors import NotFound
from core.db.session import TenantSession
from core.hooks.types import Adviser
from core.supports import facts
from core.supports.models import Support
from core.supports.range_models import SupportFavourite

#: Supports that a person may keep at hand.
MOST = 200


def of_user(by: Adviser) -> Select[str]:
    """The ids of one's favourites, as a subquery of lists."""
    return select(SupportFavourite.support_id).where(SupportFavourite.user_id == by.user_id)


def ids(session: TenantSession, by: Adviser) -> list[str]:
    """The same, in one's own order."""
    return list(session.scalars(of_user(by).order_by(SupportFavourite.rank, SupportFavourite.id)))


def named(session: TenantSession, by: Adviser) -> list[tuple[str, str, str]]:
    """Id, label, ISIN or code, in one's own order."""
    rows = session.execute(
        select(Support.id, Support.label, Support.isin, Support.code)
        .join(SupportFavourite, (SupportFavourite.support_id == Support.id) & (SupportFavourite.cabinet_id == Support.cabinet_id))
        .where(SupportFavourite.user_id == by.user_id).order_by(SupportFavourite.rank, SupportFavourite.id)
    )  # fmt: skip
    return [(row.id, row.label, row.isin or row.code or "") for row in rows]


def put(session: TenantSession, by: Adviser, support_id: str, *, on: bool) -> None:
    """Keep a support at hand, last of one's own, or no longer. Raises `NotFound`, `DomainError` beyond `MOST`."""
    if session.scalar(select(Support.id).where(Support.id == support_id)) is None:
        raise NotFound(facts.ABSENT)
    mine = SupportFavourite.user_id == by.user_id
    there = session.scalar(select(SupportFavourite).where(mine, SupportFavourite.support_id == support_id))
    if (there is not None) == on:
        return
    if there is not None:
        session.delete(there)
    else:
        many, last = session.execute(select(func.count(SupportFavourite.id), func.max(SupportFavourite.rank)).where(mine)).one()
        if many >= MOST:
            raise DomainError(f"Vos favoris sont au complet\u202f: {MOST} au plus. Retirez-en un d'abord.")
        session.add(SupportFavourite(user_id=by.user_id, support_id=support_id, rank=(last or 0) + 1))
    session.flush()
    audit.record(session, by.user_id, "support.starred" if on else "support.unstarred", f"support:{support_id}", {})


def order(session: TenantSession, by: Adviser, wanted: Sequence[str]) -> list[str]:
    """Put one's favourites in an order; the former one. What is named and is none is left out, what is not named comes last."""
    former = ids(session, by)
    ordered = [*dict.fromkeys(one for one in wanted if one in former), *(one for one in former if one not in wanted)]
    if ordered != former:
        rows = session.scalars(select(SupportFavourite).where(SupportFavourite.user_id == by.user_id))
        mine = {one.support_id: one for one in rows}
        for rank, one in enumerate(ordered, 1):
            mine[one].rank = rank
        session.flush()
        audit.record(session, by.user_id, "support.favourites_ordered", f"user:{by.user_id}", {"count": len(ordered)})
    return former
