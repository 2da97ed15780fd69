"""The cabinet's labels («étiquettes»): any number on a contact, each a name and a colour (CT-03)."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func
from sqlalchemy import select

from core.cabinets import audit
from core.contacts import shelves
from core.contacts.access import all_writable
from core.contacts.access import writer
from core.contacts.own_models import ContactLabel
from core.contacts.own_models import ContactLabelling
from core.contacts.shelves import LABELS
from core.db.errors import Conflict
from core.db.errors import DomainError
from core.db.model import new_id
from core.db.session import TenantSession
from core.hooks.types import Adviser

NAME = 40
#: The design's tokens, by the name that people know them by; the name of a label is always written beside its colour.
COLORS: dict[str, str] = {"neutral": "Gris", "info": "Bleu", "success": "Vert", "warning": "Orange", "danger": "Rouge"}


@dataclass(frozen=True, slots=True)
class Label:
    """A label."""

    id: str
    name: str
    color: str
    archived: bool = False
    used: int = 0

    @property
    def color_label(self) -> str:
        """«Bleu»."""
        return COLORS.get(self.color, self.color)


def every(session: TenantSession, *, archived: bool = False, counted: bool = False) -> tuple[Label, ...]:
    """All labels in the cabinet's order. `counted`: with how many contacts bear each."""
    used = _counts(session) if counted else {}
    return tuple(
        Label(one.id, one.name, one.color, one.archived_at is not None, used.get(one.id, 0))
        for one in shelves.rows(session, LABELS)
        if archived or one.archived_at is None
    )


def get(session: TenantSession, label_id: str) -> Label:
    """One, archived or not. Raises `NotFound`."""
    shelves.row(session, LABELS, label_id)
    return next(one for one in every(session, archived=True, counted=True) if one.id == label_id)


def of_contacts(session: TenantSession, contact_ids: Iterable[str]) -> dict[str, tuple[Label, ...]]:
    """The labels of each contact, in the cabinet's order; archived ones too. No right is checked."""
    ids = list(contact_ids)
    rows = session.execute(
        select(ContactLabelling.contact_id, ContactLabel)
        .join(ContactLabel, ContactLabel.id == ContactLabelling.label_id)
        .where(ContactLabelling.contact_id.in_(ids)).order_by(ContactLabel.position, ContactLabel.id)
    ) if ids else ()  # fmt: skip
    found: dict[str, tuple[Label, ...]] = {}
    for contact_id, one in rows:
        label = Label(one.id, one.name, one.color, one.archived_at is not None)
        found[contact_id] = (*found.get(contact_id, ()), label)
    return found


def add(session: TenantSession, by: Adviser | str, values: Mapping[str, Any], *, label_id: str | None = None) -> str:
    """Make one; its id. `values`: name, color. Raises `DomainError`, `Forbidden`."""
    actor = writer(by, shelves.RIGHT)
    name, folded, color = _checked(session, None, values)
    place = shelves.room(session, LABELS)
    made = ContactLabel(id=label_id or new_id(), name=name, folded=folded, color=color, position=place)
    session.add(made)
    session.flush()
    shelves.noted(session, actor, LABELS, "added", {"label": name, "color": color})
    return made.id


def change(session: TenantSession, by: Adviser | str, label_id: str, values: Mapping[str, Any]) -> bool:
    """Rename one, give it another colour; whether anything changed."""
    actor = writer(by, shelves.RIGHT)
    row = shelves.row(session, LABELS, label_id)
    before = {"label": row.name, "color": row.color}
    name, folded, color = _checked(session, row, {"name": row.name, "color": row.color, **values})
    after = {"label": name, "color": color}
    moved = [key for key in after if after[key] != before[key]]
    if moved:
        row.name, row.folded, row.color = name, folded, color
        session.flush()
        payload = {"before": {key: before[key] for key in moved}, "after": {key: after[key] for key in moved}}
        shelves.noted(session, actor, LABELS, "changed", payload)
    return bool(moved)


