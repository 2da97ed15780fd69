"""Espace documents and the templates, on screen and for programs (CO-01)."""

from __future__ import annotations

import io
import json
import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select
from werkzeug.test import TestResponse

from core.api import pdf
from core.api import queries
from core.db.clock import today
from core.documents import services as documents
from core.documents.models import Document
from core.extensions import db
from core.hooks.hub import Hub
from plugins.conformite import profile_writes
from plugins.conformite.demo import BALANCED
from plugins.conformite.demo import SOME
from plugins.conformite.demo import answers
from plugins.conformite.papers import making
from plugins.conformite.papers.facts import digest
from plugins.conformite.papers.models import Paper
from tests.conftest import People
from tests.conftest import person
from tests.core.rest.desk import Program
from tests.core.rest.desk import token_of
from tests.plugins.conformite.conftest import Home
from tests.plugins.conformite.conftest import plain
from tests.plugins.conformite.test_paper_making import ADVICE
from tests.plugins.conformite.test_situation import fields

LETTER = {"objectifs": "Transmettre à mes enfants", "prestations": "Bilan", "honoraires": "1 200 €"}


def at(contact: str, rest: str = "") -> str:
    return f"/p/conformite/contacts/{contact}/documents{rest}"


def post(client: FlaskClient, path: str, values: dict[str, object]) -> TestResponse:
    page = client.get(path).get_data(as_text=True)
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    kept = {name: unescape(text) for name, text in hidden.items() if name in ("csrf_token", "once")}
    return client.post(path, data={**kept, **values}, content_type="multipart/form-data")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """PDFs that are none: what is drawn is another test's affair."""
    monkeypatch.setattr(making, "drawn", lambda what, head: b"%PDF-1.7 " + what.facts.snapshot(what.template))


def test_a_document_is_produced_as_it_was_announced(adviser: FlaskClient, home: Home) -> None:
    """CO-01: the form says what lacks and what should come before; the PDF says the client's words, «à compléter» for what is not
    known, and holds the facts whose hash is kept; the page leads to the signature."""
    page = plain(adviser.get(at(home.jeanne)))
    assert page.count("À préparer") == 5
    assert "À faire signer avant : Document d'entrée en relation." in page
    page = plain(adviser.get(at(home.jeanne, "/LETTRE_MISSION")))
    assert "La loi veut que le client ait d'abord signé : Document d'entrée en relation." in page
    assert "Adresse du cabinet" in page
    refused = post(adviser, at(home.jeanne, "/LETTRE_MISSION"), {**LETTER, "objectifs": " "})
    assert refused.status_code == 422
    assert "Écrivez ce que le client attend." in plain(refused)
    assert "1 200 €" in refused.get_data(as_text=True), "what was typed is there"
    made = post(adviser, at(home.jeanne, "/LETTRE_MISSION"), LETTER)
    assert made.status_code == 303
    with db.session(home.cabinet_id, write=False) as session:
        row = session.scalars(select(Paper)).one()
        document = session.scalars(select(Document).where(Document.id == row.document_id)).one()
        data = documents.read(session, document)
    assert row.document_id in made.headers["Location"]
    reader = PdfReader(io.BytesIO(data))
    text = re.sub(r"\s+", " ", " ".join(one.extract_text() for one in reader.pages))
    assert "Transmettre à mes enfants" in text
    assert "[à compléter]" in text
    inside = reader.attachments["donnees.json"][0]
    assert digest(inside) == row.facts_sha256
    assert json.loads(inside)["facts"]["objectifs"] == LETTER["objectifs"]
    page = adviser.get(at(home.jeanne)).get_data(as_text=True)
    assert f"/documents/{row.document_id}/signature" in page
    again = adviser.get(at(home.jeanne, "/LETTRE_MISSION")).get_data(as_text=True)
    assert "Transmettre à mes enfants" in again, "its texts are offered again"


