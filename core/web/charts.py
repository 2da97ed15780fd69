"""Charts: one Vega-Lite specification made here as plain data, two renderers (docs/adr/010-charts.md).

The browser draws it (static/js/chart-draw.js), paper and pages without scripts get the same one as SVG
(`core.pdf.chart`). Colours are the theme's tokens by name, so that a drawn chart follows light and dark. Each chart
has a title, a sentence that says it, and its figures as a table (ux.md §3.2, rule 15).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from typing import Literal

from core.web import chart_specs as specs
from core.web.formats import NBSP
from core.web.formats import day
from core.web.formats import number
from core.web.formats import percent
from core.web.tokens import on_paper

Kind = Literal["line", "curves", "donut", "bar", "stack", "plane"]
#: More slices than this are one «Autres» (mock-ups README, «Charts»).
SLICES = 6
LETTERS = "ABCDEF"
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Point:
    """A figure of a day; `second` is the other curve's, drawn as a dashed step."""

    on: date
    value: Decimal
    second: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A share of a whole, or a bar. `url`: where its line of the table leads."""

    label: str
    value: Decimal
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Curve:
    """One of several curves over the same days."""

    name: str
    values: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """A named point of a plane: `x` across, `y` up."""

    name: str
    x: Decimal
    y: Decimal


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the chart's table. `letter` and `colour` (1 to 6) are its slice's."""

    label: str
    cells: tuple[str, ...]
    letter: str = ""
    colour: int = 0
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart as templates show it (macros/chart.html). `names`: what its curves are called, in their order."""

    key: str
    kind: Kind
    title: str
    summary: str
    head: tuple[str, ...]
    rows: tuple[Row, ...]
    data: tuple[Mapping[str, Any], ...]
    wide: Mapping[str, Any]
    narrow: Mapping[str, Any]
    names: tuple[str, ...] = ()

    @property
    def json(self) -> str:
        """What the browser draws: the figures once, and the specification for a desk and for a phone."""
        return json.dumps({"data": self.data, "wide": self.wide, "narrow": self.narrow}, ensure_ascii=False)

    @property
    def paper(self) -> str:
        """The specification for paper, in the light theme's own colours."""
        return self.printed()

    def printed(self, colours: Mapping[str, str] | None = None) -> str:
        """The same in other colours, by their tokens' names: those of a cabinet (`core.api.pdf.colours`)."""
        return on_paper(json.dumps({**self.wide, "data": {"values": self.data}}, ensure_ascii=False), colours)


def line(
    points: Sequence[Point], *, key: str, title: str, write: Callable[[Decimal], str], names: Sequence[str],
    unit: str = "€", subject: str | None = None, beside: bool = False,
) -> Chart:  # fmt: skip
    """A curve over time above a pale area, oldest point first; with a second one as a dashed step. At least one point.

    `beside`: the second is another thing to compare with, not a part of the first: dashed, from point to point.
    """
    first, last = points[0], points[-1]
    two = any(point.second is not None for point in points)
    data = [
        {
            "t": point.on.isoformat(), "v": float(point.value), "say": _said(point, names, write),
            **({"w": float(point.second)} if point.second is not None else {}),
            **({"end": 1} if point is last else {}),
        }
        for point in points
    ]  # fmt: skip
    figures = [one for point in points for one in (point.value, point.second) if one is not None]
    span = (last.on - first.on).days
    return Chart(
        key=key, kind="line", title=title, summary=_compared(points, names, write, subject or title) if beside and two
        else _spoken(points, names, write, subject or title), head=("Date", *names),
        rows=tuple(_dated(point, write, two=two) for point in reversed(points)), data=tuple(data), names=tuple(names),
        wide=specs.line(min(figures), max(figures), span=span, unit=unit, second=two, narrow=False, step=not beside),
        narrow=specs.line(min(figures), max(figures), span=span, unit=unit, second=two, narrow=True, step=not beside),
    )  # fmt: skip


