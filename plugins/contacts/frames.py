"""What the pages of a contact's file share: its frame, its trail, who changed it last."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from core.api import Plugin
from core.api import contacts
from core.api import wealth
from core.api.db import Forbidden
from core.api.db import today
from core.api.types import ContactSection
from core.api.web import adviser
from core.api.web import current_context
from core.api.web import db_session
from core.api.web import hub
from core.api.web import reached
from plugins.contacts import steps

EDIT = "contacts.edit"
#: Page of the file → its view, that the neighbours in the list are shown with.
_ENDPOINTS = {"general": "contact", "coordonnees": "channels"}


def of(contact_id: str, active: str, page: str | None = None) -> dict[str, Any]:
    """What `macros/contact.html` needs. Raises `NotFound` for a contact that the adviser may not see."""
    found = contacts.get_contact(db_session(), adviser(), contact_id)
    ctx = current_context()
    sections = reached(hub().collect(Plugin.contact_sections, ctx), Plugin.contact_sections, contact_id=contact_id)
    standing = steps.of(contact_id, _ENDPOINTS.get(active, "contact"))
    along = f"?{standing.along}" if standing else ""

    def url(section: ContactSection) -> str:
        """The file's own pages keep the place in the list."""
        return sections.url(section) + (along if section.endpoint.startswith("p_contacts.") else "")

    trail: list[tuple[str, str | None]] = [(_("Contacts"), standing.back_url if standing else url_for("p_contacts.index"))]
    home = url_for("p_contacts.contact", contact_id=contact_id) + along
    trail += [(found.name, home), (page, None)] if page else [(found.name, None)]
    held = wealth.totals.of_contact(db_session(), adviser(), contact_id) if ctx.can("accounts.view") else None
    return {
        "held": held, "contact": found, "frame": contacts.file_frame(sections.values(), active=active, url=url, can=ctx.can),
        "age": found.age(today()), "failures": [failure.text for failure in sections.failures], "crumbs": trail,
        "can_edit": ctx.can(EDIT) and contacts.editable(db_session(), adviser(), contact_id), "steps": standing,
    }  # fmt: skip


def editable(contact_id: str) -> contacts.ContactCard:
    """The contact of a form that changes it. Raises `NotFound`, `Forbidden` where one may look but not change."""
    found = contacts.get_contact(db_session(), adviser(), contact_id)
    if not contacts.editable(db_session(), adviser(), contact_id):
        raise Forbidden(_("Votre profil permet de voir ce dossier, pas de le modifier. Adressez-vous à qui suit ce client."))
    return found


def last_change(contact_id: str) -> contacts.history.Change | None:
    """The newest entry of the contact's history."""
    return next(iter(contacts.history.of_contact(db_session(), adviser(), contact_id, most=1)), None)
