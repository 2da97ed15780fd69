"""Model portfolios: versions, bands, profile, risk and costs (OU-01)."""

from __future__ import annotations

import re
from decimal import Decimal
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.extensions import db
from core.supports import services as supports
from core.supports.models import Support
from tests.conftest import People
from tests.conftest import sign_in
from tests.core.rest.desk import Program
from tests.core.rest.desk import token_of
from tests.plugins.outils.reading import plain
from tests.plugins.outils.reading import shown

BASE = "/p/outils/modeles"
SHARES = "FR0010135103"


@pytest.fixture(autouse=True)
def _no_token(app: Flask) -> None:
    """What stops a form without its token is tried elsewhere."""
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture
def funds(people: People) -> dict[str, str]:
    """A fund of SRI 5 whose costs are known, a fund in euros without either, an index that nobody holds."""
    with db.session(people.cabinet_id) as session:
        made = {
            "shares": supports.support_for(session, isin=SHARES, label="Fonds actions", type="OPCVM"),
            "euro": supports.support_for(session, code="EURO 1", label="Fonds euro", type="FONDS_EURO"),
            "index": supports.support_for(session, code="INDICE-1", label="Indice", type="INDICE"),
        }
        row = session.get_one(Support, (people.cabinet_id, made["shares"]))
        row.sri, row.ongoing_costs = 5, Decimal("0.018")
    return made


SIXTY = {
    "name": "Équilibré 60/40", "profile": "EQUILIBRE", "remarks": "À garder", "rows": "2",
    "support_1": SHARES, "weight_1": "60", "band_1": "5", "support_2": "EURO 1", "weight_2": "40,00", "band_2": "",
}  # fmt: skip


def made(client: FlaskClient, **more: str) -> str:
    """The id of a model 60/40."""
    answer = client.post(f"{BASE}/nouveau", data={**SIXTY, **more})
    assert answer.status_code == 303, plain(answer.get_data(as_text=True))
    return str(answer.headers["Location"].rpartition("/")[2])


def test_a_model_is_made_changed_compared_and_put_away(adviser: FlaskClient, people: People, funds: dict[str, str]) -> None:
    """OU-01: weights, bands, risk with what is unknown, costs; a change is a version; old ones are read; archived and back."""
    one = made(adviser)
    page = shown(adviser, f"{BASE}/{one}")
    for said in ("60,00 %", "± 5,00", "5,0 sur 7", "sur 60 % du modèle", "1,80 %", "par Conseiller Demo", "100,00 %"):
        assert said in page, said
    form = adviser.get(f"{BASE}/{one}/modifier").get_data(as_text=True)
    seen = unescape(re.findall(r'name="seen" value="([^"]*)"', form)[0])
    same = {**SIXTY, "band_2": "5", "seen": seen}
    assert adviser.post(f"{BASE}/{one}/modifier", data=same).status_code == 303
    assert "1 version" in shown(adviser, f"{BASE}/{one}")  # nothing changed
    assert adviser.post(f"{BASE}/{one}/modifier", data={**same, "weight_1": "70", "weight_2": "30"}).status_code == 303
    assert adviser.post(f"{BASE}/{one}/modifier", data={**same, "weight_1": "55", "weight_2": "45"}).status_code == 409
    page = shown(adviser, f"{BASE}/{one}/versions")
    for said in ("Version 2", "Version 1", "en vigueur", "+10,00 points", "−10,00 points"):
        assert said in page, said
    gone = plain(adviser.post(f"{BASE}/{one}/archiver", follow_redirects=True).get_data(as_text=True))
    assert "archivé" in gone
    assert "Modèles archivés" in shown(adviser, BASE)
    adviser.post("/annuler", data={"undo": re.findall(r'name="undo" value="([^"]+)"', gone)[0]})
    assert "Modèles archivés" not in shown(adviser, BASE)
    adviser.post(f"{BASE}/{one}/archiver")
    assert adviser.post(f"{BASE}/{one}/desarchiver").status_code == 303


