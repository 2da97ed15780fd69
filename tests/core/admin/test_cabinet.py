"""«Nom et coordonnées», «Agences», «Sécurité» (US-02)."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core.auth.models import SessionRow
from core.cabinets import agencies
from core.cabinets import services
from core.cabinets.models import Cabinet
from core.db.errors import NotFound
from core.extensions import db
from tests.conftest import PASSWORD
from tests.conftest import People
from tests.conftest import csrf
from tests.conftest import sign_in
from tests.core.admin.desk import Desk
from tests.core.admin.desk import beside
from tests.core.admin.desk import journal
from tests.core.admin.desk import words

IDENTITY, AGENCIES, SECURITY = "/cabinet", "/agences", "/securite"


@pytest.fixture
def desk(administrator: FlaskClient) -> Desk:
    return Desk(administrator)


def cabinet(people: People) -> Cabinet:
    with db.session(people.cabinet_id, write=False) as session:
        return services.cabinet_of(session)


def test_the_cabinet_changes_what_it_says_of_itself(desk: Desk, people: People) -> None:
    """US-02: journal with before and after, «Annuler», nothing written where nothing changes."""
    sent = {"name": "Cabinet  Diallo", "siren": "552 100 554", "orias": "07 000 124", "address": "1 rue du Port, 44000 Nantes"}
    assert desk.fill(IDENTITY, **sent).status_code == 303
    found = cabinet(people)
    assert (found.name, found.siren, found.orias) == ("Cabinet Diallo", "552100554", "07000124")
    before = {"name": "Cabinet demo", "siren": "732829320", "orias": "07000123", "address": None}
    after = {"name": "Cabinet Diallo", "siren": "552100554", "orias": "07000124", "address": "1 rue du Port, 44000 Nantes"}
    done = ("cabinet.changed", f"cabinet:{people.cabinet_id}", {"before": before, "after": after})
    assert journal(people.cabinet_id)[0] == done
    assert "sont ceux d'avant" in desk.undo(IDENTITY)
    assert (cabinet(people).name, cabinet(people).address) == ("Cabinet demo", None)
    count = len(journal(people.cabinet_id))
    desk.fill(IDENTITY)
    assert "Rien n'a changé" in desk.text(IDENTITY)
    assert len(journal(people.cabinet_id)) == count


def test_an_undo_gives_way_to_a_later_change(desk: Desk, people: People) -> None:
    """US-02: what another administrator wrote since stays."""
    desk.fill(IDENTITY, name="Un")
    with db.session(people.cabinet_id) as session:
        services.change_cabinet(session, {"name": "Deux", "siren": None, "orias": None, "address": None}, actor="cli")
    assert "ont encore changé depuis" in desk.undo(IDENTITY)
    assert cabinet(people).name == "Deux"


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        ("name", "", "Saisissez le nom"), ("name", "é" * 121, "120"), ("siren", "123456789", "clé"),
        ("orias", "1234567", "8 chiffres"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_its_field(desk: Desk, people: People, field: str, value: str, text: str) -> None:
    """US-02, ux.md §2.11."""
    answer = desk.fill(IDENTITY, **{field: value, "address": "Gardée telle quelle"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert text in beside(answer, field)
    assert "Gardée telle quelle" in page
    assert cabinet(people).name == "Cabinet demo"


def test_two_tabs_on_the_cabinet(desk: Desk, people: People) -> None:
    """US-02: the second tab sees what the first one kept."""
    form = desk.form(IDENTITY)
    desk.fill(IDENTITY, name="Premier onglet")
    answer = desk.client.post("/administration/cabinet", data={**form, "name": "Second onglet"})
    assert answer.status_code == 409
    assert "Premier onglet Second onglet à choisir" in words(answer)
    assert cabinet(people).name == "Premier onglet"


def test_agencies_are_made_changed_and_removed(desk: Desk, people: People) -> None:
    """US-02: members by boxes, a double click makes one, each change is audited and taken back."""
    assert "Aucune agence" in desk.text(AGENCIES)
    form = {**desk.form(f"{AGENCIES}/nouvelle"), "name": "Nantes", "members": [people.adviser, people.other]}
    for _again in range(2):
        assert desk.client.post("/administration/agences/nouvelle", data=form).status_code == 303
    with db.session(people.cabinet_id, write=False) as session:
        team = agencies.listed(session)[0]
        assert len(agencies.listed(session)) == 1
    assert team.ids == {people.adviser, people.other}
    assert "2 personnes ne sont d'aucune agence" in desk.text(AGENCIES)
    path = f"{AGENCIES}/{team.id}"
    desk.fill(path, name="Nantes centre", members=[people.assistant])
    assert [one[0] for one in journal(people.cabinet_id)][:4] == ["agency.left", "agency.left", "agency.joined", "agency.renamed"]
    assert "est celle d'avant" in desk.undo(AGENCIES)
    with db.session(people.cabinet_id, write=False) as session:
        assert agencies.team(session, team.id).ids == {people.adviser, people.other}
        assert agencies.team(session, team.id).name == "Nantes"
    desk.press(f"{path}/supprimer")
    gone = journal(people.cabinet_id)[0]
    assert gone == ("agency.removed", f"agency:{team.id}", {"name": "Nantes", "members": sorted([people.adviser, people.other])})
    assert "est de nouveau là" in desk.undo(AGENCIES)
    assert desk.client.get(f"/administration{path}").status_code == 404  # the same name, another agency
    with db.session(people.cabinet_id, write=False) as session:
        assert agencies.listed(session)[0].ids == {people.adviser, people.other}


def test_an_agency_says_who_loses_sight_of_its_clients(desk: Desk, people: People) -> None:
    """US-02: removal warns with its consequences, by name."""
    with db.session(people.cabinet_id) as session:
        key = agencies.add(session, "cli", "Lyon")
        agencies.set_members(session, "cli", key, [people.adviser, people.other])
        services.set_profile(session, people.other, "RESPONSABLE_AGENCE", actor="cli")
    said = desk.text(f"{AGENCIES}/{key}")
    assert "Autre Demo ne verra plus que les clients de ses autres agences" in said
    assert "Conseiller Demo ne verra" not in said


@pytest.mark.parametrize(("name", "text"), [("", "Saisissez le nom"), ("Lyon", "s'appelle déjà"), ("x" * 121, "120")])
def test_a_bad_agency_is_refused(desk: Desk, people: People, name: str, text: str) -> None:
    """US-02: nothing is made, and another cabinet's people are no members."""
    with db.session(people.cabinet_id) as session:
        agencies.add(session, "cli", "Lyon")
    answer = desk.fill(f"{AGENCIES}/nouvelle", name=name)
    assert answer.status_code == 422
    assert text in beside(answer, "name")


