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

from core.contacts import channels
from core.contacts import services
from core.contacts.bulk import Prepared
from core.contacts.details import SINCE
from core.contacts.models import Contact
from core.contacts.schemas import NewContact
from core.contacts.schemas import made_name
from core.db.session import TenantSession
from core.hooks.types import Adviser

#: Never taken from a file: what kind of contact it is, copies of channels, and what says nothing where it is usual.
_LEFT = frozenset({"kind", "email", "phone", "city", "display_name", *SINCE.values()})
_USUAL = {"stage": "PROSPECT", "protection": "AUCUNE", "vital": "VIVANT"}


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be written of one contact; nothing of it where both are empty."""

    fields: Mapping[str, Any]
    channels: tuple[tuple[str, Mapping[str, Any]], ...]

    def __bool__(self) -> bool:
        return bool(self.fields or self.channels)


def changes(session: TenantSession, wanted: Sequence[tuple[str, Prepared]], *, over: bool) -> list[Change | None]:
    """For each contact and what the file says of it; None where both are not of one kind. `over`: replace what is there."""
    ids = {contact_id for contact_id, _one in wanted}
    rows = {row.id: row for row in session.scalars(select(Contact).where(Contact.id.in_(ids)))} if ids else {}
    known: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for kind in {kind for _id, one in wanted for kind, _values in one.channels}:
        model = channels.KINDS[kind].model
        for channel in session.scalars(select(model).where(model.contact_id.in_(ids))):
            known[channel.contact_id, kind].append(channel)
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
        found.append(Change(_fields(row, one.data, over), added))
    return found


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
    said: dict[str, Any] = {name: after[name] for name in changed}
    return {name: before[name] for name in changed}, {**said, "channels": added} if added else said


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else str(value) if isinstance(value, Decimal) else value
