"""Whatever is sent to any route: never a 500, always a clear French page, nothing half-written."""

from __future__ import annotations

import logging
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core import config as configuration
from core.app import create_app
from core.extensions import db
from plugins.nomineo.mandate import FORM
from tests import databases
from tests.conftest import sign_in
from tests.faults import fuzz
from tests.faults.fuzz import Shot
from tests.stage import Stage
from tests.stage import texts

#: Odd values a parameter, of those there are; each person draws others, and each engine.
EACH = 12 if os.environ.get("ENCOURS_FAULTS") == "long" else 1


@pytest.fixture
def prepared(tmp_path: Path) -> Stage:
    """The demonstration's data, nothing running: its partner is registered, and away."""
    stage = Stage(tmp_path)
    command = [sys.executable, "-m", "core.cli", "demo", "--folder", str(tmp_path), "--prepare-only"]
    subprocess.run(command, check=True, capture_output=True, env=stage.env)
    stage.stop()
    return stage


@pytest.fixture
def app(prepared: Stage) -> Iterator[Flask]:
    """In this process; its PDFs are not typeset: each takes seconds, and is not on trial here."""
    values = {name.removeprefix("ENCOURS_").lower(): text for name, text in prepared.settings().items()}
    made = create_app(configuration.load(**{**values, "demo": True, "plp_allow_loopback": True, "testing": True}))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(FORM, "make", lambda *_, **__: b"%PDF-1.7")
        yield made
    made.extensions["encours_hub"].close()
    db.close()


@pytest.fixture
def ids(prepared: Stage) -> dict[str, str]:
    """Real ids of the first cabinet, by the names that routes give them."""
    rows = fuzz.Rows(prepared.database_url)
    one = rows.one
    found = {
        "account_id": one("SELECT account_id FROM account_link"), "contact_id": one("SELECT id FROM contact"),
        "transaction_id": one('SELECT id FROM "transaction"'), "document_id": one("SELECT id FROM document"),
        "user_id": one("SELECT id FROM user_login"), "endpoint_id": one("SELECT id FROM endpoint"), "plugin": "nomineo",
        "slug": "demo", "step": "suspendre", "form": "x", "name": "default", "version": "x", "path": "js/app.js",
    }  # fmt: skip
    rows.close()
    return found


def fire(client: FlaskClient, shot: Shot) -> TestResponse:
    more: dict[str, object] = {"headers": shot.headers}
    if shot.form is not None:
        sent = shot.form.get("file")
        more["data"] = shot.form if sent is None else {**shot.form, "file": (BytesIO(sent.encode()), sent[:40])}
    if shot.body is not None:
        more |= {"content_type": shot.body[0], "data": shot.body[1]}
    return client.open(shot.path, method=shot.method, query_string=shot.query, **more)


def wrong(shot: Shot, answer: TestResponse, changed: dict[str, object]) -> str | None:
    """What is not right about an answer, if anything."""
    status, body = answer.status_code, answer.get_data().decode("utf-8", "replace")
    if status >= 500 and shot.path != "/healthz":  # nothing runs beside this application: not well, and said so
        return f"{status}"
    changed = {name: rows for name, rows in changed.items() if name != "plugin_timing"}  # of calls some seconds ago
    if shot.path.startswith("/plp/hooks/"):  # a forged hook leaves its line in the journal
        changed = {name: rows for name, rows in changed.items() if not name.startswith("audit_")}
    # A refused try is counted, and left to the journal by a job (`core.auth.limits`, `core.auth.entry`).
    asked = {"/connexion", "/mon-compte/mot-de-passe", "/mon-compte/jetons/nouveau"}
    if shot.path in asked or shot.path.startswith("/connexion/"):
        changed = {name: rows for name, rows in changed.items() if name not in {"sign_in_attempts", "job"}}
    if changed and (status >= 400 or shot.method == "GET"):
        return f"{status}, yet written: {changed}"
    if status < 400 or shot.method == "HEAD":
        return None
    if answer.mimetype in ("application/json", "application/problem+json"):
        return None if shot.path.startswith(("/plp/", "/api/", "/healthz")) else f"{status}: a page was due"
    said = texts(body)
    heading = re.search(r"<h1[^>]*>\s*(\S.*?)</h1>", body, re.S)
    if '<html lang="fr"' not in body or heading is None or len(said) < 60:
        return f"{status}: no clear French page: {said[:200]}"
    if re.search(r"Traceback|Internal Server|Bad Request|Not Found|sqlalchemy|werkzeug", said):
        return f"{status}: words of the machine: {said[:200]}"
    return None


def test_no_input_breaks_any_route(
    app: Flask, prepared: Stage, ids: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    """Issue 2, «Bad input»; PL-05: walked from the URL map, so that a new route is tried from its first day."""
    caplog.set_level(logging.CRITICAL, "encours")
    rows = fuzz.Rows(prepared.database_url)
    faults = []
    for seed, email in enumerate(("administrateur@demo.example", "conseiller@demo.example", None)):
        app.config["WTF_CSRF_ENABLED"] = True
        client = app.test_client()
        if email:
            sign_in(client, email)
        app.config["WTF_CSRF_ENABLED"] = False  # what stops a form without its token is tried elsewhere
        rows.changed()
        for shot in fuzz.shots(app, ids, seed=seed + 10 * databases.POSTGRESQL, each=EACH, door=email is None):
            answer = fire(client, shot)
            if (fault := wrong(shot, answer, rows.changed())) is not None:
                faults.append(f"{fault} ← {email}: {shot}")
            answer.close()
    rows.close()
    assert not faults, "\n".join(faults)
