"""`/keys`, one's own settings of a module, and asking for one: what «Sécurité», «Services» and «Espace abonnement» do."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError

from core.admin import subscription
from core.db.errors import NotFound
from core.hooks import scopes
from core.hooks import settings as stored
from core.hooks.specs import Plugin
from core.links import key_rotation
from core.resources import partner_schemas as shapes
from core.resources.me import ME
from core.resources.partners import PLUGINS
from core.resources.partners import refused
from core.resources.partners import shown_settings
from core.rest.operations import Call
from core.rest.operations import Resource
from core.rest.operations import Slice
from core.shell.gate import current_context
from core.shell.gate import hub

KEYS = Resource("keys", _l("Clés du cabinet"), _l("Ce qui signe les demandes du cabinet aux partenaires."))
READ, WRITE = "partners:read", "partners:write"


@KEYS.get("/keys", _l("Lister les clés du cabinet"), shapes.KeyOut, paged=True, scope=READ)
def listed(call: Call) -> Slice[Any]:
    """By name."""
    return call.among(key_rotation.listed(call.session), lambda one: one.kid)


@KEYS.post("/keys/renew", _l("Renouveler la clé du cabinet"), shapes.KeysOut, scope=WRITE)
def renew(call: Call) -> dict[str, Any]:
    """The next key is made and stated to every partner."""
    key_rotation.begin(call.session, actor=call.adviser.user_id)
    return {"items": key_rotation.listed(call.session)}


@KEYS.post("/keys/{kid}/withdraw", _l("Retirer une clé"), shapes.KeysOut, scope=WRITE)
def withdraw(call: Call, kid: str) -> dict[str, Any]:
    """No partner believes it from now on."""
    key_rotation.withdraw(call.session, kid, actor=call.adviser.user_id)
    return {"items": key_rotation.listed(call.session)}


@ME.get("/me/plugins/{plugin}/settings", _l("Lire ses propres réglages d'un module"), shapes.OwnSettingsOut)
def settings_show(call: Call, plugin: str) -> dict[str, Any]:
    """What holds for the person, and which of it he set."""
    known = _known(plugin)
    held = stored.read(call.session, known, user_id=call.adviser.user_id)
    mine = scopes.settable(known, "user")
    values = {name: value for name, value in shown_settings(known, held.values).items() if name in mine}
    return {"values": values, "own": sorted(held.own("user"))}


@ME.patch(
    "/me/plugins/{plugin}/settings", _l("Modifier ses propres réglages d'un module"), shapes.OwnSettingsOut,
    takes=shapes.OwnSettingsPatch, scope="profile:write", same="me_settings_show",
    about=_l("Une valeur égale à celle du cabinet n'est pas gardée\u202f: elle suit le cabinet."),
)  # fmt: skip
def settings_change(call: Call, plugin: str) -> dict[str, Any]:
    """What was sent, over what holds; names in `follow` follow the cabinet again."""
    known, mine, sent = _known(plugin), call.adviser.user_id, call.taken
    follow = [name for name in sent.get("follow", ()) if name not in scopes.secret(known)]
    if follow:
        stored.forget_own(call.session, known, follow, user_id=mine)
    if sent.get("values"):
        held = shown_settings(known, stored.read(call.session, known, user_id=mine).values)
        try:
            stored.save_own(call.session, known, {**held, **sent["values"]}, user_id=mine)
        except ValidationError as error:
            raise refused(error) from error
    return settings_show(call, plugin)


@PLUGINS.post("/plugins/{plugin}/ask", _l("Demander un module"), shapes.AskedOut)
def ask(call: Call, plugin: str) -> dict[str, str]:
    """Those who turn modules on are told."""
    return {"title": str(subscription.ask(call.session, hub().registry, call.adviser, plugin))}


def _known(plugin: str) -> Plugin:
    found = hub().registry.plugins.get(plugin) if plugin in current_context().enabled else None
    if found is None or not scopes.settable(found, "user"):
        raise NotFound("Ce module n'a pas de réglage personnel.")
    return found
