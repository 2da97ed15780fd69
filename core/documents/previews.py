"""Pages of documents as images, drawn once and kept: the cabinet's own folder, by the document's content.

What could not be drawn is remembered too: a bomb that is looked at ten times costs its eight seconds once.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

from core import pdf
from core.db.session import TenantSession
from core.documents import services
from core.documents.models import Document
from core.jobs.queue import periodic

#: Media types that have a preview.
SHOWN = ("application/pdf", "image/png", "image/jpeg")
#: Seconds that an image is kept after it was drawn.
KEPT = 7 * 24 * 3600


def overview(session: TenantSession, document: Document) -> pdf.Overview:
    """The document's pages and their text. Raises `NotFound` where its bytes are gone."""
    path = _folder(document) / "pages.json"
    if path.is_file():
        found = json.loads(path.read_text("utf-8"))
        return pdf.Overview(found["total"], tuple(pdf.Sheet(**one) for one in found["sheets"]), found["problem"])
    made = pdf.overview(services.read(session, document))
    if made.problem != "late":  # the machine may have been busy: another try is fair, the images' own limit holds
        _write(path, json.dumps(asdict(made)).encode())
    return made


def page_image(session: TenantSession, document: Document, number: int, width: int) -> bytes:
    """One page as a PNG. Raises `PdfError` where it cannot be drawn."""
    path = _folder(document) / f"{number}-{width}.png"
    if path.is_file():
        data = path.read_bytes()
        if not data:
            raise pdf.PdfError("this page could not be drawn before")
        return data
    try:
        data = pdf.page_image(services.read(session, document), number, width)
    except pdf.PdfError as error:
        if not error.late:
            _write(path, b"")
        raise
    _write(path, data)
    return data


@periodic("documents.previews", 24 * 3600)
def purge(cabinet_id: int) -> None:
    """Delete the images that were drawn a week ago: they are made again at need."""
    limit = time.time() - KEPT
    for folder in (_root() / str(cabinet_id)).glob("*"):
        if folder.is_dir() and folder.stat().st_mtime < limit:
            shutil.rmtree(folder, ignore_errors=True)


def _root() -> Path:
    return Path(services.content_store().root).parent / "previews"


def _folder(document: Document) -> Path:
    return _root() / str(document.cabinet_id) / document.sha256


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    Path(temporary).replace(path)
