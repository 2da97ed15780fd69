"""AGG-02: a source's account is attached by certainty or by a person's word, never silently."""

from __future__ import annotations

import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core.accounts import services as accounts
from core.accounts.models import Account
from core.accounts.models import AccountRole
from core.accounts.schemas import NewAccount
from core.accounts.schemas import Role
from core.cli.worker import run_due
from core.contacts import services as contacts
from core.contacts.schemas import NewContact
from core.db.errors import DomainError
from core.extensions import db
from core.supports import services as supports
from plugins.aggregation.pipeline import linking
from plugins.aggregation.pipeline.models import FeedAccount
from tests.conftest import People
from tests.conftest import person
from tests.conftest import sign_in
from tests.core.rest.desk import Program
from tests.core.rest.desk import token_of
from tests.plugins.aggregation.pipeline import world


def link_of(people: People) -> FeedAccount:
    """The only account that a source named."""
    with db.session(people.cabinet_id, write=False) as session:
        return session.scalars(select(FeedAccount)).one()


def test_the_number_at_the_company_is_certain(adviser: FlaskClient, people: People) -> None:
    """AGG-02, «contract number and partner»: attached by itself, and said so."""
    made = world.made(people)
    world.send(adviser, "suravenir.txt")
    row = link_of(people)
    assert (row.state, row.account_id, row.decided_by) == ("RATTACHE", made.contract, "certain")
    assert "par son numéro et sa compagnie" in world.seen(adviser, f"/p/aggregation/comptes/{row.id}")


def test_the_number_elsewhere_is_only_suggested(adviser: FlaskClient, people: People) -> None:
    """AGG-02: the same number at another company waits for a person, who reads why."""
    made = world.made(people, company="Autre Assureur")
    page = world.send(adviser, "suravenir.txt")
    row = link_of(people)
    assert (row.state, row.account_id) == ("A_RATTACHER", None)
    assert "À rattacher" in world.seen(adviser, page)
    assert "Comptes à rattacher" in world.seen(adviser, "/p/aggregation/")
    said = world.seen(adviser, f"/p/aggregation/comptes/{row.id}")
    assert "même numéro" in said
    assert "70/100" in said
    assert world.press(adviser, f"/p/aggregation/comptes/{row.id}", account=made.contract) == 303
    assert link_of(people).account_id == made.contract


def test_names_and_birth_dates_suggest(people: People, app: Flask) -> None:
    """AGG-02, «then name, first name, birth date»: the accounts of who is named, with the reasons added up."""
    made = world.made(people, number="AUTRE 1")
    with db.session(people.cabinet_id) as session:
        row = FeedAccount(origin="x", key="k", number="Z9", company="Suravenir", envelope="ASSURANCE_VIE", currency="EUR",
                          holders=[["Durand", "Jeanne", "1968-03-14"]])  # fmt: skip
        session.add(row)
        session.flush()
        found = linking.suggested(session, person(session, people.adviser), row)
        assert [(one.account_id, one.score) for one in found.candidates] == [(made.contract, 65)]
        assert found.candidates[0].why == ("tenu par Durand Jeanne", "même enveloppe", "même compagnie (Suravenir)")
        assert [name for _id, name in found.people] == ["Durand Jeanne"]
        row.holders = [["Durand", "Jeanne", "1970-01-01"]]
        assert linking.suggested(session, person(session, people.adviser), row).candidates == ()


def test_an_account_is_made_for_its_holder(adviser: FlaskClient, people: People) -> None:
    """AGG-02: what is new is created by a press, attached, then filled."""
    made = world.made(people, number="AUTRE 1")
    page = world.send(adviser, "suravenir.txt")
    row = link_of(people)
    url = f"/p/aggregation/comptes/{row.id}"
    assert "Durand Jeanne" in world.seen(adviser, f"{url}?q=durand")
    assert world.press(adviser, f"{url}/creer", contact=made.jeanne, envelope="ASSURANCE_VIE") == 303
    assert world.press(adviser, f"{page}/appliquer") == 303
    with db.session(people.cabinet_id, write=False) as session:
        account = session.scalars(select(Account).where(Account.id == link_of(people).account_id)).one()
        assert (account.origin, account.number, str(account.value)) == ("AGREGE", world.CONTRACT, "10180.0000")
        assert session.scalar(select(AccountRole.contact_id).where(AccountRole.account_id == account.id)) == made.jeanne


