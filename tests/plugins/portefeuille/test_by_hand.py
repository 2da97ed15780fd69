"""Pages and programs that add and change accounts: refused in words, nothing lost, taken back (PF-01, QM-01)."""

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

from core.accounts import services as accounts
from core.accounts.models import Account
from core.accounts.models import Valuation
from core.accounts.schemas import NewAccount
from core.accounts.schemas import Role
from core.extensions import db
from core.supports import services as supports
from core.supports.models import Company
from tests.conftest import People
from tests.core.rest.desk import Program
from tests.core.rest.desk import token_of
from tests.plugins.portefeuille.conftest import Portfolio

BASE = "/p/portefeuille"
NEW = f"{BASE}/comptes/nouveau"
CTO = {
    "envelope": "COMPTE_TITRES", "title": "Titres", "number": "CT 1", "currency": "EUR", "company": "banque",
    "holder": "Durand Jeanne", "state": "OUVERT", "management_mode": "LIBRE", "opened_on": "05/03/2020",
    "value": "1 234,56", "value_on": "01/06/2024",
    "fee_units": "0,6", "product": "Compte Loire",
}  # fmt: skip


def post(client: FlaskClient, path: str, values: dict[str, str], **more: str) -> TestResponse:
    page = client.get(path).get_data(as_text=True)
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    return client.post(path, data={**{name: unescape(text) for name, text in hidden.items()}, **values, **more})


def plain(answer: TestResponse) -> str:
    text = re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))
    return re.sub(r"[\s\u00a0\u202f]+", " ", unescape(text))


def press(client: FlaskClient, path: str, account: str) -> TestResponse:
    page = client.get(f"{BASE}/comptes/{account}").get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]*)"', page)
    assert token
    return client.post(path, data={"csrf_token": unescape(token[1])}, follow_redirects=True)


def undo(client: FlaskClient, page: TestResponse) -> str:
    text = page.get_data(as_text=True)
    token, csrf = re.search(r'name="undo" value="([^"]*)"', text), re.search(r'name="csrf_token" value="([^"]*)"', text)
    assert token
    assert csrf
    data = {"undo": unescape(token[1]), "csrf_token": unescape(csrf[1]), "next": "/"}
    return plain(client.post("/annuler", data=data, follow_redirects=True))


def count(people: People, **of: str) -> int:
    with db.session(people.cabinet_id) as session:
        return len(session.scalars(select(Account.id).filter_by(**of)).all())


def test_added_once_whatever_is_clicked(adviser: FlaskClient, portfolio: Portfolio, people: People) -> None:
    """PF-01, QM-01: from the quick menu; the form sent twice makes one; its value, product, fees and holder are there."""
    assert f'href="{NEW}"' in adviser.get(f"{BASE}/comptes").get_data(as_text=True)
    page = adviser.get(f"{NEW}?contact={portfolio.jeanne}").get_data(as_text=True)
    assert "Durand Jeanne · " in page
    hidden = {name: unescape(text) for name, text in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)}
    for _turn in range(2):
        answer = adviser.post(NEW, data={**hidden, **CTO})
        assert answer.status_code == 303, plain(answer)
    assert count(people, number="CT 1") == 1
    shown = plain(adviser.get(answer.headers["Location"]))
    for words in ("Compte Loire", "1 234,56 €", "Durand Jeanne", "0,60 %", "Saisie ici"):
        assert words in shown, words


def test_a_second_plan_is_refused_and_nothing_is_lost(adviser: FlaskClient, portfolio: Portfolio, people: People) -> None:
    """PF-01: the refusal stands at the envelope, with the first plan's name; what was typed is there, no company was made."""
    typed = {**CTO, "envelope": "PEA", "number": "PEA 2", "company": "AUTRE", "new_company": "Banque Neuve"}
    answer = post(adviser, NEW, typed)
    assert answer.status_code == 422
    said = plain(answer)
    assert "Un PEA est déjà détenu par Durand Jeanne (PEA 0004587, Banque de Loire)" in said
    page = answer.get_data(as_text=True)
    assert 'value="Banque Neuve"' in page
    assert 'aria-describedby="f-envelope-e"' in page
    with db.session(people.cabinet_id) as session:
        assert session.scalar(select(Company.id).where(Company.name == "Banque Neuve")) is None
    assert count(people, number="PEA 2") == 0


@pytest.mark.parametrize(
    ("more", "field", "words"),
    [
        ({"holder": "Personne"}, "holder", "Aucun contact ouvert"), ({"holder": "Durand Paul"}, "holder", "Aucun contact"),
        ({"currency": "euro"}, "currency", "trois lettres"), ({"company": "inconnue"}, "company", "de la liste"),
        ({"opened_on": "31/02/2024"}, "opened_on", ""), ({"value_on": ""}, "value_on", "date de cette valorisation"),
        ({"envelope": ""}, "envelope", "Choisissez l'enveloppe"), ({"number": "HIM0012345", "company": "generali-patrimoine"},
         "number", "existe déjà"),
    ],
)  # fmt: skip
def test_bad_input(
    adviser: FlaskClient, portfolio: Portfolio, people: People, more: dict[str, str], field: str, words: str
) -> None:  # fmt: skip
    """PF-01, «Bad input»: beside its field, nothing written; a number that is known leads to its account."""
    answer = post(adviser, NEW, {**CTO, **more})
    assert answer.status_code == 422
    assert f'id="f-{field}-e"' in answer.get_data(as_text=True)
    assert words in plain(answer)
    if field == "number":
        assert f'href="{BASE}/comptes/{portfolio.himalia}"' in answer.get_data(as_text=True)
    assert count(people, number="CT 1") == 0


