"""Arbitrages proposed in batch, and the worklist that is gone through act by act (PF-09, CO-03)."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from core.extensions import db
from core.links import orders
from core.supports import ranges
from core.supports import services as supports
from core.transactions import typed
from core.transactions.models import Transaction
from plugins.outils.portfolios import drafting
from plugins.outils.portfolios import followers
from plugins.outils.portfolios import runs
from tests.conftest import People
from tests.conftest import person
from tests.conftest import sign_in
from tests.core.rest.desk import Program
from tests.core.rest.desk import token_of
from tests.plugins.outils.conftest import Followers
from tests.plugins.outils.conftest import client as holder
from tests.plugins.outils.conftest import contract
from tests.plugins.outils.conftest import line
from tests.plugins.outils.reading import plain
from tests.plugins.outils.reading import shown

BASE = "/p/outils/arbitrages"
D = Decimal


@pytest.fixture(autouse=True)
def _no_token(app: Flask) -> None:
    """What stops a form without its token is tried elsewhere."""
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture
def several(people: People, world: Followers) -> dict[str, str]:
    """What each account that is left out stands for, beside one that is proposed: all of them 90/10, all followed."""
    with db.session(people.cabinet_id) as session:
        insurer = supports.company_for(session, "autre")
        product = supports.product_for(session, insurer, "Horizon restreint", envelope="ASSURANCE_VIE")
        ranges.save(session, "cli", ranges.Terms("Restreinte", "autre", "Horizon restreint"), "FR0010135103")
        mine = holder(session, "Petit", people.adviser)
        lines = line(world.shares, 9000), line(world.bonds, 1000)
        made = {
            name: contract(session, insurer, mine, f"AV-{name}", *lines, **more)
            for name, more in (
                ("pledged", {"pledged": True}), ("mandate", {"management_mode": "SOUS_MANDAT"}),
                ("narrow", {"product_id": product}), ("ended", {"state": "CLOTURE"}),
            )
        }  # fmt: skip
        made |= {"far": world.far, "near": world.near, "bare": world.bare}
        followers.follow(session, person(session, people.adviser), world.model, list(made.values()))
    return made


def lines_of(people: People, run_id: str) -> dict[str, runs.Line]:
    with db.session(people.cabinet_id, write=False) as session:
        return {one.account.number: one for one in runs.lines(session, person(session, people.adviser), run_id)}


def test_a_run_proposes_leaves_out_and_is_gone_through(
    app: Flask, adviser: FlaskClient, people: People, strangers: People, world: Followers, several: dict[str, str]
) -> None:
    """PF-09: orders to the cent with fees, the left out with why; prepared once, done, passed with a reason, next; exported."""
    form = shown(adviser, f"{BASE}/nouveau?suit={world.model}")
    assert "7 comptes" in form
    asked = {"suit": world.model, "confirme": "1", "minimum": "abc"}
    for wrong in ("abc", "-1", "1e400", "2000000", ""):
        answer = adviser.post(f"{BASE}/nouveau", data={**asked, "minimum": wrong})
        assert answer.status_code == 422, wrong
    assert adviser.post(f"{BASE}/nouveau", data={"ids": [world.theirs], "confirme": "1", "minimum": "1"}).status_code == 404
    once = "0" * 25 + "7"
    answer = adviser.post(f"{BASE}/nouveau", data={**asked, "minimum": "100,00", "once": once})
    assert answer.status_code == 303
    again = adviser.post(f"{BASE}/nouveau", data={**asked, "minimum": "100,00", "once": once})
    assert again.headers["Location"] == answer.headers["Location"]  # a double click
    where = answer.headers["Location"]
    page = shown(adviser, where)
    for said in (
        "Ce contrat est nanti", "sous mandat", "Hors de la gamme du produit Horizon restreint : Fonds obligations", "clôturé",
        "dans leurs bandes", "Aucune ligne de ce compte", "1 000,00 €", "5,00 €",
    ):  # fmt: skip
        assert said in page, said
    told = lines_of(people, where.rpartition("/")[2])
    assert {number for number, one in told.items() if one.state == "todo"} == {"AV-70"}
    one = f"{where}/{told['AV-70'].id}"
    act = shown(adviser, one)
    assert ("Préparer l'arbitrage" in act, "Demandé" in act) == (True, True)
    with db.session(people.cabinet_id, write=False) as session:
        ticket = drafting.ticket(session, person(session, people.adviser), told["AV-70"])
    along = orders.read(ticket or "", people.adviser, told["AV-70"].account.id)  # what goes along where a partner feeds it
    assert along is not None
    assert sorted((one["side"], one["value"]) for one in along.instructions) == [("in", "1000.00"), ("out", "1000.00")]
    for _turn in range(2):
        assert adviser.post(f"{one}/preparer").status_code == 303
    with db.session(people.cabinet_id) as session:
        (made,) = session.scalars(select(Transaction.id))
        found = typed.get(session, person(session, people.adviser), made)
        assert sorted((leg.side, leg.value) for leg in found.given.legs) == [("in", D(1000)), ("out", D(1000))]
        typed.execute(session, person(session, people.adviser), made)
    act = shown(adviser, one)
    for said in ("Exécutée", "Préparé", "Ouvrir l'acte préparé"):
        assert said in act, said
    assert adviser.post(f"{one}/etat", data={"etat": "skipped"}).status_code == 422
    for bad in ("a\x00b", "x" * 10_000):
        kept = adviser.post(f"{one}/etat", data={"etat": "skipped", "pourquoi": bad})
        assert kept.status_code == 422
    assert adviser.post(f"{one}/etat", data={"etat": "jamais"}).status_code == 422
    assert adviser.post(f"{one}/etat", data={"etat": "skipped", "pourquoi": "Le client attend"}).status_code == 303
    assert "Le client attend" in shown(adviser, where)
    assert adviser.post(f"{one}/etat", data={"etat": "todo"}).headers["Location"] == one
    ended = adviser.post(f"{one}/etat", data={"etat": "done"}, follow_redirects=True)
    assert "plus aucun arbitrage de ce lot n'attend" in plain(ended.get_data(as_text=True))
    assert adviser.post(f"{where}/{told['AV-58'].id}/etat", data={"etat": "done"}).status_code == 409
    with adviser.post(f"{where}/liste/export", data={"format": "xlsx"}) as answer:
        rows = CalamineWorkbook.from_filelike(BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert len(rows) == 1 + 2 + 6  # the head, a line an order, one for each that was left out
    assert "Lot du" in shown(adviser, BASE)
    stranger = app.test_client()
    sign_in(stranger, "administrateur@second.example")
    for path in (where, one):
        shown(stranger, path, 404)
    assert stranger.post(f"{one}/preparer").status_code == 404
    assert stranger.post(f"{one}/etat", data={"etat": "done"}).status_code == 404


def test_programs_propose_too(app: Flask, people: People, world: Followers, several: dict[str, str]) -> None:
    """PF-09, PL-09."""
    program = Program(app, token_of(people.cabinet_id, people.adviser))
    answer = program.call("POST", "/p/outils/runs", {"accounts": [several["far"], several["near"]], "minimum": "50.00"})
    assert answer.status_code == 201, answer.get_data(as_text=True)
    path = f"/p/outils/runs/{answer.get_json()['id']}"
    items = program.call("GET", f"{path}/proposals").get_json()["items"]
    (one,) = [item for item in items if item["state"] == "todo"]
    assert sum(D(x["amount"]) * (1 if x["side"] == "in" else -1) for x in one["orders"]) == 0
    assert D(one["fee"]) == D("5.00")
    line_path = f"{path}/proposals/{one['id']}"
    assert program.call("POST", f"{line_path}/prepare").get_json()["transaction_id"]
    assert program.call("POST", f"{line_path}/state", {"state": "skipped"}).status_code == 422
    assert program.call("POST", f"{line_path}/state", {"state": "done"}).get_json()["state"] == "done"
    assert program.call("GET", line_path).get_json()["state"] == "done"
    assert {x["state"]: x["count"] for x in program.call("GET", path).get_json()["counts"]} == {"done": 1, "excluded": 1}
    assert len(program.call("GET", "/p/outils/runs").get_json()["items"]) == 1
    assert program.call("POST", "/p/outils/runs", {"accounts": [world.theirs], "minimum": "50.00"}).status_code == 404
