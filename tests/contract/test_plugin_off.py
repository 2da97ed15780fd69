"""A plugin that is off for a cabinet: no page, no word, no call; on again at the next request, on every process (BL-03)."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func
from sqlalchemy import select
from standardwebhooks.webhooks import Webhook

from core.auth.sessions import hashed
from core.cabinets import vault
from core.cabinets.models import Enabling
from core.cabinets.models import User
from core.db.clock import now
from core.extensions import db
from core.hooks import context
from core.hooks import enabling
from core.hooks.errors import PartnerUnavailable
from core.hooks.happenings import PluginEnabled
from core.hooks.specs import Plugin
from core.http import partner as wire
from core.jobs import queue
from core.links import feedback
from core.links import mandate_views
from core.links import tokens
from core.links.models import Launch
from core.links.models import Mandate
from core.transactions.models import Transaction
from tests.conftest import sign_in
from tests.contract.conftest import House
from tests.contract.two_cabinets import token_of

pytestmark = pytest.mark.xdist_group("walls")
ROOT = Path(__file__).parent.parent.parent
Switch = Callable[..., None]


@pytest.fixture
def switch(house: House) -> Iterator[Switch]:
    """Turn a plugin on or off for the first cabinet; all is on again afterwards."""
    touched = set()

    def turn(plugin: str, *, on: bool) -> None:
        touched.add(plugin)
        with db.session(house.first.cabinet_id) as session:
            enabling.switch(session, house.hub.registry, plugin, on=on, actor="cli")

    yield turn
    for plugin in touched:
        turn(plugin, on=True)


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The partner's network: each call that would leave is noted, and fails."""
    made: list[str] = []

    def request(_self: object, method: str, url: str, **_options: object) -> object:
        made.append(f"{method} {url}")
        raise PartnerUnavailable("Le réseau est coupé.")

    monkeypatch.setattr(wire.PartnerHttp, "request", request)
    return made


def come_in(app: Flask, email: str = "administrateur@demo.example") -> FlaskClient:
    client = app.test_client()
    sign_in(client, email)
    return client


def test_where_it_is_off_there_is_nothing_of_it(house: House) -> None:
    """PL-04: pages and static files answer 404, its hooks are silent, for the second cabinet; not for the first."""
    first, second = come_in(house.app), come_in(house.app, "administrateur@second.example")
    for path in ("/p/bancal/", "/p/bancal/static/marque.txt"):
        with first.get(path) as answer:
            assert answer.status_code == 200, path
        assert second.get(path).status_code == 404, path
    for path in ("/p/contacts/", "/p/portefeuille/comptes"):
        assert "Bancal" in first.get(path).get_data(as_text=True)
        page = second.get(path).get_data(as_text=True)
        assert "Contacts" in page
        assert "Bancal" not in page


def test_static_files_ask_for_a_session(house: House) -> None:
    """A plugin's static files are behind the same gates as its pages."""
    answer = house.app.test_client().get("/p/bancal/static/marque.txt")
    assert answer.status_code in (302, 401)
    assert b"fichier" not in answer.data


def test_it_fails_closed(house: House) -> None:
    """architecture.md §4: a cabinet without a row for a plugin has it off; so has one whose plugin is gone."""
    with db.session(house.first.cabinet_id + 1, write=False) as session:
        assert session.scalar(select(Enabling).where(Enabling.plugin == "bancal")) is None
        ctx = context.make(session, house.hub.registry)
        assert "bancal" not in ctx.enabled
    assert all(item.plugin != "bancal" for item in house.hub.collect(Plugin.modules, ctx).items)
    assert house.hub.notify(ctx, some_event()) == ()
    with pytest.raises(PartnerUnavailable):
        house.hub.ask("bancal", Plugin.account_actions, ctx, None)  # type: ignore[arg-type]


def some_event() -> PluginEnabled:
    """An event that every listener would hear."""
    return PluginEnabled("contacts")


def test_another_process_turns_it_off_and_on(house: House) -> None:
    """PL-04: effective at the next request of every worker: the command is another process on the same database."""
    client = come_in(house.app)
    assert client.get("/p/bancal/").status_code == 200
    command(house, "plugin", "disable", "bancal", "--cabinet", "demo")
    assert client.get("/p/bancal/").status_code == 404
    assert "Bancal" not in client.get("/p/contacts/").get_data(as_text=True)
    command(house, "plugin", "enable", "bancal", "--cabinet", "demo")
    assert client.get("/p/bancal/").status_code == 200
    assert "Module Bancal" in client.get("/p/contacts/").get_data(as_text=True)


