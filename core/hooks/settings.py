"""A plugin's settings for a cabinet: its marshmallow schema gives defaults, checks, types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError
from sqlalchemy import select

from core.cabinets import audit
from core.cabinets.models import PluginSettings
from core.db.session import TenantSession
from core.hooks.specs import Plugin


def typed(plugin: Plugin, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """The values as the plugin's schema types them, defaults included; a stored value gone bad is left out."""
    if plugin.settings_schema is None:
        return {}
    schema = plugin.settings_schema(unknown="exclude")
    try:
        loaded: Mapping[str, Any] = schema.load(dict(values))
    except ValidationError as error:
        faulty = set(error.messages_dict)
        loaded = schema.load({key: value for key, value in values.items() if key not in faulty}, partial=True)
    return loaded


def save(session: TenantSession, plugin: Plugin, values: Mapping[str, Any], *, actor: str) -> None:
    """Store new values. Raises marshmallow's `ValidationError` for what the schema refuses."""
    assert plugin.settings_schema is not None, f"{plugin.name} has no settings"
    schema = plugin.settings_schema()
    dumped = schema.dump(schema.load(dict(values)))
    row = session.scalar(select(PluginSettings).where(PluginSettings.plugin == plugin.name))
    if row is None:
        row = PluginSettings(plugin=plugin.name, values={})
        session.add(row)
    before, row.values = dict(row.values), dumped
    audit.record(session, actor, "plugin.settings", f"plugin:{plugin.name}", {"before": before, "after": dumped})
