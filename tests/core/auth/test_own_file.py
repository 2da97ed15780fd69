"""«Ma fiche» and the settings of use that follow a person (US-01)."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from core.cabinets.models import User
from core.extensions import db
from tests.conftest import People
from tests.core.auth.own import enter
from tests.core.auth.own import journal
from tests.core.auth.own import post
from tests.core.auth.own import text

FILE = "/mon-compte/fiche"


def phone(user_id: str) -> str | None:
    with db.session(None, write=False) as session:
        return session.get_one(User, user_id).phone


def test_ones_file_says_who_one_is(adviser: FlaskClient) -> None:
    """US-01: name, e-mail, role, cabinet, initials."""
    page = text(adviser.get(FILE))
    for part in ("Conseiller Demo", "conseiller@demo.example", "Cabinet demo", ">CD</span>", "<dd>Conseiller</dd>"):
        assert part in page, part


def test_the_telephone_is_changed_and_journaled(adviser: FlaskClient, people: People) -> None:
    """US-01: kept in its international form, shown as in France; emptied again; only a change is written."""
    assert post(adviser, FILE, phone=" 06 12 44 08 19 ").status_code == 303
    assert phone(people.adviser) == "+33612440819"
    assert phone(people.other) is None
    page = text(adviser.get(FILE))
    assert "Votre fiche est enregistrée." in page
    assert 'value="06\u202f12\u202f44\u202f08\u202f19"' in page or 'value="06 12 44 08 19"' in page
    post(adviser, FILE, phone="0612440819")
    assert "Rien n&#39;a changé" in text(adviser.get(FILE))
    assert journal(people).count("user.file_changed") == 1
    post(adviser, FILE, phone="")
    assert phone(people.adviser) is None


def test_a_bad_telephone_is_refused_where_it_stands(adviser: FlaskClient, people: People) -> None:
    """ux.md §2.11: title, summary, beside the field; nothing typed is lost, nothing is written."""
    for typed in ("zéro six", "12", "06 12 44 08 19 06 12 44 08 19 06 12 44", "<b>", "06\x0012"):
        answer = post(adviser, FILE, phone=typed)
        page = text(answer)
        assert answer.status_code == 422, typed
        assert "<title>Erreur\u202f: Ma fiche" in page
        assert page.index("data-error-summary") < page.index("<h1>")
        assert 'id="f-phone-e"' in page
    assert 'value="zéro six"' in text(post(adviser, FILE, phone="zéro six"))
    assert phone(people.adviser) is None


def test_single_keys_are_turned_off_for_the_person(app: Flask, adviser: FlaskClient) -> None:
    """WCAG 2.1.4: on every device; without scripts one comes back to where one was, never to another site."""
    assert 'data-single-keys="off"' not in text(adviser.get("/aide"))
    assert post(adviser, "/mon-compte/raccourcis", at="/aide", next="/aide/raccourcis").headers["Location"] == "/aide/raccourcis"
    elsewhere = app.test_client()
    enter(elsewhere)
    page = text(elsewhere.get("/aide"))
    assert 'data-single-keys="off"' in page
    assert 'aria-keyshortcuts="Control+K"' in page
    back = post(elsewhere, "/mon-compte/raccourcis", at="/aide", single_keys="1", next="//evil.example")
    assert back.headers["Location"] == "/"
    assert 'data-single-keys="off"' not in text(adviser.get("/aide"))
