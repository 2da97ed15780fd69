"""`encours run PLUGIN --cabinet C COMMAND`: the commands that plugins bring, behind the same gates as their pages (PL-08)."""

from __future__ import annotations

import click

from core.app import create_app
from core.cli.accounts import cabinet_id
from core.db import current
from core.db.errors import DomainError
from core.extensions import db
from core.hooks import context
from core.hooks import gates
from core.hooks.hub import Hub
from core.hooks.specs import Plugin

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
        return _group(hub, plugin) if plugin is not None and plugin.commands else None


@click.group("run", cls=Plugins)
def run() -> None:
    """Les commandes que les modules apportent, pour un cabinet qui les a activés."""


def _hub(ctx: click.Context) -> Hub:
    kept = ctx.find_root().meta
    if _HUB not in kept:
        kept[_HUB] = create_app().extensions["encours_hub"]
    found: Hub = kept[_HUB]
    return found


def _group(hub: Hub, plugin: Plugin) -> click.Group:
    """One transaction a command: what it wrote is kept if it ends well, and not otherwise."""

    @click.group(plugin.name, help=f"Commandes du module «{plugin.title}».", commands=list(plugin.commands))
    @click.option("--cabinet", "slug", required=True, help="Identifiant du cabinet.")
    @click.pass_context
    def group(ctx: click.Context, slug: str) -> None:
        cabinet = cabinet_id(slug)
        with db.session(cabinet, write=False) as session:
            made = context.make(session, hub.registry, slug=slug)
        if (held := gates.shut(hub.registry, plugin.name, made.enabled)) is not None:
            raise DomainError(held.text)
        ctx.obj = context.prepare(made, plugin)
        ctx.with_resource(current.opened(db, cabinet, write=True))

    @group.result_callback()
    def done(_result: object, slug: str) -> None:
        current.session().commit()

    return group
