"""One database with two rich cabinets, built once for the contract tests that need it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType

import pytest
from flask import Flask

from core.app import configure
from core.app import create_app
from core.config import Config
from core.demo import load
from core.extensions import db
from core.hooks import enabling
from core.hooks import telling
from core.hooks.hub import Hub
from core.links import account_links
from plugins.nomineo.demo import NomineoDemo
from tests import databases
from tests.conftest import make_config
from tests.contract import bancal
from tests.contract import two_cabinets as two
from tests.contract.two_cabinets import First
from tests.stage import free_port


@dataclass(frozen=True)
class House:
    """The application, its configuration, the first cabinet; a third party's plugin is on in the first only."""

    app: Flask
    config: Config
    first: First
    folder: str
    bancal: ModuleType

    @property
    def hub(self) -> Hub:
        found: Hub = self.app.extensions["encours_hub"]
        return found


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Demonstration data in two cabinets, registered with the simulated extranet's own sheet; «Bancal» installed."""
    folder = tmp_path_factory.mktemp("house")
    installed = bancal.write(tmp_path_factory.mktemp("site"), company="cardif")
    config = make_config(folder, demo=True)
    with bancal.installed(installed):
        app = create_app(config)
        module = sys.modules["encours_bancal.plugin"]
    with pytest.MonkeyPatch.context() as patch:
        two.listen(app)
        databases.ready(str(db.engine.url))
        hub: Hub = app.extensions["encours_hub"]
        load.load(db, hub.registry)
        databases.take_stock(config.database_url)
        patch.setenv("EXTRANET_PORT", str(free_port()))
        NomineoDemo().prepare(folder)
        two.have_a_worker()
        two.begin_an_act("demo", "conseiller@demo.example")
        two.have_a_loan("demo", "administrateur@demo.example")
        two.have_statements("demo", "administrateur@demo.example")
        two.save_a_view("demo", "conseiller@demo.example")
        two.have_an_organisation("demo", "conseiller@demo.example")
        first = two.first("demo", "conseiller@demo.example")
        with db.session(first.cabinet_id) as session:
            enabling.switch(session, hub.registry, "bancal", on=True, actor="cli")
            account_links.recompute(session, hub.registry, enabling.enabled(session, hub.registry))
        db.close()
        yield House(app, config, first, str(installed), module)


@pytest.fixture
def house(built: House) -> Iterator[House]:
    """The house, with its configuration, database and hub in place: another test's application may have had them."""
    configure(built.app, built.config)
    db.open(built.config.database_url, check=True)
    telling.use(built.hub)
    yield built
    built.hub.close()
    db.close()
