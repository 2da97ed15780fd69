"""The log: one line a request and a job, with what finds it again and nothing of anybody."""

from __future__ import annotations

import gc
import io
import json
import logging
from collections.abc import Iterator
from collections.abc import Sequence
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import IntegrityError

from core.api import Context
from core.api import Plugin
from core.api import PluginError
from core.api import hookimpl
from core.api.types import Module
from core.cabinets.models import User
from core.cli.worker import run_due
from core.db.session import TenantSession
from core.extensions import db
from core.hooks import enabling
from core.hooks.hub import Hub
from core.jobs import queue
from core.telemetry import logs
from core.telemetry import trace
from core.telemetry.scrub import HIDDEN
from core.telemetry.scrub import scrub
from core.web.policy import policy
from tests.conftest import People
from tests.conftest import sign_in

#: What may stand in no line: names, addresses, numbers, tokens, passwords.
OF_SOMEBODY = (
    "Durand-Canari", "canari.durand@exemple.fr", "HIM0012345", "06 12 34 56 78", "+33612345678",
    "FR7630006000011234567890189", "Mot-de-passe-canari-1", "jeton-canari-0123456789abcdefghijklmnopqrstuvwxyz",
)  # fmt: skip


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """All that a web process would write, as JSON lines."""
    gc.collect()  # an answer that another test left unread is told when it goes, and is not to go from here on
    out, root = io.StringIO(), logging.getLogger()
    level = root.level
    handler = logs.install("json", stream=out)
    yield out
    root.removeHandler(handler)
    root.setLevel(level)
    logging.captureWarnings(False)


def lines(log: io.StringIO, message: str | None = None) -> list[dict[str, Any]]:
    """The lines so far; those of one message."""
    read = [json.loads(line) for line in log.getvalue().splitlines()]
    return [line for line in read if message is None or line["message"] == message]


class Talkative(Plugin):
    """A plugin whose faults quote a client."""

    name = title = "bavard"

    @hookimpl
    def modules(self, ctx: Context) -> Sequence[Module]:
        raise RuntimeError(" ".join(OF_SOMEBODY))

    @hookimpl
    def contact_sections(self, ctx: Context) -> Any:
        raise PluginError(" ".join(OF_SOMEBODY))


def test_no_line_tells_of_anybody(app: Flask, people: People, hub: Hub, log: io.StringIO) -> None:
    """Operations: whatever people, partners, plugins and jobs say, the log holds ids, codes and figures only."""
    said = " ".join(OF_SOMEBODY)
    hub.registry.register("bavard", Talkative)

    @app.get("/casse", endpoint="casse")
    @policy("public")
    def broken() -> str:
        raise ValueError(said)

    @queue.handler("test.canari")
    def fail(_session: TenantSession, _payload: dict[str, Any]) -> None:
        raise ValueError(said)

    client = app.test_client()
    sign_in(client, "conseiller@demo.example")
    with db.session(people.cabinet_id) as session:
        enabling.switch(session, hub.registry, "bavard", on=True, actor="cli")
        queue.enqueue(session, "test.canari", {"who": said})
    for one in OF_SOMEBODY:
        client.get("/p/contacts/", query_string={"q": one})
        client.get(f"/p/contacts/{one}")
        client.get(f"/{one}")
        client.get(f"/plp/launches/{one}")
        client.get("/casse", headers={"Authorization": f"Bearer {one}", "User-Agent": one, "Referer": f"http://x/{one}"})
        client.post(f"/plp/hooks/{one}", data=said.encode(), headers={"webhook-id": one, "PLP-Interaction-Id": one})
        client.post("/plp/token", data={"grant_type": "authorization_code", "code": one, "client_assertion": one})
        page = app.test_client()
        token = page.get("/connexion").get_data(as_text=True).split('name="csrf_token" value="')[1].split('"')[0]
        page.post("/connexion", data={"email": one, "password": one, "csrf_token": token})
    row = {"cabinet_id": people.cabinet_id, "email": OF_SOMEBODY[1], "role": "X"}
    row |= {"display_name": said[:120], "password_hash": said[:200]}  # PostgreSQL would refuse its length first
    with db.new_session(people.cabinet_id) as session:
        session.add_all([User(**row), User(**row)])
        try:
            session.flush()
        except IntegrityError:
            logging.getLogger("encours.web").exception("a row was refused")
    run_due()
    hub.close()
    written = log.getvalue()
    assert [one for one in OF_SOMEBODY if one in written] == []
    assert "Canari" not in written
    errors = [line for line in lines(log) if "error" in line]
    assert {"ValueError", "RuntimeError"} <= {line["error"]["type"] for line in errors}
    assert any("IntegrityError" in line["error"]["type"] for line in errors)
    assert all(line["error"]["at"] for line in errors if line["error"]["type"] == "ValueError")


