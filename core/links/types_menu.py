"""Transactions > Ajouter: the account's partner first, then what other plugins let one type (BL-09)."""

from __future__ import annotations

from core.db.clock import now
from core.db.session import TenantSession
from core.hooks.errors import PluginError
from core.hooks.hub import Hub
from core.hooks.results import Failure
from core.hooks.specs import Plugin
from core.hooks.types import AccountRef
from core.hooks.types import Context
from core.hooks.types import TransactionType
from core.links import acts


def menu(
    hub: Hub, ctx: Context, session: TenantSession, account: AccountRef, *, back: str, refresh_url: str
) -> acts.ActsView:
    """One group a plugin; a plugin that failed says so where its group would be."""
    found = hub.collect(Plugin.transaction_types, ctx, account)
    by_plugin: dict[str, list[TransactionType]] = {}
    for contribution in found.items:
        by_plugin.setdefault(contribution.plugin, []).append(contribution.item)
    groups = []
    for plugin, types in by_plugin.items():
        shown = [item for item in types if item.key != acts.CONSULT]
        lines = acts.lines(hub, ctx, session, account, plugin, shown, back=back)
        if lines:
            groups.append((_label(hub, plugin), lines))
    failure = next((failure for failure in found.failures if failure.plugin == account.plugin), None)
    message, state, retry = _explained(hub, failure) if failure else (None, "listed" if groups else "empty", False)
    partner = _name(hub, account.plugin) if account.plugin else ""
    consult = None
    if failure and state == "unavailable" and account.plugin:
        consult = acts.consultation(ctx, session, account, account.plugin, back=back, failed=True)
    return acts.ActsView(
        title=f"Ajouter · {account.label}", state=state, account=account, plugin=account.plugin or "", partner=partner,
        groups=tuple(groups), consult=consult, message=message, retry=retry,
        checked_at=now() if groups and not failure else None, refresh_url=refresh_url,
        footer=acts.how([item for _label, items in groups for item in items]),
        failures=tuple(failure.text for failure in found.failures if failure.plugin != account.plugin),
    )  # fmt: skip


def _explained(hub: Hub, failure: Failure) -> tuple[acts.Message, str, bool]:
    error = failure.error if isinstance(failure.error, PluginError) else PluginError(failure.text)
    message, state, retry = acts.explain(error, _name(hub, failure.plugin))
    return message, state, retry


def _name(hub: Hub, plugin: str) -> str:
    found = hub.registry.plugins.get(plugin)
    if found is None:
        return plugin
    return found.partner.label if found.partner else found.title


def _label(hub: Hub, plugin: str) -> str:
    found = hub.registry.plugins[plugin]
    return f"Chez {found.partner.label}" if found.partner else "Saisie locale, sans suivi du partenaire"
