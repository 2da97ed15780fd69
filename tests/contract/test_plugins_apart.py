"""A third party's plugin that fails in every way it can: the page answers, its slot says so, everybody is told (PL-05)."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete
from sqlalchemy import select
from werkzeug.test import TestResponse

from core.accounts.models import Account
from core.app import create_app
from core.cabinets.models import PluginHealth
from core.extensions import db
from core.hooks import context
from core.hooks import hub
from core.hooks.happenings import PluginEnabled
from core.links.models import AccountLink
from tests.conftest import make_config
from tests.conftest import sign_in
from tests.contract import bancal
from tests.contract.conftest import House
from tests.contract.two_cabinets import holder_of

pytestmark = pytest.mark.xdist_group("walls")

RAISED = ("crash", "exit", "interrupt", "odd")
RUBBISH = ("type", "none", "items", "text", "many", "markup", "field")
#: Hook → the pages that ask it, by the name of what follows.
PLACES = {
    "modules": ("/p/contacts/", "/notifications", "/p/portefeuille/comptes"),
    "contact_sections": ("/p/contacts/{contact}", "/p/portefeuille/contacts/{contact}"),
    "settings_pages": ("/services",),
    "account_badges": (
        "/p/portefeuille/comptes?q={number}", "/p/portefeuille/contacts/{contact}", "/p/portefeuille/comptes/{account}",
    ),
    "transaction_columns": ("/p/portefeuille/comptes/{nomineo}/transactions",),
    "account_actions": ("/liens/bancal/comptes/{account}/actes",),
    "transaction_types": ("/liens/comptes/{account}/types", "/liens/comptes/{nomineo}/types"),
    "transaction_guards": ("/liens/bancal/comptes/{account}/actes",),
}  # fmt: skip
CASES = [
    *((hook, fault) for hook in PLACES for fault in (*RAISED, *RUBBISH)),
    ("modules", "nowhere"), ("contact_sections", "nowhere"), ("settings_pages", "nowhere"),
]  # fmt: skip
#: The head of a plugin that loads, and fails a step later.
CLASS = "from core.api import Plugin\nfrom flask import Blueprint\nclass CassePlugin(Plugin):\n    name = 'casse'\n"
#: Seconds in which a page answers whatever its plugins do (issue 2).
BUDGET = 6.0


@pytest.fixture
def will(house: House) -> Iterator[ModuleType]:
    """The plugin's module, obedient again afterwards; what was counted against it is forgotten."""
    module = house.bancal
    module.FREE.clear()
    forget(house)
    yield module
    module.WILL.update(hook="", fault="")
    module.FREE.set()
    forget(house)


def forget(house: House) -> None:
    house.hub.close()
    with db.session(house.first.cabinet_id) as session:
        session.execute(delete(PluginHealth))


@pytest.fixture
def marc(house: House) -> FlaskClient:
    """An adviser who may do everything that the lists offer."""
    client = house.app.test_client()
    sign_in(client, "administrateur@demo.example")
    return client


def places(house: House, hook: str) -> list[str]:
    """The pages that ask a hook, with real ids: an account of the plugin's, its holder, an account of Nominéo's."""
    with db.session(house.first.cabinet_id, write=False) as session:
        account = session.scalars(
            select(Account).join(AccountLink, AccountLink.account_id == Account.id)
            .where(AccountLink.plugin == "bancal", Account.state == "OUVERT").order_by(Account.id)
        ).first()  # fmt: skip
        assert account is not None
    with db.session(house.first.cabinet_id, write=False) as session:
        names = {
            "account": account.id, "number": account.number, "nomineo": house.first.account_id,
            "contact": holder_of(session, account.id),
        }  # fmt: skip
    return [place.format(**names) for place in PLACES[hook]]


def ask(client: FlaskClient, path: str) -> TestResponse:
    """A page, inside its budget."""
    begun = time.monotonic()
    answer = client.get(path)
    assert time.monotonic() - begun < BUDGET, path
    assert answer.status_code == 200, (path, answer.status_code)
    return answer


