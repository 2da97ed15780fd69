"""`encours plugin list|enable|disable`."""

from __future__ import annotations

import click

from core.app import create_app
from core.cli.accounts import cabinet_id
from core.cli.plugin_check import check
from core.cli.plugin_new import new
from core.extensions import db
from core.hooks import enabling
from core.hooks.hub import Hub


@click.group("plugin")
def plugin_group() -> None:
    """Les modules et liens partenaires installés."""


plugin_group.add_command(new)
plugin_group.add_command(check)


@plugin_group.command("list")
@click.option("--cabinet", "slug", help="Montre aussi ce que ce cabinet a activé.")
def listed(slug: str | None) -> None:
    """Ce qui est installé, ce qui est en panne et pourquoi."""
    hub: Hub = create_app().extensions["encours_hub"]
    on: tuple[str, ...] = ()
    if slug:
        with db.session(cabinet_id(slug), write=False) as session:
            on = enabling.enabled(session, hub.registry)
    for name, plugin in sorted(hub.registry.plugins.items()):
        state = ("  activé" if name in on else "  non activé") if slug else ""
        click.echo(f"{name:20} {plugin.version:8} {plugin.title}{state}")
    for broken in hub.registry.broken:
        click.echo(f"{broken.name:20} en panne : {broken.text}")


@plugin_group.command("enable")
@click.argument("name")
@click.option("--cabinet", "slug", required=True, help="Identifiant du cabinet.")
def enable(name: str, slug: str) -> None:
    """Active un module pour un cabinet, dès la requête suivante."""
    _switch(name, slug, on=True)


@plugin_group.command("disable")
@click.argument("name")
@click.option("--cabinet", "slug", required=True, help="Identifiant du cabinet.")
def disable(name: str, slug: str) -> None:
    """Désactive un module pour un cabinet ; ses données restent."""
    _switch(name, slug, on=False)


def _switch(name: str, slug: str, *, on: bool) -> None:
    hub: Hub = create_app().extensions["encours_hub"]
    with db.session(cabinet_id(slug)) as session:
        changed = enabling.switch(session, hub.registry, name, on=on, actor="cli")
    click.echo(f"{name} : {'activé' if on else 'désactivé'}{'' if changed else ' (déjà)'}.")
