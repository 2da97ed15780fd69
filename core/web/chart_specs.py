"""The Vega-Lite side of charts: marks, axes, and the theme as a configuration made of the tokens' names.

Every colour is `var(--token)`: the browser resolves it in the page's theme, `tokens.on_paper` for paper.
"""

from __future__ import annotations

from decimal import ROUND_CEILING
from decimal import ROUND_FLOOR
from decimal import Decimal
from math import floor
from math import log10
from typing import Any

Spec = dict[str, Any]
FONT = "Inter Encours, Inter, Segoe UI, system-ui, Arial, sans-serif"
TICKS = 4
_MONTHS = ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
           "décembre"]  # fmt: skip
_SHORT = ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."]
_DAYS = ["dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"]
_LOCALE: Spec = {
    "number": {"decimal": ",", "thousands": "\u202f", "grouping": [3], "currency": ["", "\u00a0€"]},
    "time": {
        "dateTime": "%A %e %B %Y à %X", "date": "%d/%m/%Y", "time": "%H:%M:%S", "periods": ["AM", "PM"], "days": _DAYS,
        "shortDays": [day[:3] + "." for day in _DAYS], "months": _MONTHS, "shortMonths": _SHORT,
    },
}  # fmt: skip


def colour(name: str) -> str:
    """A token as a colour."""
    return f"var(--{name})"


def theme() -> Spec:
    """The look that all charts share (mock-ups README, «Charts»)."""
    label: Spec = {"labelColor": colour("chart-label"), "labelFontSize": 12, "labelPadding": 8, "title": None}
    return {
        "background": None, "font": FONT, "aria": False, "padding": {"left": 4, "right": 8, "top": 8, "bottom": 4},
        "view": {"stroke": None}, "locale": _LOCALE,
        "axis": {**label, "domain": False, "ticks": False, "grid": False, "gridColor": colour("chart-grid"), "gridWidth": 1},
        "axisX": {"domain": True, "domainColor": colour("chart-axis"), "domainWidth": 1, "labelFlush": True,
                  "labelOverlap": True},
        "line": {"strokeWidth": 2, "strokeCap": "round", "strokeJoin": "round", "color": colour("chart-1")},
        "area": {"color": colour("chart-area"), "fillOpacity": 1, "line": False},
        "bar": {"color": colour("chart-1"), "cornerRadiusEnd": 2},
        "arc": {"stroke": colour("surface"), "strokeWidth": 2},
        "text": {"color": colour("chart-label"), "fontSize": 12},
    }  # fmt: skip


def line(low: Decimal, high: Decimal, *, span: int, unit: str, second: bool, narrow: bool, step: bool = True) -> Spec:
    """Area, curve, the second one as a dashed step, a dot at the end and under the pointer. Rows: t, v, w, say, end."""
    ticks = _ticks(low, high)
    when: Spec = {
        "field": "t", "type": "temporal", "scale": {"type": "utc"},
        "axis": {"format": _when(span, narrow=narrow), "tickCount": 3 if narrow else 5},
    }  # fmt: skip
    scale: Spec = {"domain": [ticks[0], ticks[-1]], "nice": False, "zero": False}
    axis: Spec = {"grid": True, "values": ticks, "labelExpr": _written(ticks, unit)}
    worth: Spec = {"field": "v", "type": "quantitative", "scale": scale, "axis": axis}
    dot: Spec = {"type": "point", "filled": True, "size": 56, "opacity": 1, "color": colour("chart-1")}
    layers: list[Spec] = [
        {"mark": {"type": "area"}, "encoding": {"x": when, "y": worth, "y2": {"datum": ticks[0]}}},
        {"mark": {"type": "line"}, "encoding": {"x": when, "y": worth}},
    ]
    if second:
        way = "step-after" if step else "linear"
        dashed: Spec = {"type": "line", "interpolate": way, "strokeDash": [5, 4], "strokeCap": "butt",
                        "strokeWidth": 1.5, "color": colour("chart-2")}  # fmt: skip
        layers.append({"mark": dashed, "encoding": {"x": when, "y": {**worth, "field": "w"}}})
    layers.append({"transform": [{"filter": "datum.end == 1"}], "mark": dot, "encoding": {"x": when, "y": worth}})
    under: Spec = {"condition": {"param": "under", "empty": False, "value": 1}, "value": 0}
    layers.append(
        {
            "params": [{"name": "under", "select": {"type": "point", "nearest": True, "encodings": ["x"],
                                                    "on": "pointermove", "clear": "pointerout"}}],
            "mark": dot,
            "encoding": {"x": when, "y": worth, "opacity": under, "tooltip": {"field": "say", "type": "nominal"}},
        }
    )  # fmt: skip
    return {**_frame(560, 180 if narrow else 240), "layer": layers}


#: Dashes of several curves, so that colour is not alone to tell them apart.
DASHES = ([1, 0], [7, 4], [2, 3], [9, 3, 2, 3], [4, 2], [12, 4])


