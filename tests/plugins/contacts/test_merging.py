"""«Doublons», «Fusionner», «Défaire la fusion», as pages and as operations of the API (CT-02)."""

from __future__ import annotations

import re

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core.contacts import services as contacts
from core.contacts.merge_models import ContactMerge
from core.contacts.models import Contact
from core.contacts.schemas import NewContact
from core.extensions import db
from tests.conftest import People
from tests.conftest import csrf
from tests.core.rest.desk import Program
from tests.core.rest.desk import slug
from tests.core.rest.desk import token_of

PERSON = NewContact("PERSONNE_PHYSIQUE", "CLIENT", birth_name="Lefèvre", first_names="Anne", profession="Avocate")


def two(people: People) -> tuple[str, str]:
    """The same person twice, both followed by the adviser."""
    with db.session(people.cabinet_id) as session:
        first = contacts.create(session, "cli", PERSON, principal=people.adviser)
        known = {"birth_name": "Lefevre", "first_names": "Anne", "profession": "Notaire", "email": "a@exemple.fr"}
        return first, contacts.create(session, "cli", NewContact("PERSONNE_PHYSIQUE", **known), principal=people.adviser)


def form(client: FlaskClient, kept: str, merged: str) -> dict[str, str]:
    """What the page of the comparison would send, nothing chosen."""
    page = client.get(f"/p/contacts/fusion?garder={kept}&fusionner={merged}").get_data(as_text=True)
    found = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    assert {"once", "seen", "garder", "fusionner"} <= set(found)
    return {**found, "csrf_token": csrf(client, "/p/contacts/doublons")}


def test_from_the_list_of_duplicates_to_one_file_and_back(adviser: FlaskClient, people: People) -> None:
    """CT-02: found, compared, refused without a choice and nothing lost, merged once however often it is sent, undone."""
    first, second = two(people)
    page = adviser.get("/p/contacts/doublons").get_data(as_text=True)
    assert "même nom, aux accents ou à la casse près" in page
    assert f"garder={first}&amp;fusionner={second}" in page
    sent = form(adviser, first, second)
    refused = adviser.post("/p/contacts/fusion", data={**sent, "f-birth_name": "kept"})
    text = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert 'href="#f-profession"' in text
    assert re.search(r'name="f-birth_name" value="kept" checked', text)
    whole = {**sent, "f-birth_name": "kept", "f-profession": "merged"}
    for _ in range(2):  # a double click
        done = adviser.post("/p/contacts/fusion", data=whole)
        assert (done.status_code, done.location) == (303, f"/p/contacts/{first}")
    with db.session(people.cabinet_id, write=False) as session:
        assert [row.id for row in session.scalars(select(ContactMerge))] == [sent["once"]]
    moved = adviser.get(f"/p/contacts/{second}/coordonnees?rang=1")
    assert (moved.status_code, moved.location) == (302, f"/p/contacts/{first}/coordonnees?rang=1")
    again = adviser.get(f"/p/contacts/fusion?garder={second}&fusionner={first}")
    assert (again.status_code, again.location) == (302, f"/p/contacts/{first}")
    file = adviser.get(f"/p/contacts/{first}").get_data(as_text=True)
    assert "Notaire" in file
    undo = re.search(r'href="(/p/contacts/fusions/\w+)"', file)
    assert undo is not None
    assert "Avocate" in adviser.get(undo[1]).get_data(as_text=True)
    back = adviser.post(undo[1], data={"csrf_token": sent["csrf_token"]})
    assert (back.status_code, back.location) == (303, f"/p/contacts/{second}")
    assert adviser.get(f"/p/contacts/{second}").status_code == 200
    assert "Avocate" in adviser.get(f"/p/contacts/{first}").get_data(as_text=True)


def test_what_is_no_duplicate_stays_away(adviser: FlaskClient, people: People) -> None:
    """CT-02: «Pas des doublons» is remembered, and taken back by «Annuler»."""
    first, second = two(people)
    sent = {"csrf_token": csrf(adviser, "/p/contacts/doublons"), "first": first, "second": second}
    assert adviser.post("/p/contacts/doublons/distincts", data=sent).status_code == 303
    page = adviser.get("/p/contacts/doublons").get_data(as_text=True)
    assert "Aucun doublon" in page
    token = page.split('name="undo" value="')[1].split('"')[0]
    adviser.post("/annuler", data={"csrf_token": sent["csrf_token"], "undo": token, "next": "/p/contacts/doublons"})
    assert first in adviser.get("/p/contacts/doublons").get_data(as_text=True)


