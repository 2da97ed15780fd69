"""Pages of contacts: the list, whose whole state is in its address, and a contact's file."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.api import contacts
from core.api.web import adviser
from core.api.web import blueprint
from core.api.web import db_session
from core.api.web import permission
from plugins.contacts import channel_views
from plugins.contacts import edit_views
from plugins.contacts import frames

SIZES = (50, 100, 200)
FILTERS = ("q", "type", "nature", "conseiller")


def pages() -> Blueprint:
    """A new blueprint: one for each application."""
    made = blueprint("contacts", __name__)
    made.add_url_rule("/", "index", index)
    made.add_url_rule("/<contact_id>", "contact", contact)
    made.add_url_rule("/<contact_id>/historique", "history", history)
    edit_views.register(made)
    channel_views.register(made)
    return made


@permission("contacts.view")
def index() -> ResponseReturnValue:
    """The contacts that the adviser may see: search, filters and page are in the address (ux.md §3.2, rule 2)."""
    asked = {name: request.args.get(name, "").strip()[:100] for name in FILTERS}
    size = request.args.get("taille", SIZES[0], type=int)
    size = size if size in SIZES else SIZES[0]
    page = contacts.listed(
        db_session(), adviser(), search=asked["q"], stage=asked["type"] or None, kind=asked["nature"] or None,
        follower=asked["conseiller"] or None, number=max(1, request.args.get("page", 1, type=int)), size=size,
    )  # fmt: skip
    kept: dict[str, Any] = {name: value for name, value in asked.items() if value}
    if size != SIZES[0]:
        kept["taille"] = size

    def address(number: int) -> str:
        return url_for("p_contacts.index", **kept, page=number if number > 1 else None)

    return render_template(
        "contacts/index.html", page=page, asked=asked, filtered=any(asked.values()), size=size, sizes=SIZES,
        pager=contacts.pager(page, address), kinds=contacts.KIND_LABELS, stages=contacts.STAGE_LABELS,
        people=contacts.followers(db_session(), adviser()), crumbs=[], can_edit=adviser().can(frames.EDIT),
    )  # fmt: skip


@permission("contacts.view")
def contact(contact_id: str) -> ResponseReturnValue:
    """Dossier > Général: what the cabinet knows of a contact, and what changed last (DO-01)."""
    frame = frames.of(contact_id, "general")
    changes = contacts.history.of_contact(db_session(), adviser(), contact_id, most=200)
    past = {line.name for change in changes if "Création" not in change.action for line in change.lines}
    return render_template(
        "contacts/contact.html", **frame, changes=changes[:5], more=len(changes) > 5, past=past,
        labels=contacts.history.LABELS, said=contacts.history.said,
    )  # fmt: skip


@permission("contacts.view")
def history(contact_id: str) -> ResponseReturnValue:
    """Who changed what, when, before → after; of one field where `champ` names it (DO-01)."""
    field = request.args.get("champ", "")
    field = field if field in contacts.history.LABELS else ""
    found = contacts.history.of_contact(db_session(), adviser(), contact_id, field=field or None)
    return render_template(
        "contacts/history.html", **frames.of(contact_id, "general", _("Historique")), changes=found, field=field,
        label=contacts.history.LABELS.get(field),
    )  # fmt: skip
