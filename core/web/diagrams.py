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
#: Points that a sign of a label takes.
SIGN = 7
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
    edges = [one.x + WIDTH for one in placed.values()] + [one.x + SIGN * len(one.text) for one in labels]
    width = max(edges) + MARGIN
    depth = max(one.y for one in placed.values()) + height + 2 * MARGIN  # a line may run below the last row
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
        far = other.box.row - one.box.row > 1
        lane = _lane(one, other, placed) if far else start
        down = f"V{one.y + height + 8}H{lane}" if far else ""
        paths.append(Path(f"M{start} {one.y + height}{down}V{level}H{end}V{other.y}", tie.look))
        if tie.label and far:
            labels.append(Label(lane + 6, level - 8, tie.label))
        elif tie.label:
            near = tie.near == "start"
            labels.append(Label((start if near else end) + 6, one.y + height + 18 if near else other.y - 9, tie.label))
    return paths, labels


def _lane(one: Placed, other: Placed, placed: dict[str, Placed]) -> int:
    """Where a line that passes rows runs down: the free place nearest to where it begins."""
    taken = [(each.x - 8, each.x + WIDTH + 8) for each in placed.values() if one.box.row < each.box.row < other.box.row]
    start = one.x + WIDTH // 2
    edges = {start, *(edge for pair in taken for edge in pair)}
    free = [edge for edge in edges if edge >= 2 and not any(left < edge < right for left, right in taken)]
    return min(free, key=lambda edge: (abs(edge - start), edge))


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
