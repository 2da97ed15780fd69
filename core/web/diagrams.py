"""Boxes in rows and the ties between them, as numbers for an SVG that the page draws (macros/diagram.html).

Pure: who stands where is said in rows and columns by whoever knows the subject; here they become points. Every box may be
a link; whatever is drawn is told in a table beside it too.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

WIDTH, GAP, ROW_GAP, MARGIN = 176, 24, 72, 12
LINE, PADDING = 16, 10
#: Signs of a title that fit into a line of a box.
SIGNS = 23


@dataclass(frozen=True, slots=True)
class Box:
    """A person or a company. `row`: 0 is the subject's; `column`: where in its row, in boxes; may lie between two.

    `looks`: self, dead, ended, owner, company: classes of css/diagram.css, each said in words by `lines` too.
    """

    key: str
    title: str
    lines: tuple[str, ...]
    row: int
    column: float
    url: str | None = None
    looks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tie:
    """A line between two boxes, from the upper to the lower one, or beside one another. `near`: where its label stands."""

    start: str
    end: str
    look: Literal["descent", "union", "ended", "holding"] = "descent"
    label: str = ""
    near: Literal["start", "end"] = "start"


@dataclass(frozen=True, slots=True)
class Placed:
    """A box in points; `title` in one or two lines."""

    box: Box
    x: int
    y: int
    title: tuple[str, ...]

    @property
    def said(self) -> str:
        """What the box says, in one sentence."""
        return ", ".join((self.box.title, *self.box.lines))


@dataclass(frozen=True, slots=True)
class Path:
    """A line in points."""

    d: str
    look: str


@dataclass(frozen=True, slots=True)
class Label:
    """A text on a line."""

    x: int
    y: int
    text: str


@dataclass(frozen=True, slots=True)
class Diagram:
    """What the page draws. `said`: the drawing in a sentence; `left_out`: what it does not show, «» for nothing."""

    key: str
    title: str
    said: str
    width: int
    height: int
    box_height: int
    boxes: tuple[Placed, ...]
    paths: tuple[Path, ...]
    labels: tuple[Label, ...]
    left_out: str = ""


def drawn(key: str, title: str, boxes: Sequence[Box], ties: Sequence[Tie], *, said: str, left_out: str = "") -> Diagram:
    """Place boxes and lines. A tie of a box that is not there is left out. Raises ValueError without a box."""
    if not boxes:
        raise ValueError("a diagram shows something")
    titles = {one.key: _cut(one.title) for one in boxes}
    height = 2 * PADDING + LINE * max(len(titles[one.key]) + len(one.lines) for one in boxes)
    first, top = min(one.column for one in boxes), min(one.row for one in boxes)
    placed: dict[str, Placed] = {}
    for one in boxes:
        x, y = round(MARGIN + (one.column - first) * (WIDTH + GAP)), MARGIN + (one.row - top) * (height + ROW_GAP)
        placed[one.key] = Placed(one, x, y, titles[one.key])
    shown = [one for one in ties if one.start in placed and one.end in placed]
    paths, labels = _lines(shown, placed, height)
    width = max(one.x for one in placed.values()) + WIDTH + MARGIN
    depth = max(one.y for one in placed.values()) + height + MARGIN
    if any(one.look in ("union", "ended") for one in shown):
        depth += ROW_GAP // 2  # room for a line that runs below the last row
    return Diagram(key, title, said, width, depth, height, tuple(placed.values()), tuple(paths), tuple(labels), left_out)


def _cut(title: str) -> tuple[str, ...]:
    lines = textwrap.wrap(title, SIGNS, break_long_words=True)
    if len(lines) > 2:
        lines = [lines[0], textwrap.shorten(" ".join(lines[1:]), SIGNS, placeholder="…") or f"{lines[1][: SIGNS - 1]}…"]
    return tuple(lines)


def _lines(ties: Sequence[Tie], placed: dict[str, Placed], height: int) -> tuple[list[Path], list[Label]]:
    paths, labels = [], []
    beside: dict[str, int] = {}
    buses = _buses(ties, placed)
    for tie in ties:
        one, other = placed[tie.start], placed[tie.end]
        if one.box.row == other.box.row:
            paths.append(Path(_beside(one, other, height, beside, placed), tie.look))
            continue
        if one.box.row > other.box.row:
            one, other = other, one
        start, end = one.x + WIDTH // 2, other.x + WIDTH // 2
        level = other.y - ROW_GAP // 2 + buses[tie.end]
        paths.append(Path(f"M{start} {one.y + height}V{level}H{end}V{other.y}", tie.look))
        if tie.label:
            near = tie.near == "start"
            labels.append(Label((start if near else end) + 6, one.y + height + 18 if near else other.y - 9, tie.label))
    return paths, labels


def _buses(ties: Sequence[Tie], placed: dict[str, Placed]) -> dict[str, int]:
    """Key of a lower box → how far from the middle of the gap its level line runs: families side by side stay apart."""
    above: dict[str, set[str]] = {}
    for tie in ties:
        if placed[tie.start].box.row != placed[tie.end].box.row:
            above.setdefault(tie.end, set()).add(tie.start)
    groups: dict[int, list[frozenset[str]]] = {}
    found = {}
    for key, parents in above.items():
        known = groups.setdefault(placed[key].box.row, [])
        group = frozenset(parents)
        if group not in known:
            known.append(group)
        found[key] = (0, -8, 8, -14, 14)[known.index(group) % 5]
    return found


def _beside(one: Placed, other: Placed, height: int, seen: dict[str, int], placed: dict[str, Placed]) -> str:
    left, right = sorted((one, other), key=lambda each: each.x)
    between = any(left.x < each.x < right.x for each in placed.values() if each.y == left.y)
    if not between:
        return f"M{left.x + WIDTH} {left.y + height // 2}H{right.x}"
    rank = seen[left.box.key] = seen.get(left.box.key, 0) + 1
    below = left.y + height + min(6 + 5 * rank, 18)
    return f"M{left.x + WIDTH - 16} {left.y + height}V{below}H{right.x + WIDTH // 2}V{right.y + height}"
