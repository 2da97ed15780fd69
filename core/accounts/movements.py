"""Reading an account's movements: filtered, sorted, by page or whole (PF-05). Readers check the account's visibility first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import Select
from sqlalchemy import and_
from sqlalchemy import func
from sqlalchemy import or_
from sqlalchemy import select

from core.accounts.models import Movement
from core.accounts.schemas import MovementLine
from core.db.paging import Page
from core.db.session import TenantSession
from core.supports.models import Support

#: Kind → French label (domain.md §2.4); another is shown as it came.
KINDS: dict[str, str] = {
    "VERSEMENT": "Versement", "VERSEMENT_PROGRAMME": "Versement programmé", "RACHAT": "Rachat",
    "RACHAT_PROGRAMME": "Rachat programmé", "ARBITRAGE": "Arbitrage", "ACHAT": "Achat", "VENTE": "Vente",
    "SRD": "Règlement différé (SRD)", "OST": "Opération sur titres", "DIVIDENDE": "Dividende", "COUPON": "Coupon",
    "INTERETS": "Intérêts", "FRAIS": "Frais", "PS": "Prélèvements sociaux", "VIREMENT_TITRES": "Virement de titres",
    "AVANCE": "Avance", "CREDIT": "Crédit", "DEBIT": "Débit",
}  # fmt: skip
BATCH = 1000
_ORDERS: dict[str, tuple[Any, ...]] = {
    "date": (Movement.on, Movement.id), "montant": (Movement.amount, Movement.on, Movement.id),
    "libelle": (Movement.label, Movement.on, Movement.id),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class MovementFilter:
    """Which movements, in what order; both days are included. `among`: a condition on `Movement`, of another module."""

    kind: str | None = None
    since: date | None = None
    until: date | None = None
    sort: str = "date"
    descending: bool = True
    among: ColumnElement[bool] | None = None


def movements(
    session: TenantSession, account_id: str, wanted: MovementFilter = MovementFilter(), *, number: int = 1, size: int = 50
) -> Page[MovementLine]:  # fmt: skip
    """One page of movements, the newest first unless asked otherwise: two queries."""
    total = count_movements(session, account_id, wanted)
    number = max(1, min(number, -(-total // size) or 1))
    rows = session.execute(_ordered(account_id, wanted).limit(size).offset((number - 1) * size))
    return Page(tuple(MovementLine(*row) for row in rows), total, number, size)


def movements_before(
    session: TenantSession, account_id: str, wanted: MovementFilter, edge: tuple[date, str] | None, *, size: int
) -> list[MovementLine]:
    """The newest first, from beyond one of them (its day and id): pages that no change moves."""
    found = _ordered(account_id, replace(wanted, sort="date", descending=True))
    if edge is not None:
        found = found.where(or_(Movement.on < edge[0], and_(Movement.on == edge[0], Movement.id < edge[1])))
    return [MovementLine(*row) for row in session.execute(found.limit(size))]


def count_movements(session: TenantSession, account_id: str, wanted: MovementFilter) -> int:
    """How many there are."""
    return session.scalar(select(func.count(Movement.id)).where(_asked(account_id, wanted))) or 0


def every_movement(session: TenantSession, account_id: str, wanted: MovementFilter) -> Iterator[MovementLine]:
    """All of them in order, read some at a time."""
    for row in session.execute(_ordered(account_id, wanted).execution_options(yield_per=BATCH)):
        yield MovementLine(*row)


def movement_kinds(session: TenantSession, account_id: str) -> tuple[tuple[str, str], ...]:
    """The kinds that the account has, with their labels: the choices of a filter."""
    used = session.scalars(select(Movement.kind).distinct().where(Movement.account_id == account_id))
    return tuple(sorted(((kind, KINDS.get(kind, kind)) for kind in used), key=lambda one: one[1]))


def _ordered(account_id: str, wanted: MovementFilter) -> Select[*tuple[Any, ...]]:
    keys = _ORDERS.get(wanted.sort, _ORDERS["date"])
    return (
        select(
            Movement.id, Movement.on, Movement.kind, Movement.label, Movement.amount, Movement.quantity,
            Movement.currency, Movement.source, Support.label.label("support"),
        )
        .outerjoin(Support, Support.id == Movement.support_id)
        .where(_asked(account_id, wanted))
        .order_by(*(key.desc() if wanted.descending else key.asc() for key in keys))
    )  # fmt: skip


def _asked(account_id: str, wanted: MovementFilter) -> ColumnElement[bool]:
    asked = [Movement.account_id == account_id]
    if wanted.kind:
        asked.append(Movement.kind == wanted.kind)
    if wanted.since:
        asked.append(Movement.on >= wanted.since)
    if wanted.until:
        asked.append(Movement.on <= wanted.until)
    if wanted.among is not None:
        asked.append(wanted.among)
    return and_(*asked)
