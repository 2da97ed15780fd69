"""A plugin's settings: its marshmallow schema gives defaults, checks and types; the installation's go before those, and the
cabinet's before all (architecture.md §4)."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import ValidationError
from sqlalchemy import select

from core import config
from core.cabinets import audit
from core.cabinets.models import PluginSettings
from core.db.session import TenantSession
from core.hooks.specs import Plugin

_log = logging.getLogger("encours.plugins")


@dataclass(frozen=True, slots=True)
class Stored:
    """A plugin's settings as a cabinet stored them: raw values, and the plugin's `settings_version` that wrote them."""

    values: Mapping[str, Any]
    version: int = 1


@dataclass(frozen=True, slots=True)
class Settings:
    """What holds for a cabinet. `own`: it stored some; `lost`: names of stored values that this version cannot read."""

    values: Mapping[str, Any]
    own: bool
    lost: tuple[str, ...] = ()


def installed(plugin: Plugin) -> Mapping[str, Any]:
    """What the operator set for all cabinets, typed; a value that the schema refuses is left out."""
    if plugin.settings_schema is None:
        return {}
    given = config.current().plugins.get(plugin.name, {})
    loaded, _lost = _loaded(plugin, given)
    return {name: loaded[name] for name in given if name in loaded}


def faults(plugin: Plugin) -> dict[str, str]:
    """What is wrong in the operator's settings for a plugin, by name: told at the start, to the operator."""
    given = config.current().plugins.get(plugin.name, {})
    if plugin.settings_schema is None:
        return dict.fromkeys(given, "ce module n'a pas de réglage")
    try:
        plugin.settings_schema(unknown="raise").load(dict(given), partial=True)
    except ValidationError as error:
        return {name: str(found[0]) for name, found in error.messages_dict.items()}
    return {}


def typed(plugin: Plugin, stored: Stored | None) -> Mapping[str, Any]:
    """What the plugin gets: the cabinet's values over the installation's over the schema's defaults."""
    return _settled(plugin, stored).values


def read(session: TenantSession, plugin: Plugin) -> Settings:
    """The same for the session's cabinet, with what became of its stored values."""
    row = session.execute(
        select(PluginSettings.values, PluginSettings.version).where(PluginSettings.plugin == plugin.name)
    ).first()
    return _settled(plugin, Stored(row.values, row.version) if row is not None and row.values else None)


def save(session: TenantSession, plugin: Plugin, values: Mapping[str, Any], *, actor: str) -> None:
    """Store new values. Raises marshmallow's `ValidationError` for what the schema refuses."""
    assert plugin.settings_schema is not None, f"{plugin.name} has no settings"
    schema = plugin.settings_schema()
    _write(session, plugin, schema.dump(schema.load(dict(values))), actor)


def forget(session: TenantSession, plugin: Plugin, *, actor: str) -> None:
    """The cabinet's own values go: the installation's hold for it again, and follow when they change."""
    _write(session, plugin, {}, actor)


def _write(session: TenantSession, plugin: Plugin, values: dict[str, Any], actor: str) -> None:
    row = session.scalar(select(PluginSettings).where(PluginSettings.plugin == plugin.name))
    if row is None:
        row = PluginSettings(plugin=plugin.name, values={})
        session.add(row)
    before, row.values, row.version = dict(row.values), values, plugin.settings_version
    if before != values:
        audit.record(session, actor, "plugin.settings", f"plugin:{plugin.name}", {"before": before, "after": values})


def _settled(plugin: Plugin, stored: Stored | None) -> Settings:
    own, lost = dict(stored.values) if stored is not None else {}, tuple[str, ...]()
    if stored is not None and stored.version < plugin.settings_version:
        try:
            own = plugin.migrate_settings(dict(own), stored.version)
        except Exception:  # a plugin's fault: its cabinet goes on with what can still be read
            _log.exception("%s could not read its settings of version %s", plugin.name, stored.version)
            lost = tuple(own)
    values, faulty = _loaded(plugin, {**config.current().plugins.get(plugin.name, {}), **own})
    return Settings(values, bool(own), tuple(dict.fromkeys([*lost, *(name for name in faulty if name in own)])))


def _loaded(plugin: Plugin, values: Mapping[str, Any]) -> tuple[Mapping[str, Any], tuple[str, ...]]:
    """The values typed, with defaults; a value gone bad is left out, and named."""
    if plugin.settings_schema is None:
        return {}, ()
    schema = plugin.settings_schema(unknown="exclude")
    try:
        return dict(schema.load(dict(values))), ()
    except ValidationError as error:
        faulty = tuple(error.messages_dict)
    rest = {key: value for key, value in values.items() if key not in faulty}
    try:
        return dict(schema.load(rest)), faulty
    except ValidationError:  # a field without a default: the plugin does without it, as before it was ever set
        return dict(schema.load(rest, partial=True)), faulty
