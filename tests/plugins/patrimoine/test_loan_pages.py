"""Prêts, nantissements in a contact's file: forms, the list, a loan, the account's page; and the same for programs (AU-01)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.db.clock import today
from core.extensions import db
from plugins.patrimoine import loan_writes
from plugins.patrimoine import pledges
from plugins.patrimoine.loan_terms import Borrower
from plugins.patrimoine.loan_terms import Terms
from tests.conftest import person
from tests.core.rest.desk import Program
from tests.core.rest.desk import token_of
from tests.plugins.patrimoine.conftest import Home
from tests.plugins.patrimoine.conftest import mortgage

D = Decimal
LOAN = {
    "kind": "AMORTISSABLE", "purpose": "Résidence principale", "lender": "Banque de l'Ouest", "principal": "200 000,00",
    "annual_rate": "3", "variable": "NON", "months": "240", "first_due": "05/02/2020", "every": "1", "deferred_months": "0",
    "share": "100", "insured": "100",
}  # fmt: skip


class File:
    """A person in Jeanne's file."""

    def __init__(self, client: FlaskClient, home: Home) -> None:
        self.client, self.home = client, home
        self.base = f"/p/patrimoine/contacts/{home.jeanne}"

    def get(self, path: str) -> str:
        answer = self.client.get(self.base + path)
        assert answer.status_code == 200, (path, answer.status_code)
        return plain(answer)

    def post(self, path: str, values: dict[str, str]) -> TestResponse:
        page = self.client.get(self.base + path).get_data(as_text=True)
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
        return self.client.post(self.base + path, data={**{name: unescape(text) for name, text in hidden.items()}, **values})


def plain(answer: TestResponse) -> str:
    """A page as it is read, narrow blanks as blanks."""
    text = re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))
    return re.sub(r"[\s\u00a0\u202f]+", " ", unescape(text))


@pytest.fixture
def file(adviser: FlaskClient, home: Home) -> Iterator[File]:
    return File(adviser, home)


def test_a_loan_from_its_form_to_its_list(file: File) -> None:
    """AU-01: added with the co-borrower of the household, shown, changed, closed, reopened."""
    both = {"share": "50", "second": file.home.paul, "second_share": "50", "insurance_kind": "INITIAL", "insurance_rate": "0,36"}
    made = file.post("/prets/nouveau", {**LOAN, **both, "guarantees": "CAUTION"})
    assert made.status_code == 303, plain(made)
    page = plain(file.client.get(made.location))
    for said in (
        "Le prêt est ajouté",
        "1 169,20 €",
        "Capital restant dû",
        "Échéancier 240 échéances",
        "0,360 %",
        "Caution",
        "assuré à 100 %",
        "TAEG",
    ):
        assert said in page, said
    path = made.location.removeprefix(file.base)
    changed = file.post(f"{path}/modifier", {**LOAN, **both, "lender": "Crédit Atlantique", "annual_rate": "3,125"})
    assert changed.status_code == 303, plain(changed)
    text = file.get("/prets")
    assert "Crédit Atlantique" in text
    assert "3,13 %" in text
    assert "Alix Durand (50 %), Alix Martin (50 %)" in text or "Durand Alix (50 %), Martin Alix (50 %)" in text
    assert file.post(f"{path}/cloturer", {"on": "01/06/2024", "why": "VENTE"}).status_code == 303
    assert "clos le 01/06/2024" in file.get("/prets")
    file.client.post(f"{file.base}{path}/cloturer", data={"csrf_token": token(file, path)})
    assert "clos le" not in file.get("/prets")


def token(file: File, path: str) -> str:
    page = file.client.get(file.base + path).get_data(as_text=True)
    return page.split('name="csrf_token" value="')[1].split('"')[0]


BAD = (
        ("months", "601", "50 ans"), ("months", "vingt", "nombre entier de mois"), ("annual_rate", "-1", "0 à 100"),
        ("first_due", "31/02/2026", "Le 31 février n'existe pas"), ("first_due", "", "première échéance"),
        ("principal", "abc", "montant"), ("principal", "-5", "positif"), ("share", "60", "il faut 100"),
        ("deferred_months", "240", "Le différé est plus court"), ("steps", "12 fois 3", "Écrivez chaque palier"),
        ("steps", "12 x 1,00", "ne couvre pas les intérêts"), ("second", "inconnu", "personne de la liste"),
        ("granted_on", "06/02/2020", "au plus tard le jour de sa première échéance"), ("fees", "200000", "inférieurs au capital"),
)  # fmt: skip


