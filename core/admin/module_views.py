"""«Modules et partenaires»: what there is, what each brings and how it is doing, on and off, its settings (PL-04, US-02)."""

from __future__ import annotations

import time
from collections.abc import Callable
from collections.abc import Mapping
from typing import Any

from flask import flash
from flask import redirect
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from marshmallow import Schema
from marshmallow import ValidationError

from core.admin import modules as services
from core.admin.frame import PARTNERS
from core.admin.frame import adviser
from core.admin.frame import blueprint
from core.admin.frame import shown
from core.cabinets import audit
from core.cabinets import services as people
from core.db.errors import DomainError
from core.db.errors import NotFound
from core.db.session import TenantSession
from core.hooks import enabling
from core.hooks import scopes
from core.hooks import settings as stored
from core.hooks.errors import PluginError
from core.hooks.specs import Plugin
from core.hooks.types import Adviser
from core.search.words import fold
from core.shell import setting_forms
from core.shell import undo
from core.shell.addresses import address
from core.shell.gate import current_context
from core.shell.gate import hub
from core.transactions import services as transactions
from core.web.policy import policy
from core.web.request import db_session

#: Key in the address → whether a line is of this tab.
TABS: dict[str, Callable[[services.Line], bool]] = {
    "partenaires": lambda one: one.partner is not None,
    "modules": lambda one: one.partner is None,
    "a-traiter": lambda one: one.troubled,
}


@blueprint.get("/modules")
@policy("permission", PARTNERS)
def modules() -> ResponseReturnValue:
    """The list: tabs and words asked for stand in the address."""
    every = services.listed(db_session(), hub().registry)
    tab, asked = request.args.get("sorte", ""), request.args.get("q", "").replace("\0", "").strip()[:100]
    tab = tab if tab in TABS else ""
    words = fold(asked).split()
    found = [one for one in every if (not tab or TABS[tab](one)) and all(word in _words(one) for word in words)]
    counts = {key: sum(map(of, every)) for key, of in TABS.items()}
    return shown(
        "modules.html", "modules", lines=found, every=len(every), on=sum(one.on for one in every), tab=tab, asked=asked,
        counts=counts, paused=[one for one in every if one.health == "paused"], steps=_steps(found),
    )  # fmt: skip


@blueprint.get("/modules/<plugin>")
@policy("permission", PARTNERS)
def module(plugin: str) -> ResponseReturnValue:
    """One module: what it brings, where its data go, what went wrong."""
    line = services.one(db_session(), hub().registry, plugin)
    return shown(
        "module.html", "modules", ((line.title, None),), line=line, calls=services.calls(db_session(), plugin),
        plugin=hub().registry.plugins.get(plugin), followed=transactions.followed(db_session(), plugin),
        steps=_steps([line]).get(plugin), testable=line.on and hub().registry.one("test_connection", plugin) is not None,
    )  # fmt: skip


@blueprint.post("/modules/<plugin>/etat")
@policy("permission", PARTNERS)
def switch(plugin: str) -> ResponseReturnValue:
    """Turn it on or off for the cabinet, from the next request of everybody on; the toast takes it back."""
    title, session = _known(plugin).title, db_session()
    if request.form.get("actif") not in ("0", "1"):
        raise DomainError(_("Dites s'il faut activer ou désactiver ce module."))
    on = request.form["actif"] == "1"
    changed = enabling.switch(session, hub().registry, plugin, on=on, actor=adviser().user_id)
    payload = {"plugin": plugin, "on": not on}
    token = undo.offer(session, adviser(), "admin.plugin_switched", f"plugin:{plugin}", payload) if changed else ""
    session.commit()
    said = _("«\u202f%(title)s\u202f» est activé pour tout le cabinet.", title=title) if on else _(
        "«\u202f%(title)s\u202f» est désactivé. Ses données sont conservées.", title=title
    )
    if not on and (left := transactions.followed(session, plugin)):
        said += " " + ngettext(
            "Le suivi de %(num)s transaction s'arrête jusqu'à la réactivation\u202f: son dernier statut reste affiché.",
            "Le suivi de %(num)s transactions s'arrête jusqu'à la réactivation\u202f: leur dernier statut reste affiché.", left,
        )  # fmt: skip
    if token:
        undo.say(said, token)
    else:
        flash(said, "info")
    return _back(plugin)


@undo.command("admin.plugin_switched", permission=PARTNERS)
def _switch_back(session: TenantSession, by: Adviser, payload: Mapping[str, Any]) -> str:
    """Reverse of turning a module on or off."""
    plugin, on = str(payload["plugin"]), bool(payload["on"])
    enabling.switch(session, hub().registry, plugin, on=on, actor=by.user_id)
    title = _known(plugin).title
    return f"«\u202f{title}\u202f» est de nouveau {'activé' if on else 'désactivé'}."


