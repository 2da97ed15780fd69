"""`encours plugin …`: what is installed, on and off, why; for authors: new, check, trace."""

from __future__ import annotations

import click

from core.app import create_app
from core.cli.accounts import cabinet_id
from core.cli.plugin_check import check
from core.cli.plugin_list import listed
from core.cli.plugin_new import new
from core.cli.plugin_trace import trace
from core.cli.plugin_why import why
from core.extensions import db
from core.hooks import enabling
from core.hooks.hub import Hub


@click.group("plugin")
def plugin_group() -> None:
    """Les modules et liens partenaires installés."""


for command in (listed, new, check, why, trace):
    plugin_group.add_command(command)


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
