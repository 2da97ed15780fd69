"""The kit names each fault of a plugin broken on purpose, and where it is (PL-07).

That it says nothing of the sound one is what the scaffolds' own tests ask: `test_kit_end_to_end.py` runs them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.kit_breaks import BREAKS
from tests.contract.scaffolds import Kit
from tests.contract.scaffolds import change
from tests.contract.scaffolds import laid

pytestmark = pytest.mark.xdist_group("kit")
NAME = {"module": "carnet", "partner": "vie"}


@pytest.fixture(scope="module")
def kit() -> Iterator[Kit]:
    made = Kit()
    yield made
    made.close()


@pytest.mark.parametrize("name", sorted(BREAKS))
def test_each_break_is_named(kit: Kit, tmp_path: Path, name: str) -> None:
    """PL-07: the rule, the words, the file and line, why and what to do."""
    made, plugin = BREAKS[name], NAME[BREAKS[name].kind]
    site = laid(tmp_path, plugin, made.kind)
    package = site / f"encours_{plugin}"
    for file, old, new in made.changes:
        change(package / file, old, new)
    (package / "static").mkdir()
    (package / "static" / "marque.txt").write_text("marque", "utf-8")
    report = kit.check(site, plugin, made.rule)
    found = [one for one in report["findings"] if one["rule"] == made.rule and made.says in one["what"]]
    assert found, report["findings"]
    assert found[0]["why"]
    assert found[0]["todo"]
    if made.at:
        file = made.changes[0][0]
        lines = (package / file).read_text("utf-8").splitlines()
        named = [re.fullmatch(rf".*{re.escape(file)}:(\d+)", one["where"]) for one in found]
        assert any(match and made.at in "".join(lines[int(match[1]) - 2 : int(match[1]) + 1]) for match in named), found


def test_a_package_without_its_entry_point(kit: Kit, tmp_path: Path) -> None:
    """style.md: «package misses the entry point, so plugin invisible»: the kit says which line is missing."""
    report = kit.check(laid(tmp_path, "carnet", "module", entry=False), "carnet")
    assert [one["rule"] for one in report["findings"]] == ["chargement"]
    assert "sans point d'entrée" in report["findings"][0]["what"]
    assert report["level"] is None
