"""`/plugins` and `/mandates`: modules, their health and settings; the mandate at each partner (PL-04, PL-05, BL-05)."""

from __future__ import annotations

import time
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError

from core.admin import modules
from core.cabinets import audit
from core.db.errors import NotFound
from core.hooks import enabling
from core.hooks import scopes
from core.hooks import settings as stored
from core.hooks.errors import PluginError
from core.hooks.specs import Plugin
from core.links import enrolments
from core.links import mandate_paper
from core.links import mandate_steps
from core.resources import partner_schemas as shapes
from core.rest.operations import Call
from core.rest.operations import Resource
from core.rest.operations import Slice
from core.rest.schemas import faults
from core.shell.gate import current_context
from core.shell.gate import hub
from core.transactions import services as transactions
from core.web import forms
from core.web.fields import Secret
from core.web.problems import Fault
from core.web.problems import Problem

PLUGINS = Resource("plugins", _l("Modules"), _l("Ce qui est installé, activé, et comment cela se porte."))
MANDATES = Resource("mandates", _l("Mandats"), _l("Le mandat du cabinet chez chaque partenaire, et ses conseillers habilités."))
READ, WRITE = "partners:read", "partners:write"


@PLUGINS.get("/plugins", _l("Lister les modules"), shapes.PluginOut, paged=True, scope=READ)
def listed(call: Call) -> Slice[Any]:
    """All that are installed."""
    return call.among(modules.listed(call.session, hub().registry), lambda one: one.name)


@PLUGINS.get("/plugins/{plugin}", _l("Lire un module"), shapes.PluginOut, scope=READ)
def show(call: Call, plugin: str) -> Any:
    """One of them."""
    return modules.one(call.session, hub().registry, plugin)


@PLUGINS.get("/plugins/{plugin}/health", _l("Lire la santé d'un module"), shapes.HealthOut, scope=READ)
def health(call: Call, plugin: str) -> dict[str, Any]:
    """Incidents and times."""
    line = modules.one(call.session, hub().registry, plugin)
    calls = [{"label": str(label), **_pace(pace)} for label, pace in modules.calls(call.session, plugin)]
    return {
        "health": line.health, "broken": line.broken, "incidents": line.incidents, "calls": calls,
        "followed": transactions.followed(call.session, plugin),
    }  # fmt: skip


@PLUGINS.post("/plugins/{plugin}/enable", _l("Activer un module"), shapes.PluginOut, scope=WRITE)
def enable(call: Call, plugin: str) -> Any:
    """For the whole cabinet, from the next request on."""
    enabling.switch(call.session, hub().registry, plugin, on=True, actor=call.adviser.user_id)
    return show(call, plugin)


@PLUGINS.post("/plugins/{plugin}/disable", _l("Désactiver un module"), shapes.PluginOut, scope=WRITE)
def disable(call: Call, plugin: str) -> Any:
    """Its data stay."""
    enabling.switch(call.session, hub().registry, plugin, on=False, actor=call.adviser.user_id)
    return show(call, plugin)


@PLUGINS.post("/plugins/{plugin}/resume", _l("Reprendre un module en pause"), shapes.PluginOut, scope=WRITE)
def resume(call: Call, plugin: str) -> Any:
    """The next call is the probe."""
    _known(plugin)
    modules.resume(call.session, plugin, actor=call.adviser.user_id)
    return show(call, plugin)


@PLUGINS.post("/plugins/{plugin}/test", _l("Tester la connexion d'un partenaire"), shapes.ProbeOut, scope=WRITE)
def test(call: Call, plugin: str) -> dict[str, Any]:
    """The partner is asked once; five seconds at most."""
    _known(plugin)
    audit.record(call.session, call.adviser.user_id, "plugin.tested", f"plugin:{plugin}", {})
    call.session.commit()  # nothing is held while the partner thinks
    begun = time.monotonic()
    try:
        found = hub().ask(plugin, Plugin.test_connection, current_context())
        ok, text = found.ok, found.text
    except PluginError as error:
        ok, text = False, error.text
    return {"ok": ok, "text": text, "ms": round((time.monotonic() - begun) * 1000)}


