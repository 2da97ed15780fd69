"""Statements to their clients: who is written to and who not, each once, what failed, nothing while no module sends (PF-03)."""

from __future__ import annotations

import html
import threading
from dataclasses import replace
from datetime import date
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func
from sqlalchemy import select

from core.cli import worker
from core.contacts import channels
from core.contacts import services as contacts
from core.contacts.schemas import NewContact
from core.db import clock
from core.documents import services as documents
from core.extensions import db
from core.hooks import enabling
from core.hooks.errors import PartnerUnavailable
from core.hooks.hub import Hub
from core.hooks.messages import EmailAddress
from core.hooks.messages import Message
from core.hooks.messages import MessageChannel
from core.hooks.messages import MessageContact
from core.hooks.messages import MessageReceipt
from core.hooks.results import Contribution
from core.jobs import outbox
from core.messages import sending
from core.messages import ways
from core.messages.models import MessageRow
from core.shell.models import Notification
from plugins.portefeuille.statements import keeping
from plugins.portefeuille.statements.models import StatementBatch
from plugins.portefeuille.statements.models import StatementLine
from tests.conftest import People
from tests.conftest import csrf
from tests.conftest import person
from tests.core.admin.desk import journal
from tests.core.rest.desk import Program
from tests.core.rest.desk import token_of
from tests.plugins.portefeuille.courier import Courier

WORDS = {"objet": "Votre relevé", "texte": "Madame, Monsieur,\n\nVotre relevé est joint."}


class Killed(BaseException):
    """The worker dies: nothing after it is done."""


class Desk:
    """A finished batch of statements: Jeanne agreed, Marc did not, Odile has no address, Yves died."""

    def __init__(self, client: FlaskClient, hub: Hub, people: People) -> None:
        self.client, self.hub, self.people = client, hub, people
        self.ids: dict[str, str] = {}
        with db.session(people.cabinet_id) as session:
            for name, agreed in (("Jeanne", True), ("Lucie", True), ("Marc", False), ("Odile", None), ("Yves", True)):
                data = NewContact("PERSONNE_PHYSIQUE", "CLIENT", birth_name="Durand", first_names=name)
                self.ids[name] = one = contacts.create(session, "cli", data)
                contacts.follow(session, "cli", one, people.adviser)
                if agreed is not None:
                    mail = {"usage": "PERSONNEL", "email": f"{name.lower()}@exemple.fr", "opt_in": agreed}
                    channels.add(session, "cli", one, "email", mail)
            contacts.update(session, "cli", self.ids["Yves"], {"vital": "DECEDE", "death_date": date(2026, 1, 5)})
            self.batch = self._batch(session)
        self.where = f"/p/portefeuille/releves/{self.batch}"

    def _batch(self, session: Any) -> str:
        batch = StatementBatch(user_id=self.people.adviser, on=date(2026, 3, 1), since=None, parts={"shown": []}, format="pdf")
        session.add(batch)
        session.flush()
        for one in self.ids.values():
            made = documents.store(
                session, owner_kind="contact", owner_id=one, category=keeping.CATEGORY, title="Relevé de situation au 01/03/2026",
                filename="releve.pdf", data=f"%PDF-1.4 {one}".encode(), media_type="application/pdf",
                created_by=self.people.adviser,
            )  # fmt: skip
            session.add(StatementLine(batch_id=batch.id, contact_id=one, state="done", document_id=made.id))
        return batch.id

    def courier(self, on: bool = True) -> None:
        if "coursier" not in self.hub.registry.plugins:
            Courier.reset()
            self.hub.registry.register("coursier", Courier)
        with db.session(self.people.cabinet_id) as session:
            enabling.switch(session, self.hub.registry, "coursier", on=on, actor="cli")

    def get(self, path: str = "", status: int = 200) -> str:
        answer = self.client.get(path if path.startswith("/") and path.startswith("/p/") else self.where + path)
        assert answer.status_code == status, answer.get_data(as_text=True)
        return plain(answer)

    def post(self, path: str, status: int = 303, **form: Any) -> str:
        data = {"csrf_token": csrf(self.client, "/p/contacts/"), **form}
        answer = self.client.post(path if path.startswith("/p/") else self.where + path, data=data)
        assert answer.status_code == status, answer.get_data(as_text=True)
        return plain(answer)

    def document(self, name: str) -> str:
        with db.session(self.people.cabinet_id, write=False) as session:
            wanted = select(StatementLine.document_id).where(StatementLine.contact_id == self.ids[name])
            return str(session.scalars(wanted).one())

    def states(self) -> dict[str, str]:
        """Name → what became of the message; only those that there are."""
        names = {one: name for name, one in self.ids.items()}
        with db.session(self.people.cabinet_id, write=False) as session:
            rows = session.execute(select(MessageRow.contact_id, MessageRow.state))
            return {names[row.contact_id]: row.state for row in rows if row.contact_id in names}


