"""A forgotten password: a one-time link, by mail through the worker and a real mail server, or from the command."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select

from core.app import create_app
from core.auth import resets
from core.auth import second_factor
from core.auth.models import PasswordReset
from core.cabinets.models import User
from core.cli import accounts
from core.cli.worker import run_due
from core.config import ConfigError
from core.db.errors import DomainError
from core.extensions import db
from core.jobs.models import Job
from core.jobs.models import OutboxItem
from core.mail.letters import Letter
from core.mail.letters import message
from tests import databases
from tests.conftest import PASSWORD
from tests.conftest import People
from tests.conftest import add_people
from tests.conftest import make_config
from tests.core.auth.own import EMAIL
from tests.core.auth.own import enter
from tests.core.auth.own import is_in
from tests.core.auth.own import journal
from tests.core.auth.own import later
from tests.core.auth.own import post
from tests.core.auth.own import text
from tests.core.auth.own import told
from tests.core.auth.own import with_factor
from tests.stage import free_port

NEW = "quatre girafes lisent Balzac"
ASK, CHOOSE = "/mot-de-passe/oublie", "/mot-de-passe/nouveau"


class Box:
    """A mail server: keeps what it takes, answers as it is told."""

    def __init__(self) -> None:
        self.mails: list[Message] = []
        self.answer = "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        if self.answer.startswith("250"):
            self.mails.append(message_from_bytes(envelope.content))
        return self.answer


@pytest.fixture
def box() -> Iterator[SimpleNamespace]:
    """A mail server on this machine, and its port."""
    handler = Box()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield SimpleNamespace(handler=handler, port=controller.port)
    controller.stop()


@pytest.fixture
def app(tmp_path: Path, box: SimpleNamespace) -> Iterator[Flask]:
    """An installation that sends mail."""
    application = create_app(
        make_config(
            tmp_path, smtp_host="127.0.0.1", smtp_port=box.port, smtp_security="none", mail_from="encours@cabinet.example"
        )
    )
    databases.ready(str(db.engine.url))
    yield application
    application.extensions["encours_hub"].close()
    db.close()


def ask(app: Flask, email: str = EMAIL, **headers: str) -> str:
    """Ask for a link; the page."""
    client = app.test_client()
    page = text(client.get(ASK))
    token = re.search(r'name="csrf_token" value="([^"]+)"', page).group(1)  # type: ignore[union-attr]
    cookie = client.get_cookie("encours_sid")
    assert cookie is not None
    # The cookie by hand: the test client would keep it from another host.
    said = {**headers, "Cookie": f"encours_sid={cookie.value}"}
    answer = app.test_client(use_cookies=False).post(ASK, data={"email": email, "csrf_token": token}, headers=said)
    assert answer.status_code == 200
    return text(answer).replace(token, "")


def link_of(mail: Message) -> str:
    """The link that a mail carries."""
    content = mail.get_payload(decode=True)
    assert isinstance(content, bytes)
    return re.search(r"https?://\S+", content.decode()).group(0)  # type: ignore[union-attr]


def path_of(link: str) -> str:
    return link.removeprefix("http://127.0.0.1:8000")


def test_from_the_question_to_the_new_password(app: Flask, people: People, box: SimpleNamespace) -> None:
    """US-01: the mail comes by the outbox; the link chooses a password, ends all sessions, signs nobody in."""
    before = app.test_client()
    enter(before)
    ask(app)
    run_due()
    mail = box.handler.mails[0]
    assert (mail["To"], mail["Subject"]) == (EMAIL, "Votre nouveau mot de passe Encours")
    assert "encours@cabinet.example" in mail["From"]
    client = app.test_client()
    moved = client.get(path_of(link_of(mail)))
    assert (moved.status_code, moved.headers["Location"]) == (302, CHOOSE)
    assert post(client, CHOOSE, new_password="court", new_again="court").status_code == 422
    done = post(client, CHOOSE, new_password=NEW, new_again=NEW)
    assert done.headers["Location"] == "/connexion"
    assert not is_in(client)
    assert not is_in(before)
    assert enter(client, password=PASSWORD).status_code == 422
    assert enter(client, password=NEW).status_code == 302
    run_due()
    assert "Votre mot de passe a été changé" in told(people, people.adviser)
    assert {"user.reset_asked", "user.password_changed"} <= set(journal(people))


def test_a_link_serves_once_for_half_an_hour(app: Flask, people: People, box: SimpleNamespace) -> None:
    """US-01: used, too old, or followed by another: a page that says so, and how to get one."""
    ask(app)
    run_due()
    first = path_of(link_of(box.handler.mails[0]))
    with later(minutes=31):
        assert app.test_client().get(first, follow_redirects=True).status_code == 410
    ask(app)
    run_due()
    second = path_of(link_of(box.handler.mails[1]))
    ended = app.test_client().get(first, follow_redirects=True)
    assert ended.status_code == 410
    assert "plus valable" in text(ended)
    one, two = app.test_client(), app.test_client()
    for client in (one, two):
        assert client.get(second, follow_redirects=True).status_code == 200
    token = re.search(r'name="csrf_token" value="([^"]+)"', text(two.get(CHOOSE))).group(1)  # type: ignore[union-attr]
    assert post(one, CHOOSE, new_password=NEW, new_again=NEW).status_code == 302
    other = {"new_password": "cinq zèbres chantent Verdi", "new_again": "cinq zèbres chantent Verdi", "csrf_token": token}
    assert two.post(CHOOSE, data=other).status_code == 410
    with db.session(None, write=False) as session:
        adviser = session.get_one(User, people.adviser)
    assert not resets.use(resets.hashed(second.split("jeton=")[1]), adviser, other["new_again"])  # two at the same moment
    assert enter(app.test_client(), password=NEW).status_code == 302


def test_tokens_that_are_none(app: Flask) -> None:
    """security-reliability.md, «null token»: an empty or invented one opens nothing."""
    for token in ("", "null", "None", "0" * 43, "%00", "x" * 5000, "../../etc"):
        assert app.test_client().get(f"{CHOOSE}?jeton={token}", follow_redirects=True).status_code == 410, token
    assert app.test_client().get(CHOOSE).status_code == 410


def test_the_answer_is_the_same_for_an_unknown_e_mail(app: Flask, people: People, box: SimpleNamespace) -> None:
    """US-01: word for word, and one mail leaves."""
    assert ask(app) == ask(app, "inconnu@demo.example")
    run_due()
    assert [mail["To"] for mail in box.handler.mails] == [EMAIL]


def test_the_link_leads_to_us_whatever_the_host(app: Flask, people: People, box: SimpleNamespace) -> None:
    """CVE-2025-43931: the host of the question is whoever asks's choice; the link's is the configuration's."""
    ask(app, Host="mechant.example", **{"X-Forwarded-Host": "mechant.example"})
    run_due()
    assert link_of(box.handler.mails[0]).startswith("http://127.0.0.1:8000/mot-de-passe/nouveau?jeton=")