def curves(
    days: Sequence[date], each: Sequence[Curve], *, key: str, title: str, write: Callable[[Decimal], str], unit: str = ""
) -> Chart:
    """Up to six curves over the same days, oldest first, each with its letter, its colour and its dash. At least two days.

    The table's heads are the letters; `names` says in the chart's legend which is which.
    """
    lettered = list(zip(LETTERS, each, strict=False))
    data = [
        {"t": on.isoformat(), "k": letter, "v": float(value), "say": f"{day(on)} · {letter} {one.name} : {write(value)}",
         **({"end": 1} if on == days[-1] else {})}
        for letter, one in lettered
        for on, value in zip(days, one.values, strict=True)
    ]  # fmt: skip
    figures = [value for _, one in lettered for value in one.values]
    said = ", ".join(f"{one.name} {write(one.values[-1])}" for _, one in lettered)
    span = (days[-1] - days[0]).days
    low, high = min(figures), max(figures)
    wide, narrow = (
        specs.curves(low, high, span=span, unit=unit, count=len(lettered), narrow=small) for small in (False, True)
    )
    rows = [
        Row(day(on), tuple(write(one.values[place]) for _, one in lettered)) for place, on in reversed(list(enumerate(days)))
    ]
    return Chart(
        key=key, kind="curves", title=title, head=("Date", *(letter for letter, _ in lettered)), rows=tuple(rows),
        summary=f"{title}, du {day(days[0])} au {day(days[-1])} : {said}.", data=tuple(data), wide=wide, narrow=narrow,
        names=tuple(one.name for _, one in lettered),
    )  # fmt: skip


def donut(
    parts: Sequence[Part], *, key: str, title: str, write: Callable[[Decimal], str], total: str, note: str,
    head: tuple[str, str, str], rest: str = "Autres",
) -> Chart:  # fmt: skip
    """Shares of a whole, the largest first; what is not positive has no share. `total` and `note` stand in the hole."""
    shown = sorted((part for part in parts if part.value > 0), key=lambda part: -part.value)
    if len(shown) > SLICES:
        others = sum((part.value for part in shown[SLICES - 1 :]), Decimal(0))
        shown = [*shown[: SLICES - 1], Part(rest, others)]
    whole = sum((part.value for part in shown), Decimal(0)) or Decimal(1)
    shares = [f"{number(part.value / whole * 100, 0)}{NBSP}%" for part in shown]
    rows = [
        Row(part.label, (write(part.value), share), LETTERS[place], place + 1, part.url)
        for place, (part, share) in enumerate(zip(shown, shares, strict=True))
    ]
    data = [
        {"k": row.letter, "o": row.colour, "v": float(part.value), "big": int(part.value / whole > Decimal("0.03")),
         "say": f"{row.label} : {row.cells[0]}, {row.cells[1]}"}
        for row, part in zip(rows, shown, strict=True)
    ]  # fmt: skip
    said = ", ".join(f"{row.label} {row.cells[1]}" for row in rows)
    return Chart(
        key=key, kind="donut", title=title, summary=f"{title}, {total} : {said}.", head=head,
        rows=tuple(rows), data=tuple(data), wide=specs.donut(len(rows), total, note, narrow=False),
        narrow=specs.donut(len(rows), total, note, narrow=True),
    )  # fmt: skip


def bar(
    parts: Sequence[Part], *, key: str, title: str, write: Callable[[Decimal], str], head: tuple[str, str]
) -> Chart:
    """One bar a line, in the order given, its figure at its end."""
    data = [
        {"l": part.label, "v": float(part.value), "say": f"{part.label} : {write(part.value)}", "n": write(part.value)}
        for part in parts
    ]  # fmt: skip
    said = ", ".join(f"{part.label} {write(part.value)}" for part in parts if part.value)
    return Chart(
        key=key, kind="bar", title=title, summary=f"{title} : {said}.", head=head,
        rows=tuple(Row(part.label, (write(part.value),), url=part.url) for part in parts), data=tuple(data),
        wide=specs.bar(len(parts), narrow=False), narrow=specs.bar(len(parts), narrow=True),
    )  # fmt: skip


def stack(
    bars: Mapping[str, Sequence[Part]], *, key: str, title: str, write: Callable[[Decimal], str], head: tuple[str, str, str]
) -> Chart:
    """Bars made of parts set end to end, so that their lengths compare: name of the bar → its parts, six in all at most.

    A part that is not positive is in the table and is not drawn.
    """
    data: list[dict[str, Any]] = []
    rows: list[Row] = []
    longest = max((sum((max(one.value, _ZERO) for one in parts), _ZERO) for parts in bars.values()), default=_ZERO) or Decimal(1)
    for name, parts in bars.items():
        start = _ZERO
        for part in parts:
            place = len(rows)
            row = Row(part.label, (name, write(part.value)), LETTERS[place], place + 1, part.url)
            rows.append(row)
            if part.value <= 0:
                continue
            data.append({
                "l": name, "k": row.letter, "a": float(start), "b": float(start + part.value),
                "m": float(start + part.value / 2), "big": int(part.value / longest > Decimal("0.05")),
                "say": f"{part.label} : {write(part.value)}",
            })  # fmt: skip
            start += part.value
    said = ", ".join(f"{row.label} {row.cells[1]}" for row in rows)
    return Chart(
        key=key, kind="stack", title=title, summary=f"{title} : {said}.", head=head, rows=tuple(rows), data=tuple(data),
        wide=specs.stack(len(bars), len(rows), narrow=False), narrow=specs.stack(len(bars), len(rows), narrow=True),
    )  # fmt: skip


