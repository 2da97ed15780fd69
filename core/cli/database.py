"""`encours db upgrade`, `encours db reindex`, `encours verify-audit`."""

from __future__ import annotations

import sys

import click
from sqlalchemy import select

from core.accounts.reindex import missing
from core.accounts.reindex import reindex as make_anew
from core.app import create_app
from core.cabinets import audit
from core.cabinets.models import Cabinet
from core.db import migrate
from core.extensions import db
from core.hooks.hub import Hub


@click.group("db")
def db_group() -> None:
    """La base de données."""


@db_group.command()
def upgrade() -> None:
    """Amène la base au schéma de cette version."""
    upgrade_all()
    _reindex(only_missing=True)
    click.echo("Base à jour.")


@db_group.command()
def reindex() -> None:
    """Refait l'index de la recherche, par exemple après une restauration."""
    create_app()
    _reindex(only_missing=False)
    click.echo("Index de la recherche refait.")


def _reindex(*, only_missing: bool) -> None:
    with db.session(None, write=False) as session:
        cabinets = session.scalars(select(Cabinet.id).order_by(Cabinet.id)).all()
    for cabinet_id in cabinets:
        with db.session(cabinet_id) as session:
            if not only_missing or missing(session):
                make_anew(session)


def upgrade_all() -> Hub:
    """Core's migrations, then those of plugins that own tables; the hub is given back for further commands."""
    hub: Hub = create_app().extensions["encours_hub"]
    owners = [(name, plugin.migrations) for name, plugin in hub.registry.plugins.items() if plugin.migrations]
    migrate.upgrade(db, [(name, folder) for name, folder in owners if folder is not None])
    return hub


@click.command("verify-audit")
def verify_audit() -> None:
    """Vérifie la chaîne du journal de chaque cabinet ; code de sortie 1 si l'une est rompue."""
    create_app()
    broken = False
    with db.session(None, write=False) as session:
        cabinets = session.scalars(select(Cabinet).order_by(Cabinet.id)).all()
    for cabinet in cabinets:
        with db.session(cabinet.id, write=False) as session:
            found = audit.verify(session)
        broken |= found.fault is not None
        state = found.fault or "intacte"
        purged = f", {found.purged} contenus expurgés" if found.purged else ""
        click.echo(f"{cabinet.slug} : {found.entries} entrées, chaîne {state}{purged}")
    sys.exit(1 if broken else 0)
