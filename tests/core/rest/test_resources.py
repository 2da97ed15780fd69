"""A resource: one declaration; a plugin's answers where the plugin is on (PL-04, PL-09)."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from core import app as factory
from core.extensions import db
from core.hooks import enabling
from core.hooks.hub import Hub
from core.hooks.registry import Registry
from core.hooks.specs import Plugin
from core.rest import schemas
from core.rest.operations import Call
from core.rest.operations import Resource
from core.rest.operations import Slice
from core.rest.schemas import Given
from tests import databases
from tests.conftest import People
from tests.conftest import add_people
from tests.conftest import make_config
from tests.core.rest.desk import Program
from tests.core.rest.desk import slug
from tests.core.rest.desk import token_of

NOTES = Resource("essai_notes", "Notes", plugin="essai")


class Note(Given):
    """What a plugin shows."""

    id = schemas.string()
    worth = schemas.money("Ce que vaut la note")


@NOTES.get("/p/essai/notes", "Lister les notes", Note, paged=True, scope="contacts:read")
def listed(call: Call) -> Slice[dict[str, object]]:
    return call.among([{"id": f"n{number}", "worth": None} for number in range(5)], lambda one: str(one["id"]))


class Trial(Plugin):
    """A module that has nothing but its part of the API."""

    name, title, default_on = "essai", "Module d'essai", True


def installed(monkeypatch: pytest.MonkeyPatch, resources: Callable[[], Sequence[Any]]) -> None:
    """The module beside the others, with these resources, in the applications made from now on."""
    found = Registry.discover

    def discover(registry: Registry, allowed: frozenset[str] = frozenset()) -> None:
        found(registry, allowed)
        registry.register("essai", Trial)

    monkeypatch.setattr(Registry, "discover", discover)
    monkeypatch.setattr(Trial, "resources", lambda _self: resources())


def test_a_plugin_s_resource_is_behind_the_gates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """PL-04: declared in a few lines, in the document and on the page; 404 for a cabinet that turned the plugin off."""
    installed(monkeypatch, lambda: (NOTES,))
    config = make_config(tmp_path)
    databases.ready(config.database_url)
    app = factory.create_app(config)
    hub: Hub = app.extensions["encours_hub"]
    try:
        people = add_people(hub, "demo")
        program = Program(app, token_of(people.cabinet_id, people.adviser))
        assert [one["id"] for one in program.every("/p/essai/notes", 2)] == ["n0", "n1", "n2", "n3", "n4"]
        document = program.client.get("/api/v1/openapi.json").get_json()
        assert document["paths"]["/api/v1/p/essai/notes"]["get"]["x-scope"] == "contacts:read"
        assert document["components"]["schemas"]["Note"]["required"] == ["id", "worth"]
        assert "Ce que vaut la note" in program.client.get("/api/docs/essai_notes").get_data(as_text=True)
        with db.session(people.cabinet_id) as session:
            enabling.switch(session, hub.registry, "essai", on=False, actor="cli")
        answer = program.call("GET", "/p/essai/notes")
        assert (answer.status_code, slug(answer)) == (404, "not-found")
    finally:
        hub.close()
        db.close()


def _made(name: str, path: str, *, plugin: str = "essai", scope: str | None = None) -> Resource:
    made = Resource(name, "Essai", plugin=plugin)
    made.get(path, "Lire", Note, scope=scope)(listed)
    return made


WRONG = {
    "rend des Resource": (lambda: (3,)), "doit commencer par essai": (lambda: (_made("accounts", "/p/essai/x"),)),
    'plugin="essai"': (lambda: (_made("essai", "/p/essai/x", plugin="outils"),)),
    "doit commencer par /p/essai/": (lambda: (_made("essai", "/essai"),)),
    "n'existe pas": (lambda: (_made("essai", "/p/essai/x", scope="tout:lire"),)),
    "déclaré deux fois": (lambda: (_made("essai", "/p/essai/x"), _made("essai_y", "/p/essai/x"))),
    "le même nom": (lambda: (_made("essai", "/p/essai/x"), _made("essai", "/p/essai/y"))),
}  # fmt: skip


@pytest.mark.parametrize("said", WRONG)
def test_a_resource_out_of_its_place_breaks_its_plugin_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    """PL-05, PL-08: no address of core's or of another's is taken; the plugin is listed as broken, the rest is up."""
    installed(monkeypatch, WRONG[said])
    app = factory.create_app(make_config(tmp_path))
    hub: Hub = app.extensions["encours_hub"]
    assert [(one.name, said in one.text) for one in hub.registry.broken] == [("essai", True)]
    assert app.test_client().get("/api/v1/openapi.json").status_code == 200
    hub.close()
    db.close()


def test_one_s_own_settings_of_a_module(app: Flask, people: People) -> None:
    """PL-09, US-02: what a person sets otherwise than the cabinet, and follows again; a wrong value is said by its name."""
    program = Program(app, token_of(people.cabinet_id, people.adviser))
    path = "/me/plugins/portefeuille/settings"
    before = program.get(path)
    assert before["own"] == []
    name, value = next(iter(before["values"].items()))
    wrong = program.call("PATCH", path, {"values": {name: "\0"}})
    assert (wrong.status_code, slug(wrong)) == (422, "validation")
    assert wrong.get_json(force=True)["errors"][0]["field"] == f"values.{name}"
    assert program.call("PATCH", path, {"values": {name: value}}).get_json()["own"] == [], "the cabinet's own value is followed"
    assert slug(program.call("GET", "/me/plugins/nomineo/settings")) == "not-found"
