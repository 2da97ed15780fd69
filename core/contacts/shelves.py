"""What the lists that a cabinet defines share: their order, what is no longer used, their names, told apart by their words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func
from sqlalchemy import inspect
from sqlalchemy import select

from core.cabinets import audit
from core.contacts.access import writer
from core.contacts.own_models import ContactCategory
from core.contacts.own_models import ContactLabel
from core.contacts.own_models import CustomField
from core.db.clock import now
from core.db.errors import Conflict
from core.db.errors import DomainError
from core.db.errors import NotFound
from core.db.session import TenantSession
from core.hooks.types import Adviser
from core.search.words import fold
from core.web import inputs

#: Who may define them.
RIGHT = "administration"
Row = ContactCategory | ContactLabel | CustomField


@dataclass(frozen=True, slots=True)
class Shelf:
    """One such list: its table, the journal's word for one of its things, how many there may be, what is said of none."""

    model: type[Any]
    kind: str
    most: int
    absent: str


CATEGORIES = Shelf(ContactCategory, "category", 200, "Cette catégorie n'existe pas, ou n'existe plus.")
LABELS = Shelf(ContactLabel, "label", 200, "Cette étiquette n'existe pas, ou n'existe plus.")
FIELDS = Shelf(CustomField, "custom_field", 100, "Ce champ n'existe pas, ou n'existe plus.")


def rows(session: TenantSession, shelf: Shelf) -> list[Any]:
    """All of a list, in the cabinet's order, what is archived too."""
    return list(session.scalars(select(shelf.model).order_by(shelf.model.position, shelf.model.id)))


def row(session: TenantSession, shelf: Shelf, item_id: str) -> Any:
    """One of them. Raises `NotFound`."""
    found = session.scalar(select(shelf.model).where(shelf.model.id == item_id))
    if found is None:
        raise NotFound(shelf.absent)
    return found


def room(session: TenantSession, shelf: Shelf) -> int:
    """The place of the next one. Raises `DomainError` where the list is full."""
    count, last = session.execute(select(func.count(shelf.model.id), func.max(shelf.model.position))).one()
    if count >= shelf.most:
        raise DomainError(f"{shelf.most} éléments au plus\u202f: archivez ceux qui ne servent plus.")
    return 0 if last is None else last + 1


def order(session: TenantSession, by: Adviser | str, shelf: Shelf, ids: Sequence[str]) -> list[str]:
    """Put those of the list that are named in this order; their former one. Raises `NotFound`, `Forbidden`."""
    actor = writer(by, RIGHT)
    known = {one.id: one for one in rows(session, shelf)}
    if any(one not in known for one in ids) or len(set(ids)) != len(ids):
        raise NotFound(shelf.absent)
    former = [one for one in known if one in set(ids)]
    if former == list(ids):
        return former
    places = sorted(known[one].position for one in ids)
    if len(set(places)) < len(places):
        places = list(range(len(places)))
    for place, one in zip(places, ids, strict=True):
        known[one].position = place
    session.flush()
    noted(session, actor, shelf, "ordered", {"count": len(ids)})
    return former


def archive(session: TenantSession, by: Adviser | str, shelf: Shelf, item_id: str) -> None:
    """Use one no more: what it says stays where it is said. Raises `NotFound`, `Forbidden`."""
    actor = writer(by, RIGHT)
    found = row(session, shelf, item_id)
    if found.archived_at is None:
        found.archived_at = now()
        session.flush()
        noted(session, actor, shelf, "archived", {"label": name_of(found)})


def restore(session: TenantSession, by: Adviser | str, shelf: Shelf, item_id: str) -> None:
    """Reverse of `archive`. Raises `Conflict` where its name has been given again meanwhile."""
    actor = writer(by, RIGHT)
    found = row(session, shelf, item_id)
    if found.archived_at is not None:
        found.archived_at = None
        session.flush()
        noted(session, actor, shelf, "restored", {"label": name_of(found)})


def remove(session: TenantSession, by: Adviser | str, shelf: Shelf, item_id: str, *, used: int) -> dict[str, Any]:
    """Delete one that was never used; its columns, for `again`. Raises `Conflict` for one that is used."""
    actor = writer(by, RIGHT)
    found = row(session, shelf, item_id)
    if used:
        raise Conflict("Elle sert déjà\u202f: archivez-la, ce qu'elle dit reste dans les dossiers.")
    kept = {key.key: getattr(found, key.key) for key in inspect(shelf.model).column_attrs}
    session.delete(found)
    session.flush()
    noted(session, actor, shelf, "removed", {"label": name_of(found)})
    return {name: value for name, value in kept.items() if name not in ("cabinet_id", "archived_at", "created_at")}


def again(session: TenantSession, by: Adviser | str, shelf: Shelf, kept: dict[str, Any]) -> None:
    """Reverse of `remove`."""
    actor = writer(by, RIGHT)
    made = shelf.model(**kept)
    session.add(made)
    session.flush()
    noted(session, actor, shelf, "added", {"label": name_of(made)})


def noted(session: TenantSession, actor: str, shelf: Shelf, what: str, payload: dict[str, Any]) -> None:
    """A line of the journal on the list."""
    audit.record(session, actor, f"{shelf.kind}.{what}", f"cabinet:{session.require_cabinet()}", payload)


def named(text: Any, most: int, *, field: str = "name") -> tuple[str, str]:
    """A name as it is kept and as it is compared. Raises `DomainError`."""
    try:
        plain = inputs.plain(str(text or ""))
    except ValueError as error:
        raise DomainError("Ce texte contient un caractère invisible qui n'est pas accepté.", field=field) from error
    if not fold(plain):
        raise DomainError("Saisissez un nom.", field=field)
    if len(plain) > most:
        raise DomainError(f"{most} caractères au plus.", field=field)
    return plain, fold(plain)[:most]


def name_of(found: Any) -> str:
    """How one is called."""
    return str(found.label if isinstance(found, CustomField) else found.name)