def plane(
    curve: Sequence[tuple[Decimal, Decimal]], spots: Sequence[Spot], *, key: str, title: str, axes: tuple[str, str],
    names: tuple[str, str], write: Callable[[Decimal], str], unit: str = "",
) -> Chart:  # fmt: skip
    """A curve of one figure against another, and up to six lettered points beside it. At least one point of either.

    `axes`: what is across, what is up; `names`: the head of the table's first column, and what a point of the curve is called.
    """
    across, up = axes

    def said(name: str, x: Decimal, y: Decimal) -> str:
        return f"{name} : {across.lower()} {write(x)}, {up.lower()} {write(y)}"

    lettered = list(zip(LETTERS, spots, strict=False))
    data: list[dict[str, Any]] = [
        {"x": float(x), "y": float(y), "k": "", "o": place, "say": said(names[1], x, y)} for place, (x, y) in enumerate(curve)
    ]
    data += [{"x": float(one.x), "y": float(one.y), "k": letter, "say": said(one.name, one.x, one.y)} for letter, one in lettered]
    rows = [
        Row(one.name, (write(one.x), write(one.y)), letter, place) for place, (letter, one) in enumerate(lettered, 1)
    ] + [Row(f"{names[1]}, {place}", (write(x), write(y))) for place, (x, y) in enumerate(curve, 1)]
    xs, ys = [x for x, _ in curve] + [one.x for one in spots], [y for _, y in curve] + [one.y for one in spots]
    wide, narrow = (
        specs.plane((min(xs), max(xs)), (min(ys), max(ys)), axes=axes, unit=unit, count=len(lettered), narrow=small)
        for small in (False, True)
    )
    told = " ; ".join(said(one.name, one.x, one.y) for one in spots)
    return Chart(
        key=key, kind="plane", title=title, summary=f"{title} : {told}." if told else f"{title}.", head=(names[0], across, up),
        rows=tuple(rows), data=tuple(data), wide=wide, narrow=narrow, names=tuple(one.name for _, one in lettered),
    )  # fmt: skip


def _spoken(points: Sequence[Point], names: Sequence[str], write: Callable[[Decimal], str], subject: str) -> str:
    """The sentence: where it stands, what changed, its extremes. With payments, their share of the change: no performance."""
    first, last = points[0], points[-1]
    low, high = min(points, key=lambda one: one.value), max(points, key=lambda one: one.value)
    says = f"{subject} : {write(last.value)} au {day(last.on)}"
    if len(points) > 1:
        change = last.value - first.value
        if first.second is not None and last.second is not None:
            paid = last.second - first.second
            sign = "+" if change > 0 else ""
            says += f", {sign}{write(change)} depuis le {day(first.on)} dont {write(paid)} de {names[1].lower()}"
        elif first.value:
            says += f", {percent(change / first.value)} depuis le {day(first.on)}"
        says += f" ; au plus bas {write(low.value)} le {day(low.on)}, au plus haut {write(high.value)} le {day(high.on)}"
    return says + "."


def _compared(points: Sequence[Point], names: Sequence[str], write: Callable[[Decimal], str], subject: str) -> str:
    """The sentence of two curves that stand side by side: where each of them is at the end."""
    last = points[-1]
    other = f"{names[1]} : {write(last.second)}" if last.second is not None else f"{names[1]} : non connu"
    return f"{subject} : {write(last.value)} au {day(last.on)}, {other}, pour 100 le {day(points[0].on)}."


def _said(point: Point, names: Sequence[str], write: Callable[[Decimal], str]) -> str:
    figures = [point.value, *([point.second] if point.second is not None else [])]
    return f"{day(point.on)} · " + " · ".join(
        f"{name} : {write(value)}" for name, value in zip(names, figures, strict=False)
    )


def _dated(point: Point, write: Callable[[Decimal], str], *, two: bool) -> Row:
    second = (write(point.second) if point.second is not None else "—",) if two else ()
    return Row(day(point.on), (write(point.value), *second))
