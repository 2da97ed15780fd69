"""A database with the demonstration in it, loaded once for the tests that only read it."""

from __future__ import annotations

import base64
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from core.cabinets import vault
from core.db.model import Base
from core.db.session import Database
from core.demo import load

MODELS = (
    "accounts", "auth", "cabinets", "contacts", "documents", "http", "jobs", "links", "live", "shell", "supports",
    "transactions",
)  # fmt: skip


def empty(file: Path) -> Database:
    """A database of its own with every core table and no row; the statement checker is on."""
    for name in MODELS:
        importlib.import_module(f"core.{name}.models")
    vault.configure(base64.urlsafe_b64encode(b"k" * 32).decode())
    engine = create_engine(f"sqlite:///{file}")
    Base.metadata.create_all(engine)
    engine.dispose()
    db = Database()
    db.open(f"sqlite:///{file}", check=True)
    return db


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    db = empty(tmp_path_factory.mktemp("demo") / "demo.sqlite")
    load.load(db)
    yield db
    db.close()


@pytest.fixture
def blank(tmp_path: Path) -> Iterator[Database]:
    db = empty(tmp_path / "blank.sqlite")
    yield db
    db.close()