def plain(answer: Any) -> str:
    return html.unescape(answer.get_data(as_text=True)).replace("\u202f", " ").replace("\xa0", " ")


@pytest.fixture
def desk(adviser: FlaskClient, hub: Hub, people: People) -> Desk:
    return Desk(adviser, hub, people)


def test_a_whole_sending(desk: Desk, people: People) -> None:
    """PF-03: nothing is offered while no module sends; who would get it and who not, and why; sent once; the log; opt-out."""
    assert "Aucun module activé n'envoie de messages aux clients" in (shown := desk.get())
    assert "/envoi" not in shown
    assert "Aucun module activé" in desk.get("/envoi")
    desk.post("/envoi", 409, **WORDS)
    desk.courier()
    shown = desk.get("/envoi")
    for words in (
        "Envoyer à 2 clients", "jeanne@exemple.fr", "n'a pas donné son accord", "n'a pas d'adresse e-mail", "est décédée",
        "Votre relevé de situation au 01/03/2026", "Conseiller Demo\nCabinet demo",
    ):  # fmt: skip
        assert words in shown, words
    for wrong in ({"objet": ""}, {"objet": "a\0b"}, {"texte": " "}, {"texte": "é" * 10_000}, {"objet": "é" * 151}):
        assert "Erreur" in desk.post("/envoi", 422, **{**WORDS, **wrong})
    assert desk.states() == {}
    desk.post("/envoi", **WORDS)
    desk.post("/envoi", **WORDS)  # a second press, a second tab
    assert desk.states() == {"Jeanne": "waiting", "Lucie": "waiting"}
    worker.run_due()
    assert desk.states() == {"Jeanne": "sent", "Lucie": "sent"}
    assert len(Courier.asked) == 2
    (message,) = [one for one in Courier.carried.values() if one.address == "jeanne@exemple.fr"]
    assert (message.subject, message.text, len(message.files)) == (WORDS["objet"], WORDS["texte"], 1)
    assert message.files[0].read() == f"%PDF-1.4 {desk.ids['Jeanne']}".encode()
    shown = desk.get()
    assert shown.count("Laissé de côté<") == 3
    assert "jeanne@exemple.fr" in shown
    only = desk.get("?envoi=echecs")
    assert "jeanne@exemple.fr" not in only
    assert "n'a pas donné son accord" in only
    with db.session(people.cabinet_id) as session:  # Marc agrees: the same batch goes on with him alone
        (mail,) = channels.of_contact(session, person(session, people.adviser), desk.ids["Marc"])["email"]
        channels.change(session, "cli", desk.ids["Marc"], "email", mail.id, {**mail.values, "usage": mail.usage, "opt_in": True})
    desk.post("/envoi", **WORDS)
    worker.run_due()
    assert desk.states() == {"Jeanne": "sent", "Lucie": "sent", "Marc": "sent"}
    assert len(Courier.asked) == 3
    assert {"message.asked", "message.sent"} <= {action for action, _subject, _payload in journal(people.cabinet_id)}


