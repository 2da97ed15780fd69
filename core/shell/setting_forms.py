"""The form of a plugin's settings for one scope, made of its schema, with what each field overrides (PL-04, US-02)."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from marshmallow import Schema
from marshmallow import fields
from werkzeug.datastructures import MultiDict

from core.db.session import TenantSession
from core.hooks import scopes
from core.hooks import settings
from core.hooks.scopes import Scope
from core.hooks.secret import Secret
from core.hooks.settings import Settings
from core.hooks.specs import Plugin
from core.web import formats
from core.web import forms
from core.web.fields import Parsed

#: Who decides, as a person reads it; the last one is of whoever reads.
LEVELS: dict[str, Any] = {
    "": _l("Valeur par défaut"), "installation": _l("Installation"), "cabinet": _l("Cabinet"), "user": _l("Moi"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One setting at every level: what is set there, or None. `holds`: the level whose value the cabinet has."""

    label: str
    usual: str
    installation: str | None
    cabinet: str | None
    #: How many persons have their own; None: a person may not.
    people: int | None
    holds: str
    #: Whether the cabinet may set it.
    ours: bool


def schema_of(plugin: Plugin, scope: Scope) -> Schema:
    """The schema, with the fields that this scope may set."""
    assert plugin.settings_schema is not None, f"{plugin.name} has no settings"
    return plugin.settings_schema(only=scopes.settable(plugin, scope))


def sent(schema: Schema, form: MultiDict[str, str]) -> dict[str, Any]:
    """What was typed. A field that was not sent at all was not decided: it is empty, not its default."""
    boxes = (fields.Boolean, fields.List)
    values: dict[str, Any] = dict.fromkeys((name for name, one in schema.fields.items() if not isinstance(one, boxes)), "")
    return values | forms.typed(schema, form)


def view(
    schema: Schema, values: Mapping[str, Any], errors: Mapping[str, str], held: Settings, *, people: Mapping[str, str],
    scope: Scope, beneath: Mapping[str, Any],
) -> forms.FormView:  # fmt: skip
    """The form. Beside each field: what holds where this scope sets nothing (`beneath`); of a secret, who kept it when.

    `people`: names by id.
    """
    form = forms.view(schema, values, errors)
    for field in form.fields:
        name, one = field["name"], schema.fields[field["name"]]
        words = [str(field.get("help") or "")]
        if field["type"] == "secret":
            mark = held.secrets.get(name)
            field["kept"] = mark is not None
            field["required"] = field["required"] and mark is None and name not in beneath
            words += [_kept(mark, people)] if mark else [_("Aucune valeur enregistrée.")] if name not in beneath else []
            if errors and values.get(name):
                words.append(_("Saisissez-la de nouveau\u202f: un secret n'est jamais réaffiché."))
        if name in beneath:
            value = said(one, beneath[name])
            words.append(
                _("Ce qui vaut pour le cabinet\u202f: %(value)s.", value=value) if scope == "user"
                else _("Réglage de l'installation\u202f: %(value)s.", value=value)
            )  # fmt: skip
        field["help"] = " ".join(filter(None, words))
        field["own"] = held.set_by.get(name) == scope
        field["level"] = LEVELS[held.set_by.get(name, "")]
    return form


def said(one: fields.Field[Any], value: Any) -> str:
    """A value as a person reads it."""
    if isinstance(value, Secret):
        return str(_("enregistrée, jamais affichée"))
    if value is None or value == "" or value == []:
        return str(_("aucune"))
    if isinstance(value, bool):
        return str(_("oui") if value else _("non"))
    options = one.metadata.get("options") or {}
    known = options() if callable(options) else options
    if isinstance(value, list):
        return ", ".join(str(known.get(part, part)) for part in value)
    return str(known.get(value, one.shown(value) if isinstance(one, Parsed) else value))


def label(schema: Schema, name: str) -> str:
    """A setting's name in French; its code where this version has none."""
    one = schema.fields.get(name)
    return str(one.metadata.get("label", name)) if one is not None else name


def levels(session: TenantSession, plugin: Plugin, active: Iterable[str]) -> list[Line]:
    """Every setting of a plugin with what each level sets, for the session's cabinet. `active`: who may sign in."""
    assert plugin.settings_schema is not None, f"{plugin.name} has no settings"
    schema = plugin.settings_schema()
    held, base = settings.read(session, plugin), settings.installed(plugin)
    own, counts = settings.overrides(session, plugin, active), {*scopes.settable(plugin, "user")}
    ours = {*scopes.settable(plugin, "cabinet")}
    return [
        Line(
            label(schema, name), _usual(one), said(one, base[name]) if name in base else None,
            said(one, held.values.get(name)) if held.set_by.get(name) == "cabinet" else None,
            own.get(name, 0) if name in counts else None, held.set_by.get(name, ""), name in ours,
        )
        for name, one in schema.fields.items()
    ]  # fmt: skip


def _usual(one: fields.Field[Any]) -> str:
    usual = one.load_default
    return str(_("à renseigner")) if one.required else said(one, usual() if callable(usual) else usual)


def _kept(mark: Mapping[str, Any], people: Mapping[str, str]) -> str:
    """«Enregistrée le … par …», and what an empty field means."""
    who = people.get(str(mark.get("by")), _("la personne qui exploite Encours"))
    at = formats.moment(datetime.fromisoformat(str(mark["at"])))
    return str(_("Enregistrée le %(at)s par %(who)s. Laissez le champ vide pour la garder.", at=at, who=who))
