"""Pages and programs of acts typed on an account without a partner: nothing lost, nothing twice, nothing half-written (PF-04)."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from core.accounts import holdings
from core.accounts import services as accounts
from core.accounts.models import Account
from core.accounts.models import Movement
from core.accounts.schemas import NewAccount
from core.accounts.schemas import NewPosition
from core.accounts.schemas import Role
from core.extensions import db
from core.supports import services as supports
from core.transactions.models import Transaction
from tests.conftest import People
from tests.conftest import sign_in
from tests.core.rest.desk import Program
from tests.core.rest.desk import token_of
from tests.plugins.portefeuille.conftest import Portfolio
from tests.plugins.portefeuille.test_by_hand import plain
from tests.plugins.portefeuille.test_by_hand import post
from tests.plugins.portefeuille.test_by_hand import undo

D = Decimal
BASE = "/p/portefeuille"
DAY, ISIN = "20/01/2026", "FR0010315770"


@pytest.fixture
def contract(portfolio: Portfolio, people: People) -> str:
    """A contract kept by hand, of two lines: a fund in euros and 40 units at 100 €."""
    with db.session(people.cabinet_id) as session:
        company = supports.company_for(session, "autre", name="Assureur de Loire")
        data = NewAccount("ASSURANCE_VIE", "AV 9", "Horizon", company, [Role(portfolio.jeanne, "SOUSCRIPTEUR")])
        made = accounts.create(session, "cli", data)
        euro = supports.support_for(session, code="EURO-1", label="Fonds euro", type="FONDS_EURO")
        fund = supports.support_for(session, isin=ISIN, label="Fonds actions", type="OPCVM")
        lines = [NewPosition(euro, D(6000)), NewPosition(fund, D(4000), D(40), D(100), date(2026, 1, 2), D(3000))]
        holdings.put_positions(session, "cli", made, date(2026, 1, 2), lines, "Saisie")
    return made


def form(account: str, act: str) -> str:
    return f"{BASE}/comptes/{account}/actes/{act}"


ARBITRAGE = {
    "on": DAY, "rows": "2", "side_1": "out", "support_1": "EURO-1", "mode_1": "amount", "value_1": "1 000,00",
    "side_2": "in", "support_2": ISIN, "mode_2": "all", "price_2": "125",
}  # fmt: skip


def moves(people: People, account: str) -> list[Decimal]:
    with db.session(people.cabinet_id) as session:
        rows = select(Movement.amount).where(Movement.account_id == account).order_by(Movement.amount)
        return list(session.scalars(rows))


def acts(people: People) -> int:
    with db.session(people.cabinet_id) as session:
        return len(session.scalars(select(Transaction.id).where(Transaction.origin == "SAISIE")).all())


def press(client: FlaskClient, page: str, action: str, **more: str) -> TestResponse:
    """Press one of a page's buttons, with what its form carries."""
    text = client.get(page).get_data(as_text=True)
    found = re.search(rf'<form[^>]*action="{re.escape(page)}/{action}">(.*?)</form>', text, re.S)
    assert found, action
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', found[1]))
    data = {name: unescape(value) for name, value in hidden.items()}
    return client.post(f"{page}/{action}", data={**data, **more}, follow_redirects=True)


def test_from_the_menu_to_the_movements_and_back(adviser: FlaskClient, contract: str, people: People) -> None:
    """PF-04: «Ajouter» offers the act; prepared, it wrote nothing; executed, its movements and lines; «Annuler» undoes them."""
    tab = f"{BASE}/comptes/{contract}/transactions"
    assert "Ajouter" in plain(adviser.get(tab))
    menu = adviser.get(f"/liens/comptes/{contract}/types").get_data(as_text=True)
    assert f'href="{form(contract, "arbitrage")}"' in menu
    assert form(contract, "achat") not in menu
    page = adviser.get(form(contract, "arbitrage")).get_data(as_text=True)
    assert 'value="FR0010315770"' in page
    answer = post(adviser, form(contract, "arbitrage"), ARBITRAGE)
    assert answer.status_code == 303, plain(answer)
    at = answer.headers["Location"]
    said = plain(adviser.get(at))
    for words in ("Préparée", "1 000,00 €", "Effet sur le compte", "11 000,00 €", "Marquer exécuté"):
        assert words in said, words
    assert moves(people, contract) == []
    done = press(adviser, at, "executer")
    assert "ses mouvements sont écrits" in plain(done)
    assert "Exécutée" in plain(done)
    assert moves(people, contract) == [D(-1000), D(1000)]
    listed = plain(adviser.get(tab))
    assert "Arbitrage" in listed
    assert "Exécutée" in listed
    assert "Acte saisi" in plain(adviser.get(f"{BASE}/comptes/{contract}/mouvements"))
    assert "de nouveau préparé" in undo(adviser, done)
    assert moves(people, contract) == []


