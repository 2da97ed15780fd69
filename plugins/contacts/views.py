"""Pages of contacts: the list, whose whole state is in its address, and a contact's file."""

from __future__ import annotations

import json

from flask import Blueprint
from flask import redirect
from flask import render_template
from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.api import contacts
from core.api import forms
from core.api import lists
from core.api import queries
from core.api.web import address
from core.api.web import adviser
from core.api.web import blueprint
from core.api.web import db_session
from core.api.web import permission
from plugins.contacts import channel_views
from plugins.contacts import edit_views
from plugins.contacts import file_views
from plugins.contacts import frames
from plugins.contacts import household_views
from plugins.contacts import listing
from plugins.contacts import map_views
from plugins.contacts import merge_views
from plugins.contacts import relation_edit_views
from plugins.contacts import relation_views
from plugins.contacts import relative_views
from plugins.contacts import selection_views
from plugins.contacts import setting_views
from plugins.contacts import sorting_views
from plugins.contacts import twin_views


def pages() -> Blueprint:
    """A new blueprint: one for each application."""
    made = blueprint("contacts", __name__)
    made.add_url_rule("/", "index", index)
    made.add_url_rule("/<contact_id>", "contact", contact)
    made.add_url_rule("/<contact_id>/historique", "history", history)
    edit_views.register(made)
    channel_views.register(made)
    file_views.register(made)
    relation_views.register(made)
    relative_views.register(made)
    relation_edit_views.register(made)
    household_views.register(made)
    selection_views.register(made)
    sorting_views.register(made)
    setting_views.register(made)
    twin_views.register(made)
    merge_views.register(made)
    map_views.register(made)
    lists.register(made, listing.PAGES, "/")
    return made


@permission("contacts.view")
def index() -> ResponseReturnValue:
    """The contacts that the adviser may see: all that is shown is in the address (ux.md §3.2, rule 2)."""
    usual = lists.opening(listing.SPEC)
    if usual is not None:
        return redirect(usual)
    state = listing.read(request.args)
    wanted = listing.wanted(state)
    page = queries.contacts.page(db_session(), adviser(), wanted, number=state.number, size=state.size)
    return render_template(
        "contacts/index.html", page=page, state=state, rows=listing.rows(db_session(), page.items, state),
        first=(page.number - 1) * page.size + 1, views=lists.views(state), once=forms.token(),
        can_edit=adviser().can(frames.EDIT), can_merge=adviser().can(merge_views.MERGE), crumbs=[],
        statements=address("p_portefeuille.statement_batch_new") if adviser().can("documents.edit") else None,
        query=json.dumps(queries.written(wanted.where), ensure_ascii=False, separators=(",", ":")),
    )  # fmt: skip


@permission("contacts.view")
def contact(contact_id: str) -> ResponseReturnValue:
    """Dossier > Général: what the cabinet knows of a contact, and what changed last (DO-01)."""
    frame = frames.of(contact_id, "general")
    changes = contacts.history.of_contact(db_session(), adviser(), contact_id, most=200)
    past = {line.name for change in changes if "Création" not in change.action for line in change.lines}
    return render_template(
        "contacts/contact.html", **frame, changes=changes[:5], more=len(changes) > 5, past=past,
        dossier=contacts.dossier.of(db_session(), frame["contact"]),
        labels=contacts.history.LABELS, said=contacts.history.said,
        merges=contacts.merging.past(db_session(), adviser(), contact_id), can_merge=adviser().can(merge_views.MERGE),
    )  # fmt: skip


@permission("contacts.view")
def history(contact_id: str) -> ResponseReturnValue:
    """Who changed what, when, before → after; of one field where `champ` names it (DO-01)."""
    field = request.args.get("champ", "")
    label = contacts.history.label_of(db_session(), field)
    found = contacts.history.of_contact(db_session(), adviser(), contact_id, field=field if label else None)
    return render_template(
        "contacts/history.html", **frames.of(contact_id, "general", _("Historique")), changes=found, field=field,
        label=label,
    )  # fmt: skip
