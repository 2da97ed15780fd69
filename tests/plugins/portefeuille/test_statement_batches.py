"""Statements of several contacts: asked once, made one by one however often the worker dies, had in one archive (PF-02)."""

from __future__ import annotations

import html
import io
import json
import zipfile
from collections import Counter
from datetime import date
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from core import pdf
from core.accounts import services as accounts
from core.cli import worker
from core.contacts import services as contacts
from core.contacts.schemas import NewContact
from core.db import clock
from core.documents.models import Document
from core.extensions import db
from core.hooks import work
from core.jobs.models import Job
from plugins.portefeuille.statements import figures
from plugins.portefeuille.statements import keeping
from plugins.portefeuille.statements.models import StatementLine
from tests.conftest import People
from tests.conftest import csrf
from tests.conftest import sign_in
from tests.core.rest.desk import Program
from tests.core.rest.desk import token_of
from tests.plugins.portefeuille.conftest import Portfolio
from tests.plugins.portefeuille.statements_kit import Paper

NEW = "/p/portefeuille/releves/nouveau"
ASKED = {"au": "01/03/2026", "periode": "annee", "lignes": "1", "confirme": "1"}
#: The query of the list of contacts, as its page writes it.
CLIENTS = json.dumps(
    {"combinator": "and", "not": False, "rules": [{"field": "contact.stage", "operator": "=", "value": "CLIENT"}]}
)


class Killed(BaseException):
    """The worker dies: nothing after it is done."""


def ask(client: FlaskClient, status: int = 303, **form: Any) -> str:
    answer = client.post(NEW, data={"csrf_token": csrf(client, "/p/contacts/"), **ASKED, **form})
    assert answer.status_code == status, answer.status_code
    return str(answer.headers.get("Location", "")) or plain(answer)


def plain(answer: Any) -> str:
    return html.unescape(answer.get_data(as_text=True)).replace("\u202f", " ").replace("\xa0", " ")


def states(people: People) -> Counter[str]:
    with db.session(people.cabinet_id, write=False) as session:
        return Counter(session.scalars(select(StatementLine.state)))


def kept(people: People) -> list[str]:
    with db.session(people.cabinet_id, write=False) as session:
        return list(session.scalars(select(Document.owner_id).where(Document.category == keeping.CATEGORY)))


