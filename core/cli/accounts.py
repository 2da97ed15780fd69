"""`encours cabinet add`, `encours user add`."""

from __future__ import annotations

import click
from sqlalchemy import select

from core.app import create_app
from core.cabinets import services
from core.cabinets.models import Cabinet
from core.cabinets.permissions import ROLES
from core.db.errors import NotFound
from core.extensions import db
from core.hooks import enabling
from core.hooks.hub import Hub


@click.group("cabinet")
def cabinet_group() -> None:
    """Les cabinets."""


@click.group("user")
def user_group() -> None:
    """Les personnes qui se connectent."""


@cabinet_group.command("add")
@click.argument("slug")
@click.option("--name", required=True, help="Nom du cabinet.")
@click.option("--siren", help="SIREN, neuf chiffres.")
@click.option("--orias", help="Numéro ORIAS, huit chiffres.")
def cabinet_add(slug: str, name: str, siren: str | None, orias: str | None) -> None:
    """Crée un cabinet, avec les modules ouverts d'office."""
    hub: Hub = create_app().extensions["encours_hub"]
    with db.session(None) as session:
        services.add_cabinet(session, slug=slug, name=name, siren=siren, orias=orias)
        enabling.enable_defaults(session, hub.registry, actor="cli")
    click.echo(f"Cabinet «{name}» créé.")


@user_group.command("add")
@click.argument("email")
@click.option("--cabinet", "slug", required=True, help="Identifiant du cabinet.")
@click.option("--name", required=True, help="Prénom et nom.")
@click.option("--role", type=click.Choice(list(ROLES)), default="CONSEILLER", show_default=True, help="Profil.")
@click.password_option(help="Dix caractères au moins ; demandé s'il n'est pas donné.")
def user_add(email: str, slug: str, name: str, role: str, password: str) -> None:
    """Ajoute une personne à un cabinet."""
    create_app()
    with db.session(cabinet_id(slug)) as session:
        services.add_user(session, email=email, display_name=name, role=role, password=password)
    click.echo(f"{email} peut se connecter.")


def cabinet_id(slug: str) -> int:
    """The id of a cabinet. Raises `NotFound` for an unknown slug."""
    with db.session(None, write=False) as session:
        found = session.scalar(select(Cabinet.id).where(Cabinet.slug == slug))
    if found is None:
        raise NotFound(f"Aucun cabinet ne porte l'identifiant «{slug}».")
    return found
