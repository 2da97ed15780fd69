"""What documents say: read by the worker, once each, in the bounded process of the previews; then found by their words (AU-03).

Nothing waits for it: a document is there as soon as it is sent, and found by what it says within a minute or so. Pages
that are pictures have no text: that is said, never hidden.
"""

from __future__ import annotations

import time

import charset_normalizer
from sqlalchemy import select

from core import pdf
from core.db.errors import NotFound
from core.db.session import TenantSession
from core.documents import categories
from core.documents import office
from core.documents import services
from core.documents import stems
from core.documents.models import Document
from core.documents.models import DocumentText
from core.documents.store import Corrupted
from core.extensions import db
from core.jobs.queue import periodic
from core.search import index

KIND = "document"
#: Seconds between two looks, documents of one look, and seconds after which the next ones wait for the next look.
EVERY, MOST, BUDGET = 60, 40, 25.0
#: Signs of text that are kept; fewer letters than `LEAST` a page are a stamp or a page number, not a text.
MOST_TEXT, LEAST = 400_000, 12
_TEXTS = ("text/plain", "text/csv", "text/vcard", "application/xml", "image/svg+xml")


@periodic("documents.texts", EVERY)
def read_waiting(cabinet_id: int) -> None:
    """Read the documents that nobody read yet, the newest first."""
    until = time.monotonic() + BUDGET
    with db.session(cabinet_id, write=False) as session:
        known = select(DocumentText.id).where(DocumentText.document_id == Document.id)
        waiting = session.scalars(
            select(Document.id)
            .where(Document.deleted_at.is_(None), ~known.exists())
            .order_by(Document.created_at.desc(), Document.id.desc()).limit(MOST)
        ).all()  # fmt: skip
    for document_id in waiting:
        if time.monotonic() > until:
            return
        read_one(cabinet_id, document_id)


def read_one(cabinet_id: int, document_id: str) -> None:
    """Read one document: nothing is held while its text is drawn out of it."""
    with db.session(cabinet_id, write=False) as session:
        row = session.scalar(select(Document).where(Document.id == document_id))
        if row is None:
            return
        media_type = row.media_type
        try:
            data = services.read(session, row)
        except (Corrupted, NotFound):
            data = b""
    state, pages, text = said(media_type, data)
    with db.session(cabinet_id) as session:
        row = session.scalar(select(Document).where(Document.id == document_id))
        known = session.scalar(select(DocumentText.id).where(DocumentText.document_id == document_id))
        if row is None or known is not None:
            return
        session.add(DocumentText(document_id=document_id, state=state, pages=pages, text=text))
        session.flush()
        reindex(session, row, text)


def said(media_type: str, data: bytes) -> tuple[str, int, str]:
    """A file's state, pages and text."""
    if media_type == "application/pdf":
        found = pdf.overview(data)
        if found.problem:
            return found.problem, found.total, ""
        text = "\n".join([*(sheet.text for sheet in found.sheets), *_filled(data)])[:MOST_TEXT]
        letters = sum(sign.isalnum() for sign in text)
        return ("read" if letters >= LEAST else "scan"), found.total, text
    if media_type in office.TYPES:
        text, problem = pdf.office_text(data)
        return problem or "read", 1, text[:MOST_TEXT]
    if media_type in _TEXTS and data:
        best = charset_normalizer.from_bytes(data[:MOST_TEXT]).best()
        return ("read", 1, str(best).replace("\0", "")) if best else ("broken", 1, "")
    return ("none" if data else "broken"), 1, ""


def _filled(data: bytes) -> list[str]:
    """What is typed in the fields of a form: it is no text of the pages."""
    if b"/AcroForm" not in data:
        return []
    try:
        values = pdf.inspect(data).fields.values()
    except pdf.PdfError:
        return []
    return [value for value in values if value and not value.startswith("/")]  # «/on», «/Off»: boxes


def reindex(session: TenantSession, row: Document, text: str | None = None) -> None:
    """The document is found by its title, its file's name, its category, its tags, its note and what it says."""
    if text is None:
        text = session.scalar(select(DocumentText.text).where(DocumentText.document_id == row.id)) or ""
    known = categories.tree(session).get(row.category)
    # one of the cabinet's own may be renamed: the house's above it stays
    filed = known.parent if known and row.category not in categories.CATEGORIES else row.category
    named = (row.title, row.filename, categories.path(filed), row.tags, row.note)
    index.put(session, KIND, row.id, stems.of_text(*named, text), learn=False)