def test_what_is_unusual_waits_for_a_word(adviser: FlaskClient, portfolio: Portfolio, people: People) -> None:
    """PF-01: payments beyond a ceiling are asked about, with the source; ticked, they pass."""
    typed = {**CTO, "envelope": "LIVRET_A", "number": "LA 1", "net_payments": "30 000"}
    answer = post(adviser, NEW, typed)
    assert answer.status_code == 409
    assert "22 950,00 €" in plain(answer)
    assert count(people, number="LA 1") == 0
    assert post(adviser, NEW, typed, acquitter="ceiling_22950").status_code == 303


def test_changed_closed_archived_removed(adviser: FlaskClient, portfolio: Portfolio, people: People) -> None:
    """PF-01: each is done at once and taken back by «Annuler»; the history says who, before and after."""
    one = post(adviser, NEW, CTO).headers["Location"].rsplit("/", 1)[1]
    at = f"{BASE}/comptes/{one}"
    assert post(adviser, f"{at}/modifier", {**CTO, "title": "Autre titre", "matures_on": "01/01/2030"}).status_code == 303
    history = plain(adviser.get(f"{at}/historique"))
    assert "Intitulé : Titres → Autre titre" in history
    assert "Échéance : 01/01/2030" in history
    closed = post(adviser, f"{at}/etat", {"state": "CLOTURE", "on": "01/07/2024"})
    assert closed.status_code == 303
    assert count(people, state="CLOTURE") == 1
    assert "redevenu le précédent" in undo(adviser, adviser.get(closed.headers["Location"]))
    assert count(people, state="CLOTURE") == 0
    assert "Saisissez la date de la fin" in plain(post(adviser, f"{at}/etat", {"state": "CLOTURE"}))
    away = press(adviser, f"{at}/archiver", one)
    assert "archivé" in plain(away)
    listed = f"{BASE}/comptes"
    assert "Autre titre" not in plain(adviser.get(listed))
    assert "Autre titre" in plain(adviser.get(f"{listed}?archives=seules"))
    assert "sorti des archives" in undo(adviser, away)
    assert "Autre titre" in plain(adviser.get(listed))
    gone = press(adviser, f"{at}/supprimer", one)
    assert "Le compte est supprimé" in plain(gone)
    assert adviser.get(at).status_code == 404
    assert "Le compte est de retour" in undo(adviser, gone)
    assert adviser.get(at).status_code == 200


def test_a_fed_field_is_corrected(adviser: FlaskClient, portfolio: Portfolio, people: People) -> None:
    """PF-01: a field that a file fills is not in the form; «Corriger» changes it, what was received is shown beside."""
    with db.session(people.cabinet_id) as session:
        data = NewAccount("COMPTE_TITRES", "IF1", "Importé", portfolio.company, [Role(portfolio.jeanne, "TITULAIRE")],
                          origin="IMPORT_FICHIER", opened_on=date(2020, 1, 1))  # fmt: skip
        one = accounts.create(session, "cli", data)
    at = f"{BASE}/comptes/{one}"
    page = adviser.get(f"{at}/modifier").get_data(as_text=True)
    assert 'name="opened_on"' not in page
    assert f'href="{at}/champs/opened_on/corriger"' in page
    assert post(adviser, f"{at}/modifier", {"management_mode": "PILOTEE", "title": "Forcé"}).status_code == 303
    assert count(people, title="Forcé") == 0
    assert count(people, management_mode="PILOTEE") == 1
    assert post(adviser, f"{at}/champs/opened_on/corriger", {"opened_on": "02/02/2019"}).status_code == 303
    assert "Reçu : 01/01/2020" in plain(adviser.get(at))
    assert "fait foi" in plain(press(adviser, f"{at}/champs/opened_on/retablir", one))
    assert count(people, opened_on=date(2020, 1, 1)) == 1  # type: ignore[arg-type]


