"""Portefeuille > Relevés: asked, told why not, downloaded, kept once, listed; and the same for programs (PF-02, NX-06)."""

from __future__ import annotations

import html
from typing import Any

import pytest
from flask.testing import FlaskClient

from core import pdf
from core.documents import services as documents
from core.extensions import db
from tests.conftest import People
from tests.conftest import csrf
from tests.conftest import sign_in
from tests.core.admin.desk import journal
from tests.core.rest.desk import Program
from tests.core.rest.desk import token_of
from tests.plugins.portefeuille.conftest import Portfolio
from tests.plugins.portefeuille.statements_kit import Book
from tests.plugins.portefeuille.statements_kit import Paper

ASKED = {"au": "01/03/2026", "periode": "annee", "lignes": "1"}


def where(contact: str, more: str = "") -> str:
    return f"/p/portefeuille/contacts/{contact}/releve{more}"


def page(client: FlaskClient, contact: str, query: str = "", status: int = 200) -> str:
    answer = client.get(where(contact, query))
    assert answer.status_code == status, answer.status_code
    return plain(answer.get_data(as_text=True))


def plain(text: str) -> str:
    return html.unescape(text).replace("\u202f", " ").replace("\xa0", " ")


def send(client: FlaskClient, contact: str, **form: str) -> Any:
    token = csrf(client, "/p/contacts/")
    return client.post(where(contact, "/garder"), data={"csrf_token": token, **ASKED, **form})


def kept(people: People, contact: str) -> list[Any]:
    with db.session(people.cabinet_id, write=False) as session:
        return list(documents.of_owner(session, "system", "contact", contact))


def test_asked_and_had_in_both_formats(adviser: FlaskClient, portfolio: Portfolio) -> None:
    """PF-02: the page tells what the statement says; the files say the same to the cent; a household's too."""
    shown = page(adviser, portfolio.jeanne)
    for words in ("Relevé de situation", "85 210,55 €", "Aucun relevé enregistré", "Relevé du foyer Famille Durand"):
        assert words in shown, words
    query = "?au=01/03/2026&periode=annee&lignes=1"
    assert "Relevé au 01/03/2026" in page(adviser, portfolio.jeanne, query)
    answer = adviser.get(where(portfolio.jeanne, f"/fichier{query}&format=pdf"))
    assert answer.mimetype == "application/pdf"
    assert 'filename=releve-durand-jeanne-2026-03-01.pdf' in answer.headers["Content-Disposition"]
    assert "85 210,55 €" in Paper(answer.get_data()).text
    answer = adviser.get(where(portfolio.household, f"/fichier{query}&format=xlsx"))
    assert Book(answer.get_data()).reckoned("Comptes", "H4") == Book(answer.get_data()).cells["Synthèse"]["B4"]


def test_bad_days_and_periods(adviser: FlaskClient, portfolio: Portfolio) -> None:
    """PF-02: what is wrong is told at its field, what was typed stays; nothing is drawn."""
    assert "la première est du 02/01/2026" in page(adviser, portfolio.jeanne, "?au=01/01/2025&periode=annee", 422)
    assert "dans le futur" in page(adviser, portfolio.jeanne, "?au=01/01/2099&periode=annee", 422)
    for query in ("?au=31/02/2026&periode=annee", "?au=&periode=annee", "?au=%00&periode=x", f"?au={'9' * 5000}&periode=annee",
                  "?au=01/01/0001&periode=annee", "?au=01/03/2026&periode=libre",
                  "?au=01/03/2026&periode=libre&du=01/03/2026", "?au=01/03/2026&periode=libre&du=1e400"):  # fmt: skip
        page(adviser, portfolio.jeanne, query, 422)
        page(adviser, portfolio.jeanne, f"/fichier{query}&format=pdf", 422)
    assert 'value="31/02/2026"' in page(adviser, portfolio.jeanne, "?au=31/02/2026&periode=annee", 422)
    assert "précède la date du relevé" in page(adviser, portfolio.jeanne, "?au=01/03/2026&periode=libre&du=02/03/2026", 422)


