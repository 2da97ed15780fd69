"""The cabinet's categories of contacts: two levels, one category a contact, one that new contacts get (CT-03)."""

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
from core.contacts.models import Contact
from core.contacts.own_models import ContactCategory
from core.contacts.shelves import CATEGORIES
from core.db.errors import Conflict
from core.db.errors import DomainError
from core.db.model import new_id
from core.db.session import TenantSession
from core.hooks.types import Adviser
from core.web import formats

NAME = 80


@dataclass(frozen=True, slots=True)
class Category:
    """A category, or a sub-category of one."""

    id: str
    name: str
    parent_id: str | None
    parent: str | None
    is_default: bool
    archived: bool
    used: int = 0

    @property
    def path(self) -> str:
        """«Clients › Patrimoniaux»."""
        return f"{self.parent} › {self.name}" if self.parent else self.name


def tree(session: TenantSession, *, archived: bool = False, counted: bool = False) -> tuple[Category, ...]:
    """Each category followed by its sub-categories, in the cabinet's order. `counted`: with how many contacts each has."""
    every = shelves.rows(session, CATEGORIES)
    used = _counts(session) if counted else {}
    names = {one.id: one.name for one in every}
    made = [
        Category(
            one.id, one.name, one.parent_id, names.get(one.parent_id or ""), one.is_default, one.archived_at is not None,
            used.get(one.id, 0),
        )
        for one in every
    ]  # fmt: skip
    found: list[Category] = []
    for top in (one for one in made if one.parent_id is None):
        found += [top, *(one for one in made if one.parent_id == top.id)]
    gone = {one.id for one in found if one.archived}
    return tuple(one for one in found if archived or not (one.archived or one.parent_id in gone))


def get(session: TenantSession, category_id: str) -> Category:
    """One, archived or not. Raises `NotFound`."""
    shelves.row(session, CATEGORIES, category_id)
    return next(one for one in tree(session, archived=True, counted=True) if one.id == category_id)


def choices(session: TenantSession, kept: str | None = None) -> dict[str, str]:
    """Id → path of those that a contact may be given; `kept`: the one it has, archived though it may be."""
    open_now = {one.id for one in tree(session)}
    return {one.id: one.path for one in tree(session, archived=True) if one.id == kept or one.id in open_now}


def default_id(session: TenantSession) -> str | None:
    """The category of new contacts."""
    wanted = select(ContactCategory.id).where(ContactCategory.is_default.is_(True), ContactCategory.archived_at.is_(None))
    return session.scalar(wanted.limit(1))


def path_of(session: TenantSession, category_id: str | None) -> str | None:
    """«Clients › Patrimoniaux» of a contact's category."""
    if category_id is None:
        return None
    return next((one.path for one in tree(session, archived=True) if one.id == category_id), None)


def of_contacts(session: TenantSession, contact_ids: Iterable[str]) -> dict[str, str | None]:
    """The category of each contact. No right is checked."""
    asked = select(Contact.id, Contact.category_id).where(Contact.id.in_(list(contact_ids)))
    return {row.id: row.category_id for row in session.execute(asked)}


def paths(session: TenantSession, contact_ids: Iterable[str]) -> dict[str, str]:
    """The path of each contact's category, of those that have one. No right is checked."""
    known = {one.id: one.path for one in tree(session, archived=True)}
    return {key: known[held] for key, held in of_contacts(session, contact_ids).items() if held in known}


def add(
    session: TenantSession, by: Adviser | str, values: Mapping[str, Any], *, category_id: str | None = None
) -> str:
    """Make one; its id. `values`: name, parent_id, is_default. Raises `DomainError`, `NotFound`, `Forbidden`."""
    actor = writer(by, shelves.RIGHT)
    name, folded = shelves.named(values.get("name"), NAME)
    parent = values.get("parent_id") or None
    _check_place(session, None, parent, folded)
    made = ContactCategory(
        id=category_id or new_id(), name=name, folded=folded, parent_id=parent, position=shelves.room(session, CATEGORIES)
    )
    session.add(made)
    session.flush()
    shelves.noted(session, actor, CATEGORIES, "added", {"label": name})
    if values.get("is_default"):
        set_default(session, by, made.id)
    return made.id


def change(session: TenantSession, by: Adviser | str, category_id: str, values: Mapping[str, Any]) -> bool:
    """Rename one, put it under another, make it the usual one; whether anything changed."""
    actor = writer(by, shelves.RIGHT)
    row = shelves.row(session, CATEGORIES, category_id)
    name, folded = shelves.named(values.get("name", row.name), NAME)
    parent = values.get("parent_id", row.parent_id) or None
    _check_place(session, row, parent, folded)
    before = {"label": row.name, "parent": path_of(session, row.parent_id)}
    changed = (row.name, row.parent_id) != (name, parent)
    if changed:
        row.name, row.folded, row.parent_id = name, folded, parent
        session.flush()
        after = {"label": name, "parent": path_of(session, parent)}
        moved = {key for key in after if after[key] != before[key]}
        payload = {"before": {key: before[key] for key in moved}, "after": {key: after[key] for key in moved}}
        shelves.noted(session, actor, CATEGORIES, "changed", payload)
    wanted = bool(values.get("is_default", row.is_default))
    if wanted != row.is_default:
        set_default(session, by, category_id if wanted else None)
        changed = True
    return changed


