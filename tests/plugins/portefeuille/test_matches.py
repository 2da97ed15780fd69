"""«Rapprochement»: proposed on the account, said and taken back by a person, on pages, in lists, files and programs (PF-05)."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core.accounts import feeding
from core.accounts.feeding import FedMovement
from core.accounts.models import Movement
from core.db.clock import now
from core.db.clock import today
from core.extensions import db
from core.transactions import services as transactions
from tests.conftest import People
from tests.conftest import csrf
from tests.conftest import sign_in
from tests.core.rest.desk import Program
from tests.core.rest.desk import token_of
from tests.plugins.portefeuille.conftest import Portfolio
from tests.plugins.portefeuille.test_by_hand import undo
from tests.plugins.portefeuille.test_histories import exported
from tests.plugins.portefeuille.test_histories import text

BASE = "/p/portefeuille"


def paid(people: People, account: str) -> tuple[str, str, str]:
    """A payment of 1 500 € validated at the partner, told by a feed four days later, beside fees: the act, the two movements."""
    with db.session(people.cabinet_id) as session:
        made = transactions.create(
            session, account_id=account, plugin="essai", origin="PARTENAIRE", act="versement_complementaire",
            act_label="Versement complémentaire", amount=Decimal(1500),
        )  # fmt: skip
        row = transactions.locked(session, made.id)
        transactions.set_status(session, row, transactions.Change("validated", "Validé", "hook", now(), seq=1))
        lines = [
            FedMovement(today() + timedelta(4), "CREDIT", "VIR RECU 1500", Decimal(1500), "EUR"),
            FedMovement(today() + timedelta(4), "FRAIS", "Frais", Decimal(-3), "EUR"),
        ]  # fmt: skip
        return made.id, *feeding.add_movements(session, "system", account, lines, "releve.ofx")  # type: ignore[return-value]


def answer(client: FlaskClient, act: str, movement: str, verb: str) -> tuple[int, str]:
    where = f"{BASE}/transactions/{act}/mouvements/{movement}/{verb}"
    sent = client.post(where, data={"csrf_token": csrf(client, "/p/contacts/")})
    return sent.status_code, sent.headers.get("Location", "")


def test_a_movement_finds_its_act(app: Flask, adviser: FlaskClient, people: People, portfolio: Portfolio) -> None:
    """PF-05: «à rapprocher» in both histories; confirmed, each shows the other; filters and files say it; taken back at once or
    later; no status moves; somebody else's is nowhere.
    """
    act, told, fees = paid(people, portfolio.himalia)
    account = f"{BASE}/comptes/{portfolio.himalia}"
    for tab in ("mouvements", "transactions"):
        page = text(adviser, f"{account}/{tab}")
        assert page.count("à rapprocher</a>") == 1
        assert "1 à voir" in page
    page = text(adviser, f"{account}/rapprochement")
    for words in (
        "VIR RECU 1500", "probable, 78 points", "Montant\u202f: le même, au centime", "Date\u202f: 4 jours d'écart", "Confirmer",
    ):  # fmt: skip
        assert words in page, words
    assert "Frais" not in page.split("<tbody>")[1]

    assert answer(adviser, act, told, "confirmer") == (303, f"{account}/rapprochement")
    assert answer(adviser, act, told, "confirmer") == (303, f"{account}/rapprochement")
    page = text(adviser, f"{account}/rapprochement")
    assert "Rien à rapprocher" in page
    assert "Défaire" in page
    assert re.search(r"transactions\?detail=\w+#t-\w+\">Versement complémentaire</a>", text(adviser, f"{account}/mouvements"))
    page = text(adviser, f"{account}/transactions?detail={act}")
    assert "VIR RECU 1500" in page
    assert "reçu, rapproché\u202f: releve.ofx" in page
    assert transactions_status(people, act) == "validated"
    for tab, value, there in (
        ("mouvements", "rapproche", True), ("mouvements", "seul", False), ("transactions", "rapproche", True),
        ("transactions", "seul", False),
    ):  # fmt: skip
        page = text(adviser, f"{account}/{tab}?lien={value}")
        assert (("VIR RECU 1500" if tab == "mouvements" else "<td>Versement complémentaire</td>") in page) == there
    lines = exported(adviser, f"{account}/mouvements/liste/export", liste="lien=rapproche&colonnes=libelle,acte")
    assert [one.split(";")[1:3] for one in lines] == [["Libellé", "Acte"], ["VIR RECU 1500", "Versement complémentaire"]]
    lines = exported(adviser, f"{account}/transactions/liste/export", liste="lien=rapproche&colonnes=mouvements")
    assert lines[1].split(";")[2] == "1"

    assert answer(adviser, act, told, "defaire")[0] == 303
    sent = {"csrf_token": csrf(adviser, "/p/contacts/")}
    again = adviser.post(f"{BASE}/transactions/{act}/mouvements/{told}/confirmer", data=sent, follow_redirects=True)
    assert "Le rapprochement est défait" in undo(adviser, again)
    assert answer(adviser, act, told, "refuser")[0] == 303
    page = text(adviser, f"{account}/rapprochement")
    assert "Rien à rapprocher" in page
    assert "Reprendre" in page
    assert answer(adviser, act, told, "defaire")[0] == 303
    assert "Confirmer" in text(adviser, f"{account}/rapprochement")
    assert answer(adviser, act, fees, "confirmer")[0] == 409
    other = app.test_client()
    sign_in(other, "autre@demo.example")
    text(other, f"{account}/rapprochement", 404)
    assert answer(other, act, told, "confirmer")[0] == 404


def test_programs_say_the_same(app: Flask, people: People, portfolio: Portfolio) -> None:
    """PF-05, PL-09: proposals, words and filters by the API, as on the pages."""
    act, told, _fees = paid(people, portfolio.himalia)
    program = Program(app, token_of(people.cabinet_id, people.adviser))
    account = f"/accounts/{portfolio.himalia}"
    (found,) = program.get(f"{account}/matches")["proposed"]
    assert (found["transaction"]["id"], found["movement"]["id"], found["strength"]) == (act, told, "likely")
    assert found["score"] == sum(one["points"] for one in found["reasons"])
    done = program.post(f"/transactions/{act}/movements/{told}/confirm")
    assert (done["changed"], [one["id"] for one in done["movements"]]) == (True, [told])
    assert program.post(f"/transactions/{act}/movements/{told}/confirm")["changed"] is False
    listed = program.get(f"{account}/movements?matched=true")
    assert [(one["id"], one["transaction_id"]) for one in listed["items"]] == [(told, act)]
    assert [one["id"] for one in program.get(f"{account}/transactions?matched=false")["items"]] == []
    (said,) = program.get(f"{account}/matches")["decided"]
    assert (said["state"], said["replaced"]) == ("CONFIRME", [])
    assert program.post(f"/transactions/{act}/movements/{told}/undo")["movements"] == []
    assert program.call("POST", f"/transactions/{act}/movements/{'0' * 26}/refuse").status_code == 404
    with db.session(people.cabinet_id) as session:
        assert session.scalar(select(Movement.id).where(Movement.id == told))


def transactions_status(people: People, act: str) -> str | None:
    with db.session(people.cabinet_id) as session:
        return transactions.get(session, "system", act).status
