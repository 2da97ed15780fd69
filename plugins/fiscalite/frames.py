"""The frame of a contact's file around the module's pages, and who may change what they show."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from core.api import Plugin
from core.api import contacts
from core.api.db import today
from core.api.web import address
from core.api.web import adviser
from core.api.web import current_context
from core.api.web import db_session
from core.api.web import hub
from core.api.web import reached
from plugins.fiscalite import households
from plugins.fiscalite import services

PLUGIN = "fiscalite"


def of(contact_id: str, page: str | None = None) -> dict[str, Any]:
    """What the head of a contact's file needs. Raises `NotFound` for a contact that the adviser may not see."""
    found = contacts.get_contact(db_session(), adviser(), contact_id)
    ctx = current_context()
    sections = reached(hub().collect(Plugin.contact_sections, ctx), Plugin.contact_sections, contact_id=contact_id)
    made = contacts.file_frame(sections.values(), active=PLUGIN, url=sections.url, can=ctx.can)
    home = url_for("p_fiscalite.taxes", contact_id=contact_id)
    crumbs = [(_("Contacts"), address("p_contacts.index")), (found.name, address("p_contacts.contact", contact_id=contact_id))]
    crumbs += [(_("Fiscalité"), home), (page, None)] if page else [(_("Fiscalité"), None)]
    return {
        "contact": found, "frame": made, "age": found.age(today()), "crumbs": crumbs,
        "failures": [failure.text for failure in sections.failures],
        "can_edit": may_edit(services.owner(db_session(), adviser(), contact_id)),
    }  # fmt: skip


def may_edit(owner: contacts.ContactCard) -> bool:
    """Whether the signed-in person may change what is declared."""
    return current_context().can("contacts.edit") and contacts.editable(db_session(), adviser(), owner.id)


def base(found: services.Declared) -> households.Base | None:
    """The base of the IFI, as the signed-in person may know it."""
    return services.base(hub(), current_context(), db_session(), adviser(), found)
