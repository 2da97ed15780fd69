"""What this plugin's pages of a contact's file share: its frame, its trail, who may change it."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from core.api import Plugin
from core.api import contacts
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
