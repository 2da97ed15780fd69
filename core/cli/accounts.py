"""`encours cabinet …`, `encours user …`."""

from __future__ import annotations

import click
from sqlalchemy import select

from core.app import create_app
from core.auth import resets
from core.auth import second_factor
from core.auth import sessions
from core.cabinets import agencies
from core.cabinets import passwords
from core.cabinets import profiles
from core.cabinets import services
from core.cabinets.models import Cabinet
from core.cabinets.models import User
from core.db.errors import DomainError
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
@click.option("--role", default="CONSEILLER", show_default=True, help="Profil : voir «encours profile list».")
@click.password_option(help="Douze caractères au moins ; demandé s'il n'est pas donné.")
def user_add(email: str, slug: str, name: str, role: str, password: str) -> None:
    """Ajoute une personne à un cabinet."""
    create_app()
    if (weakness := passwords.weakness(password, (email, name))) is not None:
        raise DomainError(weakness)
    with db.session(cabinet_id(slug)) as session:
        services.add_user(session, email=email, display_name=name, role=role, password=password)
    click.echo(f"{email} peut se connecter.")


@cabinet_group.command("set-second-factor")
@click.argument("slug")
@click.argument("state", type=click.Choice(["on", "off"]))
def cabinet_second_factor(slug: str, state: str) -> None:
    """Exige (on) ou non (off) un second facteur de toutes les personnes du cabinet, dès leur prochaine connexion."""
    create_app()
    with db.session(cabinet_id(slug)) as session:
        changed = services.require_second_factor(session, on=state == "on", actor="cli")
    click.echo(f"Second facteur {'obligatoire' if state == 'on' else 'facultatif'}{'' if changed else ' (déjà)'}.")


@user_group.command("reset")
@click.argument("email")
def user_reset(email: str) -> None:
    """Écrit un lien à usage unique (30 minutes) pour choisir un nouveau mot de passe, à remettre en main propre."""
    create_app()
    click.echo(resets.by_hand(email))


@user_group.command("remove-second-factor")
@click.argument("email")
def user_remove_second_factor(email: str) -> None:
    """Retire le second facteur d'une personne qui a perdu son téléphone et ses codes de secours ; vérifiez qui demande."""
    user = _known(email)
    with db.session(user.cabinet_id) as session:
        removed = second_factor.remove(session, user.id, actor="cli")
        sessions.end_all(session, user.id)
    click.echo("Second facteur retiré, sessions fermées." if removed else "Cette personne n'a pas de second facteur.")


@user_group.command("list")
@click.option("--cabinet", "slug", required=True, help="Identifiant du cabinet.")
def user_list(slug: str) -> None:
    """Liste les personnes d'un cabinet, leur profil et leurs agences."""
    create_app()
    with db.session(cabinet_id(slug), write=False) as session:
        labels = {one.code: one.label for one in profiles.listed(session)}
        teams = agencies.listed(session)
        for user in services.everybody(session):
            mine = [team.name for team in teams if user.id in team.ids]
            state = "" if user.active else "  (désactivé)"
            click.echo(f"{user.email}  {user.display_name}  {labels.get(user.role, user.role)}  {', '.join(mine) or '-'}{state}")


@user_group.command("set-profile")
@click.argument("email")
@click.option("--profile", required=True, help="Code du profil : voir «encours profile list».")
def user_set_profile(email: str, profile: str) -> None:
    """Donne un autre profil à une personne, dès sa prochaine page ; le dernier administrateur garde le sien."""
    user = _known(email)
    with db.session(user.cabinet_id) as session:
        changed = services.set_profile(session, user.id, profile, actor="cli")
    click.echo(f"{email} a le profil {profile}{'' if changed else ' (déjà)'}.")


@user_group.command("deactivate")
@click.argument("email")
def user_deactivate(email: str) -> None:
    """Ferme l'accès d'une personne et toutes ses sessions ; jamais celui du dernier administrateur."""
    user = _known(email)
    with db.session(user.cabinet_id) as session:
        services.set_active(session, user.id, active=False, actor="cli")
        sessions.end_all(session, user.id)
    click.echo(f"{email} ne peut plus se connecter.")


@user_group.command("activate")
@click.argument("email")
def user_activate(email: str) -> None:
    """Rouvre l'accès d'une personne."""
    user = _known(email)
    with db.session(user.cabinet_id) as session:
        services.set_active(session, user.id, active=True, actor="cli")
    click.echo(f"{email} peut de nouveau se connecter.")


def _known(email: str) -> User:
    create_app()
    with db.session(None, write=False) as reader:
        return services.known_user(reader, email)


def cabinet_id(slug: str) -> int:
    """The id of a cabinet. Raises `NotFound` for an unknown slug."""
    with db.session(None, write=False) as session:
        found = session.scalar(select(Cabinet.id).where(Cabinet.slug == slug))
    if found is None:
        raise NotFound(f"Aucun cabinet ne porte l'identifiant «{slug}».")
    return found