def test_one_line_a_request(adviser: FlaskClient, people: People, log: io.StringIO) -> None:
    """Operations: route by its pattern, status, duration, cabinet, trace; the answer carries the same trace."""
    answer = adviser.get("/p/contacts/?q=x", buffered=True)
    adviser.get("/nulle-part/ailleurs", buffered=True)
    known, unknown = lines(log, "request")
    assert (known["method"], known["route"], known["status"]) == ("GET", "/p/contacts/", 200)
    assert known["cabinet"] == people.cabinet_id
    assert 0 < known["ms"] < 10_000
    assert known["trace"] == answer.headers["X-Request-Id"] != unknown["trace"]
    assert (unknown["route"], unknown["status"]) == ("-", 404)


def test_an_error_page_s_reference_finds_the_lines(app: Flask, log: io.StringIO) -> None:
    """Operations: what the person reads out is the trace of the request's lines."""

    @app.get("/casse", endpoint="casse")
    @policy("public")
    def broken() -> str:
        raise ValueError

    page = app.test_client().get("/casse", buffered=True)
    trace_of = lines(log, "request")[0]["trace"]
    assert trace_of in page.get_data(as_text=True)
    assert {"unexpected", "request"} <= {line["message"] for line in lines(log) if line["trace"] == trace_of}


def test_the_interaction_of_a_hook_is_kept(app: Flask, log: io.StringIO) -> None:
    """PLP-008: both sides' logs meet in the interaction id; what is no UUID is left out."""
    given = "0d3c7a5e-1111-4222-8333-444455556666"
    app.test_client().post("/plp/hooks/x", headers={"PLP-Interaction-Id": given}, buffered=True)
    app.test_client().post("/plp/hooks/x", headers={"PLP-Interaction-Id": "autre"}, buffered=True)
    first, second = lines(log, "request")
    assert first["interaction"] == given
    assert "interaction" not in second


def test_one_line_a_job(app: Flask, people: People, log: io.StringIO) -> None:
    """Operations: kind, outcome, attempt, duration, cabinet; the job's id is its trace."""

    @queue.handler("test.bien")
    def well(_session: TenantSession, _payload: dict[str, Any]) -> None:
        logging.getLogger("encours.test").info("inside")

    @queue.handler("test.plus_tard")
    def later(_session: TenantSession, _payload: dict[str, Any]) -> None:
        raise queue.Retry(60, "plus tard")

    with db.session(people.cabinet_id) as session:
        queue.enqueue(session, "test.bien", {})
        queue.enqueue(session, "test.plus_tard", {})
    run_due()
    found = {line["kind"]: line for line in lines(log, "job")}
    assert found["test.bien"]["outcome"] == "done"
    assert found["test.plus_tard"]["outcome"] == "again"
    assert found["test.bien"]["cabinet"] == people.cabinet_id
    assert lines(log, "inside")[0]["trace"] == found["test.bien"]["trace"]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("appeler 06 12 34 56 78", False), ("contrat HIM0012345", False), ("a@b.fr", False),
        ("FR76 3000 6000 0112 3456 7890 189", False), ("eyJhbGciOiJFUzI1NiJ9.e30.abc", False), ("x" * 43, False),
        ("le 2026-11-25", True), ("0d3c7a5e-1111-4222-8333-444455556666", True), ("200 en 12 ms", True),
        ("trace 3f2a9c1b7d4e", True), ("job 01ks3t9v6n8q2w4e5r7t9y1u3i", True),
    ],
)  # fmt: skip
def test_the_net(text: str, kept: bool) -> None:
    """Operations: addresses, numbers and tokens are taken out; dates, durations, traces and ids stay."""
    assert (HIDDEN not in scrub(text)) is kept


def test_others_words_are_left_out(log: io.StringIO) -> None:
    """Operations: a library knows no rule of ours: its pattern is kept, not what it fills in."""
    logging.getLogger("weasyprint").warning("Failed to load image at %r", "Durand-Canari.png")
    assert "Canari" not in log.getvalue()
    assert lines(log)[0]["message"] == "Failed to load image at %r"


def test_a_terminal_gets_a_readable_line(log: io.StringIO) -> None:
    """Operations: `ENCOURS_LOG=text`."""
    trace.begin("abc")
    out = io.StringIO()
    logs.install("text", stream=out)
    logs.event(logging.getLogger("encours.request"), logging.INFO, "request", route="/x", status=200, ms=1.5)
    assert out.getvalue().rstrip().endswith("info    request trace=abc route=/x status=200 ms=1.5")
