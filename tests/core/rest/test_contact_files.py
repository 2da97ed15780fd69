"""A contact's whole file, and what a cabinet defines for its contacts, by the API (CT-03, DO-01, PL-09)."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.conftest import People
from tests.core.rest.desk import PERSON
from tests.core.rest.desk import Program
from tests.core.rest.desk import token_of


@pytest.fixture
def boss(app: Flask, people: People) -> Program:
    return Program(app, token_of(people.cabinet_id, people.administrator))


@pytest.fixture
def marc(app: Flask, people: People) -> Program:
    return Program(app, token_of(people.cabinet_id, people.adviser))


def test_the_file_as_its_page_has_it(boss: Program, marc: Program, people: People) -> None:
    """CT-03, DO-01: what the cabinet defined is taken and shown with the rest; each change is in the history."""
    field = boss.post("/contact-fields", {"label": "Honoraires annuels", "kind": "AMOUNT", "subject": "PERSONS"}, 201)
    listed = boss.post("/contact-fields", {"label": "Loisirs", "kind": "CHOICES", "options": ["Voile", "Golf"]}, 201)
    assert (field["code"], [one["code"] for one in listed["options"]]) == ("honoraires_annuels", ["voile", "golf"])
    category = boss.post("/contact-categories", {"name": "Particuliers", "is_default": True}, 201)
    under = boss.post("/contact-categories", {"name": "Retraités", "parent_id": category["id"]}, 201)
    label = boss.post("/contact-labels", {"name": "VIP", "color": "info"}, 201)
    body = {**PERSON, "labels": [label["id"]], "custom": {"honoraires_annuels": "1200.50"}, "more_nationalities": ["BE", "CH"]}
    made = marc.post("/contacts", body, 201)
    assert (made["category"], [one["name"] for one in made["labels"]]) == ("Particuliers", ["VIP"])
    assert made["custom"] == {"honoraires_annuels": "1200.50", "loisirs": None}
    assert made["more_nationalities"] == ["BE", "CH"]
    path = f"/contacts/{made['id']}"
    sent = {
        "category_id": under["id"], "labels": [], "custom": {"loisirs": ["golf"]}, "secondaries": [people.other],
        "prescriber_profession": "NOTAIRE", "stage": "CLIENT", "client_since": "2019-04-03",
    }  # fmt: skip
    answer = marc.call("PATCH", path, sent, If_Match=marc.call("GET", path).headers["ETag"])
    assert answer.status_code == 200, answer.get_data(as_text=True)
    now = marc.get(path)
    assert (now["category"], now["labels"]) == ("Particuliers › Retraités", [])
    assert now["custom"] == {"honoraires_annuels": "1200.50", "loisirs": ["golf"]}
    assert (now["prescriber"], now["client_since"]) == (True, "2019-04-03")
    assert {one["role"] for one in now["followers"]} == {"PRINCIPAL", "SECONDAIRE"}
    assert 0 < now["completeness"]["percent"] < 100
    assert {"tax_id", "situation"} <= {one["key"] for one in now["completeness"]["missing"]}
    told = {line["field"] for change in marc.get(f"{path}/history")["items"] for line in change["lines"]}
    assert {"category", "labels", "custom-loisirs", "followers", "client_since"} <= told


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"custom": {"inconnu": "x"}}, "custom-inconnu"), ({"custom": {"bilan": "2026-02-31"}}, "custom-bilan"),
        ({"custom": "texte"}, "custom"), ({"labels": ["inconnue"]}, "labels"), ({"category_id": "inconnue"}, "category"),
        ({"secondaries": ["inconnu"]}, "secondaries"), ({"more_nationalities": ["ZZ"]}, "more_nationalities.0"),
        ({"birth_date": "1850-01-01"}, "birth_date"),
    ],
)  # fmt: skip
def test_what_a_file_does_not_take(boss: Program, marc: Program, sent: dict[str, object], field: str) -> None:
    """DO-01, bad input: 422 that names the field, and nothing of the rest is kept."""
    boss.post("/contact-fields", {"label": "Bilan", "kind": "DATE"}, 201)
    path = f"/contacts/{marc.post('/contacts', PERSON, 201)['id']}"
    etag = marc.call("GET", path).headers["ETag"]
    answer = marc.call("PATCH", path, {"employer": "Filature", **sent}, If_Match=etag)
    assert answer.status_code == 422
    assert field in answer.get_data(as_text=True)
    assert marc.get(path)["employer"] is None


def test_archive_numbers_and_several_at_once(boss: Program, marc: Program) -> None:
    """DO-01, CT-03: put away and taken back; client numbers; category and labels of several, all or none."""
    ids = [marc.post("/contacts", {**PERSON, "first_names": name}, 201)["id"] for name in ("Léa", "Zoé")]
    path = f"/contacts/{ids[0]}"
    assert marc.post(f"{path}/archive", {"reason": "Sans suite"})["archived_reason"] == "Sans suite"
    assert marc.post(f"{path}/restore")["archived_at"] is None
    number = marc.post(f"{path}/numbers", {"company": "AXA", "number": "G-12"}, 201)
    assert marc.get(f"{path}/numbers")["items"] == [number]
    assert marc.call("POST", f"/contacts/{ids[1]}/numbers", {"company": "axa", "number": "g12"}).status_code == 409
    etag = marc.call("GET", f"{path}/numbers/{number['id']}").headers["ETag"]
    assert marc.call("DELETE", f"{path}/numbers/{number['id']}", If_Match=etag).status_code == 204
    category = boss.post("/contact-categories", {"name": "Une"}, 201)["id"]
    label = boss.post("/contact-labels", {"name": "Étiquette"}, 201)["id"]
    assert marc.post("/contacts/categorise", {"ids": ids, "category_id": category}) == {"changed": 2}
    assert marc.post("/contacts/label", {"ids": ids, "add": [label]}) == {"changed": 2}
    assert marc.call("POST", "/contacts/label", {"ids": [*ids, "inconnu"], "remove": [label]}).status_code == 404
    assert [one["name"] for one in marc.get(path)["labels"]] == ["Étiquette"]
    other = boss.post("/contact-labels", {"name": "Autre"}, 201)["id"]
    assert boss.post(f"/contact-labels/{label}/merge", {"into": other}) == {"changed": 2}
    assert [one["name"] for one in marc.get(path)["labels"]] == ["Autre"]
    assert boss.get(f"/contact-labels/{label}")["archived"] is True
    assert marc.call("POST", "/contact-labels", {"name": "À moi"}).status_code == 403


def test_a_death_is_said_with_what_follows(marc: Program) -> None:
    """DO-01: the same words as on the pages."""
    made = marc.post("/contacts", {**PERSON, "civility": "MME", "death_date": "2024-01-02"}, 201)
    assert made["life"] == {"deceased": True, "mark": "Décédée le 02/01/2024", "solicited": False, "celebrated": False}