def test_bad_input_is_said_beside_its_field(file: File) -> None:
    """AU-01, «Bad input»: 422, in French, beside the field and in the summary; nothing that was typed is lost."""
    for field, typed, said in BAD:
        extra = {"deferred_kind": "TOTAL"} if field == "deferred_months" else {}
        answer = file.post("/prets/nouveau", {**LOAN, **extra, field: typed})
        page = answer.get_data(as_text=True)
        assert answer.status_code == 422, (field, typed)
        error = re.search(rf'id="f-{field}-e">(.*?)</p>', page, re.S)
        assert error, (field, typed)
        assert said in re.sub(r"[\u00a0\u202f]", " ", unescape(error.group(1)))
        assert f'href="#f-{field}"' in page
        assert 'value="Résidence principale"' in page


def test_what_if_and_events(file: File) -> None:
    """AU-01: what a repayment would spare, without writing it; then noted, taken away, put back by «Annuler»."""
    with db.session(file.home.cabinet_id) as session:
        loan = loan_writes.create(session, person(session, file.home.adviser), *mortgage(file.home))
    path = f"/prets/{loan}"
    page = file.get(f"{path}?montant=20000&date={today():%d/%m/%Y}&ensuite=ECHEANCE")
    assert "Intérêts et assurance économisés" in page
    assert "Gain net" in page
    assert "05/01/2040" in page
    wrong = file.client.get(f"{file.base}{path}?montant=-3&date=31/02/2026")
    assert wrong.status_code == 422
    assert "n'existe pas" in plain(wrong)
    assert file.client.get(f"{file.base}{path}?date=01/01/2090").status_code == 422
    event = {"kind": "REMBOURSEMENT", "on": "01/03/2024", "amount": "20000", "mode": "DUREE", "indemnity_kind": "PLAFOND"}
    assert file.post(f"{path}/evenements/ajouter", event).status_code == 303
    text = file.get(path)
    assert "Remboursement anticipé le 01/03/2024" in text
    refused = file.post(f"{path}/evenements/ajouter", {**event, "amount": "500000"})
    assert (refused.status_code, "Il ne reste alors que" in plain(refused)) == (422, True)
    page = file.client.get(file.base + path).get_data(as_text=True)
    remove = re.search(r'action="([^"]*/retirer)"', page)
    assert remove
    gone = file.client.post(remove.group(1), data={"csrf_token": token(file, path)}, follow_redirects=True)
    assert "Remboursement anticipé le" not in plain(gone)
    undo = re.search(r'name="undo" value="([^"]+)"', gone.get_data(as_text=True))
    assert undo
    back = file.client.post("/annuler", data={"csrf_token": token(file, path), "undo": undo.group(1)})
    assert back.status_code in (302, 303)
    assert "Remboursement anticipé le 01/03/2024" in file.get(path)


def test_a_pledge_on_the_loan_and_on_the_account(file: File) -> None:
    """AU-01: noted, it marks the account; below the threshold both pages say so; released, neither does."""
    with db.session(file.home.cabinet_id) as session:
        terms = Terms("IN_FINE", "Immeuble", "Banque de l'Ouest", D(100000), D("0.03"), months=240, first_due=date(2020, 2, 5))
        loan = loan_writes.create(session, person(session, file.home.adviser), terms, [Borrower(file.home.jeanne, D(1))])
    pledge = {
        "account": file.home.account,
        "loan": loan,
        "creditor": "Banque de l'Ouest",
        "rank": "1",
        "pledged_on": "05/01/2020",
    }
    for name, typed in (("account", "x"), ("rank", "0"), ("pledged_on", "31/02/2020"), ("amount", "-1"), ("creditor", "")):
        assert file.post("/nantissements/nouveau", {**pledge, name: typed}).status_code == 422, name
    assert file.post("/nantissements/nouveau", pledge).status_code == 303
    account = f"/p/portefeuille/comptes/{file.home.account}"
    for page in (file.get("/prets"), file.get(f"/prets/{loan}"), plain(file.client.get(account))):
        assert "ouverture insuffisante" in page
    assert (
        "Nanti au profit de Banque de l'Ouest depuis le 05/01/2020. Le prêt, dont il reste 100 000,00 €, est couvert à 90 %"
        in plain(file.client.get(f"{account}/mouvements"))
    )
    sheet = file.client.get(f"{file.base}/prets/{loan}/echeancier.xlsx")
    assert sheet.data[:2] == b"PK"
    release = re.search(r'href="([^"]*/mainlevee)"', file.client.get(f"{file.base}/prets").get_data(as_text=True))
    assert release
    path = release.group(1).removeprefix(file.base)
    assert file.post(path, {"released_on": "01/01/2019"}).status_code == 422
    assert file.post(path, {"released_on": "01/06/2024"}).status_code == 303
    assert "mainlevée le 01/06/2024" in file.get("/prets")
    assert "Nanti au profit" not in plain(file.client.get(account))


