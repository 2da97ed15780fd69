"""`encours agency …`, `encours profile …`, `encours access-log`, `encours purge-access-log`."""

from __future__ import annotations

from datetime import datetime
from datetime import timedelta

import click
from sqlalchemy import ColumnElement
from sqlalchemy import and_
from sqlalchemy import or_
from sqlalchemy import select

from core.accounts.models import AccountRole
from core.app import create_app
from core.cabinets import access_log
from core.cabinets import agencies
from core.cabinets import profiles
from core.cabinets import services
from core.cabinets.models import AccessLine
from core.cabinets.permissions import LABELS
from core.cli.accounts import cabinet_id
from core.contacts import aliases
from core.contacts.models import Contact
from core.db.clock import PARIS
from core.db.errors import NotFound
from core.db.session import TenantSession
from core.documents.models import Document
from core.extensions import db
from core.transactions.models import Transaction

WHAT = {"read": "consultation", "export": "export"}
KINDS = {"contact": "dossier", "account": "compte", "transaction": "transaction", "document": "document", "list": "liste"}


@click.group("agency")
def agency_group() -> None:
    """Les agences d'un cabinet : qui voit les clients de qui."""


@click.group("profile")
def profile_group() -> None:
    """Les profils : ensembles nommés de droits."""


@agency_group.command("add")
@click.argument("name")
@click.option("--cabinet", "slug", required=True, help="Identifiant du cabinet.")
def agency_add(name: str, slug: str) -> None:
    """Crée une agence."""
    create_app()
    with db.session(cabinet_id(slug)) as session:
        agencies.add(session, "cli", name)
    click.echo(f"Agence «{name}» créée.")


@agency_group.command("join")
@click.argument("email")
@click.option("--agency", "name", required=True, help="Nom de l'agence.")
def agency_join(email: str, name: str) -> None:
    """Met une personne dans une agence ; elle peut être de plusieurs."""
    number, user_id = _person(email)
    with db.session(number) as session:
        changed = agencies.join(session, "cli", name, user_id)
    click.echo(f"{email} est de l'agence «{name}»{'' if changed else ' (déjà)'}.")


@agency_group.command("leave")
@click.argument("email")
@click.option("--agency", "name", required=True, help="Nom de l'agence.")
def agency_leave(email: str, name: str) -> None:
    """Retire une personne d'une agence."""
    number, user_id = _person(email)
    with db.session(number) as session:
        changed = agencies.leave(session, "cli", name, user_id)
    click.echo(f"{email} n'est {'plus' if changed else 'pas'} de l'agence «{name}».")


@agency_group.command("list")
@click.option("--cabinet", "slug", required=True, help="Identifiant du cabinet.")
def agency_list(slug: str) -> None:
    """Liste les agences d'un cabinet et leurs membres."""
    create_app()
    with db.session(cabinet_id(slug), write=False) as session:
        for team in agencies.listed(session):
            click.echo(f"{team.name} : {', '.join(team.people) or 'personne'}")


@profile_group.command("list")
@click.option("--cabinet", "slug", required=True, help="Identifiant du cabinet.")
@click.option("--rights", "whole", is_flag=True, help="Avec les droits de chaque profil, en toutes lettres.")
def profile_list(slug: str, whole: bool) -> None:
    """Liste les profils d'un cabinet : ceux d'Encours, puis les siens."""
    create_app()
    with db.session(cabinet_id(slug), write=False) as session:
        for one in profiles.listed(session):
            click.echo(f"{one.code} : {one.label}{' (propre au cabinet)' if one.own else ''}, {len(one.rights)} droits")
            for right in LABELS if whole else ():
                if right in one.rights:
                    click.echo(f"  {right} : {LABELS[right]}")


@profile_group.command("set")
@click.argument("code")
@click.option("--cabinet", "slug", required=True, help="Identifiant du cabinet.")
@click.option("--label", required=True, help="Nom du profil.")
@click.option("--right", "rights", multiple=True, required=True, help="Un droit ; l'option se répète.")
def profile_set(code: str, slug: str, label: str, rights: tuple[str, ...]) -> None:
    """Crée un profil propre à un cabinet, ou en change les droits ; ce qu'un droit suppose lui est ajouté."""
    create_app()
    with db.session(cabinet_id(slug)) as session:
        made = profiles.define(session, "cli", code=code, label=label, rights=rights)
    click.echo(f"Profil «{made.label}» : {len(made.rights)} droits.")


@click.command("access-log")
@click.option("--cabinet", "slug", required=True, help="Identifiant du cabinet.")
@click.option("--contact", "code", required=True, help="Code dossier (ou identifiant) du contact.")
def access_log_command(slug: str, code: str) -> None:
    """Dit qui a consulté le dossier d'un contact, ses comptes, ses transactions et ses documents, et quand."""
    create_app()
    with db.session(cabinet_id(slug), write=False) as session:
        which = _of_contact(session, code)
        for line in access_log.lines(session, which):
            what = f"{WHAT.get(line.what, line.what)}, {KINDS.get(line.kind, line.kind)}"
            click.echo(f"{line.at.astimezone(PARIS):%d/%m/%Y %H:%M}  {line.who}  {what}  {line.ref}")


@click.command("purge-access-log")
@click.option("--cabinet", "slug", required=True, help="Identifiant du cabinet.")
@click.option("--until", required=True, type=click.DateTime(["%Y-%m-%d"]), help="Dernier jour effacé.")
def purge_access_log(slug: str, until: datetime) -> None:
    """Efface la trace des consultations jusqu'à un jour ; l'effacement est inscrit au journal."""
    create_app()
    end = (until + timedelta(days=1)).replace(tzinfo=PARIS)
    with db.session(cabinet_id(slug)) as session:
        count = access_log.purge(session, end, actor="cli")
    click.echo(f"{count} consultations effacées.")


def _person(email: str) -> tuple[int, str]:
    create_app()
    with db.session(None, write=False) as reader:
        user = services.known_user(reader, email)
        return user.cabinet_id, user.id


def _of_contact(session: TenantSession, code: str) -> ColumnElement[bool]:
    found = session.scalar(select(Contact.id).where(or_(Contact.id == code, Contact.file_code == code)))
    if found is None:
        raise NotFound(f"Aucun contact de ce cabinet n'a le code dossier «{code}».")
    held = select(AccountRole.account_id).where(AccountRole.contact_id == found)
    files = select(Document.id).where(
        or_(
            and_(Document.owner_kind == "contact", Document.owner_id == found),
            and_(Document.owner_kind == "account", Document.owner_id.in_(held)),
        )
    )
    made = select(Transaction.id).where(Transaction.account_id.in_(held))
    kind, ref = AccessLine.subject_kind, AccessLine.subject_id
    return or_(
        and_(kind == "contact", ref.in_(aliases.names(session, found))), and_(kind == "account", ref.in_(held)),
        and_(kind == "transaction", ref.in_(made)), and_(kind == "document", ref.in_(files)),
    )  # fmt: skip