def curves(low: Decimal, high: Decimal, *, span: int, unit: str, count: int, narrow: bool) -> Spec:
    """Curves with their letters at the end, a dot under the pointer. Rows: t, k, v, say, end."""
    ticks, letters = _ticks(low, high), list("ABCDEF"[:count])
    when: Spec = {
        "field": "t", "type": "temporal", "scale": {"type": "utc"},
        "axis": {"format": _when(span, narrow=narrow), "tickCount": 3 if narrow else 6},
    }  # fmt: skip
    worth: Spec = {
        "field": "v", "type": "quantitative", "scale": {"domain": [ticks[0], ticks[-1]], "nice": False, "zero": False},
        "axis": {"grid": True, "values": ticks, "labelExpr": _written(ticks, unit)},
    }  # fmt: skip
    hues: Spec = {"domain": letters, "range": [colour(f"chart-{place + 1}") for place in range(count)]}
    hue: Spec = {"field": "k", "type": "nominal", "scale": hues, "legend": None}
    dash: Spec = {"field": "k", "type": "nominal", "legend": None,
                  "scale": {"domain": letters, "range": [list(one) for one in DASHES[:count]]}}  # fmt: skip
    letter: Spec = {"type": "text", "align": "left", "dx": 6, "fontWeight": 600}
    under: Spec = {"condition": {"param": "under", "empty": False, "value": 1}, "value": 0}
    pointed: Spec = {"name": "under", "select": {"type": "point", "nearest": True, "on": "pointermove", "clear": "pointerout"}}
    return {
        **_frame(560, 220 if narrow else 300), "padding": {"left": 4, "right": 20, "top": 8, "bottom": 4},
        "encoding": {"x": when, "y": worth, "color": hue},
        "layer": [
            {"mark": {"type": "line", "strokeCap": "butt"}, "encoding": {"strokeDash": dash}},
            {"transform": [{"filter": "datum.end == 1"}], "mark": letter, "encoding": {"text": {"field": "k"}}},
            {"params": [pointed], "mark": {"type": "point", "filled": True, "size": 56},
             "encoding": {"opacity": under, "tooltip": {"field": "say", "type": "nominal"}}},
        ],
    }  # fmt: skip


def donut(count: int, total: str, note: str, *, narrow: bool) -> Spec:
    """Slices with their letters, the total in the hole. Rows: k, o, v, big, say."""
    size = 208 if narrow else 224
    outer = size // 2 - 2
    middle = size / 2
    inner = round(outer * 0.655)
    theta: Spec = {"field": "v", "type": "quantitative", "stack": True}
    order: Spec = {"field": "o", "type": "quantitative"}
    colours: Spec = {"domain": list("ABCDEF"[:count]), "range": [colour(f"chart-{place + 1}") for place in range(count)]}
    hue: Spec = {"field": "k", "type": "nominal", "scale": colours, "legend": None}
    letter: Spec = {"type": "text", "radius": (inner + outer) / 2, "fontWeight": 600, "color": colour("surface")}
    in_hole: list[Spec] = [
        {
            "data": {"values": [{}]},
            "mark": {"type": "text", "text": text, "color": colour(ink), "fontSize": size_, "fontWeight": weight},
            "encoding": {"x": {"value": middle}, "y": {"value": middle + down}},
        }
        for text, ink, size_, weight, down in (
            (total, "text", 18 if len(total) < 13 else 14, 600, -6), (note, "text-2", 12, 400, 14),
        )
    ]  # fmt: skip
    return {
        **_frame(size, size), "autosize": {"type": "none"}, "padding": 0,
        "layer": [
            {"mark": {"type": "arc", "innerRadius": inner, "outerRadius": outer},
             "encoding": {"theta": theta, "order": order, "color": hue, "tooltip": {"field": "say", "type": "nominal"}}},
            {"mark": letter, "encoding": {
                "theta": theta, "order": order, "detail": {"field": "k", "type": "nominal"},
                "text": {"condition": {"test": "datum.big == 1", "field": "k"}, "value": ""}}},
            *in_hole,
        ],
    }  # fmt: skip


def bar(count: int, *, narrow: bool) -> Spec:
    """Horizontal bars with their figures. Rows: l, v, n, say."""
    where: Spec = {"field": "l", "type": "nominal", "sort": None, "axis": {
        "domain": False, "labelLimit": 96 if narrow else 160}}  # fmt: skip
    length: Spec = {"field": "v", "type": "quantitative", "axis": None, "scale": {"zero": True, "nice": False}}
    return {
        **_frame(320, max(1, count) * 28),
        # names are measured a little short before the page's font is there
        "padding": {"left": 12, "right": 16, "top": 8, "bottom": 4},
        "encoding": {"y": where, "x": length, "tooltip": {"field": "say", "type": "nominal"}},
        "layer": [
            {"mark": {"type": "bar", "height": 14}},
            {"mark": {"type": "text", "align": "left", "dx": 6, "color": colour("text-2")},
             "encoding": {"text": {"field": "n", "type": "nominal"}}},
        ],
    }  # fmt: skip


