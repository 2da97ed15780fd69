"""Undo (ux.md §3.2, rule 3): what is reversible is done at once and taken back once, by whoever did it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core.cabinets.models import AuditEntry
from core.db.clock import shifted
from core.db.errors import DomainError
from core.db.errors import Forbidden
from core.db.session import TenantSession
from core.extensions import db
from core.hooks.types import Adviser
from core.shell import notifications
from core.shell import undo
from core.shell.models import UndoOffer
from tests.conftest import People
from tests.conftest import csrf
from tests.conftest import person as known
from tests.conftest import sign_in


def person(people: People, user_id: str, *permissions: str) -> Adviser:
    return Adviser(user_id, people.cabinet_id, "Marc Essai", "marc@essai.example", "CONSEILLER", frozenset(permissions))


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[Mapping[str, Any]]:
    """A reverse command that only remembers what it got."""
    monkeypatch.setattr(undo, "COMMANDS", dict(undo.COMMANDS))
    calls: list[Mapping[str, Any]] = []

    @undo.command("essai.fait", permission="contacts.edit")
    def back(_session: TenantSession, _adviser: Adviser, payload: Mapping[str, Any]) -> str:
        calls.append(payload)
        return "C'est comme avant."

    return calls


def test_it_is_taken_back_once_and_written_down(people: People, done: list[Mapping[str, Any]]) -> None:
    """The token works once; the journal says who took what back; nothing of the offer stays."""
    marc = person(people, people.adviser, "contacts.edit")
    with db.session(people.cabinet_id) as session:
        token = undo.offer(session, marc, "essai.fait", "contact:1", {"id": "x"})
        assert undo.take_back(session, marc, token) == "C'est comme avant."
        with pytest.raises(DomainError, match="ne peut plus"):
            undo.take_back(session, marc, token)
        assert session.scalars(select(UndoOffer)).all() == []
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "undo.done")).one()
        assert (entry.actor, entry.subject) == (people.adviser, "contact:1")
    assert done == [{"id": "x"}]


def test_nobody_else_takes_it_back(people: People, strangers: People, done: list[Mapping[str, Any]]) -> None:
    """Another person, the same person without the right, another cabinet, a forged token, a module turned off."""
    marc = person(people, people.adviser, "contacts.edit")
    with db.session(people.cabinet_id) as session:
        token = undo.offer(session, marc, "essai.fait", "contact:1", {})
        for who, sent in ((person(people, people.other, "contacts.edit"), token), (marc, token + "x"), (marc, "")):
            with pytest.raises(DomainError, match="ne peut plus"):
                undo.take_back(session, who, sent)
        with pytest.raises(DomainError, match="ne peut plus"):
            undo.take_back(session, marc, token, owners={"shell"})
        with pytest.raises(Forbidden):
            undo.take_back(session, person(people, people.adviser), token)
    with db.session(strangers.cabinet_id) as session, pytest.raises(DomainError, match="ne peut plus"):
        undo.take_back(session, marc, token)
    assert done == []


def test_its_time_ends_and_nothing_is_kept(people: People, done: list[Mapping[str, Any]]) -> None:
    """After ten minutes the token is refused, and the hourly work deletes what the offer held."""
    marc = person(people, people.adviser, "contacts.edit")
    with db.session(people.cabinet_id) as session:
        token = undo.offer(session, marc, "essai.fait", "contact:1", {"iban": "FR76"})
    with shifted(undo.LIFE + timedelta(seconds=1)):
        with db.session(people.cabinet_id) as session, pytest.raises(DomainError, match="ne peut plus"):
            undo.take_back(session, marc, token)
        undo.purge(people.cabinet_id)
        with db.session(people.cabinet_id, write=False) as session:
            assert session.scalars(select(UndoOffer)).all() == []
    assert done == []


def test_two_functions_do_not_share_a_name(done: list[Mapping[str, Any]]) -> None:
    """A plugin cannot take another's reverse command."""
    with pytest.raises(ValueError, match="twice"):
        undo.command("shell.notifications_read")(lambda _s, _a, _p: "")


def test_notifications_marked_read_come_back(app: Flask, people: People, adviser: FlaskClient) -> None:
    """PF-05: «Tout marquer comme lu» is done at once; «Annuler» is a button that needs no script; what was read before stays."""
    with db.session(people.cabinet_id) as session:
        for key in ("1", "2", "3"):
            notifications.notify(session, [people.adviser], kind="essai", key=key, title="Titre", text="Texte")
            if key == "1":
                notifications.mark_read(session, known(session, people.adviser))
    token = csrf(adviser, "/notifications")
    page = adviser.post("/notifications/lues", data={"csrf_token": token}, follow_redirects=True).get_data(as_text=True)
    offered = re.search(r'action="/annuler".*?name="undo" value="([^"]+)".*?name="next" value="([^"]+)"', page, re.S)
    assert offered
    assert offered.group(2) == "/notifications"
    other = app.test_client()
    sign_in(other, "autre@demo.example")
    gone, back = "ne peut plus", "2 notifications sont de nouveau non lues"
    for client, said in ((other, gone), (adviser, back), (adviser, gone)):
        form = {"csrf_token": csrf(client, "/styleguide"), "undo": offered.group(1), "next": "/notifications"}
        answer = client.post("/annuler", data=form, follow_redirects=True)
        assert said in unescape(answer.get_data(as_text=True))
    with db.session(people.cabinet_id, write=False) as session:
        assert notifications.unread(session, known(session, people.adviser)) == 2


def test_it_leads_back_to_our_own_pages_only(people: People, adviser: FlaskClient) -> None:
    """security-reliability.md, «redirects»."""
    form = {"csrf_token": csrf(adviser, "/styleguide"), "undo": "x", "next": "https://ailleurs.example/"}
    assert adviser.post("/annuler", data=form).headers["Location"] == "/"
