"""Patrimoine > Bilan: the page, its day, what may be named; and the same for programs (PA-01, NX-02)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.accounts import services as accounts
from core.accounts.schemas import Role
from core.contacts import relations
from core.contacts import services as contacts
from core.db.clock import today
from core.extensions import db
from plugins.patrimoine import loan_writes
from plugins.patrimoine.loan_terms import Borrower
from plugins.patrimoine.loan_terms import Terms
from tests.conftest import person
from tests.core.rest.desk import Program
from tests.core.rest.desk import token_of
from tests.plugins.patrimoine.conftest import Home
from tests.plugins.patrimoine.test_loan_pages import plain

D = Decimal


@pytest.fixture
def couple(home: Home) -> Home:
    """Jeanne and Paul are married under community; they owe 40,000 € that were declared."""
    with db.session(home.cabinet_id) as session:
        by = person(session, home.adviser)
        for who in (home.jeanne, home.paul):
            contacts.update(session, by, who, {"situation": "MARIE", "matrimonial_regime": "COMMUNAUTE_REDUITE_AUX_ACQUETS"})
        relations.add(session, by, home.jeanne, "CONJOINT", home.paul, since=date(2010, 5, 6))
        terms = Terms("REVOLVING", "Travaux", "Banque de l'Ouest", D(40000), D("0.05"), granted_on=date(2024, 1, 5))
        loan_writes.create(session, by, terms, [Borrower(home.jeanne, D("0.5")), Borrower(home.paul, D("0.5"))])
    return home


def page(client: FlaskClient, contact: str, query: str = "", status: int = 200) -> str:
    answer = client.get(f"/p/patrimoine/contacts/{contact}/bilan{query}")
    assert answer.status_code == status
    return plain(answer)


def test_a_household_s_sheet(adviser: FlaskClient, couple: Home) -> None:
    """PA-01, NX-02: who has what, the net of each makes the household's, and each figure says whence and by which rule."""
    shown = page(adviser, couple.household)
    for words in (
        "Actif net au", "50 000,00 €", "Xaélidia XAE1", "45 000,00 €", "Generali Patrimoine",
        "Présumé commun (art. 1402 C. civ.)",
        "Net commun au couple", "Crédit renouvelable", "Durand Alix", "Martin Alix", "Actif net par personne", "25 000,00 €",
    ):  # fmt: skip
        assert words in shown, words
    alone = page(adviser, couple.jeanne)
    assert "Voir le bilan du foyer Durand et Martin" in alone
    assert "25 000,00 €" in alone


def test_on_a_day(adviser: FlaskClient, couple: Home) -> None:
    """PA-01: before the valuation the account's value is not known, and not nought; before the loan nothing is owed."""
    before = page(adviser, couple.jeanne, "?au=31/12/2023")
    assert "non connu" in before
    assert "1 ligne n'est pas dans les totaux" in before
    assert "Crédit renouvelable" not in before
    assert "Rien à ce jour" in page(adviser, couple.jeanne, "?au=31/12/2009")


@pytest.mark.parametrize("typed", ["31/02/2024", "01/01/1949", "demain", "01/01/2999"])
def test_a_day_that_makes_no_sense(adviser: FlaskClient, couple: Home, typed: str) -> None:
    """PA-01: told beside the field, with today's sheet below; what was typed stays."""
    answer = adviser.get(f"/p/patrimoine/contacts/{couple.jeanne}/bilan", query_string={"au": typed})
    assert answer.status_code == 422
    assert f'value="{typed}"' in answer.get_data(as_text=True)
    assert f"Actif net au {today():%d/%m/%Y}" in plain(answer)


def test_who_is_not_open_is_not_named(adviser: FlaskClient, couple: Home) -> None:
    """DO-02: another adviser's client who holds the account too is told as somebody of another file."""
    with db.session(couple.cabinet_id) as session:
        both = [Role(couple.jeanne, "SOUSCRIPTEUR"), Role(couple.stranger, "CO_SOUSCRIPTEUR")]
        accounts.set_roles(session, "cli", couple.account, both)
    shown = page(adviser, couple.jeanne)
    assert "Leroy" not in shown
    assert "Une personne d'un autre dossier" in shown


def test_for_programs(app: Flask, couple: Home) -> None:
    """PA-01: the same figures with the parts of each; a day to come is refused; another's client is not there."""
    program = Program(app, token_of(couple.cabinet_id, couple.adviser))
    where = f"/p/patrimoine/contacts/{couple.household}/balance"
    told = program.get(where)
    assert (told["assets"], told["debts"], told["net"]) == ("90000.00", "40000.00", "50000.00")
    assert {one["net"] for one in told["people"]} == {"25000.00"}
    line = next(one for one in told["lines"] if one["origin"] != "CALCULE" and not one["debt"])
    assert (line["shared"], line["as_of"], sum(D(one["amount"]) for one in line["amounts"])) == (True, "2026-01-02", D(90000))
    assert program.get(f"{where}?on=2009-12-31")["net"] == "0.00"
    program.get(f"{where}?on=2999-01-01", 400)
    program.get(f"/p/patrimoine/contacts/{couple.stranger}/balance", 404)
