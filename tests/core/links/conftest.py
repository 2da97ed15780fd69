"""A receiver of hooks, made once a module, as at the beginning for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.links import callbacks
from tests.core.links.receiving import Receiver
from tests.core.links.receiving import World
from tests.kept import Kept


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = World(Kept(tmp_path_factory.mktemp("callbacks")))
    yield made
    made.kept.close()


@pytest.fixture
def here(world: World) -> Receiver:
    callbacks._forged.clear()
    return world.receiver()


@pytest.fixture
def sent(here: Receiver) -> str:
    """A transaction of which nothing was said yet."""
    return here.transaction()