def test_rows_come_and_go_and_bad_input_is_told(
    app: Flask, adviser: FlaskClient, people: People, strangers: People, funds: dict[str, str]
) -> None:
    """OU-01: rows are added and taken away without losing input; each fault at its field; another cabinet sees nothing."""
    more = plain(adviser.post(f"{BASE}/nouveau", data={**SIXTY, "do": "ligne"}).get_data(as_text=True))
    assert ('name="support_3"' in more, SHARES in more, "À garder" in more) == (True, True, True)
    less = plain(adviser.post(f"{BASE}/nouveau", data={**SIXTY, "do": "retirer-1"}).get_data(as_text=True))
    assert SHARES not in less
    odd = adviser.post(f"{BASE}/nouveau", data={**SIXTY, "name": "", "do": f"retirer-{'9' * 5000}"})
    assert odd.status_code == 422
    for typed, said in (
        ({"weight_2": "39,99"}, "99,99 %"), ({"weight_2": "40,01"}, "retirez 0,01"), ({"weight_1": "60,001"}, "décimales"),
        ({"support_2": SHARES}, "déjà dans le modèle"), ({"support_2": "RIEN"}, "Aucun support"), ({"weight_1": ""}, "poids"),
        ({"support_2": "INDICE-1"}, "indice"), ({"name": ""}, "nom"), ({"profile": "jamais"}, "liste"),
        ({"name": "a\x00b"}, "invisible"), ({"name": "x" * 10_000}, "caractères au plus"), ({"weight_1": "1e400"}, "pourcentage"),
        ({"band_1": "-1"}, "100"), ({"support_1": "", "weight_1": "", "support_2": "", "weight_2": ""}, "au moins une ligne"),
        ({"rows": "abc", "name": ""}, "nom"),
    ):  # fmt: skip
        answer = adviser.post(f"{BASE}/nouveau", data={**SIXTY, **typed})
        page = plain(answer.get_data(as_text=True))
        assert (answer.status_code, said in page, "À garder" in page) == (422, True, True), typed
    one = made(adviser)
    taken = adviser.post(f"{BASE}/nouveau", data=SIXTY)
    assert (taken.status_code, "déjà ce nom" in plain(taken.get_data(as_text=True))) == (422, True)
    stranger = app.test_client()
    sign_in(stranger, "administrateur@second.example")
    for path in ("", "/modifier", "/versions"):
        shown(stranger, f"{BASE}/{one}{path}", 404)
    assert stranger.post(f"{BASE}/{one}/archiver").status_code == 404
    assert "60/40" not in shown(stranger, BASE)


def test_programs_do_the_same(app: Flask, people: People, funds: dict[str, str]) -> None:
    """OU-01, PL-09."""
    program = Program(app, token_of(people.cabinet_id, people.adviser))
    lines = [{"support": SHARES, "weight": "60.00"}, {"support": "EURO 1", "weight": "40.00", "band": "2.50"}]
    answer = program.call("POST", "/p/outils/models", {"name": "60/40", "profile": "EQUILIBRE", "lines": lines})
    assert answer.status_code == 201, answer.get_data(as_text=True)
    path = f"/p/outils/models/{answer.get_json()['id']}"
    held = answer.get_json()["version"]
    assert [Decimal(one["weight"]) for one in held["lines"]] == [Decimal("0.6"), Decimal("0.4")]
    assert (Decimal(held["risk"]), Decimal(held["risk_known"])) == (5, Decimal("0.6"))
    assert program.call("PATCH", path, {"lines": lines[:1]}).status_code == 422
    lines[0]["weight"] = "100.00"
    assert program.call("PATCH", path, {"lines": lines[:1]}).get_json()["version"]["number"] == 2
    assert program.call("PATCH", path, {"name": "Tout en actions"}).get_json()["version"]["number"] == 2
    assert [one["number"] for one in program.call("GET", f"{path}/versions").get_json()["items"]] == [2, 1]
    assert program.call("POST", f"{path}/archive").get_json()["archived_at"]
    assert program.call("POST", f"{path}/restore").get_json()["archived_at"] is None
    assert len(program.call("GET", "/p/outils/models").get_json()["items"]) == 1