def test_two_hundred_killed_twice(
    adviser: FlaskClient, portfolio: Portfolio, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PF-02: two hundred statements, a worker that dies with a file drawn and not kept, then with one kept and not told: each
    exactly once. What is drawn is small here; the next test draws a real one."""
    with db.session(people.cabinet_id) as session:
        ids = []
        for n in range(200):
            data = NewContact("PERSONNE_PHYSIQUE", "CLIENT", birth_name=f"Lot{n:03d}", first_names="Jeanne")
            ids.append(contacts.create(session, "cli", data))
            contacts.follow(session, "cli", ids[-1], people.adviser)

    def small(_session: Any, _who: Any, contact_id: str, wanted: figures.Wanted) -> Any:
        return SimpleNamespace(contact=SimpleNamespace(id=contact_id, name=contact_id), wanted=wanted)

    drawn: list[str] = []

    def written(_session: Any, found: Any, kind: str) -> keeping.File:
        drawn.append(found.contact.id)
        return keeping.File("Relevé", f"{found.contact.id}.pdf", "application/pdf", f"%PDF-1.4 {found.contact.id}".encode())

    monkeypatch.setattr(figures, "statement", small)
    monkeypatch.setattr(keeping, "written", written)
    where = ask(adviser, ids=ids, format="pdf")
    deaths = iter((60, 140))
    dies = [next(deaths)]
    run, finished = work._run, worker.claims.finished

    def mortal(*args: Any) -> None:
        if len(drawn) == 60 and 60 in dies:
            dies[:] = [next(deaths)]
            raise Killed
        run(*args)

    def late(session: Any, job_id: str) -> None:
        if len(drawn) > 140 and 140 in dies:
            dies.clear()
            raise Killed
        finished(session, job_id)

    monkeypatch.setattr(work, "_run", mortal)
    monkeypatch.setattr(worker.claims, "finished", late)
    lives, gone = 0, timedelta(0)
    while lives < 5:
        lives += 1
        try:
            with clock.shifted(gone):
                worker.run_due()
            break
        except Killed:
            gone += timedelta(minutes=3)  # its lease runs out
    assert lives == 3
    assert states(people) == {"done": 200}
    assert sorted(kept(people)) == sorted(ids)
    with db.session(None, write=False) as session:
        assert session.scalars(select(Job).where(Job.kind == "plugin.fetch")).all() == []
    assert "200 relevés sur 200" in plain(adviser.get(where))
    answer = adviser.get(f"{where}/releves.zip")
    names = zipfile.ZipFile(io.BytesIO(answer.get_data())).namelist()
    assert len(names) == len(set(names)) == 200


def test_a_real_one_and_one_that_cannot_be(adviser: FlaskClient, portfolio: Portfolio, people: People) -> None:
    """PF-02: of a client without a value it is told why, the others are made; what a request finds; the archive, the page."""
    with db.session(people.cabinet_id) as session:
        empty = contacts.create(
            session, "cli", NewContact("PERSONNE_PHYSIQUE", "CLIENT", birth_name="Vide", first_names="Odile")
        )
        contacts.follow(session, "cli", empty, people.adviser)
    shown = plain(adviser.get(NEW, query_string={"requete": CLIENTS}))
    assert "3 contacts" in shown  # Jeanne, the household, Odile; Paul is another adviser's
    where = ask(adviser, requete=CLIENTS, format="pdf", once="0" * 26)
    assert ask(adviser, requete=CLIENTS, format="pdf", once="0" * 26) == where
    assert "0 relevé sur 3" in plain(adviser.get(where))
    worker.run_due()
    assert states(people) == {"done": 2, "refused": 1}
    shown = plain(adviser.get(where))
    for words in ("Lot terminé", "2 relevés sur 3", "Odile", "enregistrez une valorisation", "Télécharger tout (ZIP)"):
        assert words in shown, words
    assert "Relevé de situation au 01/03/2026" in plain(adviser.get(f"/p/portefeuille/contacts/{portfolio.jeanne}/releve"))
    with zipfile.ZipFile(io.BytesIO(adviser.get(f"{where}/releves.zip").get_data())) as box:
        assert len(box.namelist()) == 2
        texts = [Paper(box.read(name)).text for name in box.namelist()]
    assert all("85 210,55 €" in text for text in texts)
    assert "2 sur 3" in plain(adviser.get("/p/portefeuille/releves"))


def test_what_makes_no_sense(adviser: FlaskClient, portfolio: Portfolio, people: People) -> None:
    """PF-02: nobody chosen, a request that cannot be read, a bad day, format or id: told, nothing begun."""
    assert "Aucun contact choisi" in plain(adviser.get(NEW))
    for form in (
        {"ids": []}, {"ids": ["0" * 26]}, {"requete": "{"}, {"requete": "[" * 5000}, {"requete": '{"rules": 3}'},
        {"requete": "\0"}, {"ids": [portfolio.jeanne], "au": "31/02/2026"}, {"ids": [portfolio.jeanne], "au": "01/01/0001"},
        {"ids": [portfolio.jeanne], "periode": "libre", "du": "1e400"},
    ):  # fmt: skip
        ask(adviser, 422, **{"format": "pdf", **form})
    ask(adviser, 422, ids=[portfolio.jeanne], format="docx")
    assert states(people) == {}


def test_whose_it_is(app: Any, adviser: FlaskClient, portfolio: Portfolio, people: People, strangers: People) -> None:
    """PF-02, PL-05: a batch is its maker's; somebody else's client cannot be slipped in."""
    where = ask(adviser, ids=[portfolio.jeanne, portfolio.paul], format="xlsx")
    worker.run_due()
    assert kept(people) == [portfolio.jeanne]
    for email in ("conseiller@second.example", "administrateur@demo.example"):
        other = app.test_client()
        sign_in(other, email)
        for path in (where, f"{where}/etat", f"{where}/releves.zip"):
            assert other.get(path).status_code == 404, (email, path)


def test_whoever_asked_left_meanwhile(adviser: FlaskClient, portfolio: Portfolio, people: People) -> None:
    """PF-02: what is made is made with the rights of the moment: of a client handed over meanwhile nothing is kept."""
    where = ask(adviser, ids=[portfolio.jeanne], format="xlsx")
    with db.session(people.cabinet_id) as session:
        for contact in (portfolio.jeanne, portfolio.household):
            contacts.follow(session, "cli", contact, people.other)
            contacts.unfollow(session, "cli", contact, people.adviser)
    worker.run_due()
    assert states(people) == {"refused": 1}
    assert kept(people) == []
    assert "n'est plus ouvert à votre profil" in plain(adviser.get(where))


def test_a_pdf_that_is_late(
    adviser: FlaskClient, portfolio: Portfolio, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    """PF-02: where the machine is too busy to draw one it is tried again, and told in the end if it never comes."""
    late = [True, True]

    def written(_session: Any, found: Any, kind: str) -> keeping.File:
        if late and (late.pop() or True):
            raise pdf.PdfError("late", late=True)
        return keeping.File("Relevé", "releve.pdf", "application/pdf", b"%PDF-1.4 enfin")

    monkeypatch.setattr(keeping, "written", written)
    ask(adviser, ids=[portfolio.jeanne], format="pdf")
    for turn, state in enumerate(("waiting", "waiting", "done")):
        with clock.shifted(timedelta(minutes=5 * turn)):
            worker.run_due()
        assert states(people) == {state: 1}
    late += [True] * 10
    ask(adviser, ids=[portfolio.jeanne], format="pdf")
    for turn in range(3, 12):
        with clock.shifted(timedelta(minutes=5 * turn)):
            worker.run_due()
    assert states(people) == {"done": 1, "refused": 1}


def test_the_same_for_programs(adviser: FlaskClient, portfolio: Portfolio, people: People) -> None:
    """PF-02, PL-09: asked, followed, had; the same key asks once."""
    with db.session(people.cabinet_id) as session:
        accounts.put_valuation(session, "cli", portfolio.pea, date(2026, 2, 2), Decimal("1000"), "flux")
    program = Program(adviser.application, token_of(people.cabinet_id, people.adviser))
    base = "/p/portefeuille/statement-batches"
    body = {"ids": [portfolio.jeanne], "on": "2026-03-01", "format": "xlsx"}
    made = program.post(base, body, 201, key="un-lot")
    assert (made["count"], made["ended"], made["lines"][0]["state"]) == (1, False, "waiting")
    assert program.post(base, body, 201, key="un-lot")["id"] == made["id"]
    worker.run_due()
    read = program.get(f"{base}/{made['id']}")
    assert (read["done"], read["ended"]) == (1, True)
    assert program.call("GET", f"{base}/{made['id']}/content").get_data()[:2] == b"PK"
    assert [one["id"] for one in program.every(base, 10)] == [made["id"]]
    program.post(base, {**body, "ids": [portfolio.paul]}, 404)
    program.post(base, {**body, "ids": []}, 422)
    program.post(base, {**body, "since": "2026-03-01"}, 422)
    program.get(f"{base}/{'0' * 26}", 404)
