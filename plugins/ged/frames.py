"""How a document is shown as a line of a list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import request

from core.api import documents
from core.api import files
from core.api.web import db_session
from plugins.ged import owners
from plugins.ged import places


@dataclass(frozen=True, slots=True)
class Line:
    """A document as a list shows it."""

    document: documents.Document
    category: str
    owner: str
    url: str | None
    preview: str
    #: What became of its text, where that is to be said.
    unread: str = ""
    expired: bool = False
    soon: bool = False
    excerpt: documents.finding.Excerpt | None = None


def lines(found: documents.finding.Found, names: Mapping[owners.Key, str], place: places.Place | None = None) -> list[Line]:
    """The rows of a page; those of a place lead to its own pages, and do not repeat its name."""
    back = request.full_path.rstrip("?")
    tree, made = documents.categories.tree(db_session()), []
    for row in found.rows:
        state = found.texts.get(row.id, "")
        name = names.get((row.owner_kind, row.owner_id), "")
        url = None if row.deleted_at else place.page(row.id) if place else places.page_of(row)
        made.append(Line(
            row, tree.path(row.category), "" if place and name == place.name else name, url,
            files.address(row.id, back=back), documents.TEXT_STATES[state] if state not in ("", "read", "none", "ocr") else "",
            owners.expired(row), owners.soon(row), found.excerpts.get(row.id),
        ))  # fmt: skip
    return made