def test_kept_once_and_had_again(adviser: FlaskClient, portfolio: Portfolio, people: People) -> None:
    """PF-02: kept in the file with who and when, in the journal; a double click keeps one; downloaded again to the byte."""
    first = send(adviser, portfolio.jeanne, format="xlsx")
    assert first.status_code == 303
    assert send(adviser, portfolio.jeanne, format="xlsx").status_code == 303
    (one,) = kept(people, portfolio.jeanne)
    assert (one.category, one.title, one.created_by) == ("Relevé", "Relevé de situation au 01/03/2026", people.adviser)
    shown = page(adviser, portfolio.jeanne)
    for words in ("Relevé de situation au 01/03/2026", "Classeur Excel", "Enregistré le"):
        assert words in shown, words
    answer = adviser.get(f"/documents/{one.id}/fichier")
    assert answer.get_data()[:2] == b"PK"
    told = [(subject, said) for action, subject, said in journal(people.cabinet_id) if action == "portefeuille.statement_kept"]
    assert [(subject, said["document"]) for subject, said in told] == [(f"contact:{portfolio.jeanne}", one.id)]
    assert told[0][1]["sha256"] == one.sha256
    assert send(adviser, portfolio.jeanne, format="docx").status_code == 422
    assert send(adviser, portfolio.jeanne, format="pdf", au="31/02/2026").status_code == 422
    assert len(kept(people, portfolio.jeanne)) == 1


def test_a_kept_pdf_is_shown(adviser: FlaskClient, portfolio: Portfolio, people: People) -> None:
    """PF-02: a PDF that was kept is shown at once, with the way back to the statements."""
    answer = send(adviser, portfolio.jeanne, format="pdf")
    (one,) = kept(people, portfolio.jeanne)
    assert f"/documents/{one.id}" in answer.headers["Location"]
    assert "Relevé de situation" in page_of(adviser, answer.headers["Location"])


def page_of(client: FlaskClient, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return plain(answer.get_data(as_text=True))


def test_a_renderer_that_fails(
    adviser: FlaskClient, portfolio: Portfolio, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    """PF-02: a PDF that cannot be drawn is told, and nothing is half kept."""

    def broken(*_args: object, **_more: object) -> bytes:
        raise pdf.PdfError("late", late=True)

    monkeypatch.setattr("core.api.pdf.archive", broken)
    answer = send(adviser, portfolio.jeanne, format="pdf")
    assert answer.status_code == 503
    assert "rien n'est enregistré" in plain(answer.get_data(as_text=True))
    assert kept(people, portfolio.jeanne) == []


def test_who_may(app: Any, portfolio: Portfolio, people: People, strangers: People) -> None:
    """PF-02, PL-05: nowhere for another cabinet, nor for an adviser who does not follow the client; a reader keeps nothing."""
    outside = app.test_client()
    sign_in(outside, "conseiller@second.example")
    assert outside.get(where(portfolio.jeanne)).status_code == 404
    assert outside.get(where(portfolio.jeanne, "/fichier?format=pdf")).status_code == 404
    assert send(outside, portfolio.jeanne, format="xlsx").status_code == 404


def test_the_same_for_programs(adviser: FlaskClient, portfolio: Portfolio, people: People) -> None:
    """PF-02, NX-06, PL-09: figures, a statement kept once under its key, the list; refusals name the field."""
    program = Program(adviser.application, token_of(people.cabinet_id, people.adviser))
    base = f"/p/portefeuille/contacts/{portfolio.jeanne}"
    body = program.get(f"{base}/statement?on=2026-03-01&since=2025-12-31")
    assert (body["total"], body["format"], len(body["accounts"])) == ("85210.55", "encours-releve", 2)
    assert program.get(f"{base}/statement?on=2001-01-01")["total"] is None
    program.get(f"{base}/statement?on=2026-03-01&since=2026-03-01", 400)
    made = program.post(f"{base}/statements", {"on": "2026-03-01", "format": "pdf", "parts": ["lignes"]}, 201)
    content = program.call("GET", f"/documents/{made['id']}/content").get_data()
    whole = program.get(f"{base}/statement?on=2026-03-01")
    assert Paper(content).figures == whole
    again = program.post(f"{base}/statements", {"on": "2026-03-01", "format": "pdf", "parts": ["lignes"]}, 201)
    assert again["id"] == made["id"]
    assert [one["id"] for one in program.every(f"{base}/statements", 10)] == [made["id"]]
    program.post(f"{base}/statements", {"on": "2001-01-01", "format": "xlsx"}, 422)
    program.post(f"{base}/statements", {"on": "2026-03-01", "format": "docx"}, 422)
    program.get("/p/portefeuille/contacts/01ABCDEFGHJKMNPQRSTVWXYZ00/statement", 404)
