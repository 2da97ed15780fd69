"""A resource: one declaration; a plugin's answers where the plugin is on (PL-04, PL-09)."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from core import app as factory
from core.extensions import db
from core.hooks import enabling
from core.hooks.hub import Hub
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

NOTES = Resource("notes", "Notes", plugin="contacts")


class Note(Given):
    """What a plugin shows."""

    id = schemas.string()
    worth = schemas.money("Ce que vaut la note")


@NOTES.get("/contacts-notes", "Lister les notes", Note, paged=True, scope="contacts:read")
def listed(call: Call) -> Slice[dict[str, object]]:
    return call.among([{"id": f"n{number}", "worth": None} for number in range(5)], lambda one: str(one["id"]))


def test_a_plugin_s_resource_is_behind_the_gates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """PL-04: declared in a few lines, in the document and on the page; 404 for a cabinet that turned the plugin off."""
    monkeypatch.setattr(factory, "RESOURCES", (*factory.RESOURCES, NOTES))
    config = make_config(tmp_path)
    databases.ready(config.database_url)
    app = factory.create_app(config)
    hub: Hub = app.extensions["encours_hub"]
    try:
        people = add_people(hub, "demo")
        program = Program(app, token_of(people.cabinet_id, people.adviser))
        assert [one["id"] for one in program.every("/contacts-notes", 2)] == ["n0", "n1", "n2", "n3", "n4"]
        document = program.client.get("/api/v1/openapi.json").get_json()
        assert document["paths"]["/api/v1/contacts-notes"]["get"]["x-scope"] == "contacts:read"
        assert document["components"]["schemas"]["Note"]["required"] == ["id", "worth"]
        assert "Ce que vaut la note" in program.client.get("/api/docs/notes").get_data(as_text=True)
        with db.session(people.cabinet_id) as session:
            enabling.switch(session, hub.registry, "contacts", on=False, actor="cli")
        answer = program.call("GET", "/contacts-notes")
        assert (answer.status_code, slug(answer)) == (404, "not-found")
    finally:
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
