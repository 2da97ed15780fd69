"""Internal documents: filed by who runs the cabinet, read by all, each reading confirmed and told (OU-08)."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from core.db.clock import today
from core.db.errors import Conflict
from core.db.errors import DomainError
from core.db.errors import Forbidden
from core.documents import filing
from core.documents.filing import Facts
from core.extensions import db
from core.shell.models import Notification
from plugins.ged import demo
from plugins.ged import internal
from tests.conftest import People
from tests.conftest import person
from tests.core.rest.desk import Program
from tests.core.rest.desk import token_of
from tests.plugins.ged.conftest import Home
from tests.plugins.ged.conftest import paper
from tests.plugins.ged.test_pages import plain


def told(home: Home) -> list[str]:
    with db.session(home.cabinet_id, write=False) as session:
        wanted = select(Notification.user_id).where(Notification.title == "Document interne à lire").order_by(Notification.id)
        return list(session.scalars(wanted))


def test_each_reading_is_confirmed_once_and_a_new_version_is_read_again(home: Home, people: People) -> None:
    """OU-08: everybody is told, each confirms for the version in force, those who have not are reminded, once a day."""
    with db.session(home.cabinet_id) as session:
        boss, adviser = person(session, people.administrator), person(session, home.adviser)
        with pytest.raises(DomainError, match="passée"):
            internal.add(session, boss, Facts("", "NOTE"), paper("x"), asked=True, due_on=today() - timedelta(days=1))
        with pytest.raises(Forbidden):
            internal.add(session, adviser, Facts("", "NOTE"), paper("x"), asked=False, due_on=None)
        row = internal.add(session, boss, Facts("Procédure", "PROCEDURE"), paper("a"), asked=True, due_on=today())
        first = row.id
    assert home.adviser in told(home)
    assert people.administrator not in told(home)
    with db.session(home.cabinet_id) as session:
        adviser = person(session, home.adviser)
        assert internal.get(session, adviser, first).waits
        done = internal.confirm(session, adviser, first).mine
        assert internal.confirm(session, adviser, first).mine == done
        found = internal.listed(session, person(session, people.administrator))[0]
        assert (found.done, [one.user_id for one in found.readers if one.read_at]) == (1, [home.adviser])
        with pytest.raises(Forbidden):
            internal.remind(session, adviser, first)
        before = len(told(home))
    with db.session(home.cabinet_id) as session:
        boss = person(session, people.administrator)
        count = internal.remind(session, boss, first)
        assert count == len(found.readers) - 1
        internal.remind(session, boss, first)
    assert len(told(home)) == before + count, "once a day to each"
    with db.session(home.cabinet_id) as session:
        boss, adviser = person(session, people.administrator), person(session, home.adviser)
        second = filing.add_version(session, boss, first, paper("b"), expires_on=None).id
        assert internal.get(session, adviser, second).waits
        with pytest.raises(Forbidden):
            filing.remove(session, adviser, second)
        free = internal.add(session, boss, Facts("Note", "NOTE"), paper("c"), asked=False, due_on=None).id
        with pytest.raises(Conflict):
            internal.confirm(session, adviser, free)
        with pytest.raises(DomainError, match="déjà"):
            internal.add(session, boss, Facts("Note", "NOTE"), paper("c"), asked=False, due_on=None)


def post(client: FlaskClient, path: str, values: dict[str, object], page: str | None = None) -> TestResponse:
    text = client.get(page or path).get_data(as_text=True)
    hidden = {name: unescape(value) for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text)}
    return client.post(path, data={**hidden, **values}, content_type="multipart/form-data")


def test_the_journey_on_screen(home: Home, administrator: FlaskClient, adviser: FlaskClient) -> None:
    """OU-08: filed with a day, read by a press of whoever has to, counted, replaced, withdrawn with a way back."""
    assert "Aucun document interne" in plain(administrator.get("/p/ged/internes"))
    due = (today() + timedelta(days=9)).strftime("%d/%m/%Y")
    sent = {"file": (io.BytesIO(demo.page(("Procédure",))), "Procédure.pdf"), "category": "PROCEDURE", "ask": "1", "due_on": due}
    refused = post(administrator, "/p/ged/internes/ajouter", {**sent, "file": (io.BytesIO(b""), "")})
    assert refused.status_code == 422
    made = post(administrator, "/p/ged/internes/ajouter", sent)
    assert made.status_code == 303, plain(made)
    one = made.headers["Location"]
    assert adviser.get("/p/ged/internes/ajouter").status_code == 403
    assert "à lire avant le" in plain(adviser.get("/p/ged/internes"))
    page = plain(adviser.get(one))
    assert "J'ai lu ce document" in page
    assert "Relancer" not in page
    assert post(adviser, f"{one}/lu", {}, page=one).status_code == 303
    assert "rien à lire" in plain(adviser.get("/p/ged/internes"))
    assert re.search(r"1 sur \d", plain(administrator.get("/p/ged/internes")))
    assert "pas encore lu" in plain(administrator.get(one))
    assert post(administrator, f"{one}/relancer", {}, page=one).status_code == 303
    new = post(administrator, f"{one}/version", {"file": (io.BytesIO(demo.page(("v2",))), "Procédure 2.pdf")}).headers["Location"]
    assert adviser.get(one).status_code == 404
    assert "J'ai lu ce document" in plain(adviser.get(new))
    assert post(administrator, f"{new}/supprimer", {}, page=new).status_code == 303
    assert "est supprimé" in plain(administrator.get("/p/ged/internes"))


def test_internal_documents_for_programs(app: Flask, home: Home, people: People) -> None:
    """OU-08: filed, read, reminded by tokens; who read is shown to whoever runs the cabinet alone."""
    boss = Program(app, token_of(home.cabinet_id, people.administrator))
    theirs = Program(app, token_of(home.cabinet_id, home.adviser))
    body = {"file": (demo.page(("Note",)), "note.pdf"), "category": "NOTE", "reading": "asked"}
    made = boss.post("/p/ged/internal", body, 201)
    path = f"/p/ged/internal/{made['document']['id']}"
    assert theirs.post(f"{path}/read")["read_at"]
    assert theirs.get("/p/ged/internal")["items"][0]["readers"] == []
    assert len([one for one in boss.get(path)["readers"] if one["read_at"]]) == 1
    assert boss.post(f"{path}/remind")["count"] == len(made["readers"]) - 1
    assert theirs.call("POST", f"{path}/remind").status_code == 403
