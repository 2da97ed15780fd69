"""The partner link's part of the background work; importing it registers the handlers."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from core.accounts import services as accounts
from core.db.session import TenantSession
from core.hooks import enabling
from core.hooks import telling
from core.hooks.happenings import Event
from core.hooks.happenings import PluginEnabled
from core.hooks.hub import Hub
from core.links import account_links
from core.links import feedback
from core.links import mandates as _mandates
from core.links import polling as _polling
from core.links.models import Registration

REGISTERED = (_mandates, _polling)


@accounts.on_change
def relink_changed(session: TenantSession, account_ids: Sequence[str]) -> None:
    """An account was added or changed: its link may have."""
    if telling.ready():
        registry = telling.hub().registry
        account_links.recompute(session, registry, enabling.enabled(session, registry), account_ids)


@telling.listen
def relink(session: TenantSession, hub: Hub, event: Event) -> None:
    """A plugin was enabled: its accounts get their link, and what its partner said meanwhile is read at once."""
    if isinstance(event, PluginEnabled):
        account_links.recompute(session, hub.registry, enabling.enabled(session, hub.registry))
        if session.scalar(select(Registration.id).where(Registration.plugin == event.plugin)) is not None:
            feedback.reconcile_soon(session, event.plugin)
