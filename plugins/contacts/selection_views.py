"""What is done to the contacts ticked in the list: another principal adviser, after a page that names them (CT-01)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from flask import Blueprint
from flask import flash
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict

from core.api import contacts
from core.api import forms
from core.api import lists
from core.api import queries
from core.api.db import DomainError
from core.api.db import NotFound
from core.api.forms import Form
from core.api.forms import fields
from core.api.web import adviser
from core.api.web import db_session
from core.api.web import permission
from plugins.contacts import frames
from plugins.contacts import listing


class HandOverForm(Form):
    """Who is to follow them, and whether the former adviser goes on following."""

    adviser = fields.choice(
        _l("Conseiller principal"), {}, missing=_l("Choisissez le conseiller qui suivra ces contacts."), late=True
    )
    keep = fields.flag(_l("L'ancien conseiller garde un suivi secondaire"))


def register(made: Blueprint) -> None:
    """The routes."""
    made.add_url_rule("/conseiller", "hand_over", hand_over, methods=["POST"])


@permission(frames.EDIT)
def hand_over() -> ResponseReturnValue:
    """Ask who, naming the contacts; then change all of them or none, in one transaction."""
    state = listing.read(MultiDict(parse_qsl(request.form.get("liste", "")[:4000])))
    ids = list(dict.fromkeys(request.form.getlist("ids")))[: lists.SIZES[-1]]
    found = queries.contacts.page(db_session(), adviser(), queries.Asked(only=tuple(ids)), size=lists.SIZES[-1]).items
    if len(found) != len(ids):
        raise NotFound(_("Un des contacts cochés n'existe plus, ou n'est pas ouvert à votre profil."))
    if not found:
        flash(_("Cochez au moins un contact, puis choisissez l'action."), "warning")
        return redirect(state.here())
    schema = HandOverForm()
    if "confirme" not in request.form:
        return _page(state, found, schema, {"keep": True}, {})
    typed = forms.typed(schema, request.form)
    checked = forms.check(schema, typed)
    errors = checked.errors
    if not errors:
        try:
            given = checked.values
            changed = contacts.hand_over(db_session(), adviser(), ids, given["adviser"], keep=given["keep"])
        except DomainError as error:
            if error.field is None:
                raise
            errors = forms.refused(error)
    if errors:
        db_session().rollback()
        return _page(state, found, schema, typed, errors)
    db_session().commit()
    name = next((one.name for one in contacts.advisers(db_session()) if one.user_id == given["adviser"]), "")
    said = ngettext(
        "%(num)s contact est désormais suivi par %(name)s.", "%(num)s contacts sont désormais suivis par %(name)s.", changed,
        name=name,
    )  # fmt: skip
    flash(said if changed else _("Ces contacts étaient déjà suivis par %(name)s.", name=name), "success")
    return redirect(state.here())


def _page(
    state: lists.ListState, lines: Any, schema: HandOverForm, typed: Mapping[str, Any], errors: Mapping[str, str]
) -> ResponseReturnValue:
    people = {"adviser": {one.user_id: one.name for one in contacts.advisers(db_session())}}
    page = render_template(
        "contacts/hand_over.html", lines=lines, form=forms.view(schema, typed, errors, options=people), back=state.here(),
        carried=state.carried(), crumbs=[(_("Contacts"), url_for("p_contacts.index")), (_("Changer de conseiller"), None)],
    )  # fmt: skip
    return page, 422 if errors else 200
