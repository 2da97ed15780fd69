"""Acts that come back: proposed on their day, never written by themselves; prepared, executed, let pass; told once (PF-04)."""

from __future__ import annotations

import re
from datetime import date
from datetime import timedelta
from decimal import Decimal
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core.accounts.models import Account
from core.accounts.models import Movement
from core.cabinets.models import AuditEntry
from core.db import current
from core.db.clock import today
from core.extensions import db
from core.hooks import context
from core.hooks import telling
from core.shell.models import Notification
from core.supports import services as supports
from plugins.portefeuille.plans import dates
from plugins.portefeuille.plans.models import Plan
from plugins.portefeuille.plans.telling import TELL
from tests.conftest import People
from tests.conftest import csrf
from tests.conftest import sign_in
from tests.core.rest.desk import Program
from tests.core.rest.desk import token_of
from tests.plugins.portefeuille.conftest import Portfolio
from tests.plugins.portefeuille.test_by_hand import plain
from tests.plugins.portefeuille.test_by_hand import post
from tests.plugins.portefeuille.test_by_hand import undo
from tests.plugins.portefeuille.test_histories import text
from tests.plugins.portefeuille.test_typed_pages import ISIN
from tests.plugins.portefeuille.test_typed_pages import contract

__all__ = ["contract"]

BASE = "/p/portefeuille"
D = Decimal


def monthly(first: date, /, **more: str) -> dict[str, str]:
    return {
        "frequency": "MENSUEL", "day": str(first.day), "since": f"{first:%d/%m/%Y}", "until": "", "amount": "150,00", "rows": "1",
        "support_1": "EURO-1", "mode_1": "all", "note": "Épargne", **more,
    }  # fmt: skip


def moves(people: People, account: str) -> list[Decimal]:
    with db.session(people.cabinet_id) as session:
        return list(session.scalars(select(Movement.amount).where(Movement.account_id == account).order_by(Movement.amount)))


def press(client: FlaskClient, path: str, **more: Any) -> Any:
    return client.post(path, data={"csrf_token": csrf(client, "/p/contacts/")}, **more)


def told(people: People) -> list[str]:
    """The daily turn; what the adviser was told of."""
    with db.session(people.cabinet_id) as session, current.bound(session):
        hub = telling.hub()
        ctx = context.make(session, hub.registry)
        assert hub.work("portefeuille", "job:plans.due", lambda own: TELL.run(own, {}), ctx) is None
    with db.session(people.cabinet_id, write=False) as session:
        wanted = select(Notification.text).where(Notification.user_id == people.adviser, Notification.key.like("plan:%"))
        return list(session.scalars(wanted))


def test_a_payment_that_comes_back(app: Flask, adviser: FlaskClient, people: People, contract: str) -> None:
    """PF-04: typed with nothing lost, its days proposed on the account and in the cabinet's list, told once; one press executes
    a day once, by the services of typed acts; another is let pass and waits again; suspended nothing waits; ended it is reopened.
    """
    since = today().replace(day=1) - timedelta(days=40)
    due = dates.waiting(dates.Terms("MENSUEL", since.day, since), [], today())
    form = f"{BASE}/comptes/{contract}/programmes/versement_complementaire"
    for wrong, said in (
        ({"day": "32"}, "de 1 à 31"), ({"day": ""}, "Saisissez le jour"), ({"day": "1e400"}, "de 1 à 31"),
        ({"until": "01/01/2020"}, "précède"),
        ({"since": "01/01/2020"}, "depuis un an au plus"), ({"since": "01/01/0001"}, "À partir du"),
        ({"frequency": "\x00"}, "ériodicité"), ({"amount": "0"}, "zéro"), ({"support_1": "x" * 10_000}, "200"),
    ):  # fmt: skip
        answer = post(adviser, form, monthly(since, **wrong))
        assert answer.status_code == 422, wrong
        assert said in plain(answer), wrong
        assert "Épargne" in answer.get_data(as_text=True), "nothing typed is lost"
    assert post(adviser, form, monthly(since, do="retirer-²")).status_code == 303
    page = text(adviser, f"{BASE}/comptes/{contract}/programmes")
    assert "à faire" in text(adviser, f"{BASE}/comptes/{contract}/transactions")
    (plan,) = set(re.findall(r"/programmes/(\w{26})\"", page))
    where = f"{BASE}/programmes/{plan}"
    for shown in (page, text(adviser, f"{BASE}/programmes"), text(adviser, where)):
        assert [f"/echeances/{on}/executer" in shown for on in due] == [True] * len(due)
    assert moves(people, contract) == []
    assert len(told(people)) == len(told(people)) == 1

    done = press(adviser, f"{where}/echeances/{due[0]}/executer")
    assert press(adviser, f"{where}/echeances/{due[0]}/executer").location == done.location
    assert moves(people, contract) == [D(150)]
    assert press(adviser, f"{where}/echeances/{due[0]}/passer").status_code == 409
    assert press(adviser, f"{where}/echeances/{today() + timedelta(1)}/preparer").status_code in (404, 409)
    passed = press(adviser, f"{where}/echeances/{due[1]}/passer", follow_redirects=True)
    assert f"/echeances/{due[1]}/executer" not in text(adviser, where)
    assert "attend de nouveau" in undo(adviser, passed)
    assert f"/echeances/{due[1]}/executer" in text(adviser, where)
    assert len(told(people)) == 2

    assert press(adviser, f"{where}/suspendre").status_code == 303
    assert "/executer" not in text(adviser, where)
    assert "aucune tant que" in text(adviser, where)
    assert press(adviser, f"{where}/echeances/{due[1]}/executer").status_code == 409
    assert press(adviser, f"{where}/reprendre").status_code == 303
    assert f"/echeances/{due[1]}/executer" in text(adviser, where)
    ended = press(adviser, f"{where}/terminer", follow_redirects=True)
    assert adviser.get(f"{where}/modifier").status_code == 409
    assert "redevenu" in undo(adviser, ended)
    changed = post(adviser, f"{where}/modifier", monthly(since, amount="200,00"))
    assert changed.status_code == 303
    press(adviser, f"{where}/echeances/{due[1]}/preparer")
    assert moves(people, contract) == [D(150)]
    page = text(adviser, where)
    assert "200,00" in page
    assert "Acte préparé" in page
    other = app.test_client()
    sign_in(other, "autre@demo.example")
    text(other, where, 404)
    assert press(other, f"{where}/suspendre").status_code == 404
    assert plan not in text(other, f"{BASE}/programmes")


