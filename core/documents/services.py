"""Documents: kept once, described by a row, read back checked."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from sqlalchemy import ColumnElement
from sqlalchemy import and_
from sqlalchemy import select
from sqlalchemy import true

from core.cabinets import rights
from core.db.errors import DomainError
from core.db.errors import NotFound
from core.db.session import TenantSession
from core.documents.models import SHELVES
from core.documents.models import Document
from core.documents.store import ContentStore
from core.hooks.types import Adviser

__all__ = [
    "MAX_BYTES", "Adviser", "Document", "clean_name", "configure", "content_store", "digest", "following_id", "get", "in_force",
    "of_owner", "read", "sniff", "store", "visible_documents",
]  # fmt: skip

rights.register("cabinet", "documents.view")

MAX_BYTES = 25 * 1024 * 1024
_SIGNATURES: dict[str, tuple[bytes, ...]] = {
    "application/pdf": (b"%PDF-",),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/jpeg": (b"\xff\xd8\xff",),
}
_store: ContentStore | None = None


def configure(var_dir: str | Path) -> None:
    """Tell where the files lie: `<var_dir>/documents`. Called once, when the application is made."""
    global _store
    _store = ContentStore(Path(var_dir) / "documents")


def content_store() -> ContentStore:
    """The store in use. Raises RuntimeError before `configure`."""
    if _store is None:
        raise RuntimeError("the document store is not configured")
    return _store


def sniff(data: bytes) -> str | None:
    """The media type that the bytes themselves show, among those we take as proof; None for any other."""
    head = data[:1024]
    for media_type, marks in _SIGNATURES.items():
        # A PDF may begin with a few stray bytes (ISO 32000-1, annex H): readers take it, so do we.
        if head.startswith(marks) or (media_type == "application/pdf" and marks[0] in head):
            return media_type
    if re.match(rb"\xef\xbb\xbf|\s*(?:<\?xml|<!--|<!DOCTYPE svg|<svg)", head) and b"<svg" in data[:20_000]:
        return "image/svg+xml"
    return None


def store(
    session: TenantSession,
    *,
    owner_kind: str,
    owner_id: str,
    category: str,
    title: str,
    filename: str,
    data: bytes,
    media_type: str,
    created_by: str | None,
    expires_on: date | None = None,
    tags: str = "",
    note: str = "",
    document_id: str | None = None,
) -> Document:
    """Keep a file and its row. `owner_kind`: as `Document` says. `document_id`: its id, where the form that brings it has one;
    `tags`: as `filing.tags_of` writes them.

    Raises `DomainError` for an empty file, one over 25 MiB, or bytes that are not of the type announced.
    """
    if not data:
        raise DomainError("Le fichier est vide\u202f: choisissez-en un autre.", code="file-empty")
    if len(data) > MAX_BYTES:
        raise DomainError("Le fichier dépasse 25 Mio\u202f: réduisez-le, puis déposez-le à nouveau.", code="file-too-large")
    if media_type in _SIGNATURES and sniff(data) != media_type:
        raise DomainError(
            "Le contenu du fichier ne correspond pas à son type\u202f: enregistrez-le à nouveau, puis déposez-le.",
            code="file-type",
        )
    document = Document(
        owner_kind=owner_kind,
        owner_id=owner_id,
        category=category,
        title=title[:200],
        filename=clean_name(filename),
        media_type=media_type,
        size=len(data),
        sha256=content_store().put(data),
        created_by=created_by,
        expires_on=expires_on,
        tags=tags,
        note=note,
        **({"id": document_id} if document_id else {}),
    )
    session.add(document)
    session.flush()
    return document


def visible_documents(adviser: Adviser) -> ColumnElement[bool]:
    """A condition on `Document`: those of clients, accounts, supports… that the adviser sees, and may see documents of."""
    seen = rights.about(Document.owner_kind, Document.owner_id, adviser, "documents.view")
    # what hangs on no client is seen by its own right alone: of these, documents ask for theirs too
    return seen if adviser.can("documents.view") else and_(seen, Document.owner_kind.not_in(SHELVES))


def get(session: TenantSession, by: Adviser | str, document_id: str) -> Document:
    """One document, of whatever version, that was not deleted. `by`: an adviser, or a trusted name («system»).

    Raises `NotFound`, also for what he may not see."""
    document = session.scalar(select(Document).where(Document.id == document_id, Document.deleted_at.is_(None), _seen(by)))
    if document is None:
        raise NotFound("Ce document n'existe pas, ou n'est pas ouvert à votre profil.")
    return document


def in_force() -> ColumnElement[bool]:
    """A condition on `Document`: the last version of each, that was not deleted."""
    return and_(Document.current, Document.deleted_at.is_(None))


def _seen(by: Adviser | str) -> ColumnElement[bool]:
    return true() if isinstance(by, str) else visible_documents(by)


def of_owner(session: TenantSession, by: Adviser | str, owner_kind: str, owner_id: str) -> Sequence[Document]:
    """An owner's documents in force that `by` may see, the newest first."""
    return session.scalars(
        select(Document)
        .where(Document.owner_kind == owner_kind, Document.owner_id == owner_id, in_force(), _seen(by))
        .order_by(Document.created_at.desc(), Document.id.desc())
    ).all()


def following_id(
    session: TenantSession, by: Adviser, after: str | None, *, kind: str | None, ref: str | None, size: int
) -> Sequence[Document]:
    """Those that the adviser may see, of one owner where it is named, in the order of their ids, from beyond one of them."""
    found = select(Document).where(in_force(), visible_documents(by))
    for column, value in ((Document.owner_kind, kind), (Document.owner_id, ref)):
        if value is not None:
            found = found.where(column == value)
    if after is not None:
        found = found.where(Document.id > after)
    return session.scalars(found.order_by(Document.id).limit(size)).all()


def read(session: TenantSession, document: Document) -> bytes:
    """The document's bytes, checked against their SHA-256. The row must be of the session's cabinet."""
    if document.cabinet_id != session.require_cabinet():
        raise NotFound("Ce document n'existe pas, ou n'appartient pas à votre cabinet.")
    return content_store().get(document.sha256)


def digest(data: bytes) -> str:
    """The SHA-256 by which bytes are kept."""
    return hashlib.sha256(data).hexdigest()


def clean_name(filename: str) -> str:
    """A name that is safe on any disk and in a header: no folder, no control character, NFC, 200 at most."""
    name = unicodedata.normalize("NFC", filename).replace("\\", "/").rsplit("/", 1)[-1]
    name = " ".join(re.sub(r"[\x00-\x1f\x7f\"<>|:*?]+", " ", name).split()).strip(" .")
    stem, dot, suffix = name.rpartition(".")
    if not dot:
        return name[:200] or "document"
    return f"{stem[: 199 - len(suffix)]}.{suffix}"[:200]