def test_killed_refused_late_and_again(desk: Desk, people: People, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    """PF-03: killed between sending and noting, it leaves once; what a module refuses, does not answer, says later, or breaks
    on is told with its reason, by the outbox's pauses or by a press; a module that went off is a failure that says so."""
    desk.courier()
    desk.post("/envoi", **WORDS)
    note, dies = sending._note, [True]

    def mortal(*args: Any, **more: Any) -> None:
        if dies and dies.pop():
            raise Killed
        note(*args, **more)

    monkeypatch.setattr(sending, "_note", mortal)
    with pytest.raises(Killed):
        worker.run_due()
    with clock.shifted(timedelta(minutes=3)):
        worker.run_due()
    assert desk.states() == {"Jeanne": "sent", "Lucie": "sent"}
    assert (len(Courier.asked), len(Courier.carried)) == (3, 2)
    before_noted, ends = outbox._note, [True]

    def late(*args: Any) -> None:
        if ends and ends.pop():
            raise Killed
        before_noted(*args)

    second = Desk(desk.client, hub, people)
    second.post("/envoi", **WORDS)
    Courier.how = staticmethod(lambda _message: MessageReceipt("refused", reason="Boîte pleine."))  # type: ignore[assignment]
    monkeypatch.setattr(outbox, "_note", late)
    with pytest.raises(Killed):  # the refusal is noted, the outbox's item is not
        worker.run_due()
    asked = len(Courier.asked)
    with clock.shifted(timedelta(minutes=3)):
        worker.run_due()
        assert len(Courier.asked) == asked + 1  # the other one alone: what was refused is not asked again by itself
        assert set(second.states().values()) == {"failed"}
        shown = second.get()
        assert shown.count("Non envoyé<") == 2
        assert "Boîte pleine." in shown
        assert "Réessayer 2 envois" in shown
        with db.session(people.cabinet_id, write=False) as session:
            assert session.scalar(select(func.count(Notification.id)).where(Notification.key.startswith("message:"))) == 1
        said = iter((MessageReceipt("later", reason="Serveur occupé.", after=60), PartnerUnavailable("Serveur éteint.")))

        def moody(_message: Message) -> MessageReceipt | None:
            one = next(said, None)
            if isinstance(one, Exception):
                raise one
            return one

        Courier.how = staticmethod(moody)  # type: ignore[assignment]
        second.post("/reessayer")
        worker.run_due()
        assert "Nouvel essai à venir" in second.get()
    with clock.shifted(timedelta(hours=2)):
        worker.run_due()
    assert set(second.states().values()) == {"sent"}
    second.post("/reessayer")
    assert "rien n'est tenté à nouveau" in second.get()
    third = Desk(desk.client, hub, people)
    third.post("/envoi", **WORDS)
    third.courier(on=False)
    worker.run_due()
    assert set(third.states().values()) == {"failed"}
    shown = third.get()
    assert "n'est pas activé" in shown
    assert "/reessayer" not in shown
    third.post("/reessayer", 409)


def test_a_module_that_hangs_or_breaks(desk: Desk, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    """PF-03, PL-05: given up at its deadline, counted, tried again with the same key; after 75 hours it is a person's to say."""
    desk.courier()
    spec = hub._specs["send_message"]
    monkeypatch.setitem(hub._specs, "send_message", replace(spec, limit=0.05))
    hang = threading.Event()

    def slow(message: Message) -> MessageReceipt | None:
        hang.wait(5)
        raise ValueError("panne")

    Courier.how = staticmethod(slow)  # type: ignore[assignment]
    desk.post("/envoi", **WORDS)
    worker.run_due()
    hang.set()
    assert set(desk.states().values()) == {"waiting"}
    assert "indisponible" in desk.get()
    with clock.shifted(timedelta(hours=76)):
        worker.run_due()
    assert desk.get().count("Abandonné<") == 2
    Courier.how = staticmethod(lambda _message: None)  # type: ignore[assignment]
    desk.post("/reessayer")
    worker.run_due()
    assert desk.states() == {"Jeanne": "sent", "Lucie": "sent"}
    assert len(set(Courier.asked)) == 2


def test_one_statement(desk: Desk, people: People) -> None:
    """PF-03: from the file's page; two tabs make one, one who means it sends it again; the rights of the moment hold."""
    paper, jeanne = desk.document("Jeanne"), desk.ids["Jeanne"]
    where = f"/p/portefeuille/contacts/{jeanne}/releve"
    assert "Aucun module activé n'envoie" in desk.get(where, 422)  # it has no account: no new statement, the kept ones are there
    desk.courier()
    assert f"{where}/{paper}/envoi" in desk.get(where, 422)
    assert "jeanne@exemple.fr" in desk.get(f"{where}/{paper}/envoi")
    for _tab in range(2):
        desk.post(f"{where}/{paper}/envoi", **WORDS, rang="0")
    assert "déjà envoyé ou demandé" in desk.get(f"{where}/{paper}/envoi")
    worker.run_due()
    desk.post(f"{where}/{paper}/envoi", **WORDS, rang="1")
    desk.post(f"{where}/{paper}/envoi", **WORDS, rang="99999")
    with db.session(people.cabinet_id) as session:
        rows = session.scalars(select(MessageRow.key)).all()
        contacts.follow(session, "cli", jeanne, people.other)
        contacts.unfollow(session, "cli", jeanne, people.adviser)
    assert sorted(rows) == [f"releve:{paper}:{turn}" for turn in range(3)]
    worker.run_due()
    assert len(Courier.carried) == 1
    with db.session(people.cabinet_id, write=False) as session:
        assert set(session.scalars(select(MessageRow.why).where(MessageRow.state == "failed"))) == {sending.GONE}
    desk.get(f"{where}/{paper}/envoi", 404)
    lucie = f"/p/portefeuille/contacts/{desk.ids['Lucie']}/releve"
    desk.get(f"{lucie}/{paper}/envoi", 404)  # another's document
    desk.post(f"{lucie}/{desk.document('Lucie')}/reessayer", 404)  # nothing was sent


def test_the_same_for_programs(desk: Desk, people: People) -> None:
    """PF-03, PL-09: a batch and a single one; the same key once; what is not possible is said."""
    program = Program(desk.client.application, token_of(people.cabinet_id, people.adviser))
    base, body = f"/p/portefeuille/statement-batches/{desk.batch}", {"subject": "Votre relevé", "text": "Bonjour."}
    program.post(f"{base}/sending", body, 409)
    desk.courier()
    program.post(f"{base}/sending", {"subject": "Votre relevé"}, 422)
    program.post(f"{base}/sending", {**body, "subject": "a\0b"}, 422)
    told = {one["contact_id"]: one for one in program.post(f"{base}/sending", body, 200)["lines"]}
    assert (told[desk.ids["Jeanne"]]["sending"], told[desk.ids["Marc"]]["sending"]) == ("waiting", "left_out")
    assert "accord" in told[desk.ids["Marc"]]["sending_why"]
    worker.run_due()
    single = f"/p/portefeuille/contacts/{desk.ids['Lucie']}/statements/{desk.document('Lucie')}/sending"
    for _again in range(2):
        assert program.post(single, body, 200, key="une-fois")["sending"] == "waiting"
    Courier.how = staticmethod(lambda _message: MessageReceipt("refused", reason="Boîte pleine."))  # type: ignore[assignment]
    worker.run_due()
    assert program.post(single, {**body, "again": True}, 200)["sending"] == "waiting"
    with db.session(people.cabinet_id, write=False) as session:
        assert session.scalar(select(func.count(MessageRow.id))) == 3
    marc = f"/p/portefeuille/contacts/{desk.ids['Marc']}/statements/{desk.document('Marc')}/sending"
    program.post(marc, body, 422)


def test_the_way_that_is_taken() -> None:
    """PF-03: the first that is open, of all modules; an e-mail only where its holder agreed, and to no stranger's address."""
    agreed, not_agreed = EmailAddress("a@exemple.fr", primary=True, agreed=True), EmailAddress("b@exemple.fr", False, False)
    contact = MessageContact("c", "Jeanne", "PERSONNE_PHYSIQUE", (agreed, not_agreed))

    def taken(*offered: MessageChannel) -> tuple[str, str]:
        way = ways.chosen(contact, [Contribution("m", "M", one) for one in offered])
        return (way.channel.key if way.channel and way.open else "", way.why)

    def mail(address: str, **more: Any) -> MessageChannel:
        return MessageChannel("mail", "E-mail", "EMAIL", address, **more)

    space = MessageChannel("space", "Espace client", "ESPACE", "Espace client")
    assert taken(mail("a@exemple.fr"), space) == ("mail", "")
    assert taken(mail("b@exemple.fr"), space) == ("space", "")
    assert taken(mail("b@exemple.fr")) == ("", ways.NOT_AGREED)
    assert taken(mail("intrus@exemple.fr")) == ("", ways.STRANGE)
    assert taken(mail("a@exemple.fr", refused="Boîte fermée.")) == ("", "Boîte fermée.")
    assert taken() == ("", ways.NO_WAY)
