"""The simulated extranet, served in this process once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conform.extranet import Extranet

HERE = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)  # before xdist reads the marks, also where this folder alone is run
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The tests of one stage stay on one worker of the suite, with those of `tests/interop`."""
    for item in items:
        if HERE in item.path.parents and "stage" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("interop"))


@pytest.fixture(scope="module")
def extranet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Extranet]:
    made = Extranet(tmp_path_factory.mktemp("extranet"))
    yield made
    made.stop()
