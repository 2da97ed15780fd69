"""A plugin's migration that fails half-way: who is told, what goes on, how it comes back (PL-05, PL-08; issue 4, «Bad input»)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from core.cli import cli
from core.cli.plugin_list import found
from core.db import migrate
from core.extensions import db
from core.hooks import enabling
from core.hooks import tables
from core.hooks.hub import Hub
from tests import databases
from tests.conftest import KEK
from tests.conftest import add_people
from tests.conftest import sign_in
from tests.contract import bancal
from tests.contract.scaffolds import change
from tests.contract.scaffolds import laid

STEP = '    op.create_index("ix_carnet_note_contact"'
FAULT = '    op.execute("SELECT * FROM nulle_part")\n'


@pytest.fixture
def migration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A module installed whose migration makes its table, then falls; an installation that has no table yet."""
    keys = {"ENCOURS_SECRET_KEY": "s" * 40, "ENCOURS_KEK": KEK, "ENCOURS_VAR_DIR": str(tmp_path)}
    for name, value in {**keys, **databases.addresses(tmp_path)}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(tables, "AGAIN", 0.0)
    site = laid(tmp_path / "site", "carnet", "module")
    script = site / "encours_carnet" / "migrations" / "versions" / "0001_notes.py"
    change(script, STEP, FAULT + STEP)
    with bancal.installed(site):
        yield script
    db.close()


def upgrade() -> tuple[int, str]:
    """What the operator runs, and what it says."""
    done = CliRunner().invoke(cli, ["db", "upgrade"])
    return done.exit_code, done.output


def test_a_migration_that_fails_half_way(migration: Path) -> None:
    """Core goes on and the app is up; the module is named to the operator and the administrator; mended, it comes back."""
    from core.app import create_app

    code, said = upgrade()
    assert code == 1
    assert "Le module «carnet» n'a pas pu mettre ses tables à jour : " in said
    assert re.search(r"nulle_part.* \(0001_notes\.py, ligne \d+\)$", said.splitlines()[0])
    app = create_app()
    hub: Hub = app.extensions["encours_hub"]
    people, folder = add_people(hub, "demo"), migration.parent.parent
    assert migrate.behind(db, [("carnet", folder)]) == ["carnet"]
    with db.engine.connect() as connection:
        assert not db.engine.dialect.has_table(connection, "carnet_note"), "half of it was kept"
    with db.session(people.cabinet_id) as session:
        enabling.switch(session, hub.registry, "carnet", on=True, actor="cli")
    client = app.test_client()
    sign_in(client, "administrateur@demo.example")
    told = client.get("/healthz").get_json()
    assert (told["migrations"], told["plugins"]["waiting"]) == ("ok", ["carnet"])
    assert "carnet" not in told["plugins"]["loaded"]
    assert client.get("/p/carnet/").status_code == 404
    assert client.get("/p/contacts/").status_code == 200
    page = client.get("/administration/modules/carnet").get_data(as_text=True)
    assert "Ce module attend que ses tables soient mises à jour" in page
    assert "1" in client.get("/administration/modules?sorte=a-traiter").get_data(as_text=True).split("À traiter")[1][:60]
    (row,) = [one for one in found(hub.registry, None) if one.name == "carnet"]
    assert (row.state, "ses tables" in row.reason) == ("en panne", True)
    change(migration, FAULT, "")
    assert upgrade() == (0, "Base à jour.\n")
    assert client.get("/p/carnet/").status_code == 200, "what only lacked its tables needs no restart"
    assert client.get("/healthz").get_json()["plugins"]["waiting"] == []
    hub.close()