@PLUGINS.get("/plugins/{plugin}/settings", _l("Lire les réglages d'un module"), shapes.SettingsOut, scope=READ)
def settings_show(call: Call, plugin: str) -> dict[str, Any]:
    """What holds for the cabinet; a secret is never shown."""
    known = _with_settings(plugin)
    kept = stored.read(call.session, known)
    return {
        "values": shown_settings(known, kept.values), "own": bool(kept.own("cabinet")), "secrets": sorted(kept.secrets),
        "lost": list(kept.lost),
    }  # fmt: skip


@PLUGINS.patch(
    "/plugins/{plugin}/settings", _l("Modifier les réglages d'un module"), shapes.SettingsOut, takes=shapes.SettingsPatch,
    scope=WRITE, same="plugins_settings_show", about=_l("Les valeurs s'écrivent comme dans le formulaire du module."),
)  # fmt: skip
def settings_change(call: Call, plugin: str) -> dict[str, Any]:
    """What was sent, over what holds."""
    known = _with_settings(plugin)
    values = {**shown_settings(known, stored.read(call.session, known).values), **call.taken["values"]}
    try:
        stored.save(call.session, known, values, actor=call.adviser.user_id)
    except ValidationError as error:
        raise refused(error) from error
    call.session.flush()
    return settings_show(call, plugin)


@PLUGINS.delete(
    "/plugins/{plugin}/settings", _l("Revenir aux réglages de l'installation"), scope=WRITE, same="plugins_settings_show"
)
def settings_forget(call: Call, plugin: str) -> None:
    """The cabinet's own values go."""
    stored.forget(call.session, _with_settings(plugin), actor=call.adviser.user_id)


@MANDATES.get("/mandates", _l("Lister les mandats"), shapes.MandateOut, paged=True, scope=READ)
def mandates_listed(call: Call) -> Slice[Any]:
    """One a partner that is registered."""
    found = [(name, mandate_paper.standing(call.session, name)) for name, one in hub().registry.plugins.items() if one.partner]
    return call.among([_mandate(name, one) for name, one in found if one is not None], lambda one: str(one["partner"]))


@MANDATES.get("/mandates/{partner}", _l("Lire un mandat"), shapes.MandateOut, scope=READ)
def mandate(call: Call, partner: str) -> dict[str, Any]:
    """Where it stands, and all that happened to it."""
    found = mandate_paper.standing(call.session, _partner(partner).name)
    if found is None:
        raise NotFound("Ce partenaire n'est pas encore enregistré pour votre cabinet.")
    return _mandate(partner, found)


@MANDATES.post(
    "/mandates/{partner}/send", _l("Noter l'envoi du mandat"), shapes.MandateOut, takes=shapes.SendIn, scope=WRITE
)
def send(call: Call, partner: str) -> dict[str, Any]:
    """From here the partner is told of it."""
    mandate(call, partner)
    sent = call.taken
    mandate_steps.send(
        call.session, partner, inspector_name=sent["inspector_name"], inspector_email=sent["inspector_email"],
        sent_on=sent["sent_on"], actor=call.adviser.user_id,
    )  # fmt: skip
    return mandate(call, partner)


@MANDATES.post("/mandates/{partner}/suspend", _l("Suspendre un mandat"), shapes.MandateOut, takes=shapes.ReasonIn, scope=WRITE)
def suspend(call: Call, partner: str) -> dict[str, Any]:
    """For a time."""
    mandate(call, partner)
    mandate_steps.suspend(call.session, partner, reason=call.taken["reason"], actor=call.adviser.user_id)
    return mandate(call, partner)


