"""The kit's table and the protocol's text are one (PL-09): each line has a row, each row a check or a reason."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from plp_conform import runner
from plp_conform.model import Level
from plp_conform.model import Side
from plp_conform.requirements import REQUIREMENTS

TEXT = (Path(__file__).parent.parent.parent / "docs" / "protocol" / "plp-1.md").read_text("utf-8")
#: A line of the text that states a requirement: a bullet, a numbered step, a row of a table.
LINES = {found.group(1): line for line in TEXT.splitlines() if (found := re.match(r"(?:- |\d+\. |\| )(PLP-\d{3})\b", line))}


def test_each_line_of_the_text_has_a_row() -> None:
    """PLP-001 to PLP-121, no more, no less."""
    assert list(REQUIREMENTS) == [f"PLP-{number:03}" for number in range(1, 122)] == sorted(LINES)


def test_the_hostile_marks_are_the_texts() -> None:
    """‡."""
    assert {one for one in REQUIREMENTS if REQUIREMENTS[one].hostile} == {one for one, line in LINES.items() if "‡" in line}


def test_the_levels_are_the_chapters() -> None:
    """§1 to 4: Core; §5 and 6: Launch; §7: Feedback; §8, which holds for all: Core; Annex A: Launch."""
    by_chapter = {1: Level.CORE, 2: Level.CORE, 3: Level.CORE, 4: Level.CORE, 5: Level.LAUNCH, 6: Level.LAUNCH,
                  7: Level.FEEDBACK, 8: Level.CORE, 10: Level.LAUNCH}  # fmt: skip
    chapter = 0
    for line in TEXT.splitlines():
        if found := re.match(r"## (\d+)\.", line):
            chapter = int(found.group(1))
        elif line.startswith("## Annex A"):
            chapter = 10
        for name, own in LINES.items():
            if own == line:
                assert REQUIREMENTS[name].level is by_chapter[chapter], name


@pytest.mark.parametrize("side", list(Side))
def test_each_row_is_shown_or_says_why_not(side: Side) -> None:
    """A side that a line binds has a check of it, or the reason why a black box has none; no check names a line that
    does not bind its side."""
    shown = {name for check in runner.checks(side) for name in check.ids}
    bound = {one.id: one for one in REQUIREMENTS.values() if side in one.binds}
    assert {name for name in bound if name not in shown and not bound[name].beyond.get(side)} == set()
    assert shown - set(bound) == set()


@pytest.mark.parametrize("side", list(Side))
def test_each_check_says_what_it_tries(side: Side) -> None:
    """A title and a name that no other check has; at least one line."""
    checks = runner.checks(side)
    assert len({check.title for check in checks}) == len({check.name for check in checks}) == len(checks)
    assert [check.name for check in checks if not check.ids] == []
