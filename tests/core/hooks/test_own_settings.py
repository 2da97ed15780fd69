"""A person's own settings of a module: over the cabinet's, over the installation's (PL-04, PL-08, US-02)."""

from __future__ import annotations

import html
from typing import Any

import pytest
from flask.testing import FlaskClient
from marshmallow import ValidationError
from sqlalchemy import event

from core import config
from core.api import settings as api
from core.cabinets import services
from core.extensions import db
from core.hooks import context
from core.hooks import enabling
from core.hooks import settings
from core.hooks.hub import Hub
from core.hooks.specs import Plugin
from core.web import fields
from core.web.forms import Form
from core.web.forms import validates_schema
from tests.conftest import People
from tests.conftest import csrf
from tests.conftest import person
from tests.core.admin.desk import journal

PAGE = "/services/modules/essai"
BOSS = "/administration/modules/essai/reglages"


class Choices(Form):
    """One of each: a person's and the cabinet's, a person's alone, the cabinet's alone, the operator's alone."""

    keeps_blanks = True

    rows = fields.whole("Lignes", 1, 99, wrong="Entre {min} et {max}.", invalid="Saisissez un nombre.", empty=10,
        scopes=("installation", "cabinet", "user"))  # fmt: skip
    look = fields.choice("Aspect", {"a": "Aéré", "s": "Serré"}, empty="a", required=True, scopes=("user",))
    days = fields.whole("Jours", 1, 99, wrong="Entre {min} et {max}.", invalid="Saisissez un nombre.", empty=5)
    host = fields.line("Serveur", 60, empty="s.example", scopes=("installation",))
    word = api.Secret("Mot de passe chez le partenaire", scopes=("user",))

    @validates_schema
    def _sound(self, data: dict[str, Any], **_more: Any) -> None:
        if data.get("rows") == 13 and data.get("days") == 5:
            raise ValidationError("Treize lignes en cinq jours, c'est trop.")


class Essai(Plugin):
    name, title = "essai", "Module d'essai"
    settings_schema = Choices


@pytest.fixture
def essai(hub: Hub, people: People) -> Plugin:
    hub.registry.register("essai", Essai)
    with db.session(people.cabinet_id) as session:
        enabling.switch(session, hub.registry, "essai", on=True, actor="cli")
    return hub.registry.plugins["essai"]


def held(hub: Hub, people: People, user_id: str) -> dict[str, Any]:
    """What the plugin's hooks get when this person asks; in a job, nobody does."""
    with db.session(people.cabinet_id, write=False) as session:
        who = person(session, user_id) if user_id else None
        return dict(context.prepare(context.make(session, hub.registry, principal=who), hub.registry.plugins["essai"]).settings)


def send(client: FlaskClient, path: str, **values: str) -> str:
    answer = client.post(path, data={"csrf_token": csrf(client, "/mon-compte"), **values}, follow_redirects=True)
    return html.unescape(answer.get_data(as_text=True)).replace("\u202f", " ")


def text(client: FlaskClient, path: str) -> str:
    return html.unescape(client.get(path).get_data(as_text=True)).replace("\u202f", " ")


