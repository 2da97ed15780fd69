"""Comparing supports: the page, its address, what it is told, and the same for programs (OU-06)."""

from __future__ import annotations

import re
from datetime import date
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.accounts import services as accounts
from core.accounts.schemas import NewAccount
from core.accounts.schemas import NewPosition
from core.accounts.schemas import Role
from core.contacts import services as contacts
from core.contacts.schemas import NewContact
from core.db.clock import today
from core.extensions import db
from core.supports import services as supports
from tests.conftest import People
from tests.conftest import sign_in
from tests.core.rest.desk import Program
from tests.core.rest.desk import token_of

PAGE = "/p/outils/comparer"


def text(client: FlaskClient, query: str = "", status: int = 200) -> str:
    answer = client.get(f"{PAGE}{query}")
    assert answer.status_code == status
    return unescape(answer.get_data(as_text=True)).replace("\u202f", " ").replace("\xa0", " ")


def end() -> date:
    """Yesterday: the days of the prices go back from it by weeks."""
    return today() - timedelta(days=1)


@pytest.fixture
def funds(people: People) -> dict[str, str]:
    """Two funds with sixty weeks of prices, a euro fund without; Jeanne and Luc hold A together, Paul holds it elsewhere."""
    with db.session(people.cabinet_id) as session:
        made = {
            name: supports.support_for(session, code=name, label=f"Fonds {name}", type=kind)
            for name, kind in (("A", "OPCVM"), ("B", "ETF"), ("E", "FONDS_EURO"), ("D", "OPCVM"), ("F", "FCPI"), ("G", "FIP"))
        }
        for week in range(60):
            on = end() - timedelta(weeks=week)
            for name, value in (("A", 160 - week), ("B", Decimal(200) + week % 3)):
                supports.set_price(session, made[name], on, Decimal(value), source="Relevé d'essai", actor="cli")
        at = supports.company_for(session, "assureur", name="Assureur d'essai")
        who = {}
        for first, follower in (("Jeanne", people.adviser), ("Luc", people.adviser), ("Paul", people.other)):
            data = NewContact("PERSONNE_PHYSIQUE", "CLIENT", birth_name="Durand", first_names=first)
            who[first] = contacts.create(session, "cli", data)
            contacts.follow(session, "cli", who[first], follower)
        for number, holders in (("1", ("Jeanne", "Luc")), ("2", ("Paul",)), ("3", ("Jeanne",))):
            roles = [Role(who[first], "SOUSCRIPTEUR" if first == holders[0] else "CO_SOUSCRIPTEUR") for first in holders]
            held = accounts.create(session, "cli", NewAccount("ASSURANCE_VIE", number, f"Contrat {number}", at, roles))
            accounts.put_positions(session, "cli", held, end(), [NewPosition(made["A"], Decimal(1000))], "essai")
    return made


def test_the_page(adviser: FlaskClient, funds: dict[str, str]) -> None:
    """OU-06: base 100 with its table, performances with their dates, risk, correlation, facts, source, clients within reach."""
    shown = text(adviser, f"?s={funds['A']}&s={funds['B']}")
    first = end() - timedelta(weeks=59)
    for words in (f"Base 100 au {first:%d/%m/%Y}", "<e-chart", "Performance, 1 an", "Volatilité annualisée", "Perte maximale",
                  "Corrélation des rendements hebdomadaires", "2 clients", "aucun client", "Relevé d'essai (cabinet)", "OPCVM",
                  "ETF", "Frais courants", "non connu", f"{first:%d/%m/%Y} → {end():%d/%m/%Y}", "non renseignée",
                  "+58,42 %", "hors revenus distribués", "Durabilité (SFDR)", "EUR"):  # fmt: skip
        assert words in shown, words
    rows = [line.split("</tr>")[0] for line in shown.split("<tr>") if "Performance, 1 mois" in line]
    assert "non connu" not in rows[0]
    assert len(re.findall(r"<td", rows[0])) == 2


def test_the_chart_names_each_curve(adviser: FlaskClient, funds: dict[str, str]) -> None:
    """OU-06, ux.md §3.2 rule 15: letters in the legend, the table and the drawing; the same as an image without scripts."""
    query = f"?s={funds['A']}&s={funds['B']}"
    shown = text(adviser, query)
    assert re.search(r"<b>A</b> Fonds A.*<b>B</b> Fonds B", shown)
    assert '<th scope="col" class="e-num">A</th>' in shown
    answer = adviser.get(f"{PAGE}.svg{query}")
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    assert adviser.get(f"{PAGE}.svg?s={funds['E']}").status_code == 404


def test_the_period_is_in_the_address(adviser: FlaskClient, funds: dict[str, str]) -> None:
    """OU-06: from a day to a day; the address keeps supports and days; days that make no sense stay in the form."""
    since, until = end() - timedelta(weeks=20), end() - timedelta(weeks=10)
    query = f"?s={funds['A']}&s={funds['B']}&du={since:%d/%m/%Y}&au={until:%d/%m/%Y}"
    shown = text(adviser, query)
    assert f"Base 100 au {since:%d/%m/%Y}" in shown
    assert f"{since:%d/%m/%Y} → {until:%d/%m/%Y}" in shown
    assert f"comparer?s={funds['B']}&du={since:%d/%m/%Y}&au={until:%d/%m/%Y}".replace("/", "%2F") in shown.replace("/", "%2F")
    for bad, said in (("du=01/01/1900", "est le 01/01/1950"), (f"au={today() + timedelta(days=9):%d/%m/%Y}", "dans le futur"),
                      ("du=31/02/2026", "31/02/2026"),
                      (f"du={until:%d/%m/%Y}&au={since:%d/%m/%Y}", "avant d'avoir commencé")):  # fmt: skip
        assert said in text(adviser, f"?s={funds['A']}&{bad}", 422), bad


