"""The kit tries what a plugin has beside hooks and pages: its API, jobs, commands and forms (PL-07, PL-08)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.contract import kit_more
from tests.contract.scaffolds import Kit
from tests.contract.scaffolds import change
from tests.contract.scaffolds import laid

pytestmark = pytest.mark.xdist_group("kit")


@pytest.fixture(scope="module")
def kit() -> Iterator[Kit]:
    made = Kit()
    yield made
    made.close()


def checked(kit: Kit, where: Path, more: str, *rules: str, changes: tuple[tuple[str, str, str], ...] = ()) -> dict[str, Any]:
    """The report on the scaffold with an API, jobs and commands; its package lies in `where`."""
    package = laid(where, "carnet", "module") / "encours_carnet"
    (package / "more.py").write_text(kit_more.IMPORTS + more, "utf-8")
    (package / "templates" / "carnet" / "worse.html").write_text(kit_more.WORSE, "utf-8")
    for file, old, new in (*kit_more.PLUGIN, *changes):
        change(package / file, old, new)
    return kit.check(package.parent, "carnet", *rules)


def test_what_is_sound_is_tried_and_nothing_is_said_of_it(kit: Kit, tmp_path: Path) -> None:
    """PL-07: every operation, job and command; what cannot be tried without knowing more is named."""
    report = checked(kit, tmp_path, kit_more.SOUND)
    assert report["findings"] == []
    assert report["untried"] == ["la commande «chercher» n'a pas été lancée : elle demande MOT"]


@pytest.mark.parametrize("name", sorted(kit_more.FAULTY))
def test_each_fault_is_named(kit: Kit, tmp_path: Path, name: str) -> None:
    """PL-07: the rule, the words, the line, why and what to do; faults do not hide each other; what is untried is said."""
    faulty = kit_more.FAULTY[name]
    report = checked(kit, tmp_path, faulty.more, *{rule for rule, _says, _at in faulty.says}, changes=faulty.changes)
    for rule, says, at in faulty.says:
        found = [one for one in report["findings"] if one["rule"] == rule and says in one["what"]]
        assert found, (says, report["findings"], report["untried"])
        assert found[0]["why"]
        assert found[0]["todo"]
        assert any(at in line(tmp_path, one["where"]) for one in found), (at, found)
    assert set(faulty.untried) <= set(report["untried"])


def line(where: Path, place: str) -> str:
    """The lines around a place that the kit named."""
    found = re.fullmatch(r"(.+):(\d+)", place)
    (path,) = where.glob(f"*/{found[1]}") if found else ()
    lines = path.read_text("utf-8").splitlines()
    return "".join(lines[int(found[2]) - 2 : int(found[2]) + 1]) if found else ""
