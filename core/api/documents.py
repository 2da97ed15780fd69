"""The book of record: documents. The services that plugins may call. Since 1.0."""

from __future__ import annotations

from core.documents import categories
from core.documents import filing
from core.documents import finding
from core.documents import office
from core.documents import own_categories
from core.documents.models import SHELVES
from core.documents.models import TEXT_STATES
from core.documents.recognising import UNREAD as RECOGNISED
from core.documents.services import *  # noqa: F403
from core.documents.services import __all__ as _services
from core.pdf.ocr import ENDINGS as PICTURED
from core.pdf.ocr import available as recognises

__all__ = [
    "PICTURED", "RECOGNISED", "SHELVES", "TEXT_STATES", "categories", "filing", "finding", "office", "own_categories",
    "recognises",
]  # fmt: skip
__all__ += _services
