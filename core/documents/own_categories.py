"""The cabinet's own sub-categories of documents: made, renamed, put in order, used no more (OU-03). Whoever runs it does."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func
from sqlalchemy import select

from core.cabinets import audit
from core.db.clock import now
from core.db.errors import Conflict
from core.db.errors import DomainError
from core.db.errors import Forbidden
from core.db.errors import NotFound
from core.db.session import TenantSession
from core.documents.categories import CATEGORIES
from core.documents.models import Document
from core.documents.models import DocumentCategory
from core.hooks.types import Adviser
from core.search.words import fold

MANAGE = "administration"
#: Categories that a cabinet may have, those put away too; signs of a name.
MOST, LONGEST = 200, 80
ABSENT = "Cette catégorie n'existe pas, ou n'est pas de celles du cabinet."


@dataclass(frozen=True, slots=True)
class Own:
    """One of them. `count`: documents filed there, of all versions."""

    id: str
    parent: str
    label: str
    archived: bool
    count: int


def listed(session: TenantSession) -> list[Own]:
    """All, those put away too, in the order of their category of the house, then in their own."""
    counted = session.execute(select(Document.category, func.count(Document.id)).group_by(Document.category))
    many = {row[0]: row[1] for row in counted}
    wanted = select(DocumentCategory).order_by(DocumentCategory.position, DocumentCategory.id)
    tops = list(CATEGORIES)
    found = [
        Own(row.id, row.parent, row.label, row.archived_at is not None, many.get(row.id, 0)) for row in session.scalars(wanted)
    ]  # fmt: skip
    return sorted(found, key=lambda one: tops.index(one.parent))


def get(session: TenantSession, own_id: str) -> Own:
    """One of them. Raises `NotFound`."""
    row = _row(session, own_id)
    return next(one for one in listed(session) if one.id == row.id)


def add(session: TenantSession, by: Adviser, parent: str, label: str, *, key: str | None = None) -> str:
    """Make one; its id. `key`: the form's. Raises `Forbidden`, `Conflict` for a name that is taken, `DomainError`."""
    _require(by)
    if key and session.scalar(select(DocumentCategory.id).where(DocumentCategory.id == key)):
        return key
    count, last = session.execute(select(func.count(DocumentCategory.id), func.max(DocumentCategory.position))).one()
    if count >= MOST:
        raise DomainError(f"{MOST} catégories au plus\u202f: renommez l'une de celles que vous avez.", field="label")
    row = DocumentCategory(position=(last or 0) + 1, **({"id": key} if key else {}))
    _fill(session, row, parent, label)
    session.add(row)
    session.flush()
    audit.record(session, by.user_id, "document_category.added", _about(row), {"label": row.label, "parent": row.parent})
    return row.id


def change(session: TenantSession, by: Adviser, own_id: str, parent: str, label: str) -> None:
    """Call it otherwise, put it elsewhere: its documents go with it. Raises as `add`, `NotFound`."""
    _require(by)
    row = _row(session, own_id)
    before = {"label": row.label, "parent": row.parent}
    _fill(session, row, parent, label)
    after = {"label": row.label, "parent": row.parent}
    if after != before:
        session.flush()
        audit.record(session, by.user_id, "document_category.changed", _about(row), {"before": before, "after": after})


def archive(session: TenantSession, by: Adviser, own_id: str, *, away: bool = True) -> bool:
    """File nothing there any more, or again; whether it was otherwise. Raises `NotFound`, `Forbidden`."""
    _require(by)
    row = _row(session, own_id)
    if (row.archived_at is not None) == away:
        return False
    row.archived_at = now() if away else None
    session.flush()
    audit.record(
        session, by.user_id, "document_category.archived" if away else "document_category.restored", _about(row),
        {"label": row.label},
    )  # fmt: skip
    return True


def order(session: TenantSession, by: Adviser, ids: Sequence[str]) -> list[str]:
    """Put those that are named in this order; their former one. Raises `NotFound`, `Forbidden`."""
    _require(by)
    rows = list(session.scalars(select(DocumentCategory).order_by(DocumentCategory.position, DocumentCategory.id)))
    known: Mapping[str, DocumentCategory] = {row.id: row for row in rows}
    if set(ids) - set(known) or len(set(ids)) != len(ids):
        raise NotFound(ABSENT)
    former = [row.id for row in rows if row.id in set(ids)]
    if former != list(ids):
        for place, row in enumerate(rows):  # each its own place, whatever was there
            row.position = place
        places = sorted(known[one].position for one in ids)
        for place, one in zip(places, ids, strict=True):
            known[one].position = place
        session.flush()
        about = f"cabinet:{session.require_cabinet()}"
        audit.record(session, by.user_id, "document_category.ordered", about, {"count": len(ids)})
    return former


def _fill(session: TenantSession, row: DocumentCategory, parent: str, label: str) -> None:
    label = " ".join(label.split())
    folded = fold(label)
    if not folded or len(label) > LONGEST:
        raise DomainError(f"Donnez un nom, de {LONGEST} caractères au plus.", field="label")
    if parent not in CATEGORIES or CATEGORIES[parent].parent:
        raise DomainError("Choisissez une catégorie de la liste.", field="parent")
    same = select(DocumentCategory.id).where(
        DocumentCategory.parent == parent, DocumentCategory.folded == folded, DocumentCategory.id != (row.id or "")
    )
    house = {fold(one.label) for one in CATEGORIES.values() if one.parent == parent}
    if folded in house or session.scalar(same):
        raise Conflict("Cette catégorie a déjà une sous-catégorie de ce nom\u202f: choisissez-en un autre.", field="label")
    row.parent, row.label, row.folded = parent, label, folded


def _row(session: TenantSession, own_id: str) -> DocumentCategory:
    row = session.scalar(select(DocumentCategory).where(DocumentCategory.id == own_id))
    if row is None:
        raise NotFound(ABSENT)
    return row


def _require(by: Adviser) -> None:
    if not by.can(MANAGE):
        raise Forbidden("Votre profil ne permet pas de changer les catégories. Demandez à un administrateur du cabinet.")


def _about(row: DocumentCategory) -> str:
    return f"document-category:{row.id}"
