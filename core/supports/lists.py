"""Reading supports: the cabinet's list with last prices, one support's page, the series of its prices (RE-03, OU-02)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import Select
from sqlalchemy import and_
from sqlalchemy import false
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import true
from sqlalchemy.orm import aliased
from stdnum import isin as isin_number

from core.db.errors import NotFound
from core.db.paging import Page
from core.db.session import TenantSession
from core.search.find import Found
from core.search.find import matching
from core.supports import search as support_search
from core.supports.labels import ASSET_CLASSES
from core.supports.labels import SFDR_LABELS
from core.supports.labels import TYPE_LABELS
from core.supports.labels import ZONES
from core.supports.models import CataloguePrice
from core.supports.models import CatalogueSupport
from core.supports.models import Support
from core.supports.models import SupportPrice
from core.supports.prices import Price
from core.supports.range_models import SupportFavourite

ABSENT = "Ce support n'existe pas dans votre cabinet."
SORTS = ("libelle", "type", "sri", "sfdr", "frais", "favori")
_LINE = (
    Support.id, Support.catalogue_id, Support.isin, Support.code, Support.label, Support.type, Support.currency,
    Support.sri, Support.sfdr, func.coalesce(Support.manager, CatalogueSupport.manager).label("manager"), Support.category,
    Support.asset_class, Support.zone, Support.srri, Support.ongoing_costs,
)  # fmt: skip
_ORDERS: dict[str, Any] = {
    "libelle": Support.label, "type": Support.type, "sri": Support.sri, "sfdr": Support.sfdr, "frais": Support.ongoing_costs,
}  # fmt: skip
_SHARED = aliased(CatalogueSupport)  # the list's own join of the catalogue stays apart from this look into it
_MANAGER = func.coalesce(
    Support.manager,
    select(_SHARED.manager).where(_SHARED.id == Support.catalogue_id).correlate(Support).scalar_subquery(),
)  # fmt: skip
#: What a support costs a year, in steps: the least of each, in proportion of one. Under the first, and not known, besides.
COSTS: dict[str, str] = {
    "0": "Moins de 0,50\u202f%", "1": "De 0,50 à 1\u202f%", "2": "De 1 à 1,50\u202f%", "3": "De 1,50 à 2\u202f%",
    "4": "De 2\u202f% et plus", "na": "Non connus",
}  # fmt: skip
_STEPS = (Decimal("0.005"), Decimal("0.01"), Decimal("0.015"), Decimal("0.02"))


@dataclass(frozen=True, slots=True)
class SupportFilter:
    """Which supports are wanted; empty fields ask nothing. `sri`: «1» to «7», or «na» for those that have none; likewise
    classes, zones, categories, managers; `costs`: a key of `COSTS`.

    `among` and `beside` are subqueries of supports' ids: only those, all but those; `within`: of each of these.
    `user_id`: whose own order «favori» is.
    """

    text: str = ""
    type: str = ""
    sri: str = ""
    sfdr: str = ""
    currency: str = ""
    asset_class: str = ""
    zone: str = ""
    category: str = ""
    manager: str = ""
    costs: str = ""
    among: Select[str] | None = None
    beside: Select[str] | None = None
    within: tuple[Select[str], ...] = ()
    user_id: str = ""


@dataclass(frozen=True, slots=True)
class SupportLine:
    """A support in a list, with its last price; None where nobody has one (euro funds, cash)."""

    id: str
    isin: str | None
    code: str | None
    label: str
    type: str
    currency: str
    sri: int | None
    sfdr: str
    price: Price | None
    manager: str | None = None
    category: str | None = None
    asset_class: str | None = None
    zone: str | None = None
    srri: int | None = None
    ongoing_costs: Decimal | None = None

    @property
    def class_label(self) -> str:
        """«Actions»; empty where nobody told."""
        return ASSET_CLASSES.get(self.asset_class or "", "")

    @property
    def zone_label(self) -> str:
        """«Europe»; empty where nobody told."""
        return ZONES.get(self.zone or "", "")

    @property
    def type_label(self) -> str:
        """«OPCVM»."""
        return TYPE_LABELS.get(self.type, self.type)

    @property
    def sfdr_label(self) -> str:
        """«Article 8»."""
        return SFDR_LABELS.get(self.sfdr, self.sfdr)

    @property
    def isin_valid(self) -> bool:
        """Whether the code's key is right."""
        return bool(self.isin and isin_number.is_valid(self.isin))


