"""What a file adds to contacts that are there: empty fields completed, or all that it tells written over (AC-02)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from core.contacts import bulk_shelves
from core.contacts import categories
from core.contacts import channels
from core.contacts import labels
from core.contacts import services
from core.contacts.bulk import Prepared
from core.contacts.details import SINCE
from core.contacts.models import Contact
from core.contacts.schemas import NewContact
from core.contacts.schemas import made_name
from core.db.session import TenantSession
from core.hooks.types import Adviser
from core.search.words import fold

#: Never taken from a file: what kind of contact it is, copies of channels, and what says nothing where it is usual.
_LEFT = frozenset({"kind", "email", "phone", "city", "display_name", *SINCE.values()})
_USUAL = {"stage": "PROSPECT", "protection": "AUCUNE", "vital": "VIVANT"}


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be written of one contact; nothing where all of it is empty. `labels`: those to add."""

    fields: Mapping[str, Any]
    channels: tuple[tuple[str, Mapping[str, Any]], ...]
    category: str = ""
    labels: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.fields or self.channels or self.category or self.labels)


def changes(session: TenantSession, wanted: Sequence[tuple[str, Prepared]], *, over: bool) -> list[Change | None]:
    """For each contact and what the file says of it; None where both are not of one kind. `over`: replace what is there."""
    ids = {contact_id for contact_id, _one in wanted}
    rows = {row.id: row for row in session.scalars(select(Contact).where(Contact.id.in_(ids)))} if ids else {}
    known: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for kind in {kind for _id, one in wanted for kind, _values in one.channels}:
        model = channels.KINDS[kind].model
        for channel in session.scalars(select(model).where(model.contact_id.in_(ids))):
            known[channel.contact_id, kind].append(channel)
    placing = any(one.category or one.labels for _id, one in wanted)
    here = bulk_shelves.known(session) if placing else None
    borne = labels.of_contacts(session, ids) if placing else {}
    found: list[Change | None] = []
    for contact_id, one in wanted:
        row = rows.get(contact_id)
        if row is None or row.kind != one.data.kind:
            found.append(None)
            continue
        added = tuple(
            (kind, values) for kind, values in one.channels
            if (over or not known[contact_id, kind]) and not any(_same(kind, values, there) for there in known[contact_id, kind])
        )  # fmt: skip
        has = {fold(label.name) for label in borne.get(contact_id, ())}
        more = tuple(name for name in one.labels if fold(name) not in has)
        found.append(Change(_fields(row, one.data, over), added, _category(row, one.category, here, over), more))
    return found


def _category(row: Contact, name: str, here: bulk_shelves.Known | None, over: bool) -> str:
    if not name or here is None or here.categories.get(fold(name)) == row.category_id:
        return ""
    return name if over or row.category_id is None else ""


def _fields(row: Contact, data: NewContact, over: bool) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name in (one.name for one in fields(NewContact)):
        value, there = getattr(data, name), getattr(row, name)
        if name in _LEFT or value in (None, "") or value == there or _USUAL.get(name) == value:
            continue
        if over or there in (None, "") or _USUAL.get(name) == there:
            made[name] = value
    named = data.display_name
    if over and named != made_name(data) and named != row.display_name:
        made["display_name"] = named
    return made


def _same(kind: str, values: Mapping[str, Any], there: Any) -> bool:
    if kind == "email":
        return bool(values["folded"] == there.folded)
    names = ("street", "postal_code", "city") if kind == "address" else (channels.KINDS[kind].needed,)
    return all((values.get(name) or "").casefold() == (getattr(there, name) or "").casefold() for name in names)


def apply(
    session: TenantSession, by: Adviser | str, contact_id: str, change: Change
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Write a change by the services' own rules; what was there before and is now, as JSON, for `bulk_undo.put_back`.

    Raises `DomainError`, `Forbidden`.
    """
    row = session.scalars(select(Contact).where(Contact.id == contact_id)).one()
    names = {*change.fields, *(() if "display_name" in change.fields else ("display_name",))}
    before = {name: _plain(getattr(row, name)) for name in names}
    if change.fields:
        services.update(session, by, contact_id, change.fields)
    added = []
    for kind, values in change.channels:
        made = channels.add(session, by, contact_id, kind, values)
        added.append([kind, made, values[channels.KINDS[kind].needed]])
    after = {name: _plain(getattr(row, name)) for name in names}
    changed = [name for name in names if before[name] != after[name]]
    was, said = {name: before[name] for name in changed}, {name: after[name] for name in changed}
    if change.category or change.labels:
        placed = bulk_shelves.ensured(session, by, [(change.category, change.labels)])
        if change.category:
            was["category"], said["category"] = row.category_id, placed.categories[fold(change.category)]
            categories.assign(session, by, [contact_id], said["category"])
        if change.labels:
            said["labels"] = [placed.labels[fold(name)] for name in change.labels]
            labels.put(session, by, [contact_id], add=said["labels"])
    return was, {**said, "channels": added} if added else said


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else str(value) if isinstance(value, Decimal) else value