def command(house: House, *words: str) -> str:
    """`encours …` in a process of its own; what it printed."""
    env = {
        **os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), house.folder)),
        "ENCOURS_DATABASE_URL": house.config.database_url, "ENCOURS_VAR_DIR": house.config.var_dir,
        "ENCOURS_SECRET_KEY": house.config.secret_key, "ENCOURS_KEK": house.config.kek,
    }  # fmt: skip
    order = [sys.executable, "-m", "core.cli", *words]
    done = subprocess.run(order, env=env, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_link_that_is_off_calls_nobody(house: House, switch: Switch, calls: list[str]) -> None:
    """BL-03: polling, comparison, reconciliation, mandate, lists of acts: none reaches the partner; on again, all do."""
    cabinet, reference = house.first.cabinet_id, house.first.mandate
    switch("nomineo", on=False)
    work(cabinet, reference)
    assert calls == []
    switch("nomineo", on=True)
    work(cabinet, reference)
    assert {call.split("/plp/v1")[1].split("?")[0].split("/")[1] for call in calls} == {"transactions", "mandates"}


def work(cabinet: int, reference: str) -> None:
    """All background work of the partner link, as the worker would do it."""
    with db.session(cabinet) as session:
        row = session.scalars(select(Transaction).where(Transaction.plugin == "nomineo")).first()
        assert row is not None
        row.status, row.seq = "pending", 1
        mandate = session.scalars(select(Mandate).where(Mandate.reference == reference)).one()
        mandate.state, mandate.partner_state = "active", "active"
        mandate.partner_seq, mandate.active_from = 2, now() - timedelta(days=1)
    for name in ("links.poll", "links.compare"):
        queue.PERIODIC[name].run(cabinet)
    jobs: list[tuple[str, dict[str, Any]]] = [
        (feedback.RECONCILE, {"plugin": "nomineo"}), (mandate_views.READ_JOB, {"plugin": "nomineo", "reference": reference}),
    ]  # fmt: skip
    for kind, payload in jobs:
        try:
            queue.HANDLERS[kind].run(cabinet, payload)
        except (queue.Retry, PartnerUnavailable):
            continue


def test_a_launch_of_a_link_that_is_off_is_refused(house: House, switch: Switch, calls: list[str]) -> None:
    """BL-03: a list opened before the link was turned off: its form is refused, no transaction, no launch is written."""
    client = come_in(house.app)
    csrf, form = token_of(client), token(house, client)
    before = counts(house.first.cabinet_id)
    switch("nomineo", on=False)
    answer = client.post("/plp/launches", data={"token": form, "csrf_token": csrf})
    assert answer.status_code == 409
    assert "plus de lien avec ce partenaire" in answer.get_data(as_text=True)
    assert client.get(f"/liens/nomineo/comptes/{house.first.account_id}/actes").status_code == 404
    assert client.get("/p/nomineo/activation").status_code == 404
    assert counts(house.first.cabinet_id) == before
    assert calls == []
    assert "Actions Nominéo" not in client.get("/p/portefeuille/comptes").get_data(as_text=True)


def token(house: House, client: FlaskClient) -> str:
    """A form token as the administrator's own list would hold it."""
    with db.session(None, write=False) as session:
        user = session.scalars(select(User.id).where(User.email == "administrateur@demo.example")).one()
    cookie = client.get_cookie("encours_sid")
    assert cookie is not None
    with house.app.app_context():
        return tokens.issue(
            user_id=user, sid_hash=hashed(cookie.value), account_id=house.first.account_id, plugin="nomineo",
            act="arbitrage", label="Arbitrage", nature="arbitrage",
        )  # fmt: skip


def counts(cabinet: int) -> tuple[int, ...]:
    with db.session(cabinet, write=False) as session:
        return tuple(session.scalar(select(func.count()).select_from(model)) or 0 for model in (Transaction, Launch))


def test_the_hook_of_a_link_that_is_off_asks_to_come_back(house: House, switch: Switch) -> None:
    """architecture.md §4, «Four gates»: a signed hook gets 503, not 410: turning the link on again resumes it."""
    with db.session(house.first.cabinet_id, write=False) as session:
        secret = vault.unseal(session, "link:nomineo", "webhook-secret")
    assert secret
    body, at = '{"type":"ping","data":{}}', now()
    signature = Webhook(secret.decode() if secret.startswith(b"whsec_") else secret).sign("msg_0123456789abcdef", at, body)
    head = {"webhook-id": "msg_0123456789abcdef", "webhook-timestamp": str(int(at.timestamp())), "webhook-signature": signature}
    path, client = f"/plp/hooks/{house.first.endpoint_id}", house.app.test_client()
    switch("nomineo", on=False)
    assert client.post(path, data=body, headers=head, content_type="application/json").status_code == 503
    switch("nomineo", on=True)
    assert client.post(path, data=body, headers=head, content_type="application/json").status_code == 204
