"""What this plugin's pages of a contact's file share: the frame, the document of the address, how a line is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request
from flask import url_for
from flask_babel import gettext as _

from core.api import Plugin
from core.api import contacts
from core.api import documents
from core.api import files
from core.api.db import NotFound
from core.api.db import today
from core.api.web import address
from core.api.web import adviser
from core.api.web import current_context
from core.api.web import db_session
from core.api.web import hub
from core.api.web import reached
from plugins.ged import owners

SECTION = "documents"
ABSENT = "Ce document n'est pas dans ce dossier, ou n'est pas ouvert à votre profil."


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


def of(contact_id: str, *trail: tuple[str, str | None]) -> dict[str, Any]:
    """What `macros/contact.html` needs. Raises `NotFound` for a contact that the adviser may not see."""
    found = contacts.get_contact(db_session(), adviser(), contact_id)
    ctx = current_context()
    sections = reached(hub().collect(Plugin.contact_sections, ctx), Plugin.contact_sections, contact_id=contact_id)
    crumbs = [
        (_("Contacts"), address("p_contacts.index")), (found.name, address("p_contacts.contact", contact_id=contact_id)), *trail,
    ]  # fmt: skip
    return {
        "contact": found, "age": found.age(today()), "crumbs": crumbs,
        "frame": contacts.file_frame(sections.values(), active=SECTION, url=sections.url, can=ctx.can),
        "failures": [failure.text for failure in sections.failures],
    }  # fmt: skip


def paper(contact_id: str, paper_id: str) -> documents.Document:
    """A document of this file. Raises `NotFound`, also for one of somebody else's."""
    whose, _accounts = owners.of_file(db_session(), adviser(), contact_id)
    row = documents.get(db_session(), adviser(), paper_id)
    if row.owner_id not in whose.get(row.owner_kind, ()):
        raise NotFound(ABSENT)
    return row


def lines(
    found: documents.finding.Found, names: Mapping[owners.Key, str], contact_id: str | None = None, *, alone: str = ""
) -> list[Line]:  # fmt: skip
    """The rows of a page. `alone`: a name that says nothing in this file, since all is of that contact."""
    back = request.full_path.rstrip("?")
    made = []
    for row in found.rows:
        state = found.texts.get(row.id, "")
        name = names.get((row.owner_kind, row.owner_id), "")
        file = contact_id or (row.owner_id if row.owner_kind == "contact" else None)
        made.append(Line(
            row, documents.categories.path(row.category), "" if name == alone else name,
            url_for("p_ged.document", contact_id=file, paper_id=row.id) if file and row.deleted_at is None else None,
            files.address(row.id, back=back), documents.TEXT_STATES[state] if state not in ("", "read", "none") else "",
            owners.expired(row), owners.soon(row), found.excerpts.get(row.id),
        ))  # fmt: skip
    return made