def test_a_page_says_what_stands_in_the_way(adviser: FlaskClient, people: People) -> None:
    """CT-02: a file that changed meanwhile is shown anew with the choices; an undo that cannot be says why."""
    first, second = two(people)
    sent = {**form(adviser, first, second), "f-birth_name": "kept", "f-profession": "merged"}
    with db.session(people.cabinet_id) as session:
        contacts.update(session, "cli", second, {"employer": "Étude du Port"})
    stale = adviser.post("/p/contacts/fusion", data=sent)
    assert stale.status_code == 409
    assert "a changé depuis" in stale.get_data(as_text=True)
    sent |= form(adviser, first, second)
    done = adviser.post("/p/contacts/fusion", data=sent)
    assert done.status_code == 303
    with db.session(people.cabinet_id) as session:
        contacts.update(session, "cli", first, {"profession": "Juge"})
        merge = session.scalars(select(ContactMerge.id)).one()
    refused = adviser.post(f"/p/contacts/fusions/{merge}", data={"csrf_token": sent["csrf_token"]})
    assert refused.status_code == 409
    assert "Juge" in refused.get_data(as_text=True)


def test_two_files_of_different_kinds_are_refused_in_words(adviser: FlaskClient, people: People) -> None:
    """CT-02: a person and a company never become one; two boxes exactly are ticked in the list."""
    first, _second = two(people)
    with db.session(people.cabinet_id) as session:
        firm = contacts.create(session, "cli", NewContact("PERSONNE_MORALE", company_name="Horizon"), principal=people.adviser)
    answer = adviser.get(f"/p/contacts/fusion?garder={first}&fusionner={firm}")
    assert answer.status_code == 422
    assert "ne se fusionnent pas" in answer.get_data(as_text=True)
    sent = {"csrf_token": csrf(adviser, "/p/contacts/doublons"), "ids": [first]}
    assert adviser.post("/p/contacts/fusion/choix", data=sent).location == "/p/contacts/"
    sent["ids"] = [first, firm]
    assert adviser.post("/p/contacts/fusion/choix", data=sent).location == f"/p/contacts/fusion?garder={first}&fusionner={firm}"
    assert "Lefevre" in adviser.get(f"/p/contacts/{first}/fusionner?q=lefevre").get_data(as_text=True)


def test_a_program_merges_and_is_led_on(app: Flask, people: People) -> None:
    """CT-02, API: duplicates, comparison, 422 with each open field, the merge, 410 with where it went, the way back."""
    first, second = two(people)
    api = Program(app, token_of(people.cabinet_id, people.adviser))
    found = api.get("/contacts/duplicates")
    assert [(one["first"]["id"], one["second"]["id"]) for one in found["items"]] == [(first, second)]
    compared = api.post(f"/contacts/{first}/merge/preview", {"merged": second})
    states = {one["field"]: one["state"] for one in compared["items"]}
    assert (states["email"], states["profession"]) == ("completed", "conflict")
    refused = api.post(f"/contacts/{first}/merge", {"merged": second}, 422)
    assert {one["field"] for one in refused["errors"]} == {"birth_name", "profession"}
    done = api.post(f"/contacts/{first}/merge", {"merged": second, "keep": ["birth_name"], "take": ["profession"]})
    assert (done["contact_id"], done["already"]) == (first, False)
    assert api.post(f"/contacts/{second}/merge", {"merged": first})["already"] is True
    gone = api.call("GET", f"/contacts/{second}/channels")
    assert slug(gone) == "merged"
    told = gone.get_json(force=True)
    assert (gone.status_code, told["merged_into"], told["location"]) == (410, first, f"/api/v1/contacts/{first}/channels")
    (past,) = api.get(f"/contacts/{first}/merges")["items"]
    assert past["merged_id"] == second
    api.post(f"/contacts/merges/{past['id']}/undo")
    assert api.get(f"/contacts/{second}")["profession"] == "Notaire"
    api.post("/contacts/duplicates/apart", {"first": first, "second": second})
    assert api.get("/contacts/duplicates")["total"] == 0


def test_who_follows_neither_is_told_nothing(app: Flask, people: People, adviser: FlaskClient) -> None:
    """CT-02, US-01: an old address of a file that one may not see is no address at all."""
    with db.session(people.cabinet_id) as session:
        first = contacts.create(session, "cli", PERSON, principal=people.other)
        row = session.scalars(select(Contact).where(Contact.id == first)).one()
        session.add(
            ContactMerge(kept_id=row.id, merged_id="0" * 26, merged_name="x", file_code="D-9", record={}, merged_by="cli")
        )
    assert adviser.get(f"/p/contacts/{'0' * 26}").status_code == 404