def test_people_values_lines_movements(adviser: FlaskClient, portfolio: Portfolio, people: People) -> None:
    """PF-01: beneficiaries whose shares make 100 %; a value, lines, a movement typed and taken back."""
    at = f"{BASE}/comptes/{portfolio.himalia}"
    rows = {"who_1": "Durand Jeanne", "role_1": "SOUSCRIPTEUR", "who_2": "Durand Jeanne", "role_2": "ASSURE",
            "who_3": "Durand Jeanne", "role_3": "BENEFICIAIRE", "rank_3": "1", "share_3": "60",
            "clause_3": "Mes héritiers"}  # fmt: skip
    short = post(adviser, f"{at}/personnes", rows)
    assert short.status_code == 422
    assert "ne font pas 100 %" in plain(short)
    assert post(adviser, f"{at}/personnes", {**rows, "share_3": "100"}).status_code == 303
    assert "Mes héritiers" in plain(adviser.get(at))
    assert post(adviser, f"{at}/valorisations/ajouter", {"on": "01/02/2026", "value": "90000"}).status_code == 303
    gone = press(adviser, f"{at}/valorisations/2026-02-01/retirer", portfolio.himalia)
    assert "La valorisation est retirée" in plain(gone)
    assert "de retour" in undo(adviser, gone)
    with db.session(people.cabinet_id) as session:
        supports.support_for(session, isin="FR0000120271", label="TotalEnergies", type="ACTION")
    bad = post(adviser, f"{at}/supports/saisir", {"on": "01/03/2026", "support_1": "Inconnu", "value_1": "5"})
    assert bad.status_code == 422
    assert "Aucun support ne porte ce code" in plain(bad)
    good = {"on": "01/03/2026", "support_1": "FR0000120271", "quantity_1": "10,5", "price_1": "60"}
    assert post(adviser, f"{at}/supports/saisir", good).status_code == 303
    assert "630,00 €" in plain(adviser.get(f"{at}/supports"))
    moved = {"on": "02/03/2026", "kind": "VERSEMENT", "label": "Chèque", "amount": "500"}
    assert post(adviser, f"{at}/mouvements/ajouter", moved).status_code == 303
    page = adviser.get(f"{at}/mouvements").get_data(as_text=True)
    path = re.search(r'action="([^"]*/mouvements/[^"]*/retirer)"', page)
    assert path
    gone = press(adviser, path[1], portfolio.himalia)
    assert "Le mouvement est retiré" in plain(gone)
    assert "de retour" in undo(adviser, gone)


def test_a_fed_account_takes_no_typed_figure(adviser: FlaskClient, portfolio: Portfolio, people: People) -> None:
    """PF-01: what its partner feeds is not typed over: one is told so on the account, and nothing is written."""
    with db.session(people.cabinet_id) as session:
        session.scalars(select(Account).where(Account.id == portfolio.himalia)).one().origin = "AGREGE"
    at = f"{BASE}/comptes/{portfolio.himalia}"
    for path in ("valorisations/ajouter", "supports/saisir", "mouvements/ajouter"):
        assert adviser.get(f"{at}/{path}").status_code == 302
        assert "elles ne se saisissent pas" in plain(adviser.get(at))
    assert "Saisir une valorisation" not in plain(adviser.get(at))


def test_programs(app: Flask, people: People, portfolio: Portfolio) -> None:
    """PF-01: what the pages do, for programs; a warning is passed by its code; a twin key makes one."""
    program = Program(app, token_of(people.cabinet_id, people.adviser))
    body = {
        "envelope": "LIVRET_A", "number": "API1", "title": "Livret A", "company": "banque", "net_payments": "30000.00",
        "roles": [{"contact_id": portfolio.jeanne, "role": "TITULAIRE"}],
    }  # fmt: skip
    refused = program.post("/accounts", body, 422)
    assert "ceiling_22950" in str(refused)
    made = program.post("/accounts", {**body, "acknowledged": ["ceiling_22950"]}, 201)
    at = f"/accounts/{made['id']}"
    assert made["origin"] == "MANUEL"
    assert made["account"]["net_payments"] == "30000.0000"
    changed = program.call("PATCH", at, {"fee_entry": "0.01", "introducer_code": "AP7"}).get_json()
    assert (Decimal(changed["fee_entry"]), changed["introducer_code"]) == (Decimal("0.01"), "AP7")
    assert program.call("PATCH", at, {"fee_entry": "1.5"}).status_code == 422
    assert program.post(f"{at}/state", {"state": "CLOTURE", "closed_on": "2026-01-31"})["account"]["state"] == "CLOTURE"
    assert program.post(f"{at}/archive")["archived_at"]
    assert not program.post(f"{at}/restore")["archived_at"]
    roles = [{"contact_id": portfolio.jeanne, "role": "TITULAIRE"}]
    assert len(program.post(f"{at}/roles", {"roles": roles})["roles"]) == 1
    program.post(f"{at}/overrides", {"field": "title", "value": "X"}, 422)
    with db.session(people.cabinet_id) as session:
        support = supports.support_for(session, isin="FR0000120271", label="TotalEnergies", type="ACTION")
    line = {"support_id": support, "quantity": "10.5", "price": "60"}
    held = program.post(f"/accounts/{portfolio.himalia}/positions", {"on": "2026-03-01", "items": [line]})
    assert Decimal(held["total"]) == 630
    with db.session(people.cabinet_id) as session:
        assert session.scalar(select(Valuation.value).where(Valuation.on == date(2026, 3, 1))) == 630
    assert program.get(f"{at}/history")["items"][0]["action"]
    assert program.call("DELETE", f"/accounts/{portfolio.himalia}/valuations/2026-03-01").status_code == 204
    assert program.call("DELETE", at).status_code == 204
    program.get(at, 404)
