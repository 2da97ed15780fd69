"""Where the raw files of feeds lie: by their hash, a folder a cabinet, kept as long as a figure says that it comes from one."""

from __future__ import annotations

from pathlib import Path

from core.documents import services as documents
from core.documents.store import ContentStore


def store(cabinet_id: int) -> ContentStore:
    """`<var>/feeds/<cabinet>`."""
    return ContentStore(Path(documents.content_store().root).parent / "feeds" / str(cabinet_id))