@MANDATES.post("/mandates/{partner}/resume", _l("Lever sa suspension"), shapes.MandateOut, scope=WRITE)
def lift(call: Call, partner: str) -> dict[str, Any]:
    """The cabinet's own."""
    mandate(call, partner)
    mandate_steps.resume(call.session, partner, actor=call.adviser.user_id)
    return mandate(call, partner)


@MANDATES.post("/mandates/{partner}/revoke", _l("Révoquer un mandat"), shapes.MandateOut, takes=shapes.ReasonIn, scope=WRITE)
def revoke(call: Call, partner: str) -> dict[str, Any]:
    """At once and for good."""
    mandate(call, partner)
    mandate_steps.revoke(call.session, partner, reason=call.taken["reason"], actor=call.adviser.user_id)
    return mandate(call, partner)


@MANDATES.post("/mandates/{partner}/renew", _l("Demander un nouveau mandat"), shapes.MandateOut, scope=WRITE)
def renew(call: Call, partner: str) -> dict[str, Any]:
    """After a final state."""
    mandate(call, partner)
    mandate_steps.renew(call.session, partner, actor=call.adviser.user_id)
    return mandate(call, partner)


@MANDATES.get("/mandates/{partner}/advisers", _l("Lister les conseillers habilités"), shapes.EnrolmentOut, paged=True, scope=READ)
def advisers(call: Call, partner: str) -> Slice[Any]:
    """Everybody who may initiate."""
    _partner(partner)
    return call.among(enrolments.listed(call.session, partner), lambda one: one.user_id)


@MANDATES.post(
    "/mandates/{partner}/advisers/{user_id}", _l("Habiliter un conseiller, ou non"), shapes.EnrolmentOut,
    takes=shapes.EnrolmentIn, scope=WRITE,
)  # fmt: skip
def enrol(call: Call, partner: str, user_id: str) -> Any:
    """The partner gets the next version of the mandate."""
    mandate(call, partner)
    sent = call.taken
    enrolments.set_state(
        call.session, partner, user_id, state=sent["state"], partner_code=sent.get("partner_code"), actor=call.adviser.user_id
    )
    found = next((one for one in enrolments.listed(call.session, partner) if one.user_id == user_id), None)
    if found is None:
        raise NotFound("Cette personne n'est pas de ce cabinet.")
    return found


def _known(plugin: str) -> Plugin:
    found = hub().registry.plugins.get(plugin)
    if found is None:
        raise NotFound("Ce module n'est pas installé.")
    return found


def _partner(plugin: str) -> Plugin:
    found = _known(plugin)
    if found.partner is None:
        raise NotFound("Ce module n'est pas un lien partenaire.")
    return found


def _with_settings(plugin: str) -> Plugin:
    found = _known(plugin)
    if found.settings_schema is None:
        raise NotFound("Ce module n'a pas de réglage.")
    return found


def shown_settings(plugin: Plugin, values: Any) -> dict[str, Any]:
    """Values as the module's form writes them; of secrets nothing, not even that they are there."""
    assert plugin.settings_schema is not None
    schema, hidden = plugin.settings_schema(), scopes.secret(plugin)
    return {
        name: value for name, value in forms.shown(schema, values).items()
        if name not in hidden and not isinstance(schema.fields[name], Secret)
    }  # fmt: skip


def refused(error: ValidationError) -> Problem:
    """What a module's own schema said of its settings."""
    return Problem(
        422, "validation", "Saisie à corriger", "Des réglages ne sont pas acceptés\u202f: corrigez-les, puis recommencez.",
        faults=[Fault(f"values.{field}", text) for field, text in faults(error.messages)],
    )  # fmt: skip


def _pace(pace: Any) -> dict[str, Any]:
    return {"calls": pace.calls, "median_ms": round(pace.median * 1000), "slowest_ms": round(pace.p95 * 1000)}


def _mandate(name: str, standing: mandate_paper.Standing) -> dict[str, Any]:
    return {"partner": name, "standing": standing}
