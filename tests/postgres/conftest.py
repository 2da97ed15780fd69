"""The suite's PostgreSQL: every test here runs on a database of its own, on one worker of the suite."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from core.app import create_app
from core.config import Config
from core.extensions import db
from tests import databases
from tests.conftest import make_config
from tests.postgres.cluster import Cluster


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "postgres" in Path(str(item.fspath)).parts:
            item.add_marker(pytest.mark.postgres)
            item.add_marker(pytest.mark.xdist_group("postgres"))


@pytest.fixture(scope="session")
def cluster() -> Cluster:
    """The running cluster."""
    return databases.cluster()


@pytest.fixture(scope="session")
def migrated(cluster: Cluster) -> str:
    """The template: a database that the migrations brought up, as its owner, for the application's role."""
    return databases.template()


@pytest.fixture
def config(tmp_path: Path, cluster: Cluster) -> Iterator[Config]:
    """As in the rest of the suite, on PostgreSQL, as the application's role."""
    name = databases.borrow()
    yield make_config(tmp_path, database_url=cluster.url(name))
    db.close()
    databases.free(name)


@pytest.fixture
def app(config: Config) -> Iterator[Flask]:
    application = create_app(config)
    yield application
    application.extensions["encours_hub"].close()
    db.close()
