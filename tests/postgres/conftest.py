"""The suite's PostgreSQL: every test here runs on a database of its own, on one worker of the suite."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from core import config as configuration
from core.app import create_app
from core.config import Config
from core.db import migrate
from core.db.session import Database
from core.extensions import db
from tests.conftest import make_config
from tests.postgres.cluster import APP
from tests.postgres.cluster import OWNER
from tests.postgres.cluster import Cluster


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "postgres" in Path(str(item.fspath)).parts:
            item.add_marker(pytest.mark.postgres)
            item.add_marker(pytest.mark.xdist_group("postgres"))


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """The running cluster."""
    made = Cluster()
    try:
        yield made.start()
    finally:
        made.stop()


@pytest.fixture(scope="session")
def migrated(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The template: a database that the migrations brought up, as its owner, for the application's role."""
    name = cluster.create()
    create_app(make_config(tmp_path_factory.mktemp("template"), database_url=cluster.url(name)))
    owner = Database()
    owner.open(cluster.url(name, OWNER), check=False)
    migrate.upgrade(owner, app_role=APP)
    owner.close()
    db.close()
    configuration.forget()
    return name


@pytest.fixture(scope="session")
def emptied(cluster: Cluster, migrated: str) -> str:
    """One database for all that change rows only; it is put back to its beginning before each test."""
    name = cluster.create(migrated)
    cluster.keep(name)
    return name


@pytest.fixture
def config(tmp_path: Path, cluster: Cluster, emptied: str) -> Iterator[Config]:
    """As in the rest of the suite, on PostgreSQL, as the application's role."""
    cluster.renew(emptied)
    yield make_config(tmp_path, database_url=cluster.url(emptied))
    db.close()


@pytest.fixture
def app(config: Config) -> Iterator[Flask]:
    application = create_app(config)
    yield application
    application.extensions["encours_hub"].close()
    db.close()


@pytest.fixture
def book_url(config: Config) -> str:
    """The book of record's own tests, on PostgreSQL."""
    return config.database_url
