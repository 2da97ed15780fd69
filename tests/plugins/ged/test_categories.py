"""The cabinet's own categories of documents: named, put in order, put away; documents are filed there (OU-03)."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.db.errors import Conflict
from core.db.errors import DomainError
from core.db.errors import Forbidden
from core.documents import categories
from core.documents import filing
from core.documents import finding
from core.documents import own_categories
from core.extensions import db
from plugins.ged import demo
from tests.conftest import People
from tests.conftest import person
from tests.core.rest.desk import Program
from tests.core.rest.desk import token_of
from tests.plugins.ged.conftest import Home
from tests.plugins.ged.conftest import filed
from tests.plugins.ged.conftest import paper
from tests.plugins.ged.test_pages import plain
from tests.plugins.ged.test_shelves import post


def test_what_is_filed_there_follows_its_name_and_stays_when_it_is_put_away(home: Home, people: People) -> None:
    """OU-03: chosen like the house's, found with those above it, renamed with its documents; put away, nothing new goes there."""
    with db.session(home.cabinet_id) as session:
        boss, by = person(session, people.administrator), person(session, home.adviser)
        with pytest.raises(Forbidden):
            own_categories.add(session, by, "IDENTITE", "Livret militaire")
        made = own_categories.add(session, boss, "IDENTITE", "Livret  militaire")
        assert own_categories.add(session, boss, "IDENTITE", "x", key=made) == made, "a second arrival makes nothing"
        for name, parent in (("livret MILITAIRE", "IDENTITE"), ("Passéport", "IDENTITE")):
            with pytest.raises(Conflict, match="nom"):
                own_categories.add(session, boss, parent, name)
        for name, parent in (("", "IDENTITE"), ("é" * 81, "IDENTITE"), ("Autre", "PASSEPORT"), ("Autre", "x")):
            with pytest.raises(DomainError):
                own_categories.add(session, boss, parent, name)
        other = own_categories.add(session, boss, "FISCAL", "Livret militaire")
    document = filed(home, paper("x"), category=made)
    with db.session(home.cabinet_id) as session:
        boss, by = person(session, people.administrator), person(session, home.adviser)
        for asked, met in (("IDENTITE", 1), (made, 1), ("FISCAL", 0), (other, 0)):
            assert finding.page(session, by, finding.Wanted(category=asked)).total == met, asked
        assert finding.page(session, by, finding.Wanted("identite")).total == 1, "found by the name of the house's above it"
        own_categories.change(session, boss, made, "PATRIMOINE", "Carnet")
        assert categories.tree(session).path(made) == "Patrimoine › Carnet"
        assert finding.page(session, by, finding.Wanted(category="PATRIMOINE")).total == 1
        assert own_categories.archive(session, boss, made)
        assert not own_categories.archive(session, boss, made)
        assert made not in categories.tree(session).options()
        assert made in categories.tree(session).options([made])
        with pytest.raises(DomainError, match="catégorie"):
            filing.add(session, by, ("contact", home.jeanne), filing.Facts("y", made), [paper("y")])
        filing.change(session, by, document, filing.Facts("Autre titre", made))
        assert own_categories.archive(session, boss, made, away=False)
        assert [(one.label, one.count) for one in own_categories.listed(session)] == [("Livret militaire", 0), ("Carnet", 1)]


def test_the_page(home: Home, administrator: FlaskClient, adviser: FlaskClient) -> None:
    """OU-03: added, renamed, ordered, archived with a way back, in Services; offered where documents are filed."""
    assert adviser.get("/p/ged/categories").status_code == 403
    assert "Votre cabinet n'a pas de catégorie à lui" in plain(administrator.get("/p/ged/categories"))
    assert "Catégories de documents" in plain(administrator.get("/services"))
    refused = post(administrator, "/p/ged/categories/nouvelle", {"label": "", "parent": "FISCAL"})
    assert refused.status_code == 422
    for name in ("Liasse", "Donation"):
        assert post(administrator, "/p/ged/categories/nouvelle", {"label": name, "parent": "FISCAL"}).status_code == 303
    taken = post(administrator, "/p/ged/categories/nouvelle", {"label": "LIASSE", "parent": "FISCAL"})
    assert "a déjà une sous-catégorie de ce nom" in plain(taken)
    page = administrator.get("/p/ged/categories").get_data(as_text=True)
    first, second = re.findall(r"categories/([0-9a-z]{26})/modifier", page)
    moved = {"order": [first, second], "move": f"{second}:up"}
    assert post(administrator, "/p/ged/categories/ordre?parent=FISCAL", moved, page="/p/ged/categories").status_code == 303
    page = administrator.get("/p/ged/categories").get_data(as_text=True)
    assert re.findall(r"categories/([0-9a-z]{26})/modifier", page) == [second, first]
    there = plain(adviser.get(f"/p/ged/contacts/{home.jeanne}/documents/ajouter"))
    assert there.index("Fiscal › Donation") < there.index("Fiscal › Liasse")
    renamed = post(administrator, f"/p/ged/categories/{first}/modifier", {"label": "Liasse fiscale", "parent": "FISCAL"})
    assert renamed.status_code == 303, plain(renamed)
    assert post(administrator, f"/p/ged/categories/{second}/archiver", {}, page="/p/ged/categories").status_code == 303
    assert "Donation" not in plain(adviser.get(f"/p/ged/contacts/{home.jeanne}/documents/ajouter"))
    assert "Catégories archivées 1" in plain(administrator.get("/p/ged/categories"))
    assert post(administrator, f"/p/ged/categories/{second}/desarchiver", {}, page="/p/ged/categories").status_code == 303
    assert "Fiscal › Liasse fiscale" in plain(adviser.get(f"/p/ged/contacts/{home.jeanne}/documents"))


def test_the_same_for_programs(app: Flask, home: Home, people: People) -> None:
    """OU-03: listed with the house's, made, renamed, put away by a token; documents are filed there by its code."""
    boss = Program(app, token_of(home.cabinet_id, people.administrator))
    made = boss.post("/p/ged/categories", {"label": "Liasse", "parent": "FISCAL"}, 201)
    path = f"/p/ged/categories/{made['code']}"
    assert (made["own"], made["parent"]) == (True, "FISCAL")
    other = boss.post("/p/ged/categories", {"label": "Donation", "parent": "FISCAL"}, 201)["code"]
    assert boss.call("POST", "/p/ged/categories/order", {"codes": [other, made["code"]]}).status_code == 200
    every = [one["code"] for one in boss.every("/p/ged/categories", 7)]
    assert [one for one in every if one in (other, made["code"])] == [other, made["code"]]
    assert every.index("IFU") < every.index(other) < every.index("PATRIMOINE")
    assert boss.call("PATCH", path, {"label": "Liasse fiscale"}).get_json()["label"] == "Liasse fiscale"
    assert boss.call("PATCH", path, {"label": "Donation"}).status_code == 409
    theirs = Program(app, token_of(home.cabinet_id, home.adviser))
    body = {"file": (demo.page(("Liasse",)), "l.pdf"), "owner_kind": "contact", "owner": home.jeanne, "category": made["code"]}
    assert theirs.post("/p/ged/documents", body, 201)["category"] == made["code"]
    assert len(theirs.get("/p/ged/documents?category=FISCAL")["items"]) == 1
    assert theirs.call("POST", "/p/ged/documents", {**body, "category": "RIEN"}).status_code in (400, 422)
    assert theirs.call("POST", f"{path}/archive").status_code == 403
    assert boss.post(f"{path}/archive")["archived"]
    assert not boss.post(f"{path}/restore")["archived"]
