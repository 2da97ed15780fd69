"""The context of a call: who, which cabinet, which plugins are on; and each plugin's own view of it."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from sqlalchemy import and_
from sqlalchemy import bindparam
from sqlalchemy import or_
from sqlalchemy import select

from core.cabinets.models import Cabinet
from core.cabinets.models import Enabling
from core.cabinets.models import PluginHealth
from core.cabinets.models import PluginSettings
from core.cabinets.models import PluginUserSettings
from core.db.clock import now
from core.db.scope import kept
from core.db.session import TenantSession
from core.db.types import Instant
from core.extensions import db
from core.hooks import gates
from core.hooks import settings
from core.hooks.registry import Registry
from core.hooks.specs import Plugin
from core.hooks.types import Adviser
from core.hooks.types import Context
from core.hooks.types import PartnerState

#: Tells where each partner link of the session's cabinet stands; `core.links` sets it at start-up.
PartnerStates = Callable[[TenantSession, Adviser | None], Mapping[str, PartnerState]]
_states: list[PartnerStates] = []
#: What a cabinet has of plugins: which are on and in what order, their stored settings and a person's own, their hooks in
#: trouble.
_PLUGINS = kept(
    select(
        Enabling.plugin, Enabling.enabled, PluginSettings.values, PluginSettings.version, PluginSettings.secrets,
        PluginUserSettings.values.label("own_values"), PluginUserSettings.version.label("own_version"),
        PluginUserSettings.secrets.label("own_secrets"), PluginHealth.hook, PluginHealth.consecutive, PluginHealth.paused_until,
    )
    .outerjoin(PluginSettings, PluginSettings.plugin == Enabling.plugin)
    .outerjoin(
        PluginUserSettings,
        and_(PluginUserSettings.plugin == Enabling.plugin, PluginUserSettings.user_id == bindparam("user_id")),
    )
    .outerjoin(
        PluginHealth,
        and_(
            PluginHealth.plugin == Enabling.plugin,
            or_(PluginHealth.consecutive > 0, PluginHealth.paused_until > bindparam("at", type_=Instant())),
        ),
    )
    .order_by(Enabling.position, Enabling.plugin)
)  # fmt: skip


def partner_states(provider: PartnerStates) -> None:
    """Name the function that tells partner links' states."""
    _states[:] = [provider]


def make(
    session: TenantSession, registry: Registry, *, principal: Adviser | None = None, sid_hash: str = "", slug: str = ""
) -> Context:
    """A context for the session's cabinet, in one query where its `slug` is known. Partner states are read if somebody asks."""
    cabinet_id = session.require_cabinet()
    user_id = principal.user_id if principal is not None else ""
    rows = session.rows(_PLUGINS, {"at": (at := now()), "user_id": user_id}).all()
    on = gates.passing(registry, (row.plugin for row in rows if row.enabled))
    slug = slug or session.scalars(select(Cabinet.slug).where(Cabinet.id == cabinet_id)).one()

    @cache
    def states() -> Mapping[str, PartnerState]:
        if not _states:
            return {}
        # Asked late: in a request that writes, its own session would take the lock again and hold it while a partner
        # thinks.
        with db.session(cabinet_id, write=False) as own:
            return _states[0](own, principal)

    return Context(
        cabinet_id=cabinet_id, cabinet_slug=slug, principal=principal, sid_hash=sid_hash,
        enabled=on,
        paused=frozenset(f"{row.plugin}:{row.hook}" for row in rows if row.paused_until and row.paused_until > at),
        failing=frozenset(f"{row.plugin}:{row.hook}" for row in rows if row.consecutive),
        configured={row.plugin: _kept(cabinet_id, user_id, row) for row in rows}, partners=states,
    )  # fmt: skip


def _kept(cabinet_id: int, user_id: str, row: Any) -> settings.Kept:
    of_cabinet = settings.Stored(row.values, row.version, row.secrets) if row.values or row.secrets else None
    own = settings.Stored(row.own_values, row.own_version, row.own_secrets) if row.own_values or row.own_secrets else None
    return settings.Kept(cabinet_id, of_cabinet, own, user_id)


def prepare(ctx: Context, plugin: Plugin) -> Context:
    """The plugin's own context: its settings, its partner's state. Made once a call chain."""
    own = ctx.prepared.get(plugin.name)
    if own is None:
        own = replace(
            ctx, plugin=plugin.name, settings=settings.typed(plugin, ctx.configured.get(plugin.name)),
            partner=ctx.partners().get(plugin.name) if plugin.partner else None,
            logger=ctx.logger.getChild(plugin.name), prepared={},
        )  # fmt: skip
        ctx.prepared[plugin.name] = own
    return own