def test_a_profile_is_asked_for_where_the_document_prints_it(adviser: FlaskClient, home: Home, quick: None) -> None:
    """CO-01: without one, the page leads to it and a post is refused; with one, the declaration needs each of its texts."""
    page = plain(adviser.get(at(home.jeanne, "/ADEQUATION")))
    assert "Aucun profil investisseur" in page
    refused = adviser.post(at(home.jeanne, "/ADEQUATION"), data={"csrf_token": token(adviser, home), **ADVICE})
    assert refused.status_code == 422
    with db.session(home.cabinet_id) as session:
        by = person(session, home.adviser)
        profile_writes.establish(session, by, home.jeanne, answers(BALANCED, SOME), months=12)
    refused = post(adviser, at(home.jeanne, "/ADEQUATION"), {**ADVICE, "suivi": ""})
    assert "Dites si l'adéquation sera réévaluée." in plain(refused)
    assert post(adviser, at(home.jeanne, "/ADEQUATION"), ADVICE).status_code == 303
    assert post(adviser, at(home.jeanne, "/PROFIL"), {}).status_code == 303
    assert post(adviser, at(home.jeanne, "/RECUEIL"), {"observations": ""}).status_code == 303


def token(client: FlaskClient, home: Home) -> str:
    page = client.get(at(home.jeanne, "/LETTRE_MISSION")).get_data(as_text=True)
    return re.search(r'name="csrf_token" value="([^"]+)"', page)[1]  # type: ignore[index]


