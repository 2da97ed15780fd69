"""A database with the demonstration in it, loaded once for the tests that only read it."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.cabinets import vault
from core.db.session import Database
from core.demo import load
from tests import databases


def empty(folder: Path) -> Database:
    """A database of its own with every core table and no row; the statement checker is on."""
    vault.configure(base64.urlsafe_b64encode(b"k" * 32).decode())
    address = databases.url(folder)
    databases.ready(address)
    db = Database()
    db.open(address, check=True)
    return db


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    db = empty(tmp_path_factory.mktemp("demo"))
    load.load(db)
    yield db
    db.close()


@pytest.fixture
def blank(tmp_path: Path) -> Iterator[Database]:
    db = empty(tmp_path)
    yield db
    db.close()
