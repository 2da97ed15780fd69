"""What the tests of one's own security do: forms with their token, codes of an authenticator, people with a factor."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pyotp
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from core.auth import second_factor
from core.auth.models import Attempts
from core.auth.models import SessionRow
from core.cabinets.models import AuditEntry
from core.db import clock
from core.extensions import db
from core.shell.models import Notification
from tests.conftest import PASSWORD
from tests.conftest import People

EMAIL = "conseiller@demo.example"
#: A browser's own words for itself.
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


def text(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def post(client: FlaskClient, path: str, *, at: str | None = None, **form: str) -> TestResponse:
    """Post a form with the token of the page it stands on."""
    page = text(client.get(at or path))
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found, page[:800]
    return client.post(path, data={**form, "csrf_token": found.group(1)})


def enter(client: FlaskClient, email: str = EMAIL, password: str = PASSWORD, **form: str) -> TestResponse:
    """The sign-in form, whatever comes of it."""
    return post(client, "/connexion", email=email, password=password, **form)


def is_in(client: FlaskClient) -> bool:
    return client.get("/notifications").status_code == 200


def code_of(secret: str, shift: int = 0) -> str:
    """What the authenticator shows, `shift` steps from now: pyotp's own clock arithmetic, on ours."""
    return pyotp.TOTP(secret).at(clock.epoch() + 30 * shift)


def with_factor(people: People, user_id: str | None = None) -> tuple[str, list[str]]:
    """Give somebody a second factor, a minute ago; its secret and the recovery codes."""
    user = user_id or people.adviser
    with db.session(people.cabinet_id) as session:
        secret = second_factor.begin(session, user)
        codes = second_factor.confirm(session, user, code_of(secret, -1))
    assert codes
    return secret, codes


@contextmanager
def later(**time: float) -> Iterator[None]:
    with clock.shifted(timedelta(**time)):
        yield


def journal(people: People) -> list[str]:
    with db.session(people.cabinet_id, write=False) as session:
        return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq)))


def told(people: People, user_id: str) -> list[str]:
    with db.session(people.cabinet_id, write=False) as session:
        return list(session.scalars(select(Notification.title).where(Notification.user_id == user_id)))


def session_rows(user_id: str) -> list[SessionRow]:
    with db.session(None, write=False) as session:
        return list(session.scalars(select(SessionRow).where(SessionRow.user_id == user_id)))


def attempts() -> dict[str, int]:
    with db.session(None, write=False) as session:
        return {row.key: row.count for row in session.scalars(select(Attempts))}


def browser(app: Flask, agent: str | None = None) -> FlaskClient:
    client = app.test_client()
    if agent:
        client.environ_base["HTTP_USER_AGENT"] = agent
    return client
