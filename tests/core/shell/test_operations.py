"""`/healthz` and `/metrics`: what an operator's machines read."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.app import create_app
from core.cabinets.models import PluginHealth
from core.config import Config
from core.db import migrate
from core.db.clock import now
from core.extensions import db
from core.hooks.hub import Hub
from core.hooks.registry import API_VERSION
from core.hooks.registry import Broken
from core.http.models import BreakerRow
from core.jobs import claims
from core.jobs import outbox
from core.jobs import queue
from core.shell import standing
from core.telemetry import metrics
from core.version import VERSION
from tests import databases
from tests.conftest import People
from tests.conftest import make_config

TOKEN = "jeton-de-mesure-0123"


@pytest.fixture(autouse=True)
def _anew() -> None:
    standing.forget()


def beat() -> None:
    """A worker lives."""
    with db.session(None) as session:
        claims.lead(session, "worker", "test", now() + timedelta(seconds=45))


def value(text: str, name: str, **labels: str) -> float:
    """One figure of the metrics' text."""
    inner = ",".join(f'{key}="{word}"' for key, word in sorted(labels.items()))
    found = re.search(rf"^{name}{re.escape('{' + inner + '}') if inner else ''} (\S+)$", text, re.M)
    assert found, f"{name} {labels} is not in\n{text}"
    return float(found.group(1))


def test_well(app: Flask, people: People) -> None:
    """Operations: database, migrations, worker, plugins, version; 200."""
    beat()
    answer = app.test_client().get("/healthz")
    assert answer.status_code == 200
    told = answer.get_json()
    assert (told["status"], told["database"], told["migrations"], told["worker"]) == ("ok", "ok", "ok", "ok")
    assert {"contacts", "nomineo", "portefeuille"} <= set(told["plugins"]["loaded"])
    assert (told["plugins"]["broken"], told["plugins"]["paused"]) == ([], [])
    assert told["version"]


def test_no_worker(app: Flask) -> None:
    """Operations: 503 when nothing does the background work."""
    answer = app.test_client().get("/healthz")
    assert (answer.status_code, answer.get_json()["worker"]) == (503, "absent")


def test_migrations_behind(app: Flask, config: Config) -> None:
    """Operations: 503 when the tables are not those of this version."""
    beat()
    with databases.below(config.database_url) as hand:
        ((version,),) = hand.execute("SELECT version_num FROM alembic_version").fetchall()
        hand.execute("UPDATE alembic_version SET version_num = '0000'")
    try:
        answer = app.test_client().get("/healthz")
        assert (answer.status_code, answer.get_json()["migrations"]) == (503, "behind")
        assert migrate.behind(db) == ["core"]
    finally:
        with databases.below(config.database_url) as hand:
            hand.execute("UPDATE alembic_version SET version_num = ?", (version,))


@pytest.mark.parametrize("address", ["sqlite:////nulle/part/x.sqlite", "postgresql://encours_app@/x?host=/nulle/part"])
def test_no_database(app: Flask, config: Config, address: str) -> None:
    """Operations: 503 and a JSON answer, `/metrics` says so too."""
    db.open(address, check=False)
    client = app.test_client()
    answer = client.get("/healthz")
    told = answer.get_json()
    assert (answer.status_code, told["database"], told["migrations"]) == (503, "error", "unknown")
    assert value(client.get("/metrics").get_data(as_text=True), "encours_database_up") == 0
    db.open(config.database_url, check=True)


def test_a_plugin_in_trouble_is_named_and_turns_nothing_away(app: Flask, people: People, hub: Hub) -> None:
    """PL-05: broken and paused plugins are told; the rest is well."""
    beat()
    hub.registry.broken.append(Broken("casse", "à l'import"))
    with db.session(people.cabinet_id) as session:
        session.add(
            PluginHealth(
                plugin="nomineo", hook="account_badges", failures=7, consecutive=4, overruns=0,
                paused_until=now() + timedelta(minutes=3),
            )
        )  # fmt: skip
    client = app.test_client()
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.get_json()["plugins"]["broken"] == ["casse"]
    assert answer.get_json()["plugins"]["paused"] == ["nomineo"]
    text = client.get("/metrics").get_data(as_text=True)
    assert value(text, "encours_plugin_failures_total", plugin="nomineo", hook="account_badges") == 7
    assert value(text, "encours_plugin_paused", plugin="nomineo") == 1
    assert value(text, "encours_plugin_broken", plugin="casse") == 1


def test_requests_are_counted_by_route(app: Flask, adviser: FlaskClient) -> None:
    """Operations: by pattern, never by address; what no route answers is one row."""
    before = app.test_client().get("/metrics").get_data(as_text=True)
    for path in ("/p/contacts/?q=a", "/p/contacts/?q=b", "/nulle-part/1", "/nulle-part/2"):
        adviser.get(path, buffered=True)
    after = app.test_client().get("/metrics").get_data(as_text=True)
    row = {"route": "/p/contacts/", "method": "GET", "status": "200"}
    known = re.search(r'^encours_requests_total{method="GET",route="/p/contacts/",status="200"} (\S+)$', before, re.M)
    had = float(known.group(1)) if known else 0
    assert value(after, "encours_requests_total", **row) - had == 2
    assert value(after, "encours_request_seconds_count", route="/p/contacts/") >= 2
    assert "nulle-part" not in after
    assert value(after, "encours_requests_total", route="-", method="GET", status="404") >= 2


def test_work_is_counted_by_state(app: Flask, people: People) -> None:
    """Operations: jobs, outbox, breakers, streams, build: of all cabinets, by state."""
    had = value(app.test_client().get("/metrics").get_data(as_text=True), "encours_jobs", state="queued")
    standing.forget()
    with db.session(people.cabinet_id) as session:
        outbox.post(session, "test", "x:1", {})
        queue.enqueue(session, "test.tard", {}, run_at=now() + timedelta(hours=1))
    with db.session(None) as session:
        session.add(BreakerRow(plugin="nomineo", cabinet_id=people.cabinet_id, operation="feed", state="open"))
    metrics.stream(+1)
    text = app.test_client().get("/metrics").get_data(as_text=True)
    metrics.stream(-1)
    assert value(text, "encours_outbox", state="waiting") == 1
    assert value(text, "encours_jobs", state="queued") - had == 2
    assert value(text, "encours_jobs", state="dead") == 0
    assert value(text, "encours_breakers", plugin="nomineo", operation="feed", state="open") == 1
    assert value(text, "encours_live_streams") >= 1
    assert value(text, "encours_build_info", version=VERSION, api=API_VERSION) == 1


def test_strangers_see_no_metrics(app: Flask) -> None:
    """Operations: without a token, this machine only."""
    client = app.test_client()
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 404


@pytest.mark.parametrize(("token", "expected"), [("", (404, 404, 404)), (TOKEN, (401, 401, 200))])
def test_behind_tls_only_the_token_opens(tmp_path: Path, token: str, expected: tuple[int, ...]) -> None:
    """Operations: behind a TLS proxy every request may come from this machine: the address proves nothing."""
    client = create_app(make_config(tmp_path, base_url="https://encours.example", metrics_token=token)).test_client()
    given = ({}, {"Authorization": "Bearer autre"}, {"Authorization": f"Bearer {TOKEN}"})
    assert tuple(client.get("/metrics", headers=headers).status_code for headers in given) == expected
    db.close()
