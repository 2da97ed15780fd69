"""A plugin's settings: installation, cabinet, versions (PL-04, PL-08; architecture.md §4)."""

from __future__ import annotations

import html
import logging
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core import config
from core.cabinets.models import PluginSettings
from core.extensions import db
from core.hooks import context
from core.hooks import enabling
from core.hooks import settings
from core.hooks.hub import Hub
from core.hooks.specs import Plugin
from core.web import fields
from core.web.forms import Form
from tests.conftest import People

ASKED = "/administration/modules/essai/reglages"


class Old(Form):
    hours = fields.whole("Heures", 1, 240, wrong="Entre {min} et {max}.", invalid="Un nombre.", empty=24)


class New(Form):
    days = fields.whole("Jours", 1, 10, wrong="Entre {min} et {max}.", invalid="Un nombre.", empty=1)
    kind = fields.choice("Sorte", {"a": "Première sorte", "b": "Seconde sorte"}, empty="a")


class First(Plugin):
    name, title = "essai", "Module d'essai"
    settings_schema = Old


class Second(Plugin):
    """The next version counts in days."""

    name, title = "essai", "Module d'essai"
    settings_schema, settings_version = New, 2

    def migrate_settings(self, values: dict[str, Any], version: int) -> dict[str, Any]:
        assert version == 1
        return {"days": values["hours"] // 24}


class Failing(Second):
    def migrate_settings(self, values: dict[str, Any], version: int) -> dict[str, Any]:
        raise KeyError("heures")


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch, app: Flask) -> dict[str, Any]:
    """What the operator wrote under `[plugins.essai]`."""
    values: dict[str, Any] = {}
    monkeypatch.setitem(config.current().plugins, "essai", values)
    return values


def put(hub: Hub, people: People, plugin: type[Plugin]) -> Plugin:
    """Install this version of the module, on for the cabinet."""
    if "essai" in hub.registry.plugins:
        hub.registry.unregister("essai")
    hub.registry.register("essai", plugin)
    with db.session(people.cabinet_id) as session:
        enabling.switch(session, hub.registry, "essai", on=True, actor="cli")
    return hub.registry.plugins["essai"]


def seen(hub: Hub, people: People) -> dict[str, Any]:
    """The settings that the plugin's hooks get."""
    with db.session(people.cabinet_id, write=False) as session:
        ctx = context.make(session, hub.registry)
        made = context.prepare(ctx, hub.registry.plugins["essai"])
        assert dict(made.settings) == dict(settings.read(session, hub.registry.plugins["essai"]).values)
        return dict(made.settings)


def test_installation_then_cabinet(hub: Hub, people: People, given: dict[str, Any], administrator: FlaskClient) -> None:
    """PL-04: default < installation < cabinet; the page says what the installation's is; a cabinet's can be given up."""
    known = put(hub, people, Second)
    assert seen(hub, people) == {"days": 1, "kind": "a"}
    given |= {"days": 4, "kind": "b"}
    assert seen(hub, people) == {"days": 4, "kind": "b"}
    with db.session(people.cabinet_id) as session:
        settings.save(session, known, {"days": 9, "kind": "a"}, actor="cli")
    assert seen(hub, people) == {"days": 9, "kind": "a"}
    page = html.unescape(administrator.get(ASKED).get_data(as_text=True)).replace("\u202f", " ")
    assert "Réglage de l'installation : 4." in page
    assert "Réglage de l'installation : Seconde sorte." in page
    with db.session(people.cabinet_id) as session:
        settings.forget(session, known, actor="cli")
    assert seen(hub, people) == {"days": 4, "kind": "b"}


def test_an_older_version_is_read_and_not_rewritten(hub: Hub, people: People, given: dict[str, Any]) -> None:
    """PL-08: stored by version 1, read by version 2; the row changes only when somebody saves."""
    old = put(hub, people, First)
    with db.session(people.cabinet_id) as session:
        settings.save(session, old, {"hours": 72}, actor="cli")
    new = put(hub, people, Second)
    assert seen(hub, people) == {"days": 3, "kind": "a"}
    assert row(people) == (1, {"hours": 72})
    with db.session(people.cabinet_id) as session:
        settings.save(session, new, {"days": 5, "kind": "b"}, actor="cli")
    assert row(people) == (2, {"days": 5, "kind": "b"})


def row(people: People) -> tuple[int, dict[str, Any]]:
    with db.session(people.cabinet_id, write=False) as session:
        found = session.execute(select(PluginSettings.version, PluginSettings.values)).one()
        return found.version, found.values


def test_a_migration_that_fails_is_told_and_loses_nothing(
    hub: Hub, people: People, given: dict[str, Any], administrator: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    """PL-05: the defaults hold meanwhile, the administrator reads which settings to look at, the row is as it was."""
    old = put(hub, people, First)
    with db.session(people.cabinet_id) as session:
        settings.save(session, old, {"hours": 72}, actor="cli")
    put(hub, people, Failing)
    assert seen(hub, people) == {"days": 1, "kind": "a"}
    page = html.unescape(administrator.get(ASKED).get_data(as_text=True))
    assert "Certains réglages n'ont pas pu être repris" in page
    assert "hours" in page
    assert row(people) == (1, {"hours": 72})
    assert any("could not read its settings of version 1" in record.message for record in caplog.records)


def test_what_the_operator_wrote_wrongly_is_named(hub: Hub, people: People, given: dict[str, Any]) -> None:
    """PL-08: a value that the schema refuses is left out, and named with its reason; so is one that is not there."""
    known = put(hub, people, Second)
    given |= {"days": 99, "couleur": "bleu"}
    assert seen(hub, people) == {"days": 1, "kind": "a"}
    assert settings.faults(known) == {"days": "Entre 1 et 10.", "couleur": "Unknown field."}


def test_the_file_and_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Operations: tables of `encours.toml`, or JSON of the environment, which goes first; nonsense is refused with its name."""
    monkeypatch.setenv("ENCOURS_SECRET_KEY", "s" * 40)
    monkeypatch.setenv("ENCOURS_KEK", "k" * 44)
    file = tmp_path / "encours.toml"
    file.write_text("[plugins.nomineo]\ndelay_days = 7\n", "utf-8")
    assert config.load(file).plugins == {"nomineo": {"delay_days": 7}}
    monkeypatch.setenv("ENCOURS_PLUGINS", '{"nomineo": {"delay_days": 8}}')
    assert config.load(file).plugins == {"nomineo": {"delay_days": 8}}
    for bad in ("non", "[]", '{"nomineo": 3}'):
        monkeypatch.setenv("ENCOURS_PLUGINS", bad)
        with pytest.raises(config.ConfigError, match="ENCOURS_PLUGINS"):
            config.load(file)


def test_a_fault_is_logged_at_the_start(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """PL-08: the operator reads which table and which name; the application is up."""
    from core.app import create_app
    from tests.conftest import make_config

    with caplog.at_level(logging.ERROR, "encours.plugins"):
        made = create_app(make_config(tmp_path, plugins={"nomineo": {"delay_days": 900}, "absent": {"x": 1}}))
    try:
        told = " ".join(record.getMessage() for record in caplog.records)
        assert "[plugins.nomineo] delay_days" in told
        assert "[plugins.absent] x: ce module n'est pas installé" in told
    finally:
        made.extensions["encours_hub"].close()
        db.close()
