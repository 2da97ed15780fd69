"""One cabinet joined to one independent partner, for all tests of this folder that need them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.interop.joining import Joining
from tests.interop.joining import Partner
from tests.stage import Stage

HERE = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)  # before xdist reads the marks, also where this folder alone is run
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The stage and the partner are started once: these tests stay on one worker of the suite."""
    for item in items:
        if HERE in item.path.parents and {"joined", "stage"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.xdist_group("interop"))


@pytest.fixture(scope="session")
def joined(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Joining]:
    """The cabinet «interop» with an active mandate at the Node partner."""
    partner = Partner(tmp_path_factory.mktemp("partner"))
    try:
        yield Joining(stage, partner).join()
    finally:
        partner.stop()