def test_no_token_lies_in_clear(app: Flask, people: People, box: SimpleNamespace) -> None:
    """US-01: the database holds its hash; outbox and jobs do not hold it at all."""
    ask(app)
    run_due()
    token = link_of(box.handler.mails[0]).split("jeton=")[1]
    with db.session(people.cabinet_id, write=False) as session:
        kept = [repr(row.payload) for row in (*session.scalars(select(OutboxItem)), *session.scalars(select(Job)))]
        hashes = list(session.scalars(select(PasswordReset.token_hash)))
    assert hashes == [resets.hashed(token)]
    assert kept
    assert not [text for text in kept if token in text]


def test_nobody_s_box_is_filled(app: Flask, people: People, box: SimpleNamespace) -> None:
    """US-01: three mails a quarter of an hour; the answer does not change."""
    pages = {ask(app) for _ in range(5)}
    run_due()
    assert len(pages) == 1
    assert len(box.handler.mails) == 3


def test_the_second_factor_stays(app: Flask, people: People, box: SimpleNamespace) -> None:
    """US-01: who reads the mail still lacks the telephone."""
    with_factor(people)
    ask(app)
    run_due()
    client = app.test_client()
    client.get(path_of(link_of(box.handler.mails[0])))
    post(client, CHOOSE, new_password=NEW, new_again=NEW)
    assert enter(client, password=NEW).headers["Location"] == "/connexion/code"
    with db.session(people.cabinet_id, write=False) as session:
        assert second_factor.is_on(session, people.adviser)


