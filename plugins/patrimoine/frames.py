"""What this plugin's pages of a contact's file share: its frame, its trail, who may change it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from core.api import Plugin
from core.api import book
from core.api import contacts
from core.api import rights
from core.api import wealth
from core.api.db import today
from core.api.web import address
from core.api.web import adviser
from core.api.web import current_context
from core.api.web import db_session
from core.api.web import hub
from core.api.web import reached


def of(contact_id: str, active: str, *trail: tuple[str, str | None]) -> dict[str, Any]:
    """What `macros/contact.html` needs. Raises `NotFound` for a contact that the adviser may not see."""
    found = contacts.get_contact(db_session(), adviser(), contact_id)
    ctx = current_context()
    sections = reached(hub().collect(Plugin.contact_sections, ctx), Plugin.contact_sections, contact_id=contact_id)
    held = wealth.totals.of_contact(db_session(), adviser(), contact_id) if ctx.can("accounts.view") else None
    crumbs = [
        (_("Contacts"), address("p_contacts.index")), (found.name, address("p_contacts.contact", contact_id=contact_id)), *trail,
    ]  # fmt: skip
    return {
        "held": held, "contact": found, "age": found.age(today()), "crumbs": crumbs,
        "frame": contacts.file_frame(sections.values(), active=active, url=sections.url, can=ctx.can),
        "failures": [failure.text for failure in sections.failures],
        "can_edit": ctx.can("contacts.edit") and contacts.editable(db_session(), adviser(), contact_id),
    }  # fmt: skip


def names(ids: Collection[str]) -> dict[str, str]:
    """Contact → name, of those whom the adviser may see. One query."""
    contact = book.Contact
    wanted = select(contact.id, contact.display_name).where(
        contact.id.in_(sorted(ids)), rights.on(contact.id, adviser(), "contact", each=True)
    )
    return {row.id: row.display_name for row in db_session().execute(wanted)}