def test_a_late_pdf_keeps_nothing(adviser: FlaskClient, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """CO-01: nothing is half-written; what was typed is still there."""

    def late(*_given: object) -> bytes:
        raise pdf.PdfError("too long", late=True)

    monkeypatch.setattr(making, "drawn", late)
    answer = post(adviser, at(home.jeanne, "/LETTRE_MISSION"), LETTER)
    assert answer.status_code == 503
    assert "Transmettre à mes enfants" in answer.get_data(as_text=True)
    with db.session(home.cabinet_id, write=False) as session:
        assert session.scalars(select(Paper)).all() == []


def test_one_that_was_signed_by_hand(adviser: FlaskClient, home: Home) -> None:
    """CO-01: its scan and day; a bad day, no file, a file of another kind are said; then it is «Signé»."""
    path = at(home.jeanne, "/DER/signe")
    scan = (io.BytesIO(b"%PDF-1.7 der"), "der.pdf")
    assert "Joignez le document signé." in plain(post(adviser, path, {"on": f"{today():%d/%m/%Y}"}))
    bad = post(adviser, path, {"on": "32/01/2026", "file": (io.BytesIO(b"MZ\x90 rien"), "der.exe")})
    assert bad.status_code == 422
    assert post(adviser, path, {"on": f"{today():%d/%m/%Y}", "file": scan}).status_code == 303
    page = plain(adviser.get(at(home.jeanne)))
    assert "Signé signé le" in page
    assert "sans échéance" in page
    assert "Durand Alix" in plain(adviser.get(at(home.household)))


def test_who_may_not(adviser: FlaskClient, home: Home) -> None:
    """CO-01: another's client is nowhere, a household has no document of its own, an unknown kind does not exist."""
    for path, code in (
        (at(home.stranger), 404), (at(home.stranger, "/DER"), 404), (at(home.household, "/DER"), 403),
        (at(home.jeanne, "/AUTRE"), 404), (at(home.jeanne, "/AUTRE/signe"), 404), ("/p/conformite/modeles/AUTRE", 404),
        ("/p/conformite/modeles/DER?version=C9", 404),
        ("/p/conformite/modeles/DER/nouveau", 403),
    ):  # fmt: skip
        assert adviser.get(path).status_code == code, path


def test_the_cabinet_s_own_template(administrator: FlaskClient, home: Home, quick: None) -> None:
    """CO-01: an unknown field is refused with its line and nothing typed is lost; a version is in force, the former readable;
    what was produced before keeps its own."""
    path = "/p/conformite/modeles/DER/nouveau"
    assert post(administrator, at(home.jeanne, "/DER"), {}).status_code == 303
    text = "## Le cabinet\n{cabinet_nom} se présente à {client_inconnu}.\n\n{tableau_signatures}\n" + "x" * 40
    refused = post(administrator, path, {"title": "Notre DER", "text": text})
    assert refused.status_code == 422
    said = plain(refused)
    assert "Ligne 2 : « {client_inconnu} » n'est pas un champ de ce document." in said
    assert "{client_inconnu}" in refused.get_data(as_text=True)
    made = post(administrator, path, {"title": "Notre DER", "text": text.replace("inconnu", "nom"), "why": "Nom du médiateur"})
    assert made.status_code == 303
    page = plain(administrator.get("/p/conformite/modeles/DER"))
    assert "modèle du cabinet, version 1" in page
    assert "Nom du médiateur" in page
    assert "Une autre version est en vigueur" in plain(administrator.get("/p/conformite/modeles/DER?version=E1"))
    assert "modèle du cabinet, version 1" in plain(administrator.get("/p/conformite/modeles"))
    assert post(administrator, at(home.jeanne, "/DER"), {}).status_code == 303
    with db.session(home.cabinet_id, write=False) as session:
        assert [row.template for row in session.scalars(select(Paper).order_by(Paper.id))] == ["E1", "C1"]


def test_a_preview(adviser: FlaskClient, home: Home) -> None:
    """CO-01: a PDF with a fictitious client, nobody's data."""
    answer = adviser.get("/p/conformite/modeles/PROFIL/apercu")
    assert answer.mimetype == "application/pdf"
    text = " ".join(one.extract_text() for one in PdfReader(io.BytesIO(answer.data)).pages)
    assert "Camille Exemple" in text
    assert "à compléter" not in text


def test_programs_do_as_much(app: Flask, home: Home, people: People, quick: None) -> None:
    """PL-09, CO-01: prepared, produced, filed, listed; templates read, written by an administrator; faults name fields."""
    program = Program(app, token_of(home.cabinet_id, home.adviser))
    base = f"/p/conformite/contacts/{home.jeanne}/papers"
    told = program.get(f"{base}/LETTRE_MISSION")
    assert (told["state"], told["before"]) == ("A_PREPARER", "Document d'entrée en relation")
    assert [one["key"] for one in told["asks"] if one["needed"]] == list(LETTER)
    assert program.get(f"{base}/ADEQUATION")["profile_missing"] is True
    texts = [{"key": key, "text": text} for key, text in LETTER.items()]
    lacking = program.post(base, {"kind": "LETTRE_MISSION", "texts": texts[1:]}, status=422)
    assert lacking["errors"][0]["field"] == "objectifs"
    made = program.post(base, {"kind": "LETTRE_MISSION", "texts": texts}, status=201)
    assert (made["state"], made["last"]["template"], made["last"]["signature_id"]) == ("PRET", "E1", None)
    assert program.post(base, {"kind": "ADEQUATION", "texts": []}, status=422)
    filed = program.post(
        f"{base}/filed", {"kind": "DER", "on": today().isoformat(), "file": (b"%PDF-1.7 der", "der.pdf")}, status=201
    )  # fmt: skip
    assert (filed["state"], filed["valid"]["signed_on"]) == ("SIGNE", today().isoformat())
    listed = {one["kind"]: one["state"] for one in program.get(base)["items"]}
    assert listed == {
        "DER": "SIGNE", "LETTRE_MISSION": "PRET", "RECUEIL": "A_PREPARER", "PROFIL": "A_PREPARER", "ADEQUATION": "A_PREPARER",
    }  # fmt: skip
    assert program.call("GET", f"/p/conformite/contacts/{home.stranger}/papers").status_code == 404
    new = {"kind": "DER", "title": "Le nôtre", "text": "{cabinet_nom} " * 5}
    program.post("/p/conformite/templates", new, status=403)
    boss = Program(app, token_of(home.cabinet_id, people.administrator))
    assert boss.post("/p/conformite/templates", new, status=201)["version"] == "C1"
    assert boss.post("/p/conformite/templates", {**new, "text": "{rien} " * 9}, status=422)["errors"][0]["field"] == "text"
    assert [one["in_force"] for one in program.get("/p/conformite/templates?kind=DER")["items"]] == [True, False]
    assert program.get("/p/conformite/templates/DER/E1")["sources"]
    answer = program.call("GET", "/p/conformite/templates/DER/C1/preview")
    assert (answer.status_code, answer.data[:5]) == (200, b"%PDF-")


def test_requests_know_each_document(hub: Hub, adviser: FlaskClient, home: Home) -> None:
    """RQ-01, CO-01: who has a signed DER, who has none, as a request asks."""
    scan = (io.BytesIO(b"%PDF-1.7 der"), "der.pdf")
    post(adviser, at(home.jeanne, "/DER/signe"), {"on": f"{today():%d/%m/%Y}", "file": scan})
    with db.session(home.cabinet_id, write=False) as session:
        by = person(session, home.adviser)
        registry = fields(hub, session, by)

        def found(code: str) -> set[str]:
            asked = queries.Asked(queries.Group((queries.Rule("conformite.der", "=", (code,)),)), fields=registry)
            return {one.id for each in queries.contacts.every(session, by, asked) for one in each}

        assert found("VALABLE") == {home.jeanne}
        assert {home.paul, home.company} <= found("ABSENT")
        assert home.jeanne not in found("ABSENT")