def test_members_are_of_this_cabinet(desk: Desk, people: People, strangers: People) -> None:
    """US-02: a box that nobody drew is refused, in the form and in the service; another cabinet's agency is nowhere."""
    answer = desk.fill(f"{AGENCIES}/nouvelle", name="Brest", members=[strangers.adviser])
    assert answer.status_code == 422
    assert "Choisissez dans la liste" in words(answer)
    with db.session(strangers.cabinet_id) as session:
        theirs = agencies.add(session, "cli", "Leur agence")
    with db.session(people.cabinet_id) as session:
        ours = agencies.add(session, "cli", "Quimper")
        with pytest.raises(NotFound):
            agencies.set_members(session, "cli", ours, [strangers.adviser])
    for act in ("", "/supprimer"):
        assert desk.press(f"{AGENCIES}/{theirs}{act}", name="X").status_code == 404
    assert "Leur agence" not in desk.text(AGENCIES)


def test_the_second_factor_is_asked_of_everybody(app: Flask, desk: Desk, people: People) -> None:
    """US-02: the effect is explained, who would be asked is named; open sessions go on, the next sign-in asks; undone."""
    said = desk.text(SECURITY)
    assert "4 personnes sur 4 n'en ont pas encore" in said
    assert "Conseiller Demo" in said
    desk.press(f"{SECURITY}/second-facteur", exige="1")
    assert cabinet(people).second_factor_required
    client = app.test_client()
    sent = {"email": "conseiller@demo.example", "password": PASSWORD, "csrf_token": csrf(client, "/connexion")}
    assert client.post("/connexion", data=sent).headers["Location"] == "/connexion/second-facteur"
    assert journal(people.cabinet_id)[0] == ("cabinet.second_factor", f"cabinet:{people.cabinet_id}", {"required": True})
    assert "n'est plus exigé" in desk.undo(SECURITY)  # her own session goes on
    assert not cabinet(people).second_factor_required
    count = len(journal(people.cabinet_id))
    for odd in ("0", "", "oui"):
        desk.press(f"{SECURITY}/second-facteur", exige=odd)
    assert len(journal(people.cabinet_id)) == count


def test_the_cabinet_s_sessions_are_closed(
    app: Flask, desk: Desk, people: People, adviser: FlaskClient, strangers: People
) -> None:
    """US-02: all of the cabinet's and no other's; one's own is not closed here."""
    theirs = app.test_client()
    sign_in(theirs, "conseiller@second.example")
    page = desk.client.get(f"/administration{SECURITY}").get_data(as_text=True)
    keys = re.findall(r'name="session" value="([0-9a-f]{64})"', page)
    assert len(keys) == 1
    assert "Conseiller Second" not in page
    with db.session(None, write=False) as session:
        every = {row.user_id: row.sid_hash for row in session.scalars(select(SessionRow)) if row.user_id}
    for key in (every[strangers.adviser], every[people.administrator], "x", "0" * 64):
        desk.press(f"{SECURITY}/sessions", session=key)
    assert [one.get("/notifications").status_code for one in (theirs, desk.client, adviser)] == [200, 200, 200]
    desk.press(f"{SECURITY}/sessions", session=keys[0])
    assert adviser.get("/notifications").status_code == 401
    assert "La session de Conseiller Demo est fermée" in desk.text(SECURITY)
    assert ("session.closed", f"user:{people.adviser}", {"count": 1}) in journal(people.cabinet_id)


@pytest.mark.parametrize("path", [IDENTITY, AGENCIES, SECURITY, "/agences/nouvelle"])
def test_other_profiles_are_refused(adviser: FlaskClient, path: str) -> None:
    """US-02: 403."""
    assert adviser.get(f"/administration{path}").status_code == 403
