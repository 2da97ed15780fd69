"""`encours run PLUGIN --cabinet C COMMAND`: the commands that plugins bring, behind the same gates as their pages (PL-08)."""

from __future__ import annotations

import click

from core.app import create_app
from core.cli.accounts import cabinet_id
from core.db.errors import DomainError
from core.hooks import commands
from core.hooks import gates
from core.hooks.hub import Hub

_HUB = "encours.hub"


class Plugins(click.Group):
    """One group a plugin that has commands, found when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The plugins that bring commands."""
        return sorted(name for name, plugin in _hub(ctx).registry.plugins.items() if plugin.commands)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A plugin's commands. Raises `DomainError` for one that is not installed, not allowed or broken."""
        hub = _hub(ctx)
        plugin = hub.registry.plugins.get(cmd_name)
        if plugin is None and (held := gates.shut(hub.registry, cmd_name, ())) is not None:
            raise DomainError(held.text)
        return commands.group(hub, plugin, cabinet_id) if plugin is not None and plugin.commands else None


@click.group("run", cls=Plugins)
def run() -> None:
    """Les commandes que les modules apportent, pour un cabinet qui les a activés."""


def _hub(ctx: click.Context) -> Hub:
    kept = ctx.find_root().meta
    if _HUB not in kept:
        kept[_HUB] = create_app().extensions["encours_hub"]
    found: Hub = kept[_HUB]
    return found
