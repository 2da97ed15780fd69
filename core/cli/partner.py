"""`encours partner register`, `encours partner activate`."""

from __future__ import annotations

import json
import re
from pathlib import Path

import click

from core.app import create_app
from core.cli.accounts import cabinet_id
from core.db.errors import DomainError
from core.extensions import db
from core.hooks.errors import PluginError
from core.links import key_rotation
from core.links import mandates
from core.links import polling
from core.links import registration
from core.links.plp_json import parse
from core.links.saml import certificates

STATES = {
    "next": "à venir", "used": "en service", "old": "encore reconnue", "withdrawn": "retirée", "gone": "terminée",
}  # fmt: skip


#: A certificate's name, as a key's is its thumbprint.
FINGERPRINT = re.compile(r"[0-9a-f]{64}")


@click.group("partner")
def partner_group() -> None:
    """Les liens partenaires."""


@partner_group.command("register")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--cabinet", "slug", required=True, help="Identifiant du cabinet.")
def register(file: Path, slug: str) -> None:
    """Enregistre la fiche d'un partenaire, et écrit celle du cabinet, à lui remettre."""
    create_app()
    try:
        sheet = parse(file.read_bytes())
    except ValueError as error:
        raise DomainError(f"{file} n'est pas une fiche lisible : {error}") from error
    with db.session(cabinet_id(slug)) as session:
        platform = registration.register(session, sheet)
    click.echo(json.dumps(platform, ensure_ascii=False, indent=1))


@partner_group.command("activate")
@click.argument("mandate")
@click.option(
    "--proof", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Preuve, PDF."
)
@click.option("--cabinet", "slug", required=True, help="Identifiant du cabinet.")
def activate(mandate: str, proof: Path, slug: str) -> None:
    """Active un mandat à la main, sur preuve écrite du partenaire."""
    create_app()
    with db.session(cabinet_id(slug)) as session:
        mandates.activate_by_hand(session, mandate, proof=proof.read_bytes(), filename=proof.name, actor="cli")
    click.echo("Mandat actif.")


@partner_group.command("keys")
@click.option("--cabinet", "slug", required=True, help="Identifiant du cabinet.")
@click.option("--renew", is_flag=True, help="Annonce une nouvelle clé, qui servira 24 heures plus tard.")
@click.option("--renew-certificate", is_flag=True, help="Prépare un nouveau certificat SAML, qui servira 24 heures plus tard.")
@click.option("--withdraw", metavar="EMPREINTE", help="Retire aussitôt une clé ou un certificat qui a pu être copié.")
def keys(slug: str, renew: bool, renew_certificate: bool, withdraw: str | None) -> None:
    """Les clés et certificats avec lesquels le cabinet signe ; les renouvelle, ou en retire un."""
    create_app()
    with db.session(cabinet_id(slug)) as session:
        if renew:
            key_rotation.begin(session, actor="cli")
        if renew_certificate:
            certificates.renew(session, actor="cli")
        if withdraw and FINGERPRINT.fullmatch(withdraw):
            certificates.withdraw(session, withdraw, actor="cli")
        elif withdraw:
            key_rotation.withdraw(session, withdraw, actor="cli")
    with db.session(cabinet_id(slug), write=False) as session:
        for one in key_rotation.listed(session):
            until = f" au {one.until:%d/%m/%Y %H:%M} UTC" if one.until else ""
            click.echo(f"{one.kid}  {STATES[one.state]}, du {one.since:%d/%m/%Y %H:%M}{until}")
        for one in certificates.listed(session):
            until = f" au {one.until:%d/%m/%Y %H:%M} UTC" if one.until else ""
            click.echo(f"{one.kid}  certificat SAML {STATES[one.state]}, du {one.since:%d/%m/%Y %H:%M}{until}")
    if renew_certificate:
        click.echo("Remettez maintenant la nouvelle fiche du cabinet aux partenaires reliés par SAML : encours partner register.")


@partner_group.command("poll")
@click.option("--cabinet", "slug", required=True, help="Identifiant du cabinet.")
def poll(slug: str) -> None:
    """Relève maintenant les statuts chez chaque partenaire, sans attendre l'heure prévue."""
    create_app()
    try:
        changed = polling.poll_all(cabinet_id(slug))
    except PluginError as error:
        raise DomainError(error.text) from error
    for plugin, count in changed.items():
        click.echo(f"{plugin} : {count} changement(s)")
