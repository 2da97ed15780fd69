"""The partner link's part of the background work; importing it registers the handlers."""

from __future__ import annotations

from core.db.session import TenantSession
from core.hooks import enabling
from core.hooks import telling
from core.hooks.hub import Hub
from core.hooks.types import Event
from core.hooks.types import PluginEnabled
from core.links import account_links
from core.links import mandates as _mandates
from core.links import polling as _polling

REGISTERED = (_mandates, _polling)


@telling.listen
def relink(session: TenantSession, hub: Hub, event: Event) -> None:
    """A plugin was enabled: its accounts get their link."""
    if isinstance(event, PluginEnabled):
        account_links.recompute(session, hub.registry, enabling.enabled(session, hub.registry))
