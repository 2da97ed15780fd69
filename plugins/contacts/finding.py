"""What the quick search shows of a contact (RE-01)."""

from __future__ import annotations

from flask_babel import gettext as _

from core.api import Context
from core.api import contacts
from core.api.db import session
from core.api.formats import phone
from core.api.types import SearchHit
from core.api.types import SearchHits


def contacts_found(ctx: Context, text: str, limit: int) -> SearchHits:
    """Contacts that the person may see; each leads to its file's first page."""
    assert ctx.principal is not None
    lines, how = contacts.found(session(), ctx.principal, text, limit=limit)
    return SearchHits(
        tuple(
            SearchHit(line.id, line.name, "p_contacts.contact", {"contact_id": line.id}, _detail(line), _note(line))
            for line in lines
        ),
        more=how.more, near=how.near, all_endpoint="p_contacts.index", all_values={"q": text},
    )  # fmt: skip


def _detail(line: contacts.ContactLine) -> str:
    return " · ".join(filter(None, (line.file_code, phone(line.phone) if line.phone else "", line.city)))


def _note(line: contacts.ContactLine) -> str:
    """«Client», and what the file is besides: its person deceased, itself put away."""
    archived = str(_("archivé")) if line.archived_at else None
    return " · ".join(filter(None, (line.stage_label, line.life.mark, archived)))
