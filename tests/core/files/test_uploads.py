"""Files sent ahead of their form: told by their bytes, one person's, a day at most, gone when the form has them."""

from __future__ import annotations

import io
import os
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from core.config import Config
from core.db.clock import shifted
from core.db.errors import DomainError
from core.db.errors import NotFound
from core.documents import uploads
from core.documents.models import Upload
from core.extensions import db
from core.hooks.types import Adviser
from tests.conftest import People
from tests.conftest import csrf
from tests.conftest import sign_in

PDF = b"%PDF-1.4\nun avis d'imposition"
RULE = uploads.rule("shell.essai")
SMALL = uploads.rule("shell.petit", types=("application/pdf",), max_bytes=100, max_files=3, permission="partners.manage")


def person(people: People, user_id: str) -> Adviser:
    return Adviser(user_id, people.cabinet_id, "Marc Essai", "marc@essai.example", "CONSEILLER", frozenset())


def send(client: FlaskClient, data: bytes, name: str = "avis.pdf", rule: str = "shell.essai") -> TestResponse:
    """Send a file as js/upload.js does."""
    file = (io.BytesIO(data), name, "application/pdf")
    form = {"rule": rule, "field": "preuve", "csrf_token": csrf(client, "/styleguide"), "file": file}
    return client.post("/fichiers", data=form, headers={"Accept": "application/json;q=0.9, text/html;q=0.1", "X-Fragment": "1"})


def test_a_rule_says_what_it_accepts() -> None:
    """Size and types are said before: the words of the zone."""
    assert RULE.limits == "PDF, PNG ou JPEG, 25\u00a0Mio au plus."
    assert SMALL.limits == "PDF, 100 octets au plus par fichier, 3 fichiers au plus."
    assert RULE.accept == "application/pdf,image/png,image/jpeg,.pdf,.png,.jpg,.jpeg"
    with pytest.raises(ValueError, match="twice"):
        uploads.rule("shell.essai", max_files=9)
    with pytest.raises(ValueError, match="cannot be checked"):
        uploads.rule("shell.tout", types=("text/html",))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "est vide"),
        (b"%PDF-1.4" + b"x" * 100, "pèse 101 octets"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "déposez un fichier PDF."),
        (b"\x89PNG\r\n\x1a\n...", "déposez un fichier PDF."),
    ],
)
def test_what_is_refused_is_told_by_the_bytes(administrator: FlaskClient, data: bytes, said: str) -> None:
    """security-reliability.md: the name and the announced type decide nothing; each refusal says what is accepted."""
    answer = send(administrator, data, rule="shell.petit")
    assert answer.status_code == 422
    assert said in answer.get_json()["detail"]
    with db.session(1, write=False) as session:
        assert session.scalars(select(Upload)).all() == []


def test_one_that_is_kept_and_given_up(app: Flask, people: People, adviser: FlaskClient) -> None:
    """The answer is the line of the form; who sent it gives it up, nobody else."""
    line = send(adviser, PDF, name="../../avis <2026>.pdf").get_data(as_text=True)
    assert "avis 2026 .pdf" in line
    assert 'name="preuve_depots"' in line
    with db.session(people.cabinet_id, write=False) as session:
        row = session.scalars(select(Upload)).one()
    other = app.test_client()
    sign_in(other, "autre@demo.example")
    address = f"/fichiers/{row.id}/retirer"
    assert other.post(address, data={"csrf_token": csrf(other, "/styleguide")}).status_code == 404
    assert adviser.post(address, data={"csrf_token": csrf(adviser, "/styleguide")}).status_code == 204


def test_a_right_is_asked(adviser: FlaskClient, administrator: FlaskClient) -> None:
    """The rule's permission; a rule that nobody registered; no file at all."""
    assert send(adviser, PDF, rule="shell.petit").status_code == 403
    assert send(administrator, PDF, rule="shell.petit").status_code == 200
    assert send(administrator, PDF, rule="ailleurs.rien").status_code == 404
    form = {"rule": "shell.essai", "csrf_token": csrf(administrator, "/styleguide")}
    assert administrator.post("/fichiers", data=form).status_code == 422


def test_they_wait_for_their_own_form_only(people: People, strangers: People) -> None:
    """Another person, another rule, another cabinet, another day: nothing; spent, it waits no longer."""
    marc = person(people, people.adviser)
    with db.session(people.cabinet_id) as session:
        kept = uploads.keep(session, marc, RULE, "avis.pdf", PDF)
        ids = ["rien", kept.id, kept.id]
        assert uploads.waiting(session, marc, RULE, ids) == (kept,)
        assert [one.data for one in uploads.read(session, marc, RULE, ids)] == [PDF]
        assert uploads.read(session, marc, SMALL, ids) == ()
        assert uploads.read(session, person(people, people.other), RULE, ids) == ()
        with pytest.raises(NotFound):
            uploads.drop(session, person(people, people.other), kept.id)
    with db.session(strangers.cabinet_id) as session:
        assert uploads.read(session, marc, RULE, ids) == ()
    with db.session(people.cabinet_id) as session:
        with shifted(uploads.LIFE + timedelta(seconds=1)):
            assert uploads.read(session, marc, RULE, ids) == ()
        uploads.spend(session, marc, ids)
        assert uploads.read(session, marc, RULE, ids) == ()


def test_nobody_fills_the_disk(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    """So many at most wait for one person's forms."""
    monkeypatch.setattr(uploads, "MOST", 2)
    marc = person(people, people.adviser)
    with db.session(people.cabinet_id) as session:
        for _ in range(2):
            uploads.keep(session, marc, RULE, "avis.pdf", PDF)
        with pytest.raises(DomainError, match="attendent déjà"):
            uploads.keep(session, marc, RULE, "avis.pdf", PDF)


def test_what_was_given_up_leaves_the_disk(config: Config, people: People) -> None:
    """The hourly work: rows whose time is over, then files that none names; one that has just come stays."""
    marc = person(people, people.adviser)
    with db.session(people.cabinet_id) as session:
        uploads.keep(session, marc, RULE, "avis.pdf", PDF)
        uploads.keep(session, marc, RULE, "photo.png", b"\x89PNG\r\n\x1a\nphoto")
    folder = Path(config.var_dir) / "uploads" / str(people.cabinet_id)
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert len(files) == 2
    uploads.purge(people.cabinet_id)
    assert all(path.is_file() for path in files)
    with shifted(uploads.LIFE + timedelta(seconds=1)):
        uploads.purge(people.cabinet_id)
    assert all(path.is_file() for path in files)  # an hour old at least
    for path in files:
        os.utime(path, (0, 0))
    uploads.purge(people.cabinet_id)
    assert not any(path.is_file() for path in files)
