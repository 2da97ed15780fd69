"""Bugs planted in a copy of the simulated extranet are each caught, and named by the line they break (PL-09, Annex B)."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from plp_conform import runner
from plp_conform.model import SAML_SP
from plp_conform.model import Verdict
from tests.conform.extranet import SAML
from tests.conform.extranet import Extranet
from tests.conform.extranet import copy_of_it
from tests.conform.extranet import forget
from tests.conform.planted import BUGS
from tests.conform.planted import Bug


def test_there_are_enough() -> None:
    """Annex B: at least 25, each of its own."""
    assert len({bug.name for bug in BUGS}) == len(BUGS) >= 25
    annex = {bug.requirement for bug in BUGS if bug.binding == SAML_SP}
    assert annex == {f"PLP-{number}" for number in range(114, 122)}, "each line of Annex A has a bug of its own"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The book and all keys, made once for all copies."""
    folder = tmp_path_factory.mktemp("filled")
    Extranet(folder, settings=SAML).stop()
    with sqlite3.connect(folder / "extranet.sqlite") as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return folder / "extranet.sqlite"


@pytest.mark.parametrize("bug", BUGS, ids=[bug.name for bug in BUGS])
def test_the_bug_is_caught(bug: Bug, tmp_path: Path, filled: Path) -> None:
    """Its one check alone: it fails, and names the requirement. On the true extranet it passes (test_extranet)."""
    name = copy_of_it(tmp_path, f"bogue_{bug.name}", bug.changes)
    served = Extranet(tmp_path, name, filled, SAML if bug.binding == SAML_SP else None)
    try:
        [result] = runner.run(served.target(), [bug.check]).results
    finally:
        served.stop()
        forget(name)
    assert result.verdict is Verdict.FAILS, (result.verdict, result.why)
    assert bug.requirement in result.check.ids
    assert result.steps, "what was sent, what came, what was due"
    assert not result.steps[-1].right
