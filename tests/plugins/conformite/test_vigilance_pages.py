"""Conformité > Vigilance on its pages and for programs: from nothing to a validated level, the map, lists, operations (CO-05)."""

from __future__ import annotations

import re
from html import unescape
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from core.contacts.models import Contact
from core.extensions import db
from plugins.conformite.vigilance import lists
from tests.conftest import People
from tests.conftest import person
from tests.core.rest.desk import Program
from tests.core.rest.desk import token_of
from tests.plugins.conformite.conftest import Home
from tests.plugins.conformite.conftest import plain
from tests.plugins.conformite.vigil import PLAIN
from tests.plugins.conformite.vigil import PPE
from tests.plugins.conformite.vigil import SIMPLE_OPERATION
from tests.plugins.conformite.vigil import assess
from tests.plugins.conformite.vigil import bring_all

MAP = "/p/conformite/vigilance"
RETAINED = {"level": "CALCULE", "on": "26/11/2026"}
FORM = {**PLAIN, **RETAINED}


def base(contact: str) -> str:
    return f"/p/conformite/contacts/{contact}/vigilance"


def post(client: FlaskClient, path: str, values: dict[str, object]) -> TestResponse:
    page = client.get(path).get_data(as_text=True)
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    return client.post(path, data={**{name: unescape(text) for name, text in hidden.items()}, **values})


@pytest.fixture
def boss(app: Flask, administrator: FlaskClient) -> FlaskClient:
    return administrator


def test_from_nothing_to_a_validated_level(adviser: FlaskClient, boss: FlaskClient, home: Home) -> None:
    """CO-05, NX-02: see what comes of the answers, keep it, its reasons and documents; the author does not validate, a second
    person does; what was before stays; the freeze is checked anew."""
    page = plain(adviser.get(base(home.jeanne)))
    assert "Jamais évaluée" in page
    tried = post(adviser, f"{base(home.jeanne)}/evaluer", {**FORM, **PPE, "action": "calculer"})
    said = plain(tried)
    for text in ("Niveau calculé : Renforcée", "impose renforcée", "R. 561-18", "Rien n'est encore enregistré.", "Non vérifié"):
        assert text in said, text
    assert "Députée, France" in tried.get_data(as_text=True)
    assert "Jamais évaluée" in plain(adviser.get(base(home.jeanne)))
    assert post(adviser, f"{base(home.jeanne)}/evaluer", {**FORM, **PPE}).status_code == 303
    page = adviser.get(base(home.jeanne)).get_data(as_text=True)
    for text in ("En attente de validation", "Pièces demandées", "Décision d", "À revoir le"):
        assert text in page, text
    assert "Valider cette vigilance" not in page
    route = re.search(r'action="([^"]+/valider)"', boss.get(base(home.jeanne)).get_data(as_text=True))
    assert route
    token = re.findall(r'name="csrf_token" value="([^"]+)"', boss.get(base(home.jeanne)).get_data(as_text=True))[0]
    assert boss.post(route.group(1), data={"csrf_token": token}).status_code == 303
    page = plain(adviser.get(base(home.jeanne)))
    assert "Validée Administrateur Demo" in page
    again = adviser.get(f"{base(home.jeanne)}/evaluer").get_data(as_text=True)
    assert "celles de la dernière évaluation" in again
    assert re.search(r'name="ppe" value="OUI" checked', again)
    assert not re.search(r'name="gel" value="\w+" checked', again)
    assert "Vigilance" in plain(adviser.get(base(home.household)))
    assert adviser.get(base(home.stranger)).status_code == 404
    assert adviser.get(f"{base(home.household)}/evaluer").status_code == 403


def test_bad_input_is_said_and_nothing_is_lost(adviser: FlaskClient, home: Home) -> None:
    """CO-05, «Bad input»: 422 beside each question, what was typed stays, nothing is kept; unknown ids are 404."""
    path = f"{base(home.jeanne)}/evaluer"
    empty = post(adviser, path, {})
    assert (empty.status_code, "Choisissez une réponse." in plain(empty)) == (422, True)
    page = post(adviser, path, {**FORM, "canal": "AUTRE", "fonds": "HERITAGE"}).get_data(as_text=True)
    assert 'href="#f-canal"' in page
    assert re.search(r'name="fonds" value="HERITAGE" checked', page)
    low = post(adviser, path, {**FORM, **PPE, "level": "STANDARD", "reason": "Une raison assez longue."})
    assert (low.status_code, "ne peut pas être abaissé" in plain(low)) == (422, True)
    assert "Jamais évaluée" in plain(adviser.get(base(home.jeanne)))
    assert adviser.get(f"{base(home.jeanne)}/evaluations/{'0' * 26}").status_code == 404
    with db.session(home.cabinet_id) as session:
        made = assess(session, person(session, home.adviser), home.paul, PLAIN)
    assert adviser.get(f"{base(home.jeanne)}/evaluations/{made}").status_code == 404
    assert adviser.get(f"{base(home.paul)}/evaluations/{made}").status_code == 200
    operation = post(adviser, f"{base(home.jeanne)}/operations/nouvelle", {**SIMPLE_OPERATION, **RETAINED, "amount": "dix"})
    assert operation.status_code == 422
    foreign = {**SIMPLE_OPERATION, **RETAINED, "amount": "10", "held": f"compte:{'0' * 26}"}
    assert post(adviser, f"{base(home.jeanne)}/operations/nouvelle", foreign).status_code == 422


