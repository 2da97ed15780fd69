"""The bundled plugins keep to what is asked of others: silver at least, as their pages say (PL-07)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.scaffolds import Kit

pytestmark = pytest.mark.xdist_group("kit")

PLUGINS = Path(__file__).parent.parent.parent / "plugins"
NAMES = sorted(path.parent.name for path in PLUGINS.glob("*/plugin.py"))


@pytest.fixture(scope="module")
def kit() -> Iterator[Kit]:
    made = Kit()
    yield made
    made.close()


@pytest.mark.parametrize("name", NAMES)
def test_each_reaches_silver_and_says_what_it_reached(kit: Kit, name: str) -> None:
    """PL-07: nothing found; quality.json is what the kit finds today: `encours plugin check NAME --record` writes it anew."""
    report = kit.check(PLUGINS.parent, name)
    assert report["findings"] == []
    assert report["level"] in ("argent", "or")
    kept = json.loads((PLUGINS / name / "quality.json").read_text("utf-8"))
    assert kept == {key: report[key] for key in ("version", "api", "level", "lacks")}
    assert (PLUGINS / name / "README.md").is_file()
