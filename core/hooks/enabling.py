"""Which plugins a cabinet has on. A plugin not named is off: it fails closed."""

from __future__ import annotations

from sqlalchemy import select

from core.cabinets import audit
from core.cabinets.models import Enabling
from core.db.clock import now
from core.db.errors import NotFound
from core.db.session import TenantSession
from core.hooks import events
from core.hooks import gates
from core.hooks.happenings import PluginEnabled
from core.hooks.registry import Registry


def enabled(session: TenantSession, registry: Registry) -> tuple[str, ...]:
    """The cabinet's plugins that are past the gates, in the cabinet's order."""
    rows = session.execute(select(Enabling.plugin).where(Enabling.enabled).order_by(Enabling.position, Enabling.plugin))
    return gates.passing(registry, (name for (name,) in rows))


def is_enabled(session: TenantSession, registry: Registry, plugin: str) -> bool:
    """The gate for one plugin."""
    return plugin in enabled(session, registry)


def switch(session: TenantSession, registry: Registry, plugin: str, *, on: bool, actor: str) -> bool:
    """Enable or disable a plugin for the session's cabinet; True if that changed anything.

    Raises `NotFound` for a plugin that is not installed. Data stays; contributions appear or vanish at the next
    request on every worker.
    """
    if plugin not in registry.plugins:
        raise NotFound(f"Le plugin «{plugin}» n'est pas installé.")
    row = session.scalar(select(Enabling).where(Enabling.plugin == plugin))
    if row is None:
        row = Enabling(plugin=plugin, enabled=False, position=registry.plugins[plugin].weight)
        session.add(row)
    if row.enabled == on:
        return False
    row.enabled = on
    row.changed_at = now()
    if on and row.first_at is None:
        row.first_at = row.changed_at
    audit.record(session, actor, "plugin.enabled" if on else "plugin.disabled", f"plugin:{plugin}", {})
    if on:
        events.publish(session, PluginEnabled(plugin))
    return True


def enable_defaults(session: TenantSession, registry: Registry, *, actor: str) -> None:
    """What a new cabinet starts with."""
    for plugin in registry.plugins.values():
        if plugin.default_on:
            switch(session, registry, plugin.name, on=True, actor=actor)