def test_one_that_is_ignored_is_written_by_no_file(adviser: FlaskClient, people: People) -> None:
    """AGG-02: a person's «no» holds."""
    made = world.made(people)
    page = world.send(adviser, "suravenir.txt")
    assert world.press(adviser, f"/p/aggregation/comptes/{link_of(people).id}/ignorer") == 303
    world.press(adviser, f"{page}/appliquer")
    with db.session(people.cabinet_id, write=False) as session:
        account = session.scalars(select(Account).where(Account.id == made.contract)).one()
        assert (account.value, account.origin) == (None, "MANUEL")


@pytest.mark.parametrize("what", ["another currency", "twice"])
def test_what_cannot_be_attached_says_why(people: People, app: Flask, what: str) -> None:
    """AGG-02: two currencies, two accounts of one source on one of ours: refused beside the field."""
    made = world.made(people)
    with db.session(people.cabinet_id) as session:
        by = person(session, people.adviser)
        rows = [FeedAccount(origin="x", key=key, number=key, currency="EUR", holders=[]) for key in ("a", "b")]
        session.add_all(rows)
        session.flush()
        if what == "twice":
            linking.attach(session, by, rows[0], made.contract)
        else:
            rows[1].currency = "USD"
        with pytest.raises(DomainError) as error:
            linking.attach(session, by, rows[1], made.contract)
        assert error.value.field == "account"


def test_an_adviser_sees_his_own_files_only(app: Flask, people: People, adviser: FlaskClient) -> None:
    """AGG-01, rights: a file names other people's clients: his depositor and the administrators see it."""
    world.made(people)
    page = world.send(adviser, "suravenir.txt")
    other = app.test_client()
    sign_in(other, "autre@demo.example")
    assert other.get(page).status_code == 404
    assert other.get(f"/p/aggregation/comptes/{link_of(people).id}").status_code == 404
    boss = app.test_client()
    sign_in(boss, "administrateur@demo.example")
    assert boss.get(page).status_code == 200


def test_an_account_of_somebody_else_s_clients_is_not_attached(app: Flask, people: People, adviser: FlaskClient) -> None:
    """AGG-02, rights: the number matches an account that the depositor may not change: it waits."""
    with db.session(people.cabinet_id) as session:
        data = NewContact("PERSONNE_PHYSIQUE", "CLIENT", birth_name="Martin", first_names="Luc", birth_date=date(1970, 1, 1))
        luc = contacts.create(session, "cli", data)
        contacts.follow(session, "cli", luc, people.other)
        at = supports.company_for(session, "suravenir", name="Suravenir")
        accounts.create(session, "cli", NewAccount("ASSURANCE_VIE", world.CONTRACT, "Avenir", at, (Role(luc, "SOUSCRIPTEUR"),)))
    world.send(adviser, "suravenir.txt")
    assert link_of(people).state == "A_RATTACHER"


def test_the_same_by_a_program(app: Flask, people: People) -> None:
    """AGG-01, API: deposited, followed, attached, applied, traced, undone."""
    made = world.made(people, company="Autre Assureur")
    desk = Program(app, token_of(people.cabinet_id, people.adviser))
    file = desk.post("/p/aggregation/files", {"file": ((world.FILES / "suravenir.txt").read_bytes(), "suravenir.txt")}, 201)
    run_due()
    path = f"/p/aggregation/files/{file['id']}"
    assert desk.get(path)["state"] == "LU"
    (waiting,) = desk.get("/p/aggregation/accounts")["items"]
    told = desk.get(f"/p/aggregation/accounts/{waiting['id']}")
    assert [(one["account_id"], one["score"]) for one in told["candidates"]] == [(made.contract, 70)]
    desk.post(f"/p/aggregation/accounts/{waiting['id']}/attach", {"account_id": made.contract})
    desk.post(f"{path}/apply")
    run_due()
    (step,) = desk.get(f"{path}/accounts")["items"]
    assert (step["state"], step["days"][0]["value"]) == ("ECRIT", "10180.00")
    (origin,) = desk.get(f"/p/aggregation/origins/{made.contract}")["items"]
    assert re.match(r"ligne \d+", origin["days"][0]["lines"][0]["at"])
    desk.post(f"{path}/undo")
    run_due()
    assert desk.get(path)["state"] == "ANNULE"
    assert desk.get(f"/p/aggregation/origins/{made.contract}")["items"] == []