def health(house: House, hook: str) -> PluginHealth | None:
    house.hub.close()
    with db.session(house.first.cabinet_id, write=False) as session:
        return session.scalar(select(PluginHealth).where(PluginHealth.plugin == "bancal", PluginHealth.hook == hook))


def test_the_plugin_well_behaved_is_on_every_page(house: House, will: ModuleType, marc: FlaskClient) -> None:
    """PL-03: found by its entry point, a third party's plugin contributes to each slot; the control of what follows."""
    shown = {
        "modules": "Module Bancal", "contact_sections": ">Autres<", "account_badges": "Actions Bancal, compte",
        "settings_pages": "Réglages Bancal",
        "transaction_columns": "Colonne Bancal", "account_actions": "Acte Bancal", "transaction_types": "Type Bancal",
        "transaction_guards": "Acte Bancal",
    }  # fmt: skip
    for hook, word in shown.items():
        pages = [ask(marc, path).get_data(as_text=True) for path in places(house, hook)]
        missing = [path for path, page in zip(places(house, hook), pages, strict=True) if word not in page]
        assert missing == [], hook
        assert not any("est indisponible" in page and "«Bancal»" in page for page in pages), hook
    assert marc.get("/p/bancal/").get_data(as_text=True) == "<p>Page du module Bancal</p>"
    with marc.get("/p/bancal/static/marque.txt") as answer:
        assert answer.get_data(as_text=True) == "fichier de bancal"


@pytest.mark.parametrize(("hook", "fault"), CASES)
def test_a_fault_stays_in_its_slot(
    house: House, will: ModuleType, marc: FlaskClient, caplog: pytest.LogCaptureFixture, hook: str, fault: str
) -> None:
    """PL-05: the page answers, says «indisponible» for this plugin only, and keeps the rest; told and counted."""
    for count, path in enumerate(places(house, hook), 1):
        will.WILL.update(hook="", fault="")
        before = ask(marc, path).get_data(as_text=True)
        will.WILL.update(hook=hook, fault=fault)
        page = ask(marc, path).get_data(as_text=True)
        assert set(re.findall(r"«([^»]+)» est indisponible", page)) == {"Bancal"}, path
        assert "id=brut" not in page
        missing = set(re.findall(r"<h1[^>]*>.*?</h1>|<th[^>]*>.*?</th>|data-l=|Contacts|Portefeuille", before, re.S))
        assert not {part for part in missing if part not in page and "Bancal" not in part}, path
        row = health(house, hook)
        assert row is not None
        kind = "crash" if fault in (*RAISED, "nowhere") else "rubbish"
        assert row.failures == count
        assert row.last_kind == kind
        assert sum(f"bancal failed in {hook}: {kind}" in line.getMessage() for line in caplog.records) == count
        assert row.last_trace
        assert f"référence {row.last_trace}" in page, path
        logged = [record for record in caplog.records if row.last_trace in record.getMessage()]
        assert any("bancal" in record.getMessage() for record in logged), path


@pytest.mark.parametrize("hook", ["modules", "account_badges", "transaction_columns", "transaction_guards", "account_actions"])
def test_an_endless_hook_costs_its_slot(house: House, will: ModuleType, marc: FlaskClient, hook: str) -> None:
    """PL-05: thirty seconds of sleep are given up inside the page's budget, inline and guarded alike."""
    house.hub._quick.clear()  # as a process that never saw it quick: a call in place cannot be cut
    will.WILL.update(hook=hook, fault="sleep")
    page = ask(marc, places(house, hook)[0]).get_data(as_text=True)
    assert set(re.findall(r"«([^»]+)» est indisponible", page)) == {"Bancal"}
    row = health(house, hook)
    assert row is not None
    assert (row.failures, row.last_kind) == (1, "late")


