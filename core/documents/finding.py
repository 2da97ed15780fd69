"""Documents by what they are about, where they are filed and what they say: pages of a list, excerpts of a search (AU-03)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement
from sqlalchemy import and_
from sqlalchemy import func
from sqlalchemy import or_
from sqlalchemy import select

from core.db.clock import today
from core.db.session import TenantSession
from core.documents import categories
from core.documents import services
from core.documents import stems
from core.documents.models import Document
from core.documents.models import DocumentText
from core.documents.reading import KIND
from core.hooks.types import Adviser
from core.search import find
from core.search.words import fold

#: Days before its end from which a document is said to expire soon.
SOON = 60
#: State of the list → as people say it. «»: what is in force.
STATES = {
    "expired": "Périmés", "soon": f"Périmés sous {SOON}\u00a0jours", "held": "À conserver", "unread": "Texte non lu",
    "deleted": "Supprimés",
}  # fmt: skip
#: Signs of an excerpt around the first word that is met.
AROUND = 90
_CLASSES = {
    "a": "aàâäá", "e": "eéèêë", "i": "iîïí", "o": "oôöó", "u": "uùûü", "c": "cç", "n": "nñ", "y": "yÿ",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of a list. `owners`: kind → ids; None: of all clients that one sees."""

    text: str = ""
    category: str = ""
    state: str = ""
    tag: str = ""
    owners: Mapping[str, Sequence[str]] | None = None


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Some words of a document's text around one that was asked for."""

    before: str
    met: str
    after: str


@dataclass(frozen=True, slots=True)
class Found:
    """One page of a list. `texts`: document → what became of its text; `excerpts`: where the words that were asked stand."""

    rows: tuple[Document, ...]
    total: int
    texts: Mapping[str, str]
    excerpts: Mapping[str, Excerpt]


def page(session: TenantSession, by: Adviser, wanted: Wanted, *, number: int = 1, size: int = 50) -> Found:
    """One page, the newest first, of what `by` may see."""
    where = conditions(by, wanted)
    if where is None:
        return Found((), 0, {}, {})
    total = session.scalar(select(func.count(Document.id)).where(*where)) or 0
    rows = session.scalars(
        select(Document).where(*where).order_by(Document.created_at.desc(), Document.id.desc())
        .limit(size).offset((max(number, 1) - 1) * size)
    ).all()  # fmt: skip
    return _shown(session, wanted, rows, total)


def following(session: TenantSession, by: Adviser, wanted: Wanted, after: str | None, *, size: int) -> Found:
    """The same in the order of their ids, the newest first, from beyond one of them. `total` is not counted."""
    where = conditions(by, wanted)
    if where is None:
        return Found((), 0, {}, {})
    if after is not None:
        where.append(Document.id < after)
    rows = session.scalars(select(Document).where(*where).order_by(Document.id.desc()).limit(size)).all()
    return _shown(session, wanted, rows, 0)


def conditions(by: Adviser, wanted: Wanted) -> list[ColumnElement[bool]] | None:
    """What a document must be; None where nothing can be: a text without a word."""
    where: list[ColumnElement[bool]] = [services.visible_documents(by), Document.current.is_(True)]
    where.append(Document.deleted_at.is_not(None) if wanted.state == "deleted" else Document.deleted_at.is_(None))
    if wanted.owners is not None:
        where.append(or_(*(
            and_(Document.owner_kind == kind, Document.owner_id.in_(list(ids))) for kind, ids in wanted.owners.items()
        )))  # fmt: skip
    if wanted.category:
        where.append(categories.filed(Document.category, wanted.category))
    if wanted.tag:
        where.append(Document.tags.contains(f",{wanted.tag.casefold()},", autoescape=True))
    where += _of_state(wanted.state)
    if wanted.text.strip():
        refs = find.matching(KIND, " ".join(stems.asked(wanted.text)))
        if refs is None:
            return None
        where.append(Document.id.in_(refs))
    return where


def text_state(session: TenantSession, document_id: str) -> str | None:
    """What became of the text of a document that was found already; None before the worker read it."""
    return session.scalar(select(DocumentText.state).where(DocumentText.document_id == document_id))


def _of_state(state: str) -> list[ColumnElement[bool]]:
    if state == "expired":
        return [Document.expires_on < today()]
    if state == "soon":
        return [Document.expires_on >= today(), Document.expires_on <= today() + timedelta(days=SOON)]
    if state == "held":
        return [Document.hold != ""]
    if state == "unread":
        unread = DocumentText.state.in_(("scan", "encrypted", "broken", "late", "unclear"))
        return [Document.id.in_(select(DocumentText.document_id).where(unread))]
    return []


def _shown(session: TenantSession, wanted: Wanted, rows: Sequence[Document], total: int) -> Found:
    ids = [row.id for row in rows]
    columns = (DocumentText.document_id, DocumentText.state) + ((DocumentText.text,) if wanted.text.strip() else ())
    known = session.execute(select(*columns).where(DocumentText.document_id.in_(ids))).all() if ids else []
    looked = stems.asked(wanted.text)
    excerpts = {one[0]: excerpt(one[2], looked) for one in known if len(one) > 2}
    return Found(tuple(rows), total, {one[0]: one[1] for one in known}, {key: said for key, said in excerpts.items() if said})


def excerpt(text: str, looked: Sequence[str]) -> Excerpt | None:
    """Some words around the first one that is met; None where none is."""
    for wanted in sorted(looked, key=len, reverse=True):
        pattern = "".join(f"[{_CLASSES.get(sign, re.escape(sign))}]" for sign in wanted[:4])
        for met in re.finditer(rf"\b{pattern}\w*", text, re.IGNORECASE):
            if any(stems.stem(part).startswith(wanted) for part in fold(met[0]).split()):
                start, end = max(met.start() - AROUND, 0), met.end() + AROUND
                before, after = text[start : met.start()], text[met.end() : end]
                before = f"… {before.partition(' ')[2]}" if start else before
                after = f"{after.rpartition(' ')[0]} …" if end < len(text) else after
                return Excerpt(re.sub(r"\s+", " ", before), met[0], re.sub(r"\s+", " ", after))
    return None