def test_a_server_that_says_later_or_no(app: Flask, people: People, box: SimpleNamespace) -> None:
    """US-01: 4xx: again later, the mail comes once; 5xx: shown as refused; both are in the outbox."""
    box.handler.answer = "451 plus tard"
    ask(app)
    run_due()
    assert _states(people) == ["waiting"]
    box.handler.answer = "250 OK"
    with later(minutes=5):
        run_due()
    assert _states(people) == ["sent"]
    assert len(box.handler.mails) == 1
    box.handler.answer = "554 non"
    ask(app)
    run_due()
    assert _states(people) == ["sent", "refused"]


def _states(people: People) -> list[str]:
    with db.session(people.cabinet_id, write=False) as session:
        return list(session.scalars(select(OutboxItem.state).order_by(OutboxItem.id)))


@pytest.mark.parametrize("field", ["to", "subject"])
@pytest.mark.parametrize("ending", ["\r\nBcc: x@example.org", "\nBcc: x@example.org", "\rx", "\x00", "\x0bx"])
def test_no_header_is_injected(field: str, ending: str) -> None:
    """US-01: a line break in a header is refused, not folded."""
    values = {"to": "a@b.example", "subject": "Bonjour", "text": "…"}
    with pytest.raises(DomainError):
        message(Letter(**{**values, field: values[field] + ending}), "encours@cabinet.example")


@pytest.mark.parametrize(
    "settings",
    [
        {"smtp_host": "mail.example"}, {"smtp_host": "mail.example", "mail_from": "pas une adresse"},
        {"smtp_host": "mail.example", "mail_from": "a@b.example\r\nBcc: c@d"},
        {"smtp_host": "mail.example", "mail_from": "a@b.example", "smtp_security": "none"},
        {"smtp_host": "mail.example", "mail_from": "a@b.example", "smtp_security": "ssl"},
    ],
)  # fmt: skip
def test_unsafe_mail_settings_do_not_start(tmp_path: Path, settings: dict[str, str]) -> None:
    """US-01: said at the start, not at the first mail."""
    with pytest.raises(ConfigError):
        make_config(tmp_path, **settings)


def test_without_a_mail_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """US-01: the page says whom to ask; the command prints a link that serves once, and others set and lift the factor."""
    config = make_config(tmp_path)
    application = create_app(config)
    databases.ready(str(db.engine.url))
    people = add_people(application.extensions["encours_hub"], "demo")
    with_factor(people)
    page = text(application.test_client().get(ASK))
    assert "administrateur de votre cabinet" in page
    assert 'name="email"' not in page
    monkeypatch.setattr(accounts, "create_app", lambda: application)
    run = CliRunner().invoke
    printed = run(accounts.user_group, ["reset", EMAIL.upper()]).output.strip()
    client = application.test_client()
    client.get(path_of(printed))
    assert post(client, CHOOSE, new_password=NEW, new_again=NEW).status_code == 302
    assert enter(client, password=NEW).headers["Location"] == "/connexion/code"
    assert "Second facteur retiré" in run(accounts.user_group, ["remove-second-factor", EMAIL]).output
    assert enter(client, password=NEW).headers["Location"] == "/"
    assert "obligatoire" in run(accounts.cabinet_group, ["set-second-factor", "demo", "on"]).output
    assert enter(application.test_client(), password=NEW).headers["Location"] == "/connexion/second-facteur"
    assert "facultatif" in run(accounts.cabinet_group, ["set-second-factor", "demo", "off"]).output
    weak = run(accounts.user_group, ["add", "x@demo.example", "--cabinet", "demo", "--name", "X", "--password", "azertyuiop12"])
    assert isinstance(weak.exception, DomainError)
    assert isinstance(run(accounts.user_group, ["reset", "inconnu@demo.example"]).exception, DomainError)
    application.extensions["encours_hub"].close()
    db.close()
