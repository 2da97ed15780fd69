"""`encours demo`: everything on one machine with demonstration data; Ctrl-C or SIGTERM stops all of it."""

from __future__ import annotations

import base64
import os
import secrets
import shlex
import shutil
import sys
from importlib.metadata import entry_points
from pathlib import Path
from typing import Protocol

import click

from core.cli import fiscalite
from core.cli.database import owner
from core.cli.database import tell
from core.cli.database import upgrade_all
from core.cli.supervisor import Supervisor
from core.cli.supervisor import refuse_taken
from core.db import migrate
from core.demo import load
from core.extensions import db
from core.programs import Program

GROUP = "encours.demo"
PASSWORD = "Demo-2026!"  # noqa: S105 - the demonstration's published password (interfaces.md)
ACCOUNTS = (
    ("conseiller@demo.example", "conseiller"),
    ("assistant@demo.example", "assistante"),
    ("administrateur@demo.example", "administratrice du cabinet"),
    ("administrateur@second.example", "administrateur d'un second cabinet"),
)


class Contributor(Protocol):
    """What a plugin adds to the demonstration (entry points of the group `encours.demo`)."""

    def prepare(self, folder: Path) -> None:
        """Before anything runs: its own data, its registration with the demonstration's cabinet."""

    def programs(self, folder: Path) -> list[Program]:
        """What runs beside the web server and the worker."""

    def join(self, folder: Path) -> None:
        """Once all runs, at the first start: what is done over the wire. `RuntimeError` says what could not be done."""

    def addresses(self) -> list[tuple[str, str]]:
        """(label, address) to print."""


@click.command()
@click.option("--port", default=8000, show_default=True, help="Port du serveur web.")
@click.option(
    "--folder", default="var", show_default=True, type=click.Path(file_okay=False, path_type=Path),
    help="Dossier des données de démonstration.",
)  # fmt: skip
@click.option("--reset", is_flag=True, help="Efface d'abord les données de démonstration.")
@click.option("--prepare-only", is_flag=True, help="Prépare les données sans rien lancer.")
@click.option(
    "--environment", "tell_environment", is_flag=True,
    help="Écrit ses réglages, pour que les autres commandes la servent : eval \"$(encours demo --environment)\".",
)  # fmt: skip
def demo(port: int, folder: Path, reset: bool, prepare_only: bool, tell_environment: bool) -> None:
    """Lance la démonstration : serveur web, travail de fond, partenaires simulés."""
    folder = folder.resolve()
    if tell_environment:
        if not (folder / "demo.keys").exists():
            raise click.ClickException(f"Il n'y a pas de démonstration dans {folder} : lancez d'abord «make demo».")
        for name, value in environment(folder, port).items():
            click.echo(f"export {name}={shlex.quote(value)}")
        return
    if reset and folder.is_dir():
        _own_database(folder)
        refuse_taken(f"http://127.0.0.1:{port}")  # the data of what runs are not taken from under it
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    os.environ.update(environment(folder, port))
    contributors = _contributors()
    _same_addresses(folder, contributors)
    hub, failed = upgrade_all()
    tell(failed)
    load.load(db, hub.registry)
    with owner() as by:
        migrate.take_stock(by)
    os.environ.pop("ENCOURS_OWNER_URL", None)  # what runs from here on has no use for the owner's rights
    for contributor in contributors:
        contributor.prepare(folder)
    db.close()
    if prepare_only:
        click.echo(f"Données de démonstration prêtes dans {folder}.")
        return
    base = os.environ["ENCOURS_BASE_URL"]
    programs = [
        Program("web", [sys.executable, "-m", "core.cli", "serve"], f"{base}/connexion"),
        Program("worker", [sys.executable, "-m", "core.cli", "worker"]),
    ]
    if os.environ["ENCOURS_FISCALITE_URL"]:
        programs.append(fiscalite.program(sys.executable))
    for contributor in contributors:
        programs.extend(contributor.programs(folder))
    supervisor = Supervisor(programs)
    supervisor.start()
    joined = folder / "demo.joined"
    if not joined.exists():
        try:
            for contributor in contributors:
                contributor.join(folder)
            joined.touch()
        except RuntimeError as missing:
            click.echo(f"Attention : {missing}", err=True)
    _announce(base, contributors)
    sys.exit(supervisor.watch())


def _own_database(folder: Path) -> None:
    """The folder holds the keys of what is in the database: without them, a database that stays could not be read."""
    address = os.environ.get("ENCOURS_DATABASE_URL", "")
    if address and not address.startswith(f"sqlite:///{folder}/"):
        raise click.ClickException(
            "Ces données de démonstration sont dans une base hors de leur dossier (ENCOURS_DATABASE_URL) : recréez vous-même "
            f"cette base, vide, supprimez le dossier {folder}, puis relancez sans --reset. Rien n'a été effacé."
        )


def _same_addresses(folder: Path, contributors: list[Contributor]) -> None:
    """Both sides wrote each other's address on their sheets: data made for other ports would fail at every call."""
    now = [os.environ["ENCOURS_BASE_URL"], *(address for one in contributors for _, address in one.addresses())]
    kept = folder / "demo.addresses"
    if not kept.exists():
        kept.write_text("\n".join(now), "utf-8")
    elif (before := kept.read_text("utf-8").split("\n")) != now:
        raise click.ClickException(
            f"Ces données ont été préparées pour {before[0]} et {', '.join(before[1:]) or 'aucun partenaire'}. Relancez "
            "avec les mêmes ports (ENCOURS_PORT, EXTRANET_PORT), ou refaites les données par «make demo-reset»."
        )


def environment(folder: Path, port: int) -> dict[str, str]:
    """The demonstration's settings; its keys are made once and kept beside its data."""
    keys = folder / "demo.keys"
    if not keys.exists():
        wrapping = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
        keys.write_text(f"{secrets.token_urlsafe(48)}\n{wrapping}\n", "utf-8")
        keys.chmod(0o600)
    secret, kek = keys.read_text("utf-8").split()
    return {
        "ENCOURS_BASE_URL": f"http://127.0.0.1:{port}",
        "ENCOURS_DATABASE_URL": os.environ.get("ENCOURS_DATABASE_URL", f"sqlite:///{folder / 'encours.sqlite'}"),
        "ENCOURS_VAR_DIR": str(folder), "ENCOURS_SECRET_KEY": secret, "ENCOURS_KEK": kek,
        "ENCOURS_DEMO": "1", "ENCOURS_PLP_ALLOW_LOOPBACK": "1",
        "ENCOURS_FISCALITE_URL": os.environ.get("ENCOURS_FISCALITE_URL", f"http://127.0.0.1:{port + 20}"),
    }  # fmt: skip


def _contributors() -> list[Contributor]:
    found = []
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: entry.name):
        try:
            found.append(entry.load()())
        except ModuleNotFoundError:
            continue  # the plugin's folder was removed: the rest goes on
    return found


def _announce(base: str, contributors: list[Contributor]) -> None:
    click.echo(f"\nEncours est prêt : {base}")
    for label, address in (line for contributor in contributors for line in contributor.addresses()):
        click.echo(f"{label} : {address}")
    click.echo(f"\nComptes (mot de passe {PASSWORD}) :")
    for email, who in ACCOUNTS:
        click.echo(f"  {email:32} {who}")
    click.echo("\nCtrl-C arrête tout.")