def merge(session: TenantSession, by: Adviser | str, label_id: str, into: str) -> list[str]:
    """Give another label to all who bear this one, and archive it; the contacts that bore it."""
    actor = writer(by, shelves.RIGHT)
    row, target = shelves.row(session, LABELS, label_id), shelves.row(session, LABELS, into)
    if row.id == target.id or target.archived_at is not None:
        raise DomainError("Choisissez une autre étiquette, qui sert encore.", field="into")
    bore = list(session.scalars(select(ContactLabelling).where(ContactLabelling.label_id == row.id)))
    ids = [one.contact_id for one in bore]
    before = of_contacts(session, ids)
    has = {contact for contact, some in before.items() if any(one.id == target.id for one in some)}
    for one in bore:
        if one.contact_id in has:
            session.delete(one)
        else:
            one.label_id = target.id
    session.flush()
    _note(session, actor, before, of_contacts(session, ids))
    shelves.noted(session, actor, LABELS, "merged", {"label": row.name, "into": target.name, "count": len(ids)})
    shelves.archive(session, by, LABELS, label_id)
    return ids


def put(
    session: TenantSession, by: Adviser | str, contact_ids: Sequence[str], *, add: Iterable[str] = (), remove: Iterable[str] = ()
) -> dict[str, list[str]]:
    """Put labels on contacts and take others away, all or nothing; the former ones of those that it changes.

    Raises `DomainError` for a label that no longer serves, `NotFound` where one of the contacts may not be changed.
    """
    rows = all_writable(session, by, contact_ids)
    before = of_contacts(session, [row.id for row in rows])
    more, less = list(add), set(remove)
    wanted = {}
    for row in rows:
        has = [one.id for one in before.get(row.id, ())]
        wanted[row.id] = [one for one in dict.fromkeys([*has, *more]) if one not in less]
    return assign(session, by, wanted)


def assign(session: TenantSession, by: Adviser | str, wanted: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Contact → the labels that it is to bear, all or nothing; the former ones of those that it changes."""
    actor = writer(by, "contacts.edit")
    all_writable(session, by, list(wanted))
    known = {one.id: one for one in every(session, archived=True)}
    before = of_contacts(session, wanted)
    former: dict[str, list[str]] = {}
    for contact_id, ids in wanted.items():
        has = {one.id for one in before.get(contact_id, ())}
        fresh = [one for one in dict.fromkeys(ids) if one not in has]
        if any(one not in known or known[one].archived for one in fresh):
            raise DomainError("Choisissez des étiquettes de la liste.", field="labels")
        gone = has - set(ids)
        if not fresh and not gone:
            continue
        former[contact_id] = [one.id for one in before.get(contact_id, ())]
        session.add_all(ContactLabelling(contact_id=contact_id, label_id=one) for one in fresh)
        for row in session.scalars(
            select(ContactLabelling).where(ContactLabelling.contact_id == contact_id, ContactLabelling.label_id.in_(gone))
        ):
            session.delete(row)
    session.flush()
    _note(session, actor, before, of_contacts(session, former), only=set(former))
    return former


def _note(
    session: TenantSession, actor: str, before: Mapping[str, Sequence[Label]], after: Mapping[str, Sequence[Label]],
    only: set[str] | None = None,
) -> None:  # fmt: skip
    for contact_id in sorted(only if only is not None else set(before) | set(after)):
        had, has = (", ".join(one.name for one in some.get(contact_id, ())) for some in (before, after))
        if had != has:
            payload = {"before": {"labels": had}, "after": {"labels": has}}
            audit.record(session, actor, "contact.labelled", f"contact:{contact_id}", payload)


def _counts(session: TenantSession) -> dict[str, int]:
    asked = select(ContactLabelling.label_id, func.count()).group_by(ContactLabelling.label_id)
    return {row[0]: row[1] for row in session.execute(asked)}


def _checked(session: TenantSession, row: ContactLabel | None, values: Mapping[str, Any]) -> tuple[str, str, str]:
    name, folded = shelves.named(values.get("name"), NAME)
    color = str(values.get("color") or "neutral")
    if color not in COLORS:
        raise DomainError("Choisissez une couleur de la liste.", field="color")
    mine = row.id if row is not None else None
    if any(one.folded == folded and one.id != mine for one in shelves.rows(session, LABELS)):
        raise Conflict("Une étiquette porte déjà ce nom, peut-être archivée.", field="name")
    return name, folded, color
