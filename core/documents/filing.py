"""Filing: documents added, described, replaced by a new version, deleted with a way back, held (AU-03).

What an act of the product made (a mandate, the papers of a transaction) is its proof: it is shown, never changed here.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import or_
from sqlalchemy import select

from core.cabinets import audit
from core.cabinets import rights
from core.db.clock import now
from core.db.clock import today
from core.db.errors import Conflict
from core.db.errors import DomainError
from core.db.errors import Forbidden
from core.db.errors import NotFound
from core.db.session import TenantSession
from core.documents import categories
from core.documents import reading
from core.documents import services
from core.documents.models import SHELVES
from core.documents.models import Document
from core.documents.uploads import Sent
from core.hooks.types import Adviser

EDIT = "documents.edit"
#: The cabinet's own documents, which whoever runs it files.
INTERNAL, MANAGE = "cabinet", "administration"
#: Whoever may correct a support files documents of supports, products and companies.
CORRECT = "accounts.edit"
#: Kinds of owners whose documents people file; those of others are proofs.
OWNERS = ("contact", "account", INTERNAL, *SHELVES)
MOST_TAGS, LONGEST_TAG = 10, 25
_LOOK = "Votre profil permet de voir ces documents, pas de les modifier. Adressez-vous à qui suit ce client."
_READ = "Votre profil permet de voir ces documents, pas de les modifier. Demandez ce droit à un administrateur du cabinet."
_PROOF = "Ce document est la pièce d'un acte\u202f: il se consulte, mais ne se modifie pas ici."


@dataclass(frozen=True, slots=True)
class Facts:
    """What is said of a document. `tags`: as they are typed, between commas; `hold`: why it must be kept, or «»."""

    title: str
    category: str
    expires_on: date | None = None
    tags: str = ""
    note: str = ""
    hold: str = ""


@dataclass(frozen=True, slots=True)
class Filed:
    """What became of files: the documents made, and the files that the owner had already (name → that document)."""

    made: tuple[Document, ...]
    twins: tuple[tuple[str, Document], ...] = ()


def add(
    session: TenantSession, by: Adviser, owner: tuple[str, str], facts: Facts, sent: Sequence[Sent], *, key: str | None = None
) -> Filed:  # fmt: skip
    """File them under an owner that `by` sees. Several, or one without a title, are called as their files are.

    The same bytes under the same owner are not kept twice. `key`: the form's: a second arrival finds what the first made.
    Raises `DomainError` with the field that is wrong, `Forbidden` where one may only look.
    """
    kind, ref = owner
    if kind not in OWNERS:
        raise Forbidden(_PROOF)
    require(session, by, kind, ref)
    if key and (known := session.scalar(select(Document).where(Document.id == key))):
        return Filed((services.get(session, by, known.id),))
    tags = tags_of(facts.tags)
    _check(session, facts)
    here = {one.sha256: one for one in services.of_owner(session, by, kind, ref)}
    made: list[Document] = []
    twins: list[tuple[str, Document]] = []
    for one in sent:
        title = facts.title if facts.title and len(sent) == 1 else one.filename.rpartition(".")[0] or one.filename
        sha256 = services.digest(one.data)
        if twin := here.get(sha256):
            twins.append((one.filename, twin))
            continue
        row = services.store(
            session, owner_kind=kind, owner_id=ref, category=facts.category, title=title, filename=one.filename, data=one.data,
            media_type=one.media_type, created_by=by.user_id, expires_on=facts.expires_on, tags=tags, note=facts.note,
            document_id=key if key and not made else None,
        )  # fmt: skip
        here[sha256] = row
        made.append(row)
        _noted(session, by, "document.added", row, {"category": row.category, "sha256": sha256})
    return Filed(tuple(made), tuple(twins))


def change(session: TenantSession, by: Adviser, document_id: str, facts: Facts) -> Document:
    """Describe it anew. Raises `NotFound`, `Forbidden`, `Conflict` for an older version, `DomainError` with the field."""
    row = editable(session, by, document_id)
    if not facts.title.strip():
        raise DomainError("Saisissez un titre.", field="title")
    tags = tags_of(facts.tags)
    _check(session, facts, row.category)
    new = {
        "title": facts.title.strip(), "category": facts.category, "expires_on": facts.expires_on, "tags": tags,
        "note": facts.note, "hold": facts.hold.strip(),
    }  # fmt: skip
    changed = {name: value for name, value in new.items() if getattr(row, name) != value}
    if not changed:
        return row
    before = {name: _plain(getattr(row, name)) for name in changed}
    for one in chain(session, row):
        if "hold" in changed:  # all versions are kept, or none
            one.hold = facts.hold.strip()
    for name, value in changed.items():
        setattr(row, name, value)
    session.flush()
    reading.reindex(session, row)
    after = {name: _plain(value) for name, value in changed.items()}
    _noted(session, by, "document.changed", row, {"before": before, "after": after})
    return row


def add_version(
    session: TenantSession, by: Adviser, document_id: str, sent: Sent, *, expires_on: date | None, key: str | None = None
) -> Document:  # fmt: skip
    """Put a new version in force: the former keeps its address, its bytes and its hash. Raises as `change`."""
    if key and (known := session.scalar(select(Document).where(Document.id == key))):
        return services.get(session, by, known.id)
    row = editable(session, by, document_id)
    if services.digest(sent.data) == row.sha256:
        raise DomainError("Ce fichier est identique à la version en vigueur\u202f: choisissez le nouveau.", field="file")
    _check_day(expires_on)
    made = services.store(
        session, owner_kind=row.owner_kind, owner_id=row.owner_id, category=row.category, title=row.title,
        filename=sent.filename, data=sent.data, media_type=sent.media_type, created_by=by.user_id, expires_on=expires_on,
        tags=row.tags, note=row.note, document_id=key,
    )  # fmt: skip
    row.series = row.chain
    row.current = False
    made.series, made.number, made.hold = row.series, row.number + 1, row.hold
    session.flush()
    _noted(session, by, "document.version_added", made, {"version": made.number, "sha256": made.sha256})
    return made


def remove(session: TenantSession, by: Adviser, document_id: str) -> Document:
    """Delete it with all its versions: they are out of sight, their bytes stay. Raises `DomainError` for one that is held."""
    row = editable(session, by, document_id)
    if row.hold:
        raise DomainError(f"Ce document est à conserver ({row.hold})\u202f: levez d'abord la conservation.", code="document-held")
    at = now()
    for one in chain(session, row):
        one.deleted_at, one.deleted_by = at, by.user_id
    session.flush()
    _noted(session, by, "document.removed", row, {})
    return row


def restore(
    session: TenantSession, by: Adviser, document_id: str, *, within: Mapping[str, Collection[str]] | None = None
) -> Document:  # fmt: skip
    """Bring a deleted one back with its versions; one that is there is as it is. `within`: owners, by kind, one of whose it is.

    Raises `NotFound`, `Forbidden`."""
    row = session.scalar(select(Document).where(Document.id == document_id, services.visible_documents(by)))
    if row is None or (within is not None and row.owner_id not in within.get(row.owner_kind, ())):
        raise NotFound("Ce document n'existe pas, ou n'est pas ouvert à votre profil.")
    require(session, by, row.owner_kind, row.owner_id)
    if row.deleted_at is None:
        return row
    for one in chain(session, row):
        one.deleted_at = one.deleted_by = None
    session.flush()
    _noted(session, by, "document.restored", row, {})
    return row


def chain(session: TenantSession, row: Document) -> Sequence[Document]:
    """All versions of a document that was found already, the newest first."""
    return session.scalars(
        select(Document).where(or_(Document.id == row.chain, Document.series == row.chain)).order_by(Document.number.desc())
    ).all()


def editable(session: TenantSession, by: Adviser, document_id: str) -> Document:
    """The document in force, for whoever may change it. Raises `NotFound`, `Forbidden`, `Conflict` for an older version."""
    row = services.get(session, by, document_id)
    if row.owner_kind not in OWNERS:
        raise Forbidden(_PROOF)
    require(session, by, row.owner_kind, row.owner_id)
    if not row.current:
        raise Conflict("Une version plus récente est en vigueur\u202f: modifiez celle-là.")
    return row


def require(session: TenantSession, by: Adviser, kind: str, ref: str) -> None:
    """Raise `Forbidden` where the right to file does not reach an owner that one sees."""
    if not may(session, by, kind, ref):
        raise Forbidden(_READ if kind in SHELVES else _LOOK)


def may(session: TenantSession, by: Adviser, kind: str, ref: str) -> bool:
    """Whether the right to file reaches this owner."""
    if kind == INTERNAL:
        return ref == str(by.cabinet_id) and by.can(MANAGE)
    if kind in SHELVES:
        return by.can(EDIT) and by.can(CORRECT)
    return kind in OWNERS and rights.sees(session, by, kind, ref, EDIT)


def tags_of(typed: str) -> str:
    """Tags as they are kept: «,divorce,2026,». Raises `DomainError` for too many, or a long one."""
    found = list(dict.fromkeys(" ".join(one.split()).casefold() for one in re.split(r"[,;\n]", typed) if one.strip()))
    if len(found) > MOST_TAGS:
        raise DomainError(f"{MOST_TAGS} étiquettes au plus.", field="tags")
    if any(len(one) > LONGEST_TAG for one in found):
        raise DomainError(f"Une étiquette compte {LONGEST_TAG} caractères au plus.", field="tags")
    return f",{','.join(found)}," if found else ""


def _check(session: TenantSession, facts: Facts, had: str = "") -> None:
    if facts.category != had and facts.category not in categories.tree(session).options():
        raise DomainError("Choisissez une catégorie de la liste.", field="category")
    _check_day(facts.expires_on)


def _check_day(day: date | None) -> None:
    if day is not None and not 1950 <= day.year <= today().year + 100:
        raise DomainError("L'année va de 1950 à cent ans après celle-ci\u202f: vérifiez la date.", field="expires_on")


def _noted(session: TenantSession, by: Adviser, what: str, row: Document, said: dict[str, Any]) -> None:
    about = {"document": row.id, "title": row.title, "filename": row.filename, **said}
    audit.record(session, by.user_id, what, f"{row.owner_kind}:{row.owner_id}", about)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