def test_twice_makes_one(adviser: FlaskClient, contract: str, people: People) -> None:
    """PF-04: a form sent twice and a button pressed twice write once."""
    page = adviser.get(form(contract, "arbitrage")).get_data(as_text=True)
    hidden = {name: unescape(text) for name, text in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)}
    places = {adviser.post(form(contract, "arbitrage"), data={**hidden, **ARBITRAGE}).headers["Location"] for _turn in range(2)}
    assert len(places) == 1
    assert acts(people) == 1
    (at,) = places
    token = {"csrf_token": hidden["csrf_token"]}
    assert "mouvements sont écrits" in plain(adviser.post(f"{at}/executer", data=token, follow_redirects=True))
    assert "déjà exécuté" in plain(adviser.post(f"{at}/executer", data=token, follow_redirects=True))
    assert moves(people, contract) == [D(-1000), D(1000)]


def test_lines_come_and_go_without_loss(adviser: FlaskClient, contract: str, people: People) -> None:
    """PF-04: a line more, a line less, a total: what was typed stays, nothing is written."""
    at = form(contract, "arbitrage")
    more = post(adviser, at, ARBITRAGE, do="ligne").get_data(as_text=True)
    assert 'name="support_3"' in more
    assert 'name="support_4"' not in more
    assert 'value="1 000,00"' in more.replace("\u202f", " ").replace("\xa0", " ")
    less = post(adviser, at, ARBITRAGE, do="retirer-1").get_data(as_text=True)
    assert re.search(rf'name="support_1" value="{ISIN}"', less)
    assert 'name="support_2"' in less  # an arbitrage has two sides
    assert post(adviser, at, {**ARBITRAGE, "value_1": ""}, do=f"retirer-{'9' * 5000}").status_code == 422
    total = post(adviser, at, ARBITRAGE, do="calculer")
    assert total.status_code == 200
    assert "data-refused" in total.get_data(as_text=True)  # what was typed is on the page: no draft is put over it
    said = plain(total)
    for words in ("Désinvesti ou sorti 1 000,00 €", "Investi ou reçu 1 000,00 €", "Valeur après 11 000,00 €", "5 000,00 €"):
        assert words in said, words
    assert acts(people) == 0
    assert moves(people, contract) == []


@pytest.mark.parametrize(
    ("act", "more", "field"),
    [
        ("arbitrage", {"on": "01/01/0001"}, "on"), ("arbitrage", {"on": ""}, "on"),
        ("arbitrage", {"value_1": "1e400"}, "value_1"),
        ("arbitrage", {"value_1": "9" * 40}, "value_1"), ("arbitrage", {"value_1": "-5"}, "value_1"),
        ("arbitrage", {"support_1": "x" * 10_000}, "support_1"), ("arbitrage", {"support_2": "EURO\0"}, "support_2"),
        ("arbitrage", {"support_2": "inconnu"}, "support_2"), ("arbitrage", {"mode_1": "tout"}, "mode_1"),
        ("arbitrage", {"price_2": "0"}, "price_2"), ("arbitrage", {"price_2": "1,23456"}, "price_2"),
        ("arbitrage", {"note": "n" * 201}, "note"), ("arbitrage", {"mode_2": "amount", "value_2": "999,99"}, "support_1"),
        ("rachat_partiel", {"amount": ""}, "amount"), ("rachat_partiel", {"amount": "1,234"}, "amount"),
        ("rachat_partiel", {"amount": "20 000"}, "amount"), ("frais", {"amount": "5", "support_1": ""}, "support_1"),
    ],
)  # fmt: skip
def test_bad_input(
    adviser: FlaskClient, contract: str, people: People, act: str, more: dict[str, str], field: str
) -> None:  # fmt: skip
    """PF-04, «Bad input»: beside its field, in words; what was typed is there; nothing is written."""
    typed = ARBITRAGE if act == "arbitrage" else {"on": DAY, "amount": "10", "support_1": "EURO-1", "value_1": "10"}
    answer = post(adviser, form(contract, act), {**typed, **more})
    assert answer.status_code == 422
    assert f'id="f-{field}-e"' in answer.get_data(as_text=True), plain(answer)
    assert acts(people) == 0
    assert moves(people, contract) == []


