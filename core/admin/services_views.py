"""«Services»: the settings of use, in one tree with its search; what modules let each person set (US-02, PL-08)."""

from __future__ import annotations

from flask import Blueprint
from flask import flash
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from marshmallow import Schema
from marshmallow import ValidationError

from core.admin import services_tree as tree
from core.admin.frame import PARTNERS
from core.admin.frame import adviser
from core.cabinets import services as people
from core.db.errors import DomainError
from core.db.errors import NotFound
from core.hooks import scopes
from core.hooks import settings as stored
from core.hooks.specs import Plugin
from core.shell import setting_forms
from core.shell.gate import current_context
from core.shell.gate import hub
from core.web.policy import policy
from core.web.request import db_session

blueprint = Blueprint("services", __name__, url_prefix="/services")


@blueprint.get("")
@policy("session")
def index() -> ResponseReturnValue:
    """The whole tree, or what was looked for: the words stand in the address."""
    asked = request.args.get("q", "").replace("\0", "").strip()[:100]
    every, failures = tree.entries()
    found = tree.found(every, asked) if asked else every
    crumbs = [(_("Services"), url_for("services.index")), (asked, None)] if asked else [(_("Services"), None)]
    return render_template(
        "services/index.html", shelves=tree.shelves(every), shown=tree.shelves(found), asked=asked, count=len(found),
        failures=failures, crumbs=crumbs, here="",
    )  # fmt: skip


@blueprint.route("/modules/<plugin>", methods=["GET", "POST"])
@policy("session")
def module(plugin: str) -> ResponseReturnValue:
    """What a module lets each person set otherwise than the cabinet."""
    known = _known(plugin)
    session, schema, mine = db_session(), setting_forms.schema_of(known, "user"), adviser().user_id
    held, errors = stored.read(session, known, user_id=mine), dict[str, str]()
    values = dict(held.values)
    if request.method == "POST" and (act := request.form.get("acte", "")):
        return _act(known, schema, held, act)
    if request.method == "POST":
        values = setting_forms.sent(schema, request.form)
        try:
            stored.save_own(session, known, values, user_id=mine)
            session.commit()
            flash(_("Vos réglages de «\u202f%(title)s\u202f» sont enregistrés.", title=known.title), "success")
            return redirect(url_for("services.module", plugin=plugin), 303)
        except ValidationError as error:
            session.rollback()
            errors = {name if name in schema.fields else "": str(found[0]) for name, found in error.messages_dict.items()}
    beneath = {name: one for name, one in stored.read(session, known).values.items() if name in schema.fields}
    form = setting_forms.view(
        schema, values, errors, held, people={user.id: user.display_name for user in people.everybody(session)}, scope="user",
        beneath=beneath,
    )  # fmt: skip
    every, _failures = tree.entries()
    page = render_template(
        "services/module.html", shelves=tree.shelves(every), here=url_for("services.module", plugin=plugin), plugin=known,
        form=form, own=held.own("user"), about=getattr(schema, "about", ""), asked="",
        lost=[setting_forms.label(schema, name) for name in held.lost],
        cabinet_url=url_for("administration.settings", plugin=plugin) if adviser().can(PARTNERS) else None,
        crumbs=[(_("Services"), url_for("services.index")), (known.title, None)],
    )  # fmt: skip
    return page, 422 if errors else 200


def _act(known: Plugin, schema: Schema, held: stored.Settings, act: str) -> ResponseReturnValue:
    """A button beside the form: follow the cabinet again, in one setting or in all; erase a secret."""
    session, mine, name = db_session(), adviser().user_id, request.form.get("reglage", "")
    if act == "suivre" and (not name or name in schema.fields):
        names = [one for one in held.own("user") if name in ("", one) and one not in scopes.secret(known)]
        stored.forget_own(session, known, names, user_id=mine)
        said = ngettext("Ce réglage suit de nouveau le cabinet.", "Ces réglages suivent de nouveau le cabinet.", len(names) or 1)
        flash(said if names else _("Ce réglage suivait déjà le cabinet."), "success" if names else "info")
    elif act == "effacer" and name in schema.fields:
        gone = stored.erase(session, known, name, actor=mine, user_id=mine)
        flash(_("Le secret est effacé.") if gone else _("Ce secret n'était pas enregistré."), "success" if gone else "info")
    else:
        raise DomainError(_("Cette action n'existe pas sur cette page."))
    session.commit()
    return redirect(url_for("services.module", plugin=known.name), 303)


def _known(plugin: str) -> Plugin:
    """A module that the cabinet has on and in which a person may set something."""
    found = hub().registry.plugins.get(plugin) if plugin in current_context().enabled else None
    if found is None or not scopes.settable(found, "user"):
        raise NotFound(_("Ce module n'a pas de réglage personnel."))
    return found