def set_default(session: TenantSession, by: Adviser | str, category_id: str | None) -> None:
    """The category of new contacts; None: they get none."""
    actor = writer(by, shelves.RIGHT)
    if category_id is not None and shelves.row(session, CATEGORIES, category_id).archived_at is not None:
        raise DomainError("Une catégorie archivée ne peut pas être celle des nouveaux contacts.", field="is_default")
    for row in shelves.rows(session, CATEGORIES):
        row.is_default = row.id == category_id
    session.flush()
    shelves.noted(session, actor, CATEGORIES, "default", {"label": path_of(session, category_id) or formats.NOTHING})


def merge(session: TenantSession, by: Adviser | str, category_id: str, into: str) -> list[str]:
    """Give all contacts of one category to another, and archive the first; the contacts that moved.

    Its sub-categories go under the other one. Raises `DomainError` where the two cannot be one.
    """
    actor = writer(by, shelves.RIGHT)
    row, target = shelves.row(session, CATEGORIES, category_id), shelves.row(session, CATEGORIES, into)
    if row.id == target.id or target.archived_at is not None or target.parent_id == row.id:
        raise DomainError("Choisissez une autre catégorie, qui sert encore et qui n'est pas une des siennes.", field="into")
    every = shelves.rows(session, CATEGORIES)
    under = [one for one in every if one.parent_id == row.id]
    if under and target.parent_id is not None:
        text = "Cette catégorie a des sous-catégories\u202f: fusionnez-la avec une catégorie du premier niveau."
        raise DomainError(text, field="into")
    taken = {one.folded for one in every if one.parent_id == target.id}
    if any(one.folded in taken for one in under):
        raise Conflict("Les deux catégories ont une sous-catégorie de même nom\u202f: fusionnez d'abord celles-ci.", field="into")
    for one in under:
        one.parent_id = target.id
    moved = list(session.scalars(select(Contact.id).where(Contact.category_id == row.id).order_by(Contact.id)))
    before, after = path_of(session, row.id), path_of(session, target.id)
    for contact in session.scalars(select(Contact).where(Contact.category_id == row.id)):
        contact.category_id = target.id
        audit.record(
            session, actor, "contact.categorised", f"contact:{contact.id}",
            {"before": {"category": before}, "after": {"category": after}},
        )  # fmt: skip
    if row.is_default:
        row.is_default, target.is_default = False, True
    session.flush()
    shelves.noted(session, actor, CATEGORIES, "merged", {"label": before, "into": after, "count": len(moved)})
    shelves.archive(session, by, CATEGORIES, category_id)
    return moved


def assign(
    session: TenantSession, by: Adviser | str, contact_ids: Sequence[str], category_id: str | None, *, archived: bool = False
) -> dict[str, str | None]:
    """Put contacts in a category, or in none, all or nothing; the former one of those that it changes.

    `archived`: into one that no longer serves too, to take a change back. Raises `DomainError` for a category that is not
    there or no longer serves, `NotFound` where one of the contacts may not be changed.
    """
    actor = writer(by, "contacts.edit")
    rows = [row for row in all_writable(session, by, contact_ids) if row.category_id != category_id]
    known = {one.id: one for one in tree(session, archived=True)}
    if rows and category_id is not None and (category_id not in known or not (archived or _open(session, known[category_id]))):
        raise DomainError("Choisissez une catégorie de la liste.", field="category")
    former: dict[str, str | None] = {}
    for row in rows:
        former[row.id] = row.category_id
        before = known[row.category_id].path if row.category_id in known else None
        row.category_id = category_id
        payload = {"before": {"category": before}, "after": {"category": known[category_id].path if category_id else None}}
        audit.record(session, actor, "contact.categorised", f"contact:{row.id}", payload)
    session.flush()
    return former


def _open(session: TenantSession, one: Category) -> bool:
    if one.archived:
        return False
    return one.parent_id is None or shelves.row(session, CATEGORIES, one.parent_id).archived_at is None


def _counts(session: TenantSession) -> dict[str, int]:
    asked = select(Contact.category_id, func.count()).where(Contact.category_id.is_not(None)).group_by(Contact.category_id)
    return {str(key): count for key, count in session.execute(asked)}


def _check_place(session: TenantSession, row: ContactCategory | None, parent_id: str | None, folded: str) -> None:
    every = shelves.rows(session, CATEGORIES)
    if parent_id is not None:
        parent = next((one for one in every if one.id == parent_id), None)
        if parent is None or parent.parent_id is not None or (row is not None and parent.id == row.id):
            raise DomainError("Choisissez une catégorie du premier niveau.", field="parent_id")
        if row is not None and any(one.parent_id == row.id for one in every):
            text = "Cette catégorie a des sous-catégories\u202f: elle reste au premier niveau."
            raise DomainError(text, field="parent_id")
    mine = row.id if row is not None else None
    if any(one.folded == folded and one.parent_id == parent_id and one.id != mine for one in every):
        raise Conflict("Une catégorie porte déjà ce nom à cet endroit, peut-être archivée.", field="name")
