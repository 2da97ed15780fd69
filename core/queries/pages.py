"""Pages of a subject: which ids a request keeps, in what order, one page of them, the neighbours of one (CT-01, BL-02).

The ids come first, from an index alone; what the lines show is then read by id. A page of the second half is counted from
the end: the deepest costs what the first does.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import Integer
from sqlalchemy import Select
from sqlalchemy import and_
from sqlalchemy import bindparam
from sqlalchemy import func
from sqlalchemy import select

from core.db.scope import MANY
from core.db.scope import kept
from core.db.session import TenantSession
from core.hooks.types import Adviser
from core.queries.condition import condition
from core.queries.fields import Registry
from core.queries.fields import core_fields
from core.queries.fields import known
from core.queries.tree import ALL
from core.queries.tree import Group


@dataclass(frozen=True, slots=True)
class Run:
    """A run of a list: what is in it (all, for None), by which keys. `turns`: whether «descending» turns it round.

    What a value is not known of makes a run of its own, the last whichever the direction: each run goes by an index,
    which no single order with «unknown last» does on both databases.
    """

    keys: tuple[Any, ...]
    of: ColumnElement[bool] | None = None
    turns: bool = True


def known_first(column: Any, *then: Any) -> tuple[Run, Run]:
    """By a column that may be unknown, then by `then`; those of whom it is not known come last, by `then`."""
    return Run((column, *then), column.is_not(None)), Run(then, column.is_(None), turns=False)


@dataclass(frozen=True, slots=True)
class Subject:
    """What requests are about. `entity` has an `id`; `visible(adviser)` is the wall of rights; `orders` are by key.

    An order is made for a person: what he may see decides what it goes by.
    """

    key: str
    entity: Any
    visible: Callable[[Adviser], ColumnElement[bool]]
    orders: Mapping[str, Callable[[Adviser], tuple[Run, ...]]]
    usual: str

    def runs(self, adviser: Adviser, asked: Asked) -> tuple[Run, ...]:
        """The runs of the order asked for, or of the usual one."""
        return self.orders.get(asked.sort, self.orders[self.usual])(adviser)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request with its order. `only`: narrowed to these ids; `fields`: None for core's own."""

    where: Group = ALL
    sort: str = ""
    descending: bool = False
    only: tuple[str, ...] | None = None
    fields: Registry | None = None

    @property
    def usual(self) -> bool:
        """Whether others ask the same: its statement is then remembered. Not what somebody typed or ticked."""
        return self.only is None and self.fields is None and not any(_typed(rule.field) for rule in self.where.each())


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Where one stands in a list; no place where it is no longer in it, there."""

    place: int | None
    total: int
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where rows are taken: counted from the end where that is nearer."""

    from_end: bool
    offset: int
    size: int


def count(session: TenantSession, adviser: Adviser, subject: Subject, asked: Asked) -> int:
    """How many there are, of those that the person may see."""
    return session.rows(remembered(_counting, adviser, subject, asked), {}).scalar() or 0


def ids(session: TenantSession, adviser: Adviser, subject: Subject, asked: Asked, total: int, start: int, size: int) -> list[str]:
    """The ids from a place on: run by run."""
    found: list[str] = []
    runs = subject.runs(adviser, asked)
    before = 0
    for at in range(len(runs)):
        last = at == len(runs) - 1
        length = total - before if last else count_of_run(session, adviser, subject, asked, at)
        first, end = max(start, before) - before, min(start + size, before + length) - before
        if first < end:
            found += _of_run(session, adviser, subject, asked, at, place(length, first, end - first))
        before += length
    return found


def count_of_run(session: TenantSession, adviser: Adviser, subject: Subject, asked: Asked, at: int) -> int:
    """How many a run holds."""
    return session.rows(remembered(_counting, adviser, subject, asked, at), {}).scalar() or 0


def _of_run(session: TenantSession, adviser: Adviser, subject: Subject, asked: Asked, at: int, where: Place) -> list[str]:
    made = remembered(_ordered, adviser, subject, asked, at, where.from_end)
    keys = list(session.rows(made, {"size": where.size, "start": where.offset}).scalars())
    return keys[::-1] if where.from_end else keys