@dataclass(frozen=True, slots=True)
class SupportCard:
    """A support's page: its line, and whether the catalogue knows it."""

    line: SupportLine
    of_catalogue: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A value that a filter offers, and how many supports the other filters leave it."""

    key: str
    count: int


@dataclass(frozen=True, slots=True)
class Facets:
    """What each filter offers. `sri` is in its own order, the others the most frequent first."""

    types: tuple[Facet, ...]
    sris: tuple[Facet, ...]
    sfdrs: tuple[Facet, ...]
    currencies: tuple[Facet, ...]
    classes: tuple[Facet, ...] = ()
    zones: tuple[Facet, ...] = ()
    categories: tuple[Facet, ...] = ()
    managers: tuple[Facet, ...] = ()
    costs: tuple[Facet, ...] = ()


def listed(
    session: TenantSession, wanted: SupportFilter, *, on: date, sort: str = "libelle", descending: bool = False,
    number: int = 1, size: int = 50,
) -> Page[SupportLine]:  # fmt: skip
    """One page of the cabinet's supports with the last prices up to a day: four queries whatever the page."""
    conditions = _asked(wanted)
    total = session.scalar(select(func.count(Support.id)).where(conditions)) or 0
    number = max(1, min(number, -(-total // size) or 1))
    column = _rank(wanted.user_id) if sort == "favori" else _ORDERS.get(sort, Support.label)
    first = [column.is_(None)] if sort in ("sri", "frais", "favori") else []  # what has none comes last, whichever the direction
    rows = session.execute(
        _select().where(conditions)
        .order_by(*first, column.desc() if descending else column.asc(), Support.label, Support.id)
        .limit(size).offset((number - 1) * size)
    ).all()  # fmt: skip
    return Page(_lines(session, rows, on), total, number, size)


def following_id(
    session: TenantSession, wanted: SupportFilter, after: str | None, *, on: date, size: int
) -> tuple[SupportLine, ...]:
    """Those that a filter keeps, in the order of their ids, from beyond one of them: pages that no change moves."""
    found = _select().where(_asked(wanted))
    if after is not None:
        found = found.where(Support.id > after)
    return _lines(session, session.execute(found.order_by(Support.id).limit(size)).all(), on)


def facets(session: TenantSession, wanted: SupportFilter) -> Facets:
    """The values of each filter among the supports that the other filters leave: nine queries."""

    def counted(column: Any, without: SupportFilter) -> tuple[Facet, ...]:
        rows = session.execute(
            select(column, func.count(Support.id)).where(_asked(without)).group_by(column)
            .order_by(func.count(Support.id).desc(), column)
        )  # fmt: skip
        return tuple(Facet("na" if key is None else str(key), count) for key, count in rows)

    return Facets(
        types=counted(Support.type, replace(wanted, type="")),
        sris=tuple(sorted(counted(Support.sri, replace(wanted, sri="")), key=lambda one: one.key)),
        sfdrs=counted(Support.sfdr, replace(wanted, sfdr="")),
        currencies=counted(Support.currency, replace(wanted, currency="")),
        classes=counted(Support.asset_class, replace(wanted, asset_class="")),
        zones=counted(Support.zone, replace(wanted, zone="")),
        categories=counted(Support.category, replace(wanted, category="")),
        managers=counted(_MANAGER, replace(wanted, manager="")),
        costs=_stepped(counted(Support.ongoing_costs, replace(wanted, costs=""))),
    )


def card(session: TenantSession, support_id: str, *, on: date) -> SupportCard:
    """One support with its last price up to a day. Raises `NotFound`, also for one of another cabinet."""
    row = session.execute(_select().where(Support.id == support_id)).first()
    if row is None:
        raise NotFound(ABSENT)
    return SupportCard(_lines(session, [row], on)[0], row.catalogue_id is not None)


def found(session: TenantSession, text: str, *, on: date, limit: int) -> tuple[tuple[SupportLine, ...], Found]:
    """What the quick search finds, best first, and how (RE-03)."""
    how = support_search.found(session, text, limit=limit)
    if not how.refs:
        return (), how
    rows = session.execute(_select().where(Support.id.in_(how.refs))).all()
    lines = {line.id: line for line in _lines(session, rows, on)}
    return tuple(lines[ref] for ref in how.refs), how


def _select() -> Select[*tuple[Any, ...]]:
    return select(*_LINE).outerjoin(CatalogueSupport, CatalogueSupport.id == Support.catalogue_id)


def _asked(wanted: SupportFilter) -> ColumnElement[bool]:
    asked: list[ColumnElement[bool]] = [true()]
    for column, value in ((Support.type, wanted.type), (Support.sfdr, wanted.sfdr), (Support.currency, wanted.currency)):
        if value:
            asked.append(column == value)
    for told, value in (
        (Support.asset_class, wanted.asset_class), (Support.zone, wanted.zone), (Support.category, wanted.category),
        (_MANAGER, wanted.manager),
    ):  # fmt: skip
        if value:
            asked.append(told.is_(None) if value == "na" else told == value)
    if wanted.costs:
        asked.append(_costing(wanted.costs))
    if wanted.sri == "na":
        asked.append(Support.sri.is_(None))
    elif wanted.sri:
        asked.append(Support.sri == (int(wanted.sri) if wanted.sri in "1234567" else 0))
    if wanted.text.strip():
        named = matching(support_search.KIND, wanted.text)
        asked.append(Support.id.in_(named) if named is not None else Support.id.in_(()))
    if wanted.among is not None:
        asked.append(Support.id.in_(wanted.among))
    asked += [Support.id.in_(one) for one in wanted.within]
    if wanted.beside is not None:
        asked.append(Support.id.not_in(wanted.beside))
    return and_(*asked)


def _rank(user_id: str) -> Any:
    """Where a support stands among one's favourites."""
    mine = SupportFavourite.support_id == Support.id, SupportFavourite.user_id == user_id
    return select(SupportFavourite.rank).where(*mine).correlate(Support).scalar_subquery()


def _costing(step: str) -> ColumnElement[bool]:
    """What costs so much a year: a key of `COSTS`."""
    costs = Support.ongoing_costs
    if step not in COSTS:
        return false()
    if step == "na":
        return costs.is_(None)
    at = int(step)
    bounds = [*([costs >= _STEPS[at - 1]] if at else ()), *([costs < _STEPS[at]] if at < len(_STEPS) else ())]
    return and_(*bounds)


def _stepped(found: Sequence[Facet]) -> tuple[Facet, ...]:
    """How many supports each step of costs has, from how many each figure has."""
    counts = dict.fromkeys(COSTS, 0)
    for one in found:
        counts["na" if one.key == "na" else str(bisect_right(_STEPS, Decimal(one.key)))] += one.count
    return tuple(Facet(key, count) for key, count in counts.items() if count)


def _lines(session: TenantSession, rows: Sequence[Any], on: date) -> tuple[SupportLine, ...]:
    last = _last_prices(session, rows, on)
    return tuple(
        SupportLine(
            row.id, row.isin, row.code, row.label, row.type, row.currency, row.sri, row.sfdr, last.get(row.id),
            row.manager, row.category, row.asset_class, row.zone, row.srri, row.ongoing_costs,
        )
        for row in rows
    )  # fmt: skip


def _last_prices(session: TenantSession, rows: Sequence[Any], on: date) -> dict[str, Price]:
    """The last price of each, in two queries: of one day's two, the cabinet's own wins."""
    if not rows:
        return {}
    own = _latest(session, SupportPrice, [row.id for row in rows], on)
    shared = _latest(session, CataloguePrice, [row.catalogue_id for row in rows if row.catalogue_id], on)
    prices: dict[str, Price] = {}
    for row in rows:
        mine, theirs = own.get(row.id), shared.get(row.catalogue_id)
        if mine is not None and (theirs is None or mine.on >= theirs.on):
            prices[row.id] = Price(mine.price, mine.on, mine.source, "cabinet")
        elif theirs is not None:
            prices[row.id] = Price(theirs.price, theirs.on, theirs.source, "catalogue")
    return prices


def _latest(session: TenantSession, table: Any, ids: Sequence[str], on: date) -> dict[str, Any]:
    if not ids:
        return {}
    days = (
        select(table.support_id, func.max(table.on).label("last"))
        .where(table.support_id.in_(ids), table.on <= on).group_by(table.support_id).subquery()
    )  # fmt: skip
    rows = session.execute(
        select(table.support_id, table.on, table.price, table.source)
        .join(days, and_(days.c.support_id == table.support_id, days.c.last == table.on))
        .where(table.support_id.in_(ids))
    )  # fmt: skip
    return {row.support_id: row for row in rows}
