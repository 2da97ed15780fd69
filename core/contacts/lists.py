"""Lists of contacts: which, in what order, one page of them; the neighbours of one (CT-01).

The ids come first, from an index alone; what the lines show is then read by id, in the same statement. A page of the
second half is counted from the end: the deepest costs what the first does.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import BindParameter
from sqlalchemy import ColumnElement
from sqlalchemy import Integer
from sqlalchemy import Select
from sqlalchemy import Subquery
from sqlalchemy import and_
from sqlalchemy import bindparam
from sqlalchemy import exists
from sqlalchemy import func
from sqlalchemy import select

from core.cabinets.models import User
from core.contacts import search as contact_search
from core.contacts.access import visible
from core.contacts.access import visible_ids
from core.contacts.models import FOLLOWINGS
from core.contacts.models import Contact
from core.contacts.models import ContactAdviser
from core.contacts.schemas import ContactLine
from core.contacts.schemas import Follower
from core.db.paging import Page
from core.db.scope import MANY
from core.db.scope import kept
from core.db.session import TenantSession
from core.hooks.types import Adviser
from core.search.find import matching

LINE = (
    Contact.id, Contact.kind, Contact.stage, Contact.file_code, Contact.display_name, Contact.city, Contact.phone,
    Contact.email, Contact.vital,
)  # fmt: skip
_THESE: BindParameter[Any] = bindparam("ids", expanding=True)
_LINES = kept(select(*LINE).where(Contact.id.in_(_THESE)))
_FOLLOWING = kept(
    select(ContactAdviser.contact_id, ContactAdviser.role, User.id, User.display_name)
    .join(User, User.id == ContactAdviser.user_id)
    .where(ContactAdviser.contact_id.in_(_THESE))
    .order_by(User.display_name)
)
_RANKS = {role: place for place, role in enumerate(FOLLOWINGS)}
#: Lines read at a time where a whole list is.
BATCH = 500
_NAME = (Contact.sort_name, Contact.id)
_ORDERS: dict[str, tuple[Any, ...]] = {
    "nom": _NAME, "code": (Contact.file_code, Contact.id), "type": (Contact.stage, *_NAME), "nature": (Contact.kind, *_NAME),
    "ville": (Contact.city.is_(None), Contact.city, *_NAME),
}  # fmt: skip
SORTS = (*_ORDERS, "encours")


@dataclass(frozen=True, slots=True)
class ContactFilter:
    """Which contacts, in what order. Each word of `search` starts a word of the name, the file code, a number.

    `among`: a subquery of ids; `worth`: (contact_id, value) by which «encours» sorts, both from whoever knows them.
    """

    search: str = ""
    kind: str | None = None
    stage: str | None = None
    follower: str | None = None
    among: Select[Any] | None = None
    only: tuple[str, ...] | None = None
    sort: str = "nom"
    descending: bool = False
    worth: Subquery | None = None


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Where a contact stands in a list; no place where it is no longer in it, there."""

    place: int | None
    total: int
    before: str | None
    after: str | None


def listed(
    session: TenantSession, adviser: Adviser, *, search: str = "", kind: str | None = None, stage: str | None = None,
    follower: str | None = None, number: int = 1, size: int = 50,
) -> Page[ContactLine]:  # fmt: skip
    """One page of the contacts that the adviser may see, by name. Two queries whatever the page."""
    return page(session, adviser, ContactFilter(search, kind, stage, follower), number=number, size=size)


