"""The command `encours`."""

from __future__ import annotations

import sys

import click

from core.cabinets.vault import VaultError
from core.cli import accounts
from core.cli import database
from core.cli import demo
from core.cli import fiscalite
from core.cli import importing
from core.cli import partner
from core.cli import plugin
from core.cli import proof
from core.cli import rights
from core.cli import run
from core.cli import secrets
from core.cli import server
from core.cli import theme
from core.config import ConfigError
from core.db.errors import DomainError
from core.hooks.errors import PluginError


@click.group()
def cli() -> None:
    """Encours : la plateforme ouverte des conseillers en gestion de patrimoine."""


for command in (
    database.db_group, database.verify_audit, database.purge_audit, accounts.user_group, accounts.cabinet_group,
    partner.partner_group, plugin.plugin_group, theme.theme_group, server.serve, server.worker, server.keys, demo.demo,
    fiscalite.fiscalite, secrets.secrets_group, rights.agency_group, rights.profile_group, rights.access_log_command,
    rights.purge_access_log, run.run, importing.import_command, proof.verify_proof,
):  # fmt: skip
    cli.add_command(command)


def main() -> None:
    """Run a command; what a rule refuses is said in one French line, never as a trace."""
    try:
        cli(standalone_mode=False)
    except (DomainError, ConfigError, PluginError, VaultError) as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(130)
