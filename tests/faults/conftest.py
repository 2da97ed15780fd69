"""Fault tests share one running demonstration, on one worker of the suite."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pair import Pair
from tests.stage import Person
from tests.stage import Stage


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "faults" in Path(str(item.fspath)).parts:
            item.add_marker(pytest.mark.faults)
            item.add_marker(pytest.mark.xdist_group("faults"))


@pytest.fixture
def marc(stage: Stage) -> Person:
    """An adviser."""
    return Person(stage)


@pytest.fixture
def calm(stage: Stage) -> Iterator[Stage]:
    """The stage, with no fault left behind."""
    yield stage
    stage.sim("DELETE", "/faults")
    stage.close_breaker()


@pytest.fixture(scope="module")
def _both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    made = Pair(tmp_path_factory.mktemp("pair"))
    yield made
    made.close()


@pytest.fixture
def pair(_both: Pair) -> Iterator[Pair]:
    """Platform and extranet in this process, as they were at the beginning."""
    yield from _both.lent()
