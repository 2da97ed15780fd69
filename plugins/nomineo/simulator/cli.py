"""Commands: init, sheet, register, activate, reset, serve."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from . import feed
from . import mandates
from . import own_keys
from . import registrations
from . import saml_keys
from . import schema
from . import seed
from .db import Connection
from .server import serve
from .settings import OIDC
from .settings import SAML
from .settings import from_environment
from .world import World
from .world import open_world


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns the exit status; messages for a person go to stderr."""
    parser = argparse.ArgumentParser(prog="plugins.nomineo.simulator", description="Extranet d'un partenaire (simulé)")
    parser.add_argument("--partner-id", help="identifiant du partenaire (EXTRANET_PARTNER_ID, par défaut nomineo)")
    parser.add_argument("--partner-name", help="son nom (EXTRANET_PARTNER_NAME)")
    parser.add_argument("--binding", choices=(OIDC, SAML), help="liaison d'ouverture (EXTRANET_BINDING, par défaut oidc-code)")
    commands = parser.add_subparsers(dest="command", required=True)
    init = commands.add_parser("init", help="base, livre et clé de signature (garde les données)")
    init.add_argument("--reset", action="store_true", help="tout effacer d'abord, clé comprise")
    commands.add_parser("sheet", help="imprime la fiche du partenaire")
    register = commands.add_parser("register", help="enregistre la fiche d'une plateforme")
    register.add_argument("file", type=Path)
    activate = commands.add_parser("activate", help="papier reçu, code saisi")
    activate.add_argument("mandate")
    activate.add_argument("--code", required=True)
    commands.add_parser("reset", help="livre et transactions remis à neuf (fiches, mandats et clé gardés)")
    commands.add_parser("serve", help="sert l'extranet")
    given = parser.parse_args(arguments)
    try:
        world = open_world(from_environment(_environment(given)))
        if given.command == "init":
            initialise(world, reset=given.reset)
        elif given.command == "sheet":
            with world.store.read() as connection:
                sheet = registrations.own_sheet(connection, world.settings, world.clock.now())
            print(json.dumps(sheet, ensure_ascii=False, indent=2))
        elif given.command == "register":
            _register(world, given.file)
        elif given.command == "activate":
            _activate(world, given.mandate, given.code)
        elif given.command == "reset":
            _reset_book(world)
        else:
            serve(world)
    except (ValueError, LookupError, OSError) as error:
        print(f"extranet\u202f: {error}", file=sys.stderr)
        return 1
    return 0


def _environment(given: argparse.Namespace) -> dict[str, str]:
    """The process's, with what the command line says instead."""
    told = {
        "EXTRANET_PARTNER_ID": given.partner_id, "EXTRANET_PARTNER_NAME": given.partner_name,
        "EXTRANET_BINDING": given.binding,
    }  # fmt: skip
    return {**os.environ, **{name: value for name, value in told.items() if value is not None}}


def initialise(world: World, *, reset: bool = False) -> None:
    """The book from its seed, the signing key, the secret of cursors; what is there stays, but for `reset`."""
    with world.store.write() as connection:
        if reset:
            _empty(connection, schema.LEDGER_TABLES + schema.BOOK_TABLES + schema.LINK_TABLES)
        if connection.execute("SELECT 1 FROM contracts LIMIT 1").fetchone() is None:
            seed.fill(connection, world.clock.now())
        own_keys.create(connection)
        if world.settings.binding == SAML:
            saml_keys.create(connection, world.settings.partner_name, world.clock.now())
        feed.create_secret(connection)
    world.clock.load()


def _empty(connection: Connection, tables: Sequence[str]) -> None:
    for table in tables:
        connection.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names


def _reset_book(world: World) -> None:
    with world.store.write() as connection:
        _empty(connection, schema.LEDGER_TABLES + schema.BOOK_TABLES)
        seed.fill(connection, world.clock.now())


def _register(world: World, file: Path) -> None:
    sheet = json.loads(file.read_text("utf-8"))
    with world.store.write() as connection:
        iss = registrations.register(connection, sheet, world.clock.now(), world.settings.binding)
    print(iss)


def _activate(world: World, mandate: str, code: str) -> None:
    """The clerk: the paper is received where it was not, then its code is typed; both hooks are queued.

    Done once already with this code: nothing happens.
    """
    now = world.clock.now()
    with world.store.write() as connection:
        known = mandates.find(connection, mandate)
        if known is None:
            raise LookupError("mandat inconnu\u202f: la plateforme ne l'a pas encore transmis")
        if known.state == "active" and known.code == mandates.typed_code(code):
            return
        if known.state in (None, "returned"):
            mandates.step(connection, mandate, "receive", now)
        mandates.step(connection, mandate, "activate", now, code=code)
