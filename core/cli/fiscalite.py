"""`encours fiscalite`: the tax engine, kept beside the web server and the worker (core/taxes/keeper.py)."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Any

import click

from core import config as configuration
from core.programs import Program
from core.taxes.keeper import Keeper

#: Of a checkout: what installs the engine, and where.
SCRIPT = Path(__file__).parent.parent.parent / "scripts" / "fiscalite.sh"


@click.command("fiscalite")
@click.option("--install", is_flag=True, help="Installe le moteur s'il manque.")
def fiscalite(install: bool) -> None:
    """Tient le moteur fiscal (OpenFisca-France) à disposition : il est chargé à la première demande."""
    settings = configuration.load()
    if not settings.fiscalite_url:
        raise click.ClickException("Aucun moteur fiscal n'est prévu : ENCOURS_FISCALITE_URL est vide.")
    script = SCRIPT if install and SCRIPT.exists() else None
    keeper = Keeper(settings.fiscalite_url, Path(settings.fiscalite_dir).resolve(), script)
    if not install and not keeper.installed:
        raise click.ClickException(
            f"Le moteur fiscal n'est pas dans {keeper.folder} : installez-le par «make fiscalite», ou donnez --install."
        )

    def leave(*_: Any) -> None:
        keeper.stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, leave)
    keeper.run()


def program(python: str) -> Program:
    """It for the demonstration: nothing waits for it, and it installs what is missing meanwhile."""
    return Program("fiscalite", [python, "-m", "core.cli", "fiscalite", "--install"])