def test_a_household_and_a_stranger(file: File) -> None:
    """AU-01: a household shows its members' loans and adds none; another adviser's client, or another's loan, is not there."""
    with db.session(file.home.cabinet_id) as session:
        loan = loan_writes.create(session, person(session, file.home.adviser), *mortgage(file.home))
    base = f"/p/patrimoine/contacts/{file.home.household}/prets"
    text = plain(file.client.get(base))
    assert "Prêt amortissable" in text
    assert "Ajouter un prêt" not in text
    assert file.client.get(f"{base}/nouveau").status_code == 403
    assert file.client.get(f"{base}/{loan}").status_code == 200
    assert file.client.get(f"/p/patrimoine/contacts/{file.home.stranger}/prets").status_code == 404
    assert file.client.get(f"{file.base}/prets/{'0' * 26}").status_code == 404
    assert file.client.get(f"{file.base}/lignes/{loan}").location.endswith(f"/prets/{loan}")


def test_programs_do_as_much(app: Flask, home: Home) -> None:
    """PL-09, AU-01: a loan made, read, changed, its schedule, an event, a pledge; what is refused names its field."""
    program = Program(app, token_of(home.cabinet_id, home.adviser))
    body = {
        "kind": "AMORTISSABLE", "purpose": "Studio", "lender": "Banque", "principal": "100000.00", "annual_rate": "0.01",
        "months": 240, "first_due": "2020-02-05", "borrowers": [{"contact_id": home.jeanne, "share": "1"}],
    }  # fmt: skip
    made = program.call("POST", "/p/patrimoine/loans", body)
    assert made.status_code == 201, made.get_data(as_text=True)
    path = f"/p/patrimoine/loans/{made.json['id']}"
    lines = program.call("GET", f"{path}/schedule").json
    assert (lines["items"][0]["payment"], lines["interest"], lines["items"][-1]["balance"]) == ("459.89", "10374.74", "0.00")
    assert program.call("PATCH", path, {"lender": "Autre banque"}).json["lender"] == "Autre banque"
    event = {"kind": "REMBOURSEMENT", "on": "2024-03-01", "amount": "1000.00"}
    noted = program.call("POST", f"{path}/events", event)
    assert noted.status_code == 201
    assert program.call("DELETE", f"{path}/events/{noted.json['id']}").status_code == 204
    wrong = program.call("PATCH", path, {"months": 601})
    assert (wrong.status_code, wrong.json["errors"][0]["field"]) == (422, "months")
    pledge = {"account_id": home.account, "creditor": "Banque", "pledged_on": "2020-01-05", "loan_id": made.json["id"]}
    given = program.call("POST", "/p/patrimoine/pledges", pledge)
    assert given.status_code == 201, given.get_data(as_text=True)
    assert [one["id"] for one in program.call("GET", f"/p/patrimoine/pledges?contact={home.jeanne}").json["items"]] == [
        given.json["id"]
    ]
    with db.session(home.cabinet_id, write=False) as session:
        assert pledges.of_accounts(session, [home.account], today())
    done = program.call("POST", f"/p/patrimoine/pledges/{given.json['id']}/release", {"released_on": "2024-01-05"})
    assert done.json["released_on"] == "2024-01-05"
    assert program.call("GET", "/p/patrimoine/loans").json["items"][0]["owed"]