def test_an_operation_of_an_account(adviser: FlaskClient, boss: FlaskClient, home: Home) -> None:
    """CO-05: tried, kept, read, on the map where it waits, validated by a second person."""
    path = f"{base(home.jeanne)}/operations/nouvelle"
    given = {**SIMPLE_OPERATION, **RETAINED, "amount": "160 000", "held": f"compte:{home.account}", "about": "Rachat pressé"}
    unusual = {**given, "coherence": "NON"}
    assert "Niveau calculé : Renforcée" in plain(post(adviser, path, {**unusual, "action": "calculer"}))
    kept = post(adviser, path, unusual)
    assert kept.status_code == 303
    page = plain(adviser.get(kept.location))
    for text in ("Rachat pressé", "160 000,00 €", "Xaélidia", "L. 561-10-2", "À valider", "Examen renforcé écrit"):
        assert text in page, text
    assert "Rachat pressé" in plain(boss.get(MAP))
    shown = boss.get(kept.location).get_data(as_text=True)
    token = re.findall(r'name="csrf_token" value="([^"]+)"', shown)[0]
    assert boss.post(f"{kept.location}/valider", data={"csrf_token": token}).status_code == 303
    assert "Rachat pressé" not in plain(boss.get(MAP))
    assert adviser.get(kept.location.replace(home.jeanne, home.paul)).status_code == 404


def test_the_map_and_the_lists(app: Flask, adviser: FlaskClient, boss: FlaskClient, home: Home) -> None:
    """CO-05: the map opens on what there is to look after; each number opens its list; a list that lacks, or is old, is said; a
    CSV is imported, a wrong one refused with its line."""
    with db.session(home.cabinet_id) as session:
        by = person(session, home.adviser)
        assess(session, by, home.jeanne, PPE, 3)
        assess(session, by, home.paul, PLAIN, 1200)
    page = plain(adviser.get(MAP))
    wanted = "3 clients suivis", "4 listes de pays jamais importées", "Vigilance renforcée 1", "Revue en retard 1", "Durand Alix"
    for text in wanted:
        assert text in page, text
    cell = plain(adviser.get(f"{MAP}?niveau=STANDARD&age=PLUS_36"))
    assert "Martin Alix" in cell
    assert "Durand Alix" not in cell
    for odd in ("?niveau=RIEN&age=PLUS_36", "?vue=rien", "?page=abc", "?vue=JAMAIS&page=9"):
        assert adviser.get(MAP + odd).status_code == 200
    assert "non vérifié : jamais importée" in plain(adviser.get(f"{MAP}/listes"))
    assert adviser.get(f"{MAP}/listes/importer").status_code == 403
    new = f"{MAP}/listes/importer"
    given = {"code": "GAFI_NOIRE", "dated_on": "24/10/2025", "source": "GAFI, plénière d'octobre 2025"}
    wrong = post(boss, new, {**given, "text": "IR\nZZ"})
    assert (wrong.status_code, "Ligne 2" in plain(wrong), "IR\nZZ" in wrong.get_data(as_text=True)) == (422, True, True)
    assert post(boss, new, {**given, "text": ""}).status_code == 422
    sent = post(boss, new, {**given, "file": (BytesIO("Code;Pays\nIR;Iran\nKP;Corée du Nord\n".encode("cp1252")), "gafi.csv")})
    assert sent.status_code == 303, plain(sent)
    both = {**given, "text": "IR", "file": (BytesIO(b"IR\n"), "gafi.csv")}
    assert "pas les deux" in plain(post(boss, new, both))
    with db.session(home.cabinet_id, write=False) as session:
        assert lists.current(session)["GAFI_NOIRE"].countries == ("IR", "KP")
    page = plain(adviser.get(f"{MAP}/listes"))
    assert "liste ancienne, du 24/10/2025" in page
    with db.session(home.cabinet_id) as session:
        assess(session, person(session, home.adviser), home.paul, PLAIN)
    own = plain(adviser.get(base(home.paul)))
    wanted = "GAFI : appel à l'action liste du 24/10/2025", "non importée", "Vérifié le 02/11/2026", "viennent les fonds France"
    for text in wanted:
        assert text in own, text
    assert "Corée du Nord, Iran" in page
    assert "plus ancienne que ce que le cabinet accepte" in plain(adviser.get(MAP))


