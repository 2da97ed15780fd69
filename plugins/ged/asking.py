"""What requests can ask of contacts' documents: how many are out of date, until when an identity is proved (RQ-01)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select
from sqlalchemy import func
from sqlalchemy import select

from core.api import book
from core.api import documents
from core.api.db import today
from core.api.types import QueryField

GROUP, RIGHT = "Documents", "documents.view"


def fields() -> Sequence[QueryField]:
    """Made at each request: what is out of date depends on the day."""
    paper = documents.Document
    identity = documents.categories.filed(paper.category, "IDENTITE")
    return [
        QueryField(
            "ged.expired", "contacts", "number", "Documents périmés",
            _of_contact(func.count(paper.id)).where(paper.expires_on < today()).scalar_subquery(), GROUP, permission=RIGHT,
        ),
        QueryField(
            "ged.identity_until", "contacts", "date", "Pièce d'identité valable jusqu'au",
            _of_contact(func.max(paper.expires_on)).where(identity).scalar_subquery(), GROUP, permission=RIGHT,
        ),
        QueryField(
            "ged.count", "contacts", "number", "Nombre de documents",
            _of_contact(func.count(paper.id)).scalar_subquery(), GROUP, permission=RIGHT,
        ),
    ]  # fmt: skip


def _of_contact(what: Any) -> Select[Any]:
    paper = documents.Document
    return select(what).where(
        paper.owner_kind == "contact", paper.owner_id == book.Contact.id, documents.in_force()
    ).correlate(book.Contact)  # fmt: skip
