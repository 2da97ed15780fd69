"""Files in forms and on screen: what a field accepts, what it got, where it is shown. Since 1.0."""

from __future__ import annotations

from flask import url_for

from core.documents.uploads import Rule
from core.documents.uploads import Sent
from core.documents.uploads import Waiting
from core.documents.uploads import rule
from core.files.preview_views import shown_beside as beside
from core.files.received import Received
from core.files.received import received

__all__ = ["Received", "Rule", "Sent", "Waiting", "address", "beside", "received", "rule"]


def address(document_id: str, *, back: str | None = None) -> str:
    """Where a document is shown; `back` is the page that its «Revenir» leads to."""
    return url_for("documents.preview", document_id=document_id, next=back)
