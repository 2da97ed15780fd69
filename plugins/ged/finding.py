"""What the quick search shows of documents (RE-03)."""

from __future__ import annotations

from flask_babel import gettext as _

from core.api import Context
from core.api import documents
from core.api.db import session
from core.api.formats import day
from core.api.types import SearchHit
from core.api.types import SearchHits
from plugins.ged import owners


def documents_found(ctx: Context, text: str, limit: int) -> SearchHits:
    """Documents in force by title, category, tag, or what they say; each leads to its pages."""
    if ctx.principal is None:
        return SearchHits()
    found = documents.finding.following(session(), ctx.principal, documents.finding.Wanted(text), None, size=limit + 1)
    rows = found.rows[:limit]
    tree = documents.categories.tree(session())
    names = owners.names(session(), ctx.principal, rows)
    hits = tuple(
        SearchHit(
            one.id, one.title, "documents.preview", {"document_id": one.id},
            " · ".join(filter(None, (names.get((one.owner_kind, one.owner_id), ""), tree.label(one.category)))),
            _("périmé") if owners.expired(one) else day(one.created_at.date()),
        )
        for one in rows
    )  # fmt: skip
    return SearchHits(hits, more=len(found.rows) > limit, all_endpoint="p_ged.search", all_values={"q": text})
