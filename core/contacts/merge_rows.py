"""The rows that name a merged contact: moved to the kept one or dropped, remembered, and put back (CT-02).

What names a contact is `core.hooks.references`' to say, of core and of plugins alike; nothing here knows a table's name.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from datetime import date
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Table
from sqlalchemy import UniqueConstraint
from sqlalchemy import inspect
from sqlalchemy import select

from core.db.errors import Conflict
from core.db.model import Base
from core.db.session import TenantSession
from core.hooks import references
from core.hooks.declared import Ref

_CODED: Mapping[str, Callable[[str], Any]] = {
    "$date": date.fromisoformat, "$at": datetime.fromisoformat, "$decimal": Decimal, "$bytes": bytes.fromhex,
}  # fmt: skip


@dataclass(slots=True)
class Record:
    """What a merge did to rows: «table.column» → ids of those moved; those dropped, whole; other columns that changed.

    `secret`: places of `moved` that nobody is told of (`Ref.secret`); they are there to be put back.
    """

    moved: dict[str, list[str]] = field(default_factory=dict)
    secret: list[str] = field(default_factory=list)
    dropped: list[dict[str, Any]] = field(default_factory=list)
    changed: list[dict[str, Any]] = field(default_factory=list)

    def note(self, row: Any, name: str, value: Any) -> None:
        """Write a column of a row, so that it can be put back."""
        before = getattr(row, name)
        if before == value:
            return
        setattr(row, name, value)
        told = {"table": row.__tablename__, "id": row.id, "name": name, "before": coded(before), "after": coded(value)}
        self.changed.append(told)

    def counts(self) -> dict[str, dict[str, int]]:
        """How many rows of which table, for the journal."""
        moved: dict[str, int] = {}
        for place, ids in self.moved.items():
            if place in self.secret:
                continue
            table = place.split(".")[0]
            moved[table] = moved.get(table, 0) + len(ids)
        dropped: dict[str, int] = {}
        for one in self.dropped:
            dropped[one["table"]] = dropped.get(one["table"], 0) + 1
        return {"moved": moved, "dropped": dropped}


@dataclass(frozen=True, slots=True)
class _Place:
    """A reference with its model."""

    ref: Ref
    model: type[Any]
    key: str

    def rows(self, session: TenantSession, contact_id: str) -> list[Any]:
        named = [getattr(self.model, _key(self.model, column)) == value for column, value in self.ref.when]
        return list(session.scalars(select(self.model).where(getattr(self.model, self.key) == contact_id, *named)))


def move(session: TenantSession, kept: str, gone: str) -> tuple[Record, tuple[references.Dropped, ...]]:
    """Have all rows of `gone` name `kept`. Those that would then say the same twice are given back, to be deleted.

    Raises `Conflict` where two rows collide that their owner wants to keep.
    """
    record, dropped = Record(), list[references.Dropped]()
    places = list(_places())
    for place in places:
        others = [one.key for one in places if one.model is place.model and one.key != place.key]
        for row in place.rows(session, gone):
            if any(row is one.row for one in dropped):
                continue
            twin = _twin(session, place, row, kept)
            if any(getattr(row, key) == kept for key in others) or (twin is not None and _may_go(place, row, twin)):
                dropped.append(references.Dropped(place.ref.table, row, twin))
                continue
            if twin is not None:
                raise Conflict(
                    "Ces deux dossiers ont chacun une fiche que leur module garde en un seul exemplaire "
                    f"({place.ref.table})\u202f: la fusion n'est pas possible, rien n'a été modifié."
                )
            setattr(row, place.key, kept)
            named = f"{place.ref.table}.{place.ref.column}"
            record.moved.setdefault(named, []).append(row.id)
            if place.ref.secret and named not in record.secret:
                record.secret.append(named)
            session.flush()
    return record, tuple(dropped)


def drop(session: TenantSession, record: Record, dropped: tuple[references.Dropped, ...]) -> None:
    """Delete the rows that `move` gave back, remembered whole."""
    for one in dropped:
        record.dropped.append({"table": one.table, "row": frozen(one.row)})
        session.delete(one.row)
    session.flush()


def told(record: Mapping[str, Any]) -> int:
    """How many rows a merge that was kept moved or dropped, of those that may be told of."""
    secret = record.get("secret", ())
    return sum(len(ids) for place, ids in record["moved"].items() if place not in secret) + len(record["dropped"])


def put_back(session: TenantSession, record: Mapping[str, Any], kept: str, gone: str) -> int:
    """Reverse of `move`, `drop` and `Record.note`, once `gone` is there again; how many rows went back, of those that are told.

    What was deleted since stays deleted, what was given to somebody else stays there.
    """
    models, count = _models(), 0
    for change in reversed(record["changed"]):
        row = _one(session, models.get(change["table"]), change["id"])
        if row is not None and coded(getattr(row, change["name"])) == change["after"]:
            setattr(row, change["name"], plain(change["before"]))
    for place, ids in record["moved"].items():
        table, column = place.split(".")
        model = models.get(table)
        if model is None:
            continue
        key = _key(model, column)
        for start in range(0, len(ids), 500):
            for row in session.scalars(select(model).where(model.id.in_(ids[start : start + 500]), getattr(model, key) == kept)):
                setattr(row, key, gone)
                count += place not in record.get("secret", ())
    session.flush()
    for one in record["dropped"]:
        model, values = models.get(one["table"]), {name: plain(value) for name, value in one["row"].items()}
        if model is None or _one(session, model, values["id"]) is not None or not _parents(session, models, model, values):
            continue
        session.add(model(**values))
        session.flush()
        count += 1
    return count


def frozen(row: Any) -> dict[str, Any]:
    """A row as JSON keeps it, by its attributes."""
    return {one.key: coded(getattr(row, one.key)) for one in inspect(type(row)).column_attrs}


def coded(value: Any) -> Any:
    """A value as JSON keeps it."""
    if isinstance(value, datetime):
        return {"$at": value.isoformat()}
    if isinstance(value, date):
        return {"$date": value.isoformat()}
    if isinstance(value, Decimal):
        return {"$decimal": str(value)}
    return {"$bytes": value.hex()} if isinstance(value, bytes) else value


def plain(value: Any) -> Any:
    """Reverse of `coded`."""
    if isinstance(value, dict) and len(value) == 1 and (kind := next(iter(value))) in _CODED:
        return _CODED[kind](value[kind])
    return value


def _places() -> Iterator[_Place]:
    models = _models()
    for ref in references.every("contact"):
        model = models.get(ref.table)
        if model is None:
            raise Conflict(f"La table {ref.table} d'un module n'est pas lisible\u202f: la fusion attend qu'elle le soit.")
        yield _Place(ref, model, _key(model, ref.column))


def _models() -> dict[str, type[Any]]:
    return {one.local_table.name: one.class_ for one in Base.registry.mappers if isinstance(one.local_table, Table)}


def _table(model: type[Any]) -> Table:
    found: Table = inspect(model).local_table
    return found


def _key(model: type[Any], column: str) -> str:
    found: str = inspect(model).get_property_by_column(_table(model).columns[column]).key
    return found


def _one(session: TenantSession, model: type[Any] | None, ref: str) -> Any | None:
    return None if model is None else session.scalar(select(model).where(model.id == ref))


def _twin(session: TenantSession, place: _Place, row: Any, kept: str) -> Any | None:
    """A row of the kept contact that this one cannot stand beside."""
    for columns in (*_unique(place), *([place.ref.alike] if place.ref.alike else [])):
        others = [_key(place.model, column) for column in columns if column != place.ref.column]
        values = {key: getattr(row, key) for key in others}
        if columns is not place.ref.alike and None in values.values():
            continue  # SQL: nothing is equal to what is not known
        same = [getattr(place.model, key).is_(None) if value is None else getattr(place.model, key) == value
                for key, value in values.items()]  # fmt: skip
        wanted = select(place.model).where(getattr(place.model, place.key) == kept, place.model.id != row.id, *same)
        if (found := session.scalars(wanted.limit(1)).first()) is not None:
            return found
    return None


def _may_go(place: _Place, row: Any, twin: Any) -> bool:
    keys = [_key(place.model, column) for column in place.ref.alike]
    return place.ref.on_conflict == "drop" or bool(keys and all(getattr(row, key) == getattr(twin, key) for key in keys))


def _unique(place: _Place) -> Iterator[tuple[str, ...]]:
    table = _table(place.model)
    sets = [one.columns for one in table.constraints if isinstance(one, UniqueConstraint)]
    sets += [one.columns for one in table.indexes if one.unique]
    for columns in sets:
        named = tuple(column.name for column in columns if column.name != "cabinet_id")
        if place.ref.column in named:
            yield named


def _parents(session: TenantSession, models: Mapping[str, type[Any]], model: type[Any], values: Mapping[str, Any]) -> bool:
    """Whether all that a dropped row names is still there: an account may have been deleted since."""
    for constraint in _table(model).foreign_key_constraints:
        for element in constraint.elements:
            name, target = element.parent.name, models.get(element.column.table.name)
            value = values.get(_key(model, name))
            if name != "cabinet_id" and target is not None and value is not None and _one(session, target, value) is None:
                return False
    return True
