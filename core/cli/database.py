"""`encours db upgrade`, `encours db reindex`, `encours verify-audit`, `encours purge-audit`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click
from sqlalchemy import select

from core import config
from core.accounts.reindex import missing
from core.accounts.reindex import reindex as make_anew
from core.app import create_app
from core.cabinets import anchors
from core.cabinets import audit
from core.cabinets.models import Cabinet
from core.cli.accounts import cabinet_id
from core.db import migrate
from core.db import roles
from core.db.session import Database
from core.extensions import db
from core.hooks.hub import Hub
from core.wealth import totals


@click.group("db")
def db_group() -> None:
    """La base de données."""


@db_group.command()
def upgrade() -> None:
    """Amène la base au schéma de cette version, par le rôle de ENCOURS_OWNER_URL s'il y en a un.

    Un module dont la migration échoue est nommé, rien n'en est gardé, le reste est à jour ; code de sortie 1.
    """
    _hub, failed = upgrade_all()
    tell(failed)
    if failed:
        sys.exit(1)
    click.echo("Base à jour.")


def tell(failed: Sequence[migrate.Failed]) -> None:
    """Say which modules wait for their tables, and what that means; nothing where none does."""
    for one in failed:
        click.echo(f"Le module «{one.name}» n'a pas pu mettre ses tables à jour : {one.text}", err=True)
    if failed:
        click.echo(
            "Rien n'a été gardé de sa migration : il reste à l'écart, pour tous les cabinets, jusqu'à un nouvel essai réussi. "
            "Le reste de la base est à jour.", err=True,
        )  # fmt: skip


@db_group.command()
def reindex() -> None:
    """Refait l'index de la recherche, par exemple après une restauration."""
    create_app()
    _reindex(only_missing=False)
    click.echo("Index de la recherche refait.")


def _reindex(*, only_missing: bool) -> None:
    with db.session(None, write=False) as session:
        cabinets = session.scalars(select(Cabinet.id).order_by(Cabinet.id)).all()
    for number in cabinets:
        with db.session(number) as session:
            if not only_missing or missing(session):
                make_anew(session)
            if not only_missing or totals.missing(session):
                totals.rebuild(session)


def upgrade_all() -> tuple[Hub, tuple[migrate.Failed, ...]]:
    """Core's migrations, those of plugins that own tables, and the search's index where a cabinet has none yet.

    Gives the hub back for further commands, and the plugins whose migration failed.
    Raises `ConfigError` where the role may not change the tables.
    """
    hub: Hub = create_app().extensions["encours_hub"]
    owners = [(name, plugin.migrations) for name, plugin in hub.registry.plugins.items() if plugin.migrations]
    folders = [(name, folder) for name, folder in owners if folder is not None]
    with owner() as by:
        if by is db:
            roles.check_owner(db)
            failed = migrate.upgrade(db, folders)
        else:
            failed = migrate.upgrade(by, folders, app_role=roles.name(db))
        hub.registry.tables.forget()
        _reindex(only_missing=True)
        migrate.take_stock(by)
    return hub, failed


@contextmanager
def owner() -> Iterator[Database]:
    """The database by the role of ENCOURS_OWNER_URL, where there is one; else as the application has it."""
    address = config.current().owner_url
    if not address:
        yield db
        return
    made = Database()
    made.open(address, check=False)
    try:
        yield made
    finally:
        made.close()


@click.command("verify-audit")
def verify_audit() -> None:
    """Vérifie le journal de chaque cabinet, chaîne et ancrages ; code de sortie 1 si l'un est rompu."""
    create_app()
    folder, broken = Path(config.current().var_dir), False
    with db.session(None, write=False) as session:
        cabinets = session.scalars(select(Cabinet).order_by(Cabinet.id)).all()
    for cabinet in cabinets:
        with db.session(cabinet.id, write=False) as session:
            found = anchors.verify(session, folder)
        broken |= found.fault is not None
        state = f"rompue : {found.fault}" if found.fault else "intacte"
        purged = f", {found.purged} contenus expurgés" if found.purged else ""
        click.echo(f"{cabinet.slug} : {found.entries} entrées, chaîne {state}{purged}")
        for said in found.purges:
            click.echo(f"  {said}")
    for gone in sorted(set(anchors.cabinets(folder)) - {cabinet.id for cabinet in cabinets}):
        click.echo(f"cabinet n° {gone} : absent de la base, alors que son journal a des ancrages")
        broken = True
    sys.exit(1 if broken else 0)


@click.command("purge-audit")
@click.option("--cabinet", "slug", required=True, help="Identifiant du cabinet.")
@click.option("--until", required=True, type=click.DateTime(["%Y-%m-%d"]), help="Dernier jour dont le contenu est effacé.")
@click.option("--reason", required=True, help="Pourquoi ; écrit au journal.")
def purge_audit(slug: str, until: datetime, reason: str) -> None:
    """Efface pour de bon le contenu (avant, après) des entrées du journal jusqu'à un jour ; les entrées restent."""
    create_app()
    with db.session(cabinet_id(slug)) as session:
        count = audit.purge(session, "cli", audit.seqs_until(session, until.date()), reason=reason)
    click.echo(f"{count} contenus expurgés ; l'expurgation est inscrite au journal.")