def test_another_tab_s_change_is_shown(adviser: FlaskClient, contract: str, people: People) -> None:
    """PF-04: two tabs correct the same act: the second sees both values, and saves once it has chosen."""
    at = post(adviser, form(contract, "arbitrage"), ARBITRAGE).headers["Location"]
    page = adviser.get(f"{at}/modifier").get_data(as_text=True)
    hidden = {name: unescape(text) for name, text in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)}
    assert post(adviser, f"{at}/modifier", {**ARBITRAGE, "value_1": "2000"}).status_code == 303
    answer = adviser.post(f"{at}/modifier", data={**hidden, **ARBITRAGE, "value_1": "3000"})
    assert answer.status_code == 409
    assert "à choisir" in plain(answer)
    assert "2 000,00" in plain(adviser.get(at))
    stale = {**hidden, "seen": "0" * 26}
    refused = adviser.post(f"{at}/executer", data=stale)
    assert refused.status_code == 409
    assert moves(people, contract) == []


def test_a_pledge_stands_in_the_way_here_too(adviser: FlaskClient, contract: str, people: People) -> None:
    """PF-04, AU-01, BL-10: of a pledged account a surrender asks for a reason; an opposition refuses it; nothing is written."""
    typed = {"on": DAY, "amount": "100", "support_1": "EURO-1", "mode_1": "amount", "value_1": "100"}
    with db.session(people.cabinet_id) as session:
        session.get_one(Account, (people.cabinet_id, contract)).pledged = True
    assert "nanti" in plain(adviser.get(form(contract, "rachat_partiel")))
    refused = post(adviser, form(contract, "rachat_partiel"), typed)
    assert refused.status_code == 422
    assert 'id="f-reason-e"' in refused.get_data(as_text=True)
    assert acts(people) == 0
    made = post(adviser, form(contract, "rachat_partiel"), {**typed, "reason": "Accord du créancier du 15/01/2026"})
    assert made.status_code == 303, plain(made)
    at = made.headers["Location"]
    with db.session(people.cabinet_id) as session:
        session.get_one(Account, (people.cabinet_id, contract)).blocked = "OPPOSITION"
    stopped = press(adviser, at, "executer")
    assert stopped.status_code == 409
    assert "opposition" in plain(stopped)
    assert moves(people, contract) == []
    with db.session(people.cabinet_id) as session:
        session.get_one(Account, (people.cabinet_id, contract)).blocked = None
    assert "mouvements sont écrits" in plain(press(adviser, at, "executer"))


def test_what_is_unusual_is_ticked(adviser: FlaskClient, contract: str, people: People) -> None:
    """PF-04: a surrender while a beneficiary has accepted waits for a word, on the act's own page."""
    with db.session(people.cabinet_id) as session:
        session.get_one(Account, (people.cabinet_id, contract)).accepted_beneficiary = True
    at = post(adviser, form(contract, "rachat_total"), {"on": DAY}).headers["Location"]
    asked = press(adviser, at, "executer")
    assert asked.status_code == 409
    assert "L132-9" in plain(asked)
    assert moves(people, contract) == []
    assert "mouvements sont écrits" in plain(press(adviser, at, "executer", acquitter="accepted_beneficiary"))
    assert sum(moves(people, contract)) == D(-10000)


