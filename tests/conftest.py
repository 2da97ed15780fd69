"""What every test may use: a database of its own, an application, two cabinets, people who sign in."""

from __future__ import annotations

import base64
import gc
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from unittest import mock

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core import config as configuration
from core.cabinets import passwords
from core.cabinets import services as cabinets
from core.config import Config
from core.db import clock
from core.db.session import TenantSession
from core.extensions import db
from core.hooks import enabling
from core.hooks import hub as hub_module
from core.hooks import telling
from core.hooks.hub import Hub
from core.hooks.types import Adviser
from tests import chosen
from tests import databases
from tests import installed
from tests import routes
from tests import said
from tests import statements
from tests import usual
from tests.sqlite_only import SqliteOnly
from tests.stage import Stage

PASSWORD = "Demo-2026!"
#: The path when all tests were collected: what is on it later, a test put there.
_PATH = pytest.StashKey[frozenset[str]]()
KEK = base64.urlsafe_b64encode(b"k" * 32).decode()
routes.compile_once()
statements.compile_once()
installed.look_up_once()
#: A busy machine's pauses are no faults of a plugin's: counted as overruns, they would be rows that nobody wrote, and the
#: third would pause a hook. A test about overruns sets its own bound.
hub_module.OVERRUN = 60.0


@cache
def kept_password() -> str:
    """What is kept of `PASSWORD`: slow by design to compute, so once a process. Signing in checks it in full."""
    return passwords.hashed(PASSWORD)


def make_config(folder: Path, **changes: object) -> Config:
    """A configuration of its own for one test."""
    values: dict[str, object] = {
        "database_url": changes.get("database_url") or databases.url(folder), "var_dir": str(folder), "secret_key": "s" * 40,
        "kek": KEK, "testing": True, "plp_allow_loopback": True, "base_url": "http://127.0.0.1:8000", "fiscalite_url": "",
    }  # fmt: skip
    return Config(**{**values, **changes})  # type: ignore[arg-type]


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return make_config(tmp_path)


@pytest.fixture
def app(config: Config) -> Iterator[Flask]:
    """An application over an empty, migrated database."""
    databases.ready(config.database_url)
    application = usual.lent(config)
    yield application
    application.extensions["encours_hub"].close()
    db.close()


@pytest.fixture
def hub(app: Flask) -> Hub:
    found: Hub = app.extensions["encours_hub"]
    return found


@dataclass(frozen=True)
class People:
    """One cabinet and its people's ids."""

    cabinet_id: int
    administrator: str
    adviser: str
    other: str
    assistant: str
    slug: str


def add_people(hub: Hub, slug: str) -> People:
    """A cabinet with one of each role; every plugin that is on by default is on."""
    kept = kept_password()
    with mock.patch.object(passwords, "hashed", return_value=kept), db.session(None) as session:
        cabinet = cabinets.add_cabinet(session, slug=slug, name=f"Cabinet {slug}", siren="732829320", orias="07000123")
        enabling.enable_defaults(session, hub.registry, actor="cli")
        ids = {
            name: cabinets.add_user(
                session, email=f"{name}@{slug}.example", display_name=f"{name.title()} {slug.title()}", role=role,
                password=PASSWORD,
            ).id
            for name, role in (
                ("administrateur", "ADMINISTRATEUR"), ("conseiller", "CONSEILLER"), ("autre", "CONSEILLER"),
                ("assistant", "ASSISTANT"),
            )
        }  # fmt: skip
        return People(cabinet.id, ids["administrateur"], ids["conseiller"], ids["autre"], ids["assistant"], slug)


@pytest.fixture
def people(app: Flask, hub: Hub) -> People:
    return add_people(hub, "demo")


def person(session: TenantSession, user_id: str) -> Adviser:
    """A person of the session's cabinet, with the rights of his profile."""
    return cabinets.principals(session, [user_id])[user_id]


@pytest.fixture
def strangers(app: Flask, hub: Hub, people: People) -> People:
    """A second cabinet."""
    return add_people(hub, "second")


def sign_in(client: FlaskClient, email: str, password: str = PASSWORD) -> None:
    """Sign in through the form, as a person does."""
    page = client.get("/connexion").get_data(as_text=True)
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    answer = client.post("/connexion", data={"email": email, "password": password, "csrf_token": token})
    assert answer.status_code == 302, answer.get_data(as_text=True)


def csrf(client: FlaskClient, path: str) -> str:
    """The CSRF token of a page."""
    page = client.get(path).get_data(as_text=True)
    return page.split('name="csrf_token" value="')[1].split('"')[0]


@pytest.fixture
def adviser(app: Flask, people: People) -> FlaskClient:
    client = app.test_client()
    sign_in(client, "conseiller@demo.example")
    return client


@pytest.fixture
def administrator(app: Flask, people: People) -> FlaskClient:
    client = app.test_client()
    sign_in(client, "administrateur@demo.example")
    return client


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The whole demonstration as real processes, one for each worker of the suite that needs it."""
    made = Stage(tmp_path_factory.mktemp("stage"))
    try:
        yield made.start()
    finally:
        made.stop()


def pytest_configure(config: pytest.Config) -> None:
    gc.set_threshold(50_000, 20, 20)  # an application a test makes many objects: looking at all of them again costs 8 %
    config.pluginmanager.register(SqliteOnly())
    if chosen.ON:
        config.pluginmanager.register(chosen.Chosen())
    if said.WHERE:
        config.pluginmanager.register(said.Said())


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests of the shared fixture files are left out, and counted, where `ENCOURS_FIXTURES` is not set."""
    if os.environ.get("ENCOURS_FIXTURES"):
        return
    kept = [item for item in items if "fixtures" not in item.keywords]
    if len(kept) != len(items):
        config.hook.pytest_deselected(items=[item for item in items if "fixtures" in item.keywords])
        items[:] = kept


@pytest.hookimpl(tryfirst=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Have `--dist loadgroup` keep its groups: pytest-xdist 3.8 writes a group's name where pytest 9.2 no longer reads it."""
    gc.freeze()  # modules and tests stay till the end
    session.config.stash[_PATH] = frozenset(sys.path)
    for item in session.items:
        grouped = getattr(item, "_nodeid", None)
        if grouped is not None and grouped != item.nodeid:
            item._id = type(item.id).parse(grouped)


def left_on_the_path(config: pytest.Config) -> list[str]:
    """Folders that tests put on this process's path, where the next application would find plugins."""
    return [folder for folder in sys.path if folder not in config.stash[_PATH]]


@pytest.fixture(autouse=True)
def _no_configuration_left(request: pytest.FixtureRequest) -> Iterator[None]:
    folder: Path | None = request.getfixturevalue("tmp_path") if "tmp_path" in request.fixturenames else None
    ahead = clock._offset
    yield
    configuration.forget()
    telling.forget()
    if folder is not None:
        databases.give_back(folder)
    assert left_on_the_path(request.config) == [], "an application of another test would load what is installed there"
    left, clock._offset = clock._offset, ahead
    assert left == ahead, "the clock was left on another day: tests that come after would live on it"