def test_an_inline_hook_that_was_slow_is_on_trial_again(
    house: House, will: ModuleType, marc: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PL-05: one overrun in place, and the next call is made where it can be given up."""
    with monkeypatch.context() as patient:
        patient.setattr(hub, "TRIAL", 60.0)
        ask(marc, "/notifications")  # quick, however busy the machine
    monkeypatch.setattr(hub, "OVERRUN", 0.25)
    will.WILL.update(hook="modules", fault="sleep")
    waiting = will.FREE.wait
    will.FREE.wait = lambda _seconds: time.sleep(0.3)
    try:
        assert "Module Bancal" in ask(marc, "/notifications").get_data(as_text=True)
    finally:
        will.FREE.wait = waiting
    assert "Bancal indisponible" in ask(marc, "/notifications").get_data(as_text=True)
    row = health(house, "modules")
    assert row is not None
    assert (row.failures, row.overruns, row.last_kind) == (2, 1, "late")


@pytest.mark.parametrize("fault", RAISED)
def test_a_listener_that_fails_is_told_again_and_stops_nobody(house: House, will: ModuleType, fault: str) -> None:
    """PL-05: `on_event`: the other plugins are told, the job knows who failed, the worker lives."""
    will.WILL.update(hook="on_event", fault=fault)
    will.TOLD.clear()
    with db.session(house.first.cabinet_id, write=False) as session:
        ctx = context.make(session, house.hub.registry)
    failures = house.hub.notify(ctx, PluginEnabled("bancal"))
    assert [failure.plugin for failure in failures] == ["bancal"]
    assert len(will.TOLD) == 1
    row = health(house, "on_event")
    assert row is not None
    assert row.failures == 1


def test_repeated_faults_pause_the_slot_and_tell_the_administrator(house: House, will: ModuleType, marc: FlaskClient) -> None:
    """PL-05: five in a row: the slot says «suspendu», the hook is not called, the administrator is told."""
    will.WILL.update(hook="transaction_columns", fault="crash")
    path = places(house, "transaction_columns")[0]
    for _ in range(5):
        ask(marc, path)
        house.hub.close()
    page = ask(marc, path).get_data(as_text=True)
    assert "Le module «Bancal» est suspendu" in page
    row = health(house, "transaction_columns")
    assert row is not None
    assert row.failures == 5
    assert "Le module «bancal» est suspendu" in ask(marc, "/notifications").get_data(as_text=True)


@pytest.mark.parametrize(
    "broken",
    [
        "raise RuntimeError('à l import')", "raise SystemExit(2)", "raise KeyboardInterrupt", "import absent_du_monde",
        "class Odd(BaseException): pass\nraise Odd", "syntaxe (((", "CassePlugin = 42",
        CLASS + "    def __init__(self): raise SystemExit",
        CLASS + "    def blueprint(self): raise KeyboardInterrupt",
        CLASS + "    def blueprint(self): return Blueprint('autre', __name__)",
    ],
)  # fmt: skip
def test_a_plugin_broken_at_import_is_listed_and_the_rest_starts(
    house: House, tmp_path_factory: pytest.TempPathFactory, caplog: pytest.LogCaptureFixture, broken: str
) -> None:
    """PL-05: whatever its module does, the application starts with the others; `/healthz` and the log name it."""
    site = bancal.write(tmp_path_factory.mktemp("broken"), plugin="casse", broken=broken)
    with bancal.installed(Path(house.folder), site):
        app = create_app(make_config(tmp_path_factory.mktemp("var"), database_url=house.config.database_url))
    registry = app.extensions["encours_hub"].registry
    assert [item.name for item in registry.broken] == ["casse"]
    own = {"aggregation", "conformite", "contacts", "fiscalite", "ged", "nomineo", "outils", "patrimoine", "portefeuille"}
    assert {"bancal", *own} == set(registry.plugins)
    client = app.test_client()
    sign_in(client, "administrateur@demo.example")
    assert client.get("/p/contacts/").status_code == 200
    assert client.get("/healthz").get_json()["plugins"]["broken"] == ["casse"]
    assert any("casse" in record.getMessage() for record in caplog.records)
    app.extensions["encours_hub"].close()