def test_a_surrender_is_explained(adviser: FlaskClient, contract: str, people: People) -> None:
    """PF-04: domain.md §2.9's example on the page, with its formula and sources; with a payment unknown, no figure and why."""
    typed = {"on": DAY, "amount": "1 200", "support_1": "EURO-1", "mode_1": "amount", "value_1": "1200", "do": "calculer"}
    unknown = plain(post(adviser, form(contract, "rachat_partiel"), typed))
    assert "Part de gain non connue" in unknown
    assert "ne sont pas connus" in unknown
    with db.session(people.cabinet_id) as session:
        row = session.get_one(Account, (people.cabinet_id, contract))
        row.net_payments, row.effect_on = D(8000), date(2020, 1, 2)
    assert "tous ne sont pas connus" in plain(post(adviser, form(contract, "rachat_partiel"), typed))
    with db.session(people.cabinet_id) as session:
        holdings.add_movement(
            session, "cli", contract, on=date(2020, 1, 2), kind="VERSEMENT", label="Versement", amount=D(8000), source="Saisie"
        )
    said = plain(post(adviser, form(contract, "rachat_partiel"), typed))
    for words in ("Part de gain 240,00 €", "Part de capital 960,00 €", "au plus 41,28 €", "30,72 €", "BOI-RPPM-RCM-20-10-20-50",
                  "estimation", "1 200,00 € − 8 000,00 € × 1 200,00 € ÷ 10 000,00 €"):  # fmt: skip
        assert words in said, words
    assert acts(people) == 0


def test_who_may_not(
    adviser: FlaskClient, app: Flask, portfolio: Portfolio, contract: str, people: People
) -> None:  # fmt: skip
    """PF-04, PL-05: another's client, an act that is not of the envelope, a partner's account: none of them."""
    at = post(adviser, form(contract, "arbitrage"), ARBITRAGE).headers["Location"]
    other = app.test_client()
    sign_in(other, "autre@demo.example")
    assert other.get(at).status_code == 404
    assert other.get(form(contract, "arbitrage")).status_code == 404
    assert adviser.get(form(contract, "achat")).status_code == 404
    assert adviser.get(f"{BASE}/actes/{'0' * 26}").status_code == 404
    assert form(portfolio.himalia, "frais") not in adviser.get(f"/liens/comptes/{portfolio.himalia}/types").get_data(as_text=True)


def test_for_programs(app: Flask, portfolio: Portfolio, contract: str, people: People) -> None:
    """PF-04, PL-09: the same by the API: prepared once a key, corrected by its version, executed once, cancelled, taken back."""
    program = Program(app, token_of(people.cabinet_id, people.adviser))
    held = {one["label"]: one for one in program.get(f"/accounts/{contract}/positions")["items"]}
    euro = held["Fonds euro"]["support_id"]
    line = {"side": "out", "support_id": euro, "value": "100"}
    body = {"act": "rachat_partiel", "on": "2026-01-20", "amount": "100.00", "lines": [line]}
    made = program.post(f"/accounts/{contract}/transactions", body, 201, key="acte-1")
    again = program.post(f"/accounts/{contract}/transactions", body, 201, key="acte-1")
    one = made["transaction"]["id"]
    assert again["transaction"]["id"] == one
    assert (made["transaction"]["status"], made["lines"][0]["mode"]) == ("initiated", "amount")
    program.post(f"/accounts/{contract}/transactions", {**body, "amount": "101.00"}, 422)
    at = f"/transactions/{one}"
    changed = {name: value for name, value in body.items() if name != "act"} | {"note": "Travaux", "version": made["version"]}
    later = program.post(f"{at}/typed", changed)
    assert later["note"] == "Travaux"
    program.post(f"{at}/typed", changed, 409)
    program.post(f"{at}/execute", {"version": made["version"]}, 409)
    done = program.post(f"{at}/execute", {"version": later["version"]})
    assert (done["transaction"]["status"], done["executed_on"]) == ("executed_here", "2026-01-20")
    program.post(f"{at}/execute", {})
    assert moves(people, contract) == [D(-100)]
    assert program.post(f"{at}/take-back")["transaction"]["status"] == "initiated"
    assert moves(people, contract) == []
    assert program.post(f"{at}/cancel")["transaction"]["status"] == "cancelled"
    assert program.get(f"{at}/typed")["transaction"]["status_label"] == "Annulé"
    found = program.get(f"/accounts/{contract}/transactions?status=cancelled")["items"]
    assert [item["id"] for item in found] == [one]