def test_three_levels(
    essai: Plugin, hub: Hub, people: People, adviser: FlaskClient, administrator: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PL-04: default < installation < cabinet < person; each level is said; one's own is given up by a button."""
    assert held(hub, people, people.adviser)["rows"] == 10
    monkeypatch.setitem(config.current().plugins, "essai", {"rows": 20, "host": "h.example", "look": "s"})
    assert settings.faults(essai) == {"look": "ce réglage n'est pas de ceux de l'installation"}
    assert {name: held(hub, people, people.adviser)[name] for name in ("rows", "host", "look")} == {
        "rows": 20, "host": "h.example", "look": "a",
    }  # fmt: skip
    assert "Ce qui vaut pour le cabinet : 20." in text(adviser, PAGE)
    send(administrator, BOSS, rows="30", days="7", look="s", host="x.example")  # the last two are not the cabinet's to set
    now = held(hub, people, people.adviser)
    assert (now["rows"], now["days"], now["look"], now["host"]) == (30, 7, "a", "h.example")
    page = send(adviser, PAGE, rows="40", look="s", days="99")
    assert "Ce qui vaut pour le cabinet : 30." in page
    assert "Revenir à la valeur du cabinet" in page
    mine, other, nobody = (held(hub, people, one) for one in (people.adviser, people.other, ""))
    assert (mine["rows"], mine["look"], mine["days"]) == (40, "s", 7)
    assert (other["rows"], other["look"], nobody["rows"]) == (30, "a", 30)
    page = text(administrator, BOSS)
    assert "1 personne a sa propre valeur" in page
    assert "Réglage de l'installation : 20." in page
    assert page.count("non réglable par le cabinet") == 3
    page = send(adviser, PAGE, acte="suivre", reglage="rows")
    assert "Ce réglage suit de nouveau le cabinet." in page
    send(administrator, BOSS, rows="31", days="7")
    assert held(hub, people, people.adviser)["rows"] == 31
    told = [(action, said) for action, subject, said in journal(people.cabinet_id) if subject == "plugin:essai"]
    assert ("plugin.own_settings", {"before": {}, "after": {"rows": 40, "look": "s"}}) in told


def test_one_s_own_follows_the_cabinet_where_it_is_the_same(essai: Plugin, hub: Hub, people: People) -> None:
    """US-02: what a person leaves as the cabinet has it is not pinned; somebody who left is not counted."""
    with db.session(people.cabinet_id) as session:
        settings.save_own(session, essai, {"rows": 10, "look": "s"}, user_id=people.adviser)
        settings.save_own(session, essai, {"rows": 11}, user_id=people.other)
        settings.save(session, essai, {"rows": 50}, actor="cli")
        assert settings.overrides(session, essai, [people.adviser, people.other]) == {"look": 1, "rows": 1}
        services.set_active(session, people.other, active=False, actor="cli")
        active = [one.id for one in services.everybody(session) if one.active]
        assert settings.overrides(session, essai, active) == {"look": 1}
    now = held(hub, people, people.adviser)
    assert (now["rows"], now["look"]) == (50, "s")


def test_bad_input(essai: Plugin, hub: Hub, people: People, adviser: FlaskClient) -> None:
    """US-02: beside the field and in the summary, nothing typed is lost; a rule over two fields sees the cabinet's too."""
    page = send(adviser, PAGE, rows="cent", look="s")
    assert page.count("aisissez un nombre.") == 2
    assert 'value="cent"' in page
    assert "Treize lignes" in send(adviser, PAGE, rows="13", look="a")
    assert "hoisissez une valeur de la liste" in send(adviser, PAGE, rows="1", look="z")
    assert "Cette action n'existe pas" in send(adviser, PAGE, acte="suivre", reglage="host")
    assert "Cette action n'existe pas" in send(adviser, PAGE, acte="autre")
    assert held(hub, people, people.adviser)["rows"] == 10


def test_a_person_s_own_secret(
    essai: Plugin, hub: Hub, people: People, adviser: FlaskClient, administrator: FlaskClient
) -> None:
    """PL-04: a person's password at a partner is his: nobody else's, not the cabinet's, erased by himself."""
    assert "canari-" not in send(adviser, PAGE, rows="10", look="a", word="canari-de-conseiller")
    assert held(hub, people, people.adviser)["word"].reveal() == "canari-de-conseiller"
    assert held(hub, people, people.other)["word"] is None
    assert "canari-" not in text(adviser, PAGE) + text(administrator, BOSS)
    assert "par Conseiller Demo" in text(adviser, PAGE)
    assert "Le secret est effacé." in send(adviser, PAGE, acte="effacer", reglage="word")
    assert held(hub, people, people.adviser)["word"] is None
    assert "n'était pas enregistré" in send(adviser, PAGE, acte="effacer", reglage="word")


def test_a_value_gone_bad_gives_way_to_the_level_beneath(essai: Plugin, hub: Hub, people: People, monkeypatch: Any) -> None:
    """PL-05: what this version refuses of a person's falls back to the cabinet's, of the cabinet's to the installation's."""
    monkeypatch.setitem(config.current().plugins, "essai", {"rows": 20})
    with db.session(people.cabinet_id) as session:
        settings.save(session, essai, {"rows": 30}, actor="cli")
        settings.save_own(session, essai, {"rows": 40}, user_id=people.adviser)
        settings._row(session, essai, people.adviser).values = {"rows": 4000}
    assert held(hub, people, people.adviser)["rows"] == 30
    with db.session(people.cabinet_id) as session:
        settings._row(session, essai).values = {"rows": "beaucoup"}
        assert settings.read(session, essai, user_id=people.adviser).lost == ("rows",)
    assert held(hub, people, people.adviser)["rows"] == 20


def test_off_there_is_no_page(essai: Plugin, hub: Hub, people: People, adviser: FlaskClient) -> None:
    """PL-04: without the module, or without anything a person may set, there is nothing there."""
    assert adviser.get(PAGE).status_code == 200
    with db.session(people.cabinet_id) as session:
        enabling.switch(session, hub.registry, "essai", on=False, actor="cli")
    gone = (PAGE, "/services/modules/nomineo", "/services/modules/absent")
    assert [adviser.get(path).status_code for path in gone] == [404] * 3


def test_one_query_as_before(essai: Plugin, hub: Hub, people: People) -> None:
    """US-02: a context costs one statement, whatever a cabinet and a person have set."""
    with db.session(people.cabinet_id) as session:
        settings.save(session, essai, {"rows": 30}, actor="cli")
        settings.save_own(session, essai, {"rows": 40, "word": "mot-de-passe"}, user_id=people.adviser)
    asked: list[str] = []
    with db.session(people.cabinet_id, write=False) as session:
        who = person(session, people.adviser)
        context.make(session, hub.registry, principal=who, slug="demo")  # whether tables are there is asked once a process
        event.listen(db.engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
        made = context.make(session, hub.registry, principal=who, slug="demo")
        assert context.prepare(made, essai).settings["rows"] == 40
        assert len(asked) == 1
        assert context.prepare(made, essai).settings["word"].reveal() == "mot-de-passe"
        assert len(asked) > 1  # read when it is wanted