def test_supports_are_added_and_taken_away(adviser: FlaskClient, funds: dict[str, str]) -> None:
    """OU-06: looked for by label or ISIN, offered unless they are there; a wrong ISIN says which character is wrong."""
    assert "Rien à comparer pour le moment" in text(adviser)
    shown = text(adviser, f"?s={funds['A']}&ajout=fonds")
    assert f"/p/outils/comparer?s={funds['A']}&s={funds['B']}" in shown
    assert f"s={funds['A']}&s={funds['A']}" not in shown
    assert "Aucun autre support ne correspond" in text(adviser, "?ajout=himalaya")
    assert "devrait être 3, pas 4" in text(adviser, "?ajout=FR0010135104")
    assert 'aria-label="Retirer Fonds A de la comparaison"' in shown


def test_six_are_too_many_and_said(adviser: FlaskClient, funds: dict[str, str]) -> None:
    """OU-06: five at most; the sixth is left aside, and said; none can be added to five."""
    every = "&".join(f"s={one}" for one in funds.values())
    shown = text(adviser, f"?{every}", 422)
    assert "Cinq supports au plus" in shown
    assert "un autre est laissé de côté" in shown
    five = text(adviser, "?" + "&".join(f"s={one}" for one in list(funds.values())[:5]))
    assert 'name="ajout"' not in five
    assert "Fonds E : aucun cours connu, hors du graphique et des risques." in five


def test_from_the_list_and_from_a_support(adviser: FlaskClient, funds: dict[str, str]) -> None:
    """OU-06: boxes of the list go to the comparison, and a support's page has its button."""
    shown = unescape(adviser.get("/p/outils/").get_data(as_text=True))
    assert shown.count('form="selection" name="s"') == 6
    assert '<form class="e-selbar" id="selection" method="get" action="/p/outils/comparer"' in shown
    assert f'href="/p/outils/comparer?s={funds["A"]}"' in adviser.get(f"/p/outils/supports/{funds['A']}").get_data(as_text=True)


def test_another_cabinet_has_none_of_it(app: Flask, funds: dict[str, str], strangers: People) -> None:
    """OU-06, domain.md §3.6: another cabinet's support is not there; another adviser counts his own clients."""
    other = app.test_client()
    sign_in(other, "autre@demo.example")
    assert "1 client<" in text(other, f"?s={funds['A']}")
    stranger = app.test_client()
    sign_in(stranger, "administrateur@second.example")
    text(stranger, f"?s={funds['A']}", 404)
    assert "Fonds" not in text(stranger, "?ajout=fonds").split("Supports comparés")[1].split("Aucun autre")[0]


@pytest.mark.parametrize("value", ["%00", "x" * 3000, "%F0%9F%91%8D", "%3Cscript%3E", "9" * 30])
def test_odd_values_break_nothing(adviser: FlaskClient, funds: dict[str, str], value: str) -> None:
    """Bad input: in each parameter."""
    for name in ("s", "du", "au", "ajout"):
        answer = adviser.get(f"{PAGE}?s={funds['A']}&{name}={value}")
        assert answer.status_code < 500, name
        assert "<script>" not in answer.get_data(as_text=True)


def test_the_same_for_programs(adviser: FlaskClient, people: People, funds: dict[str, str]) -> None:
    """OU-06, PL-09: the page's figures, as numbers; unknown supports, six of them or none are refused."""
    program = Program(adviser.application, token_of(people.cabinet_id, people.adviser))
    body = program.get(f"/supports/comparison?ids={funds['A']},{funds['B']},{funds['E']}")
    assert body["sampling"] == "hebdomadaires"
    one, two, euro = body["supports"]
    assert (one["support"]["label"], one["clients"], two["clients"], len(one["series"])) == ("Fonds A", 2, 0, 60)
    assert one["series"][0] == {"on": (end() - timedelta(weeks=59)).isoformat(), "index": 100.0}
    whole = one["performances"][-1]
    assert (whole["period"], round(whole["ratio"], 4), whole["begin"]["value"]) == ("origine", 0.5842, "101.0000")
    assert (euro["series"], euro["left_out"], euro["volatility"]) == ([], "aucun cours connu", None)
    assert [(one["first"], one["second"]) for one in body["correlations"]] == [(funds["A"], funds["B"])]
    assert body["notes"] == ["Fonds E\u202f: aucun cours connu, hors du graphique et des risques."]
    program.get("/supports/comparison", 400)
    program.get(f"/supports/comparison?ids={','.join(funds.values())}", 400)
    program.get("/supports/comparison?ids=00000000000000000000000000", 404)
    program.get(f"/supports/comparison?ids={funds['A']}&from=2026-02-01&to=2026-01-01", 400)
