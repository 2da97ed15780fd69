"""Scans and pictures are read once more, for their letters, where the server has the programs: a job each, one at a time (AU-03).

The kept file is untouched: its text is all that comes of it. Scans of before the programs were installed are read too.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from core.db.clock import now
from core.db.errors import NotFound
from core.db.session import TenantSession
from core.documents import reading
from core.documents import services
from core.documents.models import Document
from core.documents.models import DocumentText
from core.documents.store import Corrupted
from core.extensions import db
from core.jobs import queue
from core.jobs.queue import periodic
from core.pdf import ocr

JOB = "documents.ocr"
#: States of a text that letters are looked for in; documents that one look puts in the queue, seconds between two looks.
UNREAD, MOST, EVERY = ("scan", "none"), 40, 120


def ask(session: TenantSession, document_id: str) -> None:
    """Have one read by a job, as the last thing of the session's transaction."""
    # one at a time of all cabinets: each takes a core for minutes, and others wait for the worker
    queue.enqueue(session, JOB, {"document": document_id}, key=f"ocr:{document_id}", lock="ocr")


@periodic(JOB, EVERY)
def ask_waiting(cabinet_id: int) -> None:
    """Those that nobody looked at yet, the newest first; none where the programs are not there."""
    if not ocr.available():
        return
    with db.session(cabinet_id) as session:
        waiting = session.scalars(
            select(Document.id)
            .join(DocumentText, (DocumentText.document_id == Document.id) & (DocumentText.cabinet_id == Document.cabinet_id))
            .where(
                Document.deleted_at.is_(None), DocumentText.state.in_(UNREAD), Document.media_type.in_(ocr.ENDINGS),
            )
            .order_by(Document.created_at.desc(), Document.id.desc()).limit(MOST)
        ).all()  # fmt: skip
        for document_id in waiting:
            ask(session, document_id)


@queue.handler(JOB, transaction=False)
def recognise(cabinet_id: int, payload: dict[str, Any]) -> None:
    """Read one: nothing is held while its letters are made out. Done again, it does nothing more."""
    if not ocr.available():
        return
    with db.session(cabinet_id, write=False) as session:
        found = _waiting(session, payload["document"])
        if found is None:
            return
        row = found[0]
        media_type = row.media_type
        try:
            data = services.read(session, row)
        except (Corrupted, NotFound):
            return
    told = ocr.letters(data, media_type)
    text = told.text[: reading.MOST_TEXT]
    seen = not told.problem and sum(sign.isalnum() for sign in text) >= reading.LEAST
    with db.session(cabinet_id) as session:
        found = _waiting(session, payload["document"])
        if found is None:
            return
        row, kept = found
        kept.state = "ocr" if seen else "late" if told.problem == "late" else "unclear"
        kept.read_at = now()
        if seen:
            kept.text = text
            reading.reindex(session, row, text)


def _waiting(session: TenantSession, document_id: str) -> tuple[Document, DocumentText] | None:
    row = session.scalar(select(Document).where(Document.id == document_id, Document.deleted_at.is_(None)))
    kept = session.scalar(select(DocumentText).where(DocumentText.document_id == document_id, DocumentText.state.in_(UNREAD)))
    return (row, kept) if row is not None and kept is not None and row.media_type in ocr.ENDINGS else None
