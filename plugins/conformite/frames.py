"""What this plugin's pages of a contact's file share: its frame, who may change it, who belongs to the same household."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from core.api import Plugin
from core.api import book
from core.api import contacts
from core.api import rights
from core.api import wealth
from core.api.db import today
from core.api.web import adviser
from core.api.web import current_context
from core.api.web import db_session
from core.api.web import hub
from core.api.web import own_context
from core.api.web import reached
from plugins.conformite import demands
from plugins.conformite import profiles
from plugins.conformite.demands import Demands
from plugins.conformite.papers.facts import Worth

PLUGIN = "conformite"


def of(contact_id: str, active: str) -> dict[str, Any]:
    """What `macros/contact.html` needs. Raises `NotFound` for a contact that the adviser may not see."""
    found = contacts.get_contact(db_session(), adviser(), contact_id)
    ctx = current_context()
    sections = reached(hub().collect(Plugin.contact_sections, ctx), Plugin.contact_sections, contact_id=contact_id)
    held = wealth.totals.of_contact(db_session(), adviser(), contact_id) if ctx.can("accounts.view") else None
    return {
        "held": held, "contact": found, "age": found.age(today()),
        "frame": contacts.file_frame(sections.values(), active=active, url=sections.url, can=ctx.can),
        "failures": [failure.text for failure in sections.failures],
        "can_edit": ctx.can("contacts.edit") and contacts.editable(db_session(), adviser(), contact_id),
        "company": found.line.kind == profiles.COMPANY, "household": found.line.kind == profiles.HOUSEHOLD,
    }  # fmt: skip


def demanded() -> Demands:
    """What the cabinet asks of a client's file."""
    return demands.of(own_context(PLUGIN).settings)


def beside(card: contacts.ContactCard) -> dict[str, str]:
    """Who of the same household has a profile of his own, id → name: its members; for a person, the other ones."""
    member, contact = book.HouseholdMember, book.Contact
    homes = [card.id] if card.line.kind == profiles.HOUSEHOLD else [one.id for one in card.households]
    if not homes:
        return {}
    wanted = (
        select(contact.id, contact.display_name)
        .join(member, member.contact_id == contact.id)
        .where(
            member.household_id.in_(homes), contact.kind == profiles.PERSON, contact.id != card.id,
            rights.on(contact.id, adviser(), "contact", each=True),
        )
        .order_by(contact.sort_name)
    )  # fmt: skip
    return {row.id: row.display_name for row in db_session().execute(wanted)}


def worth(contact_id: str) -> Worth:
    """What a contact owns and owes, earns and spends today, as the person of the request sees it."""
    ctx = current_context()
    found = wealth.balance(hub(), ctx, db_session(), adviser(), contact_id)
    return Worth(found, wealth.budget(hub(), ctx, [contact_id], today()))