def test_rules_hold_on_the_day_and_programs_do_the_same(app: Flask, people: People, portfolio: Portfolio, contract: str) -> None:
    """PF-04, PL-09: by the API; what is unusual prepares and asks, a second key adds nothing."""
    program = Program(app, token_of(people.cabinet_id, people.adviser))
    with db.session(people.cabinet_id) as session:
        session.get_one(Account, (people.cabinet_id, contract)).accepted_beneficiary = True
        fund = supports.support_for(session, isin=ISIN, label="Fonds actions", type="OPCVM")
    since = today() - timedelta(days=1)
    asked = {
        "act": "rachat_partiel", "frequency": "TRIMESTRIEL", "day": since.day, "since": since.isoformat(), "amount": "400.00",
        "lines": [{"side": "out", "support_id": fund, "mode": "amount", "value": "400.00"}],
        "reason": "Accord écrit du 02/01/2026",
    }  # fmt: skip
    of = f"/p/portefeuille/accounts/{contract}/plans"
    assert program.call("POST", of, {**asked, "act": "frais"}).status_code == 422
    assert program.call("POST", of, {**asked, "day": 0}).status_code == 422
    made = program.post(of, asked, 201, key="deux-fois-la-meme")
    assert program.post(of, asked, 201, key="deux-fois-la-meme")["id"] == made["id"]
    one = f"/p/portefeuille/plans/{made['id']}"
    assert [made["waiting"], len(made["coming"])] == [[since.isoformat()], 4]
    assert [row["id"] for row in program.get("/p/portefeuille/plans?due=true")["items"]] == [made["id"]]
    done = program.post(f"{one}/days/{since}/execute")
    assert (done["executed"], done["to_confirm"]) == (False, ["accepted_beneficiary"])
    assert moves(people, contract) == []
    assert done["plan"]["answered"] == [
        {"on": since.isoformat(), "answer": "PREPARE", "transaction_id": done["transaction_id"]}
    ]  # fmt: skip
    ticked = {"acknowledged": done["to_confirm"]}
    program.post(f"/transactions/{done['transaction_id']}/execute", ticked)
    assert moves(people, contract) == [D(-400)]
    assert program.call("POST", one, {**asked, "version": 99}).status_code in (409, 422)
    ended = program.post(f"{one}/end")
    assert (ended["state"], ended["waiting"], ended["coming"]) == ("TERMINE", [], [])
    assert program.call("POST", f"/p/portefeuille/accounts/{portfolio.himalia}/plans", asked).status_code in (409, 422)
    with db.session(people.cabinet_id, write=False) as session:
        said = session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("portefeuille.plan_%"))).all()
        assert sorted(set(said)) == ["portefeuille.plan_added", "portefeuille.plan_day", "portefeuille.plan_state"]
        assert session.scalars(select(Plan.next_on)).all() == [None]
