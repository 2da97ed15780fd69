"""The commands that a plugin brings, behind the same gates as its pages (PL-08)."""

from __future__ import annotations

from collections.abc import Callable

import click

from core.db import current
from core.db.errors import DomainError
from core.extensions import db
from core.hooks import context
from core.hooks import gates
from core.hooks.hub import Hub
from core.hooks.specs import Plugin


def group(hub: Hub, plugin: Plugin, cabinet_of: Callable[[str], int]) -> click.Group:
    """One transaction a command: what it wrote is kept if it ends well, and not otherwise.

    cabinet_of: the id of a cabinet by its slug. A command of a module that is off raises `DomainError` before it begins.
    """

    @click.group(plugin.name, help=f"Commandes du module «{plugin.title}».", commands=list(plugin.commands))
    @click.option("--cabinet", "slug", required=True, help="Identifiant du cabinet.")
    @click.pass_context
    def made(ctx: click.Context, slug: str) -> None:
        cabinet = cabinet_of(slug)
        with db.session(cabinet, write=False) as session:
            own = context.make(session, hub.registry, slug=slug)
        if (held := gates.shut(hub.registry, plugin.name, own.enabled)) is not None:
            raise DomainError(held.text)
        ctx.obj = context.prepare(own, plugin)
        ctx.with_resource(current.opened(db, cabinet, write=True))

    @made.result_callback()
    def done(_result: object, slug: str) -> None:
        current.session().commit()

    return made
