"""The real tax engine, for the tests that ask it: kept by our own command, once a session."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.taxes.asking import Engine
from core.taxes.asking import Unavailable
from tests.conftest import KEK
from tests.stage import free_port
from tests.stage import until

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """OpenFisca-France itself, as `encours fiscalite` keeps it; `make fiscalite` has installed it."""
    found = Engine(f"http://127.0.0.1:{free_port()}", answer=170)
    environment = {
        **os.environ, "ENCOURS_SECRET_KEY": "s" * 40, "ENCOURS_KEK": KEK, "ENCOURS_FISCALITE_URL": found.url,
        "ENCOURS_FISCALITE_DIR": str(ROOT / ".venv-fiscalite"),
    }  # fmt: skip
    command = [sys.executable, "-m", "core.cli", "fiscalite", "--install"]
    keeper = subprocess.Popen(command, env=environment, start_new_session=True, cwd=ROOT)
    try:
        _until_it_listens(found)
        yield found
    finally:
        keeper.terminate()
        keeper.wait(20)


def _until_it_listens(found: Engine) -> None:
    def answers() -> bool:
        try:
            return bool(found.version())
        except Unavailable:
            return False

    until(answers, seconds=200, every=0.5)
