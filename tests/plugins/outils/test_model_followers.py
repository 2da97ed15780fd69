"""Accounts that follow a model portfolio, and how far each is from it (OU-01, PF-09)."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.extensions import db
from core.wealth.contents import Content
from core.wealth.contents import Contents
from core.wealth.contents import contents
from plugins.outils.portfolios.drift import drift
from plugins.outils.portfolios.shapes import ModelLine
from tests.conftest import People
from tests.conftest import sign_in
from tests.core.rest.desk import Program
from tests.core.rest.desk import token_of
from tests.plugins.outils.conftest import Followers
from tests.plugins.outils.reading import plain
from tests.plugins.outils.reading import shown

BASE = "/p/outils/modeles"
D = Decimal


@pytest.fixture(autouse=True)
def _no_token(request: pytest.FixtureRequest) -> None:
    """What stops a form without its token is tried elsewhere."""
    if "app" in request.fixturenames:
        request.getfixturevalue("app").config["WTF_CSRF_ENABLED"] = False


def model(*weights: str, band: str = "0.05") -> tuple[ModelLine, ...]:
    """Lines A, B, C… of these weights."""
    return tuple(
        ModelLine(key, key, None, key, "OPCVM", None, None, D(weight), D(band))
        for key, weight in zip("ABCDEF", weights, strict=False)
    )


def held(currency: str = "EUR", price: str | None = "1", **values: str) -> Contents:
    """An account of these lines."""
    lines = tuple(
        Content(key, key, None, "OPCVM", D(value), currency, D(price) if price else None, 1) for key, value in values.items()
    )
    return Contents(date(2026, 1, 2), lines, sum((one.value for one in lines), D(0)))


def test_a_drift_is_told_in_points_and_euros() -> None:
    """OU-01: 70/30 beside 60/40 ± 5: +10 points and −1 000 €; a line off the model; a band met to the point is not left."""
    found = drift(model("0.6", "0.4"), held(A="7000", B="3000"))
    assert [(one.gap, one.amount, one.outside) for one in found.lines] == [
        (D("0.1"), D(-1000), True), (D("-0.1"), D(1000), True),
    ]  # fmt: skip
    assert (found.state, found.worst and found.worst.support_id) == ("outside", "A")
    assert drift(model("0.6", "0.4"), held(A="6500", B="3500")).state == "inside"
    off = drift(model("0.6", "0.4"), held(A="6000", B="3900", Z="100"))
    assert [(one.support_id, one.target, one.amount) for one in off.lines if one.outside] == [("Z", None, D(-100))]


def test_what_is_not_known_is_not_compared() -> None:
    """OU-01: no line, another currency, nothing in it: told, never reckoned; a support without a price is named."""
    for some, currency, said in (
        (None, "EUR", "Aucune ligne"), (held("USD", A="10"), "USD", "euros"), (held(A="0"), "EUR", "ne vaut rien"),
    ):  # fmt: skip
        found = drift(model("0.6", "0.4"), some, currency)
        assert (found.state, said in found.why, found.outside) == ("unknown", True, False), said
        assert all(one.gap is None and one.amount is None for one in found.lines)
    unpriced = drift(model("0.6", "0.4"), held(price=None, A="60"), priced=[])
    assert [one.priced for one in unpriced.lines] == [False, False]
    assert all(one.priced for one in drift(model("0.6", "0.4"), held(A="60"), priced=["B"]).lines)


def test_accounts_follow_and_are_listed_by_their_gap(
    app: Flask, adviser: FlaskClient, people: People, strangers: People, world: Followers
) -> None:
    """OU-01: several at once; each its own line and its sum; sorted, filtered, exported; a colleague's client is not seen."""
    with db.session(people.cabinet_id) as session:
        known = contents(session, [world.far, world.bare])
        assert (known[world.far].total, world.bare in known) == (D(10000), False)
    choice = shown(adviser, f"{BASE}/{world.model}/comptes")
    assert ("AV-70" in choice, "AV-AUTRE" in choice) == (True, False)
    assert "AV-58" not in shown(adviser, f"{BASE}/{world.model}/comptes?q=AV-70")
    ids = [world.far, world.near, world.bare]
    done = adviser.post(f"{BASE}/{world.model}/suivre", data={"ids": ids}, follow_redirects=True)
    page = plain(done.get_data(as_text=True))
    assert "3 comptes suivent désormais" in page
    assert page.index("AV-70") < page.index("AV-58") < page.index("AV-NU")
    for said in ("+10,00", "Hors de ses bandes", "Dans ses bandes", "Aucune ligne de ce compte"):
        assert said in page, said
    assert "AV-58" not in shown(adviser, f"{BASE}/suivi?etat=outside")
    assert "AV-70" not in shown(adviser, f"{BASE}/suivi?q=AV-58")
    with adviser.post(f"{BASE}/suivi/liste/export", data={"format": "csv"}) as answer:
        csv = answer.get_data(as_text=True)
    assert ("AV-70" in csv, "Hors de ses bandes" in csv, csv.count("\n")) == (True, True, 4)
    for path in (f"{BASE}/{world.model}/suivre", f"{BASE}/suivi/cesser"):
        assert adviser.post(path, data={"ids": [world.theirs]}).status_code == 404
        assert adviser.post(path, data={"ids": []}).status_code == 303
    account = shown(adviser, f"/p/outils/comptes/{world.far}/modele")
    for said in ("−1 000,00 €", "hors bande", "version 1", "Fonds actions"):
        assert said in account, said
    note = shown(adviser, f"/p/portefeuille/comptes/{world.far}")
    assert "Suit le modèle Équilibré 60/40 : hors de ses bandes, +10,00 points sur Fonds actions." in note
    left = adviser.post(f"{BASE}/suivi/cesser", data={"ids": [world.near]}, follow_redirects=True).get_data(as_text=True)
    assert "AV-58" not in shown(adviser, f"{BASE}/suivi")
    adviser.post("/annuler", data={"undo": re.findall(r'name="undo" value="([^"]+)"', unescape(left))[0]})
    assert "AV-58" in shown(adviser, f"{BASE}/suivi")
    one = f"/p/outils/comptes/{world.near}/modele"
    assert adviser.post(f"{one}/suivre").status_code == 303
    assert "ne suit aucun modèle" in shown(adviser, one)
    assert adviser.post(f"{one}/suivre", data={"suit": world.model}).status_code == 303
    stranger = app.test_client()
    sign_in(stranger, "administrateur@second.example")
    shown(stranger, one, 404)
    assert stranger.post(f"{one}/suivre", data={"suit": world.model}).status_code == 404
    assert "AV-58" not in shown(stranger, f"{BASE}/suivi?suit={world.model}")


def test_programs_follow_too(app: Flask, people: People, world: Followers) -> None:
    """OU-01, PL-09."""
    program = Program(app, token_of(people.cabinet_id, people.adviser))
    path = f"/p/outils/models/{world.model}/followers"
    assert program.call("POST", path, {"accounts": [world.far, world.near]}).get_json() == {"count": 2}
    assert program.call("POST", path, {"accounts": [world.far]}).get_json() == {"count": 0}
    assert program.call("POST", path, {"accounts": [world.theirs]}).status_code == 404
    (one,) = program.call("GET", "/p/outils/followers?state=outside").get_json()["items"]
    assert (one["account_id"], [line["amount"] for line in one["lines"]]) == (world.far, ["-1000.00", "1000.00"])
    assert program.call("GET", f"/p/outils/followers/{world.near}").get_json()["state"] == "inside"
    assert program.call("DELETE", f"/p/outils/followers/{world.near}").status_code == 204
    assert program.call("GET", f"/p/outils/followers/{world.near}").status_code == 404
