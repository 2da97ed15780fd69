"""Drawn families and structures: every box has its place, no line runs through another's box, all fits (DO-02)."""

from __future__ import annotations

import re

import pytest

from core.web.diagrams import GAP
from core.web.diagrams import WIDTH
from core.web.diagrams import Box
from core.web.diagrams import Tie
from core.web.diagrams import drawn


def box(key: str, row: int, column: float, title: str = "Modèle Anne") -> Box:
    return Box(key, title, ("65 ans",), row, column)


def test_boxes_lines_and_labels_lie_within() -> None:
    """DO-02: the drawing is as wide as its widest label; names of any length take two lines at most."""
    boxes = [box("a", -2, 0), box("b", -1, 0), box("c", 0, 0.5, "Zébulon-Radegonde " * 12)]
    ties = [Tie("a", "c", "holding", "33,3333 % PP, 10 % US"), Tie("b", "c", "holding", "x" * 40), Tie("a", "absent")]
    found = drawn("d", "Essai", boxes, ties, said="Trois boîtes.")
    assert len(found.paths) == len(found.labels) == 2
    assert all(len(one.title) <= 2 and all(len(line) <= 24 for line in one.title) for one in found.boxes)
    assert found.width >= max(one.x + 7 * len(one.text) for one in found.labels)
    assert [one.y for one in found.boxes] == sorted(one.y for one in found.boxes)
    assert found.boxes[2].x - found.boxes[1].x == (WIDTH + GAP) // 2
    with pytest.raises(ValueError, match="something"):
        drawn("d", "Essai", [], [], said="")


def test_a_line_that_passes_rows_runs_beside_their_boxes() -> None:
    """DO-02: who holds a company above and the one below is not drawn through what lies between."""
    boxes = [box("top", -2, 0), box("left", -1, -1), box("between", -1, 0), box("self", 0, 0)]
    found = drawn("d", "Essai", boxes, [Tie("top", "self", "holding", "5 %")], said="")
    lane = int(re.findall(r"H(\d+)", found.paths[0].d)[0])
    assert all(not one.x < lane < one.x + WIDTH for one in found.boxes if one.box.row == -1)


def test_partners_side_by_side_and_apart() -> None:
    """DO-02: a union beside is a straight line; one that others stand between runs below them."""
    boxes = [box("me", 0, 0), box("now", 0, 1), box("before", 0, 2)]
    found = drawn("d", "Essai", boxes, [Tie("me", "now", "union"), Tie("me", "before", "ended")], said="")
    straight, below = (one.d for one in found.paths)
    assert straight.count("V") == 0
    level = int(re.findall(r"V(\d+)", below)[0])
    assert found.boxes[0].y + found.box_height < level <= found.height