@blueprint.post("/modules/<plugin>/reprendre")
@policy("permission", PARTNERS)
def resume(plugin: str) -> ResponseReturnValue:
    """Try a paused module again at once."""
    title = _known(plugin).title
    done = services.resume(db_session(), plugin, actor=adviser().user_id)
    db_session().commit()
    if done:
        flash(_("«\u202f%(title)s\u202f» reprend\u202f: le prochain appel dira s'il fonctionne.", title=title), "success")
    else:
        flash(_("«\u202f%(title)s\u202f» n'était plus en pause.", title=title), "info")
    return _back(plugin)


@blueprint.post("/modules/<plugin>/connexion")
@policy("permission", PARTNERS)
def connection(plugin: str) -> ResponseReturnValue:
    """Ask the partner once whether it answers; five seconds at most, then the page says what was found."""
    _known(plugin)
    ctx, begun = current_context(), time.monotonic()
    audit.record(db_session(), adviser().user_id, "plugin.tested", f"plugin:{plugin}", {})
    db_session().commit()  # nothing is held while the partner thinks
    try:
        found = hub().ask(plugin, Plugin.test_connection, ctx)
        took = _("(%(n)s ms)", n=round((time.monotonic() - begun) * 1000))
        flash(f"{found.text} {took}", "success" if found.ok else "warning")
    except PluginError as error:
        flash(error.text, "error")
    return redirect(url_for("administration.module", plugin=plugin), 303)


@blueprint.route("/modules/<plugin>/reglages", methods=["GET", "POST"])
@policy("permission", PARTNERS)
def settings(plugin: str) -> ResponseReturnValue:
    """The form that the module's schema gives."""
    known = _known(plugin)
    if known.settings_schema is None:
        raise NotFound(_("Ce module n'a pas de réglage."))
    session, schema = db_session(), setting_forms.schema_of(known, "cabinet")
    kept, errors = stored.read(session, known), dict[str, str]()
    values = dict(kept.values)
    if request.method == "POST" and (act := request.form.get("acte", "")):
        return _settings_act(known, schema, act)
    if request.method == "POST":
        values = setting_forms.sent(schema, request.form)
        try:
            stored.save(session, known, values, actor=adviser().user_id)
            session.commit()
            flash(_("Les réglages de «\u202f%(title)s\u202f» sont enregistrés.", title=known.title), "success")
            return redirect(url_for("administration.module", plugin=plugin), 303)
        except ValidationError as error:
            session.rollback()
            errors = {name if name in schema.fields else "": str(found[0]) for name, found in error.messages_dict.items()}
    crumbs = ((known.title, url_for("administration.module", plugin=plugin)), (_("Réglages"), None))
    everybody = people.everybody(session)
    form = setting_forms.view(
        schema, values, errors, kept, people={user.id: user.display_name for user in everybody}, scope="cabinet",
        beneath=stored.installed(known),
    )  # fmt: skip
    page = shown(
        "module_settings.html", "modules", crumbs, form=form, plugin=known,
        own=[name for name in kept.own("cabinet") if name not in scopes.secret(known)],
        about=getattr(schema, "about", ""), lost=[setting_forms.label(schema, name) for name in kept.lost],
        levels=setting_forms.levels(session, known, [user.id for user in everybody if user.active]),
    )  # fmt: skip
    return page, 422 if errors else 200


def _settings_act(known: Plugin, schema: Schema, act: str) -> ResponseReturnValue:
    """A button beside the form: give up the cabinet's values, or erase one secret."""
    session, name = db_session(), request.form.get("reglage", "")
    if act == "oublier":
        stored.forget(session, known, actor=adviser().user_id)
        flash(_("Les réglages de l'installation valent de nouveau pour votre cabinet."), "success")
    elif act == "effacer" and name in schema.fields:
        gone, label = stored.erase(session, known, name, actor=adviser().user_id), setting_forms.label(schema, name)
        flash(
            _("«\u202f%(name)s\u202f» est effacé.", name=label) if gone
            else _("«\u202f%(name)s\u202f» n'était pas enregistré.", name=label), "success" if gone else "info",
        )  # fmt: skip
    else:
        raise DomainError(_("Cette action n'existe pas sur cette page."))
    session.commit()
    return redirect(url_for("administration.settings", plugin=known.name), 303)


def _known(plugin: str) -> Plugin:
    found = hub().registry.plugins.get(plugin)
    if found is None:
        raise NotFound(_("Ce module n'est pas installé."))
    return found


def _steps(lines: list[services.Line]) -> dict[str, str]:
    """Where each partner's mandate is followed; nowhere for one that is off or has no such page."""
    found = {one.name: address(f"p_{one.name}.activation") for one in lines if one.partner is not None and one.on}
    return {name: url for name, url in found.items() if url}


def _words(one: services.Line) -> str:
    return fold(" ".join([one.title, one.name, one.partner or "", *map(str, one.brings)]))


def _back(plugin: str) -> ResponseReturnValue:
    if request.form.get("retour") == "module":
        return redirect(url_for("administration.module", plugin=plugin), 303)
    return redirect(url_for("administration.modules"), 303)
