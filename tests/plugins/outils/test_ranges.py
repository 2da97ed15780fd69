"""Ranges that the cabinet chooses, and each person's favourites (OU-04, OU-05)."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.extensions import db
from core.supports import services as supports
from tests.conftest import People
from tests.conftest import sign_in
from tests.core.rest.desk import Program
from tests.core.rest.desk import token_of
from tests.plugins.outils.reading import shown

ROWS = '<a class="e-cell" href="/p/outils/supports/'


@pytest.fixture(autouse=True)
def _no_token(app: Flask) -> None:
    """What stops a form without its token is tried elsewhere."""
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture
def funds(people: People) -> dict[str, str]:
    with db.session(people.cabinet_id) as session:
        return {
            "A": supports.support_for(session, isin="FR0010135103", label="Fonds A", type="OPCVM"),
            "B": supports.support_for(session, code="EURO 1", label="Fonds B", type="FONDS_EURO"),
            "C": supports.support_for(session, code="C", label="Fonds C", type="SCPI"),
        }


def made(client: FlaskClient, **more: str) -> str:
    """The id of a range of A and B."""
    typed = {"name": "Himalia retenue", "product": "Himalia", "supports": "fr0010135103 note\n\nEURO 1\tautre note", **more}
    answer = client.post("/p/outils/gammes/nouvelle", data=typed)
    assert answer.status_code == 303, unescape(answer.get_data(as_text=True))
    return str(re.findall(r"/p/outils/gammes/(\w{26})/modifier", shown(client, "/p/outils/gammes"))[0])


def test_a_range_is_named_and_filters_the_list(adviser: FlaskClient, people: People, funds: dict[str, str]) -> None:
    """OU-04: product, eligible supports by code; the list of supports filters by it; its form gives back what it holds."""
    one = made(adviser)
    page = shown(adviser, "/p/outils/gammes")
    assert "Himalia retenue" in page
    assert f'href="/p/outils/?gamme={one}"' in page
    assert shown(adviser, f"/p/outils/?gamme={one}").count(ROWS) == 2
    assert shown(adviser, f"/p/outils/?gamme={one}&type=OPCVM").count(ROWS) == 1
    form = adviser.get(f"/p/outils/gammes/{one}/modifier").get_data(as_text=True)
    kept = unescape(re.findall(r'<textarea[^>]*name="supports"[^>]*>([^<]*)<', form)[0])
    seen = unescape(re.findall(r'name="seen" value="([^"]*)"', form)[0])
    same = {"name": "Himalia retenue", "product": "Himalia", "supports": kept, "seen": seen}
    assert adviser.post(f"/p/outils/gammes/{one}/modifier", data=same).status_code == 303
    assert shown(adviser, f"/p/outils/?gamme={one}").count(ROWS) == 2
    form = adviser.get(f"/p/outils/gammes/{one}/modifier").get_data(as_text=True)
    assert adviser.post(f"/p/outils/gammes/{one}/modifier", data={**same, "supports": "C"}).status_code == 303
    assert "Fonds C" in shown(adviser, f"/p/outils/?gamme={one}")
    late = adviser.post(f"/p/outils/gammes/{one}/modifier", data={**same, "supports": "EURO 1"})
    assert late.status_code == 409  # another tab


def test_a_range_is_put_away_and_comes_back(adviser: FlaskClient, people: People, funds: dict[str, str]) -> None:
    """OU-04: archived, no list offers it; «Annuler», and out of the archives."""
    one = made(adviser)
    gone = adviser.post(f"/p/outils/gammes/{one}/archiver", follow_redirects=True)
    page = unescape(gone.get_data(as_text=True))
    assert "Gammes archivées" in page
    assert "Himalia retenue" not in shown(adviser, "/p/outils/")
    token = re.findall(r'name="undo" value="([^"]+)"', page)[0]
    adviser.post("/annuler", data={"undo": token})
    assert "Gammes archivées" not in shown(adviser, "/p/outils/gammes")
    adviser.post(f"/p/outils/gammes/{one}/archiver")
    assert adviser.post(f"/p/outils/gammes/{one}/desarchiver").status_code == 303
    assert "Himalia retenue" in shown(adviser, "/p/outils/")


def test_bad_input_is_told_with_its_line(adviser: FlaskClient, people: People, funds: dict[str, str]) -> None:
    """OU-04: an unknown code by its line, a name that is taken, NUL, a company of no list: 422, and nothing is lost."""
    made(adviser)
    for more, said in (
        ({"supports": "FR0010135103\nFR0000000000"}, "Ligne 2"), ({"name": "Himalia retenue"}, "déjà ce nom"),
        ({"name": ""}, "nom"), ({"supports": "a\x00b"}, "invisible"), ({"company": "jamais"}, "liste"),
        ({"company": "jamais", "name": ""}, "liste"), ({"supports": "é" * 10_000, "name": ""}, "trop longue"),
        ({"name": "x" * 10_000}, "caractères au plus"),
    ):  # fmt: skip
        typed = {"name": "Autre", "remarks": "À garder", "supports": "C", **more}
        answer = adviser.post("/p/outils/gammes/nouvelle", data=typed)
        page = unescape(answer.get_data(as_text=True))
        assert (answer.status_code, said in page, "À garder" in page) == (422, True, True), more
    assert shown(adviser, "/p/outils/gammes").count("/modifier") == 1


def test_favourites_are_ones_own_with_their_order(
    app: Flask, adviser: FlaskClient, people: People, funds: dict[str, str]
) -> None:
    """OU-05: a star, the filter, one's own order; nobody else sees them; the columns are the list's own."""
    for name in ("C", "A"):
        assert adviser.post(f"/p/outils/supports/{funds[name]}/favori", data={"acte": "ajouter"}).status_code == 303
    adviser.post(f"/p/outils/supports/{funds['A']}/favori", data={"acte": "ajouter"})  # a double click
    assert "Retirer de mes favoris" in shown(adviser, f"/p/outils/supports/{funds['A']}")
    listed = shown(adviser, "/p/outils/?favoris=oui&tri=favori&colonnes=favori")
    assert listed.count(ROWS) == 2
    assert listed.index("Fonds C") < listed.index("Fonds A")
    moved = adviser.post("/p/outils/favoris", data={"move": f"{funds['A']}:up"}, follow_redirects=True)
    token = re.findall(r'name="undo" value="([^"]+)"', unescape(moved.get_data(as_text=True)))[0]
    listed = shown(adviser, "/p/outils/?favoris=oui&tri=favori")
    assert listed.index("Fonds A") < listed.index("Fonds C")
    adviser.post("/annuler", data={"undo": token})
    listed = shown(adviser, "/p/outils/?favoris=oui&tri=favori")
    assert listed.index("Fonds C") < listed.index("Fonds A")
    other = app.test_client()
    sign_in(other, "autre@demo.example")
    assert shown(other, "/p/outils/?favoris=oui").count(ROWS) == 0
    assert "Aucun favori" in shown(other, "/p/outils/favoris")
    adviser.post(f"/p/outils/supports/{funds['A']}/favori", data={"acte": "retirer"})
    assert shown(adviser, "/p/outils/?favoris=oui").count(ROWS) == 1


def test_another_cabinet_sees_neither(
    app: Flask, adviser: FlaskClient, people: People, strangers: People, funds: dict[str, str]
) -> None:
    """OU-04, OU-05, domain.md §3.6."""
    one = made(adviser)
    stranger = app.test_client()
    sign_in(stranger, "administrateur@second.example")
    shown(stranger, f"/p/outils/gammes/{one}/modifier", 404)
    assert stranger.post(f"/p/outils/gammes/{one}/archiver").status_code == 404
    assert stranger.post(f"/p/outils/supports/{funds['A']}/favori", data={"acte": "ajouter"}).status_code == 404
    assert "Himalia retenue" not in shown(stranger, "/p/outils/gammes")


def test_programs_do_the_same(app: Flask, people: People, funds: dict[str, str]) -> None:
    """OU-04, OU-05, PL-09."""
    program = Program(app, token_of(people.cabinet_id, people.adviser))
    answer = program.call("POST", "/p/outils/ranges", {"name": "Retenue", "codes": ["FR0010135103", "EURO 1"]})
    assert answer.status_code == 201, answer.get_data(as_text=True)
    path = f"/p/outils/ranges/{answer.get_json()['id']}"
    assert [one["label"] for one in answer.get_json()["supports"]] == ["Fonds A", "Fonds B"]
    changed = program.call("PATCH", path, {"product": "Himalia"}).get_json()
    assert (changed["product"], len(changed["supports"])) == ("Himalia", 2)
    assert program.call("PATCH", path, {"codes": ["RIEN"]}).status_code == 422
    assert program.call("POST", f"{path}/archive").get_json()["archived_at"]
    assert program.call("POST", f"{path}/restore").get_json()["archived_at"] is None
    for name in ("A", "B"):
        program.call("POST", f"/p/outils/favourites/{funds[name]}")
    ordered = program.call("POST", "/p/outils/favourites/order", {"ids": [funds["B"], funds["A"]]}).get_json()["items"]
    assert [one["support_id"] for one in ordered] == [funds["B"], funds["A"]]
    assert program.call("DELETE", f"/p/outils/favourites/{funds['A']}").status_code == 204
    assert len(program.call("GET", "/p/outils/favourites").get_json()["items"]) == 1