def page(
    session: TenantSession, adviser: Adviser, wanted: ContactFilter, *, number: int = 1, size: int = 50
) -> Page[ContactLine]:
    """One page of the contacts that the adviser may see: two queries whatever the page."""
    total = count(session, adviser, wanted)
    number = max(1, min(number, -(-total // size) or 1))
    place = _place(total, (number - 1) * size, size)
    rows = session.rows(_made(_shown, adviser, wanted, place.from_end), {"size": place.size, "start": place.offset})
    return Page(tuple(_lines_of(rows)), total, number, size)


def count(session: TenantSession, adviser: Adviser, wanted: ContactFilter) -> int:
    """How many there are."""
    return session.rows(_made(_counting, adviser, wanted), {}).scalar() or 0


def every(session: TenantSession, adviser: Adviser, wanted: ContactFilter) -> Iterator[tuple[ContactLine, ...]]:
    """All of them in order, some at a time: two queries a batch."""
    total = count(session, adviser, wanted)
    ids = _ids(session, adviser, wanted, total, 0, total) if total else []
    for start in range(0, len(ids), BATCH):
        yield tuple(lines(session, ids[start : start + BATCH]))


def following_id(
    session: TenantSession, adviser: Adviser, wanted: ContactFilter, after: str | None, *, size: int
) -> list[ContactLine]:
    """Those that a filter keeps, in the order of their ids, from beyond one of them: pages that no change moves."""
    found = select(Contact.id).where(_asked(adviser, wanted))
    if after is not None:
        found = found.where(Contact.id > after)
    return lines(session, list(session.scalars(found.order_by(Contact.id).limit(size))))


def neighbours(session: TenantSession, adviser: Adviser, wanted: ContactFilter, contact_id: str, place: int) -> Neighbours:
    """Who comes before and after a contact that stood at a place (from 1) of the list: two queries."""
    total = count(session, adviser, wanted)
    start = max(0, place - 2)
    ids = _ids(session, adviser, wanted, total, start, 3) if start < total else []
    if contact_id not in ids:
        return Neighbours(None, total, None, None)
    at = ids.index(contact_id)
    before = ids[at - 1] if at else None
    after = ids[at + 1] if at + 1 < len(ids) else None
    return Neighbours(start + at + 1, total, before, after)


def followers(session: TenantSession, adviser: Adviser) -> tuple[Follower, ...]:
    """The people who follow at least one contact that the adviser may see, by name: the choices of a filter."""
    rows = session.rows(_followers(adviser, session.require_cabinet()), {})
    return tuple(Follower(row.id, row.display_name, "PRINCIPAL") for row in rows)


@lru_cache(maxsize=MANY)
def _followers(adviser: Adviser, cabinet_id: int) -> Select[str, str]:
    follows = exists().where(ContactAdviser.user_id == User.id, ContactAdviser.cabinet_id == cabinet_id)
    if (seen := visible_ids(adviser)) is not None:
        follows = follows.where(ContactAdviser.contact_id.in_(seen))
    return kept(select(User.id, User.display_name).where(User.cabinet_id == cabinet_id, follows).order_by(User.display_name))


def lines(session: TenantSession, ids: Sequence[str]) -> list[ContactLine]:
    """These contacts as a list shows them, in this order: two queries. No right is checked."""
    if not ids:
        return []
    found = {row[0]: row for row in session.rows(_LINES, {"ids": ids})}
    who = following(session, ids)
    return [line(found[key], who.get(key, ())) for key in ids if key in found]


def _lines_of(rows: Iterable[Any]) -> Iterator[ContactLine]:
    """Lines of rows that stand together for each contact: a row for each who follows him, or one with nobody."""
    for _id, some in groupby(rows, key=itemgetter(0)):
        same = list(some)
        who = [Follower(row.follower_id, row.follower, row.role) for row in same if row.role is not None]
        yield line(same[0], tuple(sorted(who, key=_rank) if len(who) > 1 else who))


def line(row: Any, who: tuple[Follower, ...]) -> ContactLine:
    """A row of `LINE` as a line."""
    return ContactLine(
        row.id, row.kind, row.stage, row.file_code, row.display_name, row.city, row.phone, row.email, row.vital, who
    )


def following(session: TenantSession, ids: Sequence[str]) -> dict[str, tuple[Follower, ...]]:
    """Who follows each, the principal adviser first."""
    if not ids:
        return {}
    rows = session.rows(_FOLLOWING, {"ids": ids})
    found: dict[str, list[Follower]] = {}
    for contact_id, role, user_id, name in rows:
        found.setdefault(contact_id, []).append(Follower(user_id, name, role))
    return {key: tuple(sorted(who, key=_rank)) for key, who in found.items()}


def _rank(follower: Follower) -> int:
    return _RANKS.get(follower.role, len(_RANKS))


def _ids(
    session: TenantSession, adviser: Adviser, wanted: ContactFilter, total: int, start: int, size: int
) -> list[str]:
    """The ids from a place on."""
    place = _place(total, start, size)
    found = _made(_ordered, adviser, wanted, place.from_end)
    ids = list(session.rows(found, {"size": place.size, "start": place.offset}).scalars())
    return ids[::-1] if place.from_end else ids


@dataclass(frozen=True, slots=True)
class _Place:
    """Where rows are taken: counted from the end where that is nearer."""

    from_end: bool
    offset: int
    size: int


def _place(total: int, start: int, size: int) -> _Place:
    size = max(0, min(size, total - start))
    from_end = start > total - start - size
    return _Place(from_end, total - start - size if from_end else start, size)


def _made(make: Any, adviser: Adviser, wanted: ContactFilter, *more: Any) -> Select[*tuple[Any, ...]]:
    """The statement for a filter: remembered, unless it holds what somebody typed or chose line by line."""
    usual = not wanted.search and all(one is None for one in (wanted.among, wanted.only, wanted.worth))
    return make(adviser, wanted, *more) if usual else make.__wrapped__(adviser, wanted, *more)  # type: ignore[no-any-return]


@lru_cache(maxsize=MANY)
def _counting(adviser: Adviser, wanted: ContactFilter) -> Select[*tuple[Any, ...]]:
    # the rows, not their ids: a database then counts in the narrowest index and reads no value
    return kept(select(func.count()).select_from(Contact).where(_asked(adviser, wanted)))


@lru_cache(maxsize=MANY)
def _ordered(adviser: Adviser, wanted: ContactFilter, from_end: bool) -> Select[*tuple[Any, ...]]:
    return kept(_ranked(adviser, wanted, from_end)[0])


@lru_cache(maxsize=MANY)
def _shown(adviser: Adviser, wanted: ContactFilter, from_end: bool) -> Select[*tuple[Any, ...]]:
    """A page of ids, then what its lines show and who follows each: in one statement, a row for each follower."""
    ids, keys = _ranked(adviser, wanted, from_end)
    chosen = ids.add_columns(*(key.label(f"key{at}") for at, (key, _down) in enumerate(keys))).subquery("page")
    order = [chosen.c[f"key{at}"].desc() if down else chosen.c[f"key{at}"].asc() for at, (_key, down) in enumerate(keys)]
    return kept(
        select(*LINE, ContactAdviser.role, User.id.label("follower_id"), User.display_name.label("follower"))
        .select_from(chosen)
        .join(Contact, Contact.id == chosen.c.id)
        .outerjoin(ContactAdviser, ContactAdviser.contact_id == Contact.id)
        .outerjoin(User, User.id == ContactAdviser.user_id)
        .order_by(*order, User.display_name)
    )


def _ranked(adviser: Adviser, wanted: ContactFilter, from_end: bool) -> tuple[Select[Any], list[tuple[Any, bool]]]:
    """Ids from a place on (`start`, `size`), and the keys of their order, each with whether it descends."""
    found = select(Contact.id).where(_asked(adviser, wanted))
    keys: list[tuple[Any, bool]] = [(key, wanted.descending) for key in _ORDERS.get(wanted.sort, _NAME)]
    if wanted.sort == "ville":
        keys[0] = (keys[0][0], False)  # what is not known comes last, whichever the direction
    elif wanted.sort == "encours" and wanted.worth is not None:
        worth = wanted.worth
        found = found.outerjoin(worth, worth.c.contact_id == Contact.id)
        keys = [(worth.c.value.is_(None), False), (worth.c.value, wanted.descending), *((key, False) for key in _NAME)]
    order = [key.desc() if down != from_end else key.asc() for key, down in keys]
    whole = (bindparam(name, type_=Integer()) for name in ("size", "start"))
    return found.order_by(*order).limit(next(whole)).offset(next(whole)), keys


def _asked(adviser: Adviser, wanted: ContactFilter) -> ColumnElement[bool]:
    asked = [visible(adviser)]
    if wanted.kind:
        asked.append(Contact.kind == wanted.kind)
    if wanted.stage:
        asked.append(Contact.stage == wanted.stage)
    if wanted.follower:
        followed = select(ContactAdviser.contact_id).where(ContactAdviser.user_id == wanted.follower)
        asked.append(Contact.id.in_(followed))
    if wanted.among is not None:
        asked.append(Contact.id.in_(wanted.among))
    if wanted.only is not None:
        asked.append(Contact.id.in_(wanted.only))
    if (named := matching(contact_search.KIND, wanted.search)) is not None:
        asked.append(Contact.id.in_(named))
    return and_(*asked)