def test_a_list_that_comes_later_is_said_on_the_file(adviser: FlaskClient, home: Home, people: People) -> None:
    """CO-05: a later list changes no assessment; the file says that the same answers would now give a heavier level."""
    with db.session(home.cabinet_id) as session:
        session.execute(update(Contact).where(Contact.id == home.jeanne).values(other_nationality="IR"))
        assess(session, person(session, home.adviser), home.jeanne, PLAIN)
    assert "a changé" not in plain(adviser.get(base(home.jeanne)))
    with db.session(home.cabinet_id) as session:
        bring_all(session, person(session, people.administrator))
    page = plain(adviser.get(base(home.jeanne)))
    wanted = "a changé", "donnent «renforcée»", "Pays tiers à haut risque (IR)", "Niveau de vigilance Standard"
    for text in wanted:
        assert text in page, text


def test_the_same_for_programs(app: Flask, home: Home, people: People) -> None:
    """CO-05, PL-09: rules, assessment, validation by another's token, operations, lists, map and its clients."""
    own = Program(app, token_of(home.cabinet_id, home.adviser))
    boss = Program(app, token_of(home.cabinet_id, people.administrator))
    rules = own.call("GET", "/p/conformite/vigilance-rules").json
    assert {one["key"] for one in rules["client"] if not one["of_companies"]} == {*PPE}
    assert own.call("GET", "/p/conformite/vigilance-rules?version=0").status_code == 404
    told = [{"key": key, "answer": answer} for key, answer in PPE.items()]
    made = own.call("POST", MAP, {"contact_id": home.jeanne, "answers": told})
    assert (made.status_code, made.json["level"], made.json["validation"]) == (201, "RENFORCEE", "A_VALIDER"), made.json
    bad = own.call("POST", MAP, {"contact_id": home.jeanne, "answers": told[1:]})
    assert bad.status_code == 422
    one = f"{MAP}/{made.json['id']}"
    assert own.call("POST", f"{one}/validate", {}).status_code == 403
    assert boss.call("POST", f"{one}/validate", {}).json["validation"] == "VALIDEE"
    asked = [{"key": key, "answer": answer} for key, answer in SIMPLE_OPERATION.items()]
    operation = own.call(
        "POST", "/p/conformite/operations",
        {"contact_id": home.jeanne, "answers": asked, "amount": "1500.00", "account_id": home.account},
    )  # fmt: skip
    assert (operation.status_code, operation.json["level"]) == (201, "RENFORCEE"), operation.json
    assert boss.call("POST", f"/p/conformite/operations/{operation.json['id']}/validate", {}).status_code == 200
    listed = own.call("GET", f"/p/conformite/operations?contact={home.jeanne}").json["items"]
    assert [one["amount"] for one in listed] == ["1500.0000"]
    new = {"code": "UE", "dated_on": "2026-06-10", "source": "Règlement délégué", "text": "IR\nKP"}
    assert own.call("POST", "/p/conformite/country-lists", new).status_code == 403
    brought = boss.call("POST", "/p/conformite/country-lists", new)
    assert (brought.status_code, brought.json["countries"], brought.json["current"]) == (201, ["IR", "KP"], True)
    assert own.call("GET", f"/p/conformite/country-lists/{brought.json['id']}").json["label"].startswith("Pays tiers")
    numbers = own.call("GET", "/p/conformite/vigilance-map").json
    assert {one["view"]: one["clients"] for one in numbers["views"]} == {
        "RENFORCEE": 1, "A_VALIDER": 0, "EN_RETARD": 0, "JAMAIS": 2,
    }  # fmt: skip
    for asks, count in (("view=JAMAIS", 2), ("level=RENFORCEE&age=MOINS_6", 1), ("level=STANDARD&age=MOINS_6", 0)):
        assert len(own.call("GET", f"/p/conformite/vigilance-clients?{asks}").json["items"]) == count, asks
    assert own.call("GET", "/p/conformite/vigilance-clients?level=STANDARD").status_code == 400
    assert own.call("GET", f"{MAP}?contact={home.stranger}").status_code == 404