def following_id(
    session: TenantSession, adviser: Adviser, subject: Subject, asked: Asked, after: str | None, *, size: int
) -> list[str]:
    """Ids in their own order, from beyond one of them: pages that no change moves (keyset)."""
    key = subject.entity.id
    found = select(key).where(wanted(adviser, subject, asked))
    if after is not None:
        found = found.where(key > after)
    return list(session.scalars(found.order_by(key).limit(size)))


def neighbours(
    session: TenantSession, adviser: Adviser, subject: Subject, asked: Asked, key: str, at: int
) -> Neighbours:
    """What comes before and after one that stood at a place (from 1) of the list: two queries."""
    total = count(session, adviser, subject, asked)
    start = max(0, at - 2)
    found = ids(session, adviser, subject, asked, total, start, 3) if start < total else []
    if key not in found:
        return Neighbours(None, total, None, None)
    here = found.index(key)
    after = found[here + 1] if here + 1 < len(found) else None
    return Neighbours(start + here + 1, total, found[here - 1] if here else None, after)


def place(total: int, start: int, size: int) -> Place:
    """Where `size` rows from `start` on are taken from."""
    size = max(0, min(size, total - start))
    from_end = start > total - start - size
    return Place(from_end, total - start - size if from_end else start, size)


def wanted(adviser: Adviser, subject: Subject, asked: Asked) -> ColumnElement[bool]:
    """The request as a condition, behind the wall of rights. Raises `DomainError`."""
    key = subject.entity.id
    met = [subject.visible(adviser)]
    if asked.where:
        met.append(condition(asked.fields or core_fields(adviser), subject.key, key, asked.where, adviser))
    if asked.only is not None:
        met.append(key.in_(asked.only))
    return and_(*met)


def ranked(
    adviser: Adviser, subject: Subject, asked: Asked, at: int, from_end: bool
) -> tuple[Select[Any], list[tuple[Any, bool]]]:
    """A run's ids from a place on (`start`, `size`), and the keys of its order, each with whether it descends."""
    run = subject.runs(adviser, asked)[at]
    down = asked.descending and run.turns
    order = [key.desc() if down != from_end else key.asc() for key in run.keys]
    met = wanted(adviser, subject, asked) if run.of is None else and_(wanted(adviser, subject, asked), run.of)
    size, start = (bindparam(name, type_=Integer()) for name in ("size", "start"))
    found = select(subject.entity.id).where(met).order_by(*order).limit(size).offset(start)
    return found, [(key, down) for key in run.keys]


def remembered(make: Any, adviser: Adviser, subject: Subject, asked: Asked, *more: Any) -> Select[*tuple[Any, ...]]:
    """The statement for a request: kept for those who ask the same again."""
    made = make if asked.usual else make.__wrapped__
    return made(adviser, subject.key, asked, *more)  # type: ignore[no-any-return]


subjects: dict[str, Subject] = {}


def declare(subject: Subject) -> Subject:
    """Make a subject known."""
    subjects[subject.key] = subject
    return subject


@lru_cache(maxsize=MANY)
def _counting(adviser: Adviser, subject: str, asked: Asked, at: int | None = None) -> Select[*tuple[Any, ...]]:
    # the rows, not their ids: a database then counts in the narrowest index and reads no value
    what = subjects[subject]
    found = select(func.count()).select_from(what.entity).where(wanted(adviser, what, asked))
    of = None if at is None else what.runs(adviser, asked)[at].of
    return kept(found if of is None else found.where(of))


@lru_cache(maxsize=MANY)
def _ordered(adviser: Adviser, subject: str, asked: Asked, at: int, from_end: bool) -> Select[*tuple[Any, ...]]:
    return kept(ranked(adviser, subjects[subject], asked, at, from_end)[0])


def _typed(path: str) -> bool:
    found = known(path)
    return found is None or found.type != "choice"
