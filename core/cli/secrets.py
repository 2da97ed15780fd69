"""`encours secrets rotate`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from core import config
from core.app import create_app
from core.cabinets import rotation
from core.cabinets import vault
from core.cabinets.rotation import Survey


@click.group("secrets")
def secrets_group() -> None:
    """Les clés qui protègent les secrets des cabinets."""


@secrets_group.command()
@click.option("--data", is_flag=True, help="Donne aussi une nouvelle clé de données à chaque cabinet et rechiffre ses secrets.")
@click.option("--dry-run", is_flag=True, help="Dit ce qui serait fait, et ne change rien.")
def rotate(data: bool, dry_run: bool) -> None:
    """Protège par ENCOURS_KEK ce que protègent encore les clés de ENCOURS_KEK_OLD ; se reprend où il s'est arrêté."""
    create_app()
    folder = Path(config.current().var_dir)
    current, *former = vault.key_ids()
    click.echo(f"Clé d'installation en vigueur : {current}. Anciennes clés lisibles : {', '.join(former) or 'aucune'}.")
    before = rotation.survey(folder)
    if dry_run:
        _say(before, data=data)
        sys.exit(1 if before.faults else 0)
    done = rotation.rotate(folder, data=data)
    click.echo(f"Clés de données protégées par {current} : {done.rewrapped} à l'instant, {before.cabinets} cabinets en tout.")
    if data:
        click.echo(f"Clés de données remplacées : {done.renewed} ; secrets rechiffrés : {done.secrets}.")
    click.echo(f"Ancrages du journal signés de nouveau : {done.signed} fichiers.")
    after = rotation.survey(folder)
    faults = {**after.faults, **done.faults}
    for who, why in faults.items():
        click.echo(f"{who} : {why}.", err=True)
    for key, count in sorted(after.by_key.items()):
        click.echo(f"Restent sous {key} : {count} clés de données.", err=True)
    if faults:
        click.echo("Rien n'a été perdu : corrigez, puis relancez la même commande.", err=True)
        sys.exit(1)
    if former:
        click.echo(f"Plus rien ne dépend de {', '.join(former)} : retirez ENCOURS_KEK_OLD, et redémarrez.")
        click.echo("Gardez l'ancienne clé avec les sauvegardes faites avant aujourd'hui : elles ne se lisent qu'avec elle.")


def _say(found: Survey, *, data: bool) -> None:
    """What a run would do."""
    click.echo(f"{found.cabinets} cabinets.")
    for key, count in sorted(found.by_key.items()):
        click.echo(f"À protéger de nouveau : {count} clés de données, aujourd'hui sous {key}.")
    if data:
        click.echo(f"À remplacer : {len(found.stale)} clés de données, avec tous les secrets de ces cabinets.")
    click.echo(f"À signer de nouveau : les ancrages du journal de {len(found.unsigned)} cabinets.")
    for who, why in found.faults.items():
        click.echo(f"{who} : {why}.", err=True)
    click.echo("Rien n'a été changé (--dry-run).")