def stack(bars: int, parts: int, *, narrow: bool) -> Spec:
    """Horizontal bars of parts with their letters. Rows: l, k, a, b (from, to), m (middle), big, say."""
    where: Spec = {"field": "l", "type": "nominal", "sort": None, "axis": {
        "domain": False, "labelLimit": 96 if narrow else 160}}  # fmt: skip
    scale: Spec = {"zero": True, "nice": False}
    colours: Spec = {"domain": list("ABCDEF"[:parts]), "range": [colour(f"chart-{place + 1}") for place in range(parts)]}
    hue: Spec = {"field": "k", "type": "nominal", "scale": colours, "legend": None}
    letter: Spec = {"condition": {"test": "datum.big == 1", "field": "k"}, "value": ""}
    return {
        **_frame(320 if narrow else 560, max(1, bars) * 44),
        "encoding": {"y": where, "tooltip": {"field": "say", "type": "nominal"}},
        "layer": [
            {"mark": {"type": "bar", "height": 28, "cornerRadiusEnd": 0, "stroke": colour("surface"), "strokeWidth": 2},
             "encoding": {"x": {"field": "a", "type": "quantitative", "axis": None, "scale": scale}, "x2": {"field": "b"},
                          "color": hue}},
            {"mark": {"type": "text", "fontWeight": 600, "color": colour("surface")},
             "encoding": {"x": {"field": "m", "type": "quantitative", "axis": None, "scale": scale}, "text": letter}},
        ],
    }  # fmt: skip


def plane(
    across: tuple[Decimal, Decimal], up: tuple[Decimal, Decimal], *, axes: tuple[str, str], unit: str, count: int, narrow: bool
) -> Spec:
    """A curve of one figure against another, a dot under the pointer, lettered points. Rows: x, y, k, o (along it), say."""
    letters = list("ABCDEF"[:count])

    def axis(field: str, bounds: tuple[Decimal, Decimal], title: str) -> Spec:
        ticks = _ticks(*bounds)
        look = {"title": title, "titleColor": colour("chart-label"), "titleFontSize": 12, "titleFontWeight": 400}
        return {
            "field": field, "type": "quantitative", "scale": {"domain": [ticks[0], ticks[-1]], "nice": False, "zero": False},
            "axis": {"grid": True, "values": ticks, "labelExpr": _written(ticks, unit), **look},
        }  # fmt: skip

    hue: Spec = {"field": "k", "type": "nominal", "legend": None,
                 "scale": {"domain": letters, "range": [colour(f"chart-{place + 1}") for place in range(count)]}}  # fmt: skip
    on_curve, beside = [{"filter": "datum.k == ''"}], [{"filter": "datum.k != ''"}]
    tip: Spec = {"tooltip": {"field": "say", "type": "nominal"}}
    line: Spec = {"type": "line", "color": colour("chart-axis"), "strokeCap": "butt"}
    dot: Spec = {"type": "point", "filled": True, "size": 36, "opacity": 1, "color": colour("chart-label")}
    return {
        **_frame(560, 260 if narrow else 320),
        "encoding": {"x": axis("x", across, axes[0]), "y": axis("y", up, axes[1])},
        "layer": [
            {"transform": on_curve, "mark": line, "encoding": {"order": {"field": "o", "type": "quantitative"}}},
            {"transform": on_curve, "mark": dot, "encoding": tip},
            {"transform": beside, "mark": {"type": "point", "filled": True, "size": 130, "opacity": 1},
             "encoding": {"color": hue, **tip}},
            {"transform": beside, "mark": {"type": "text", "dy": -15, "fontWeight": 600},
             "encoding": {"text": {"field": "k"}, "color": hue}},
        ],
    }  # fmt: skip


def _frame(width: int, height: int) -> Spec:
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json", "width": width, "height": height,
        "autosize": {"type": "fit", "contains": "padding"}, "data": {"name": "rows"}, "config": theme(),
    }  # fmt: skip


def _ticks(low: Decimal, high: Decimal) -> list[float]:
    """Round values from just below the lowest figure to just above the highest, about `TICKS` of them."""
    if low == high:
        low, high = low - abs(low) / 20 - 1, high + abs(high) / 20 + 1
    rough = (high - low) / TICKS
    power = Decimal(10) ** floor(log10(float(rough)))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough)
    start = (low / step).to_integral_value(ROUND_FLOOR)
    end = (high / step).to_integral_value(ROUND_CEILING)
    return [float(step * place) for place in range(int(start), int(end) + 1)]


def _written(ticks: list[float], unit: str) -> str:
    """How an axis writes its values: thousands as «k€», as many decimals as the step needs."""
    step = ticks[1] - ticks[0]
    by = 1000 if max(map(abs, ticks)) >= 10_000 and unit == "€" else 1
    decimals = max(0, -floor(log10(step / by) + 1e-9))
    shown = f"format(datum.value / {by}, ',.{decimals}f')"
    sign = f"\u00a0{'k' if by == 1000 else ''}{unit}" if unit else ""
    return f"{shown} + '{sign}'"


def _when(span: int, *, narrow: bool) -> str:
    """How the time axis writes: days within two months, years beyond three years, months between."""
    if span <= 62:
        return "%d/%m"
    if span > 3 * 366:
        return "%Y"
    return "%m/%y" if narrow else "%b %Y"
