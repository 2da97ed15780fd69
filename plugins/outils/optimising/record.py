"""An optimisation as JSON and back: decimals and days as texts, so that what was read is what was written."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from plugins.outils.optimising.shapes import Aside
from plugins.outils.optimising.shapes import Figures
from plugins.outils.optimising.shapes import Line
from plugins.outils.optimising.shapes import Named
from plugins.outils.optimising.shapes import Result
from plugins.outils.optimising.shapes import Series
from plugins.outils.optimising.shapes import Spot
from plugins.outils.optimising.shapes import Trial
from plugins.outils.optimising.shapes import Wish

Json = Mapping[str, Any]


def asked(wish: Wish, lines: Sequence[Named], aside: Sequence[Aside], share: Decimal, series: Series) -> dict[str, Any]:
    """What was asked, and on which prices."""
    return {
        "years": wish.years, "goal": wish.goal, "risk": _text(wish.risk), "keep": wish.keep, "share": str(share),
        "lines": [
            {"support": one.support_id, "label": one.label, "code": one.code, "low": str(one.low), "high": str(one.high),
             "model": _text(one.model)}
            for one in lines
        ],
        "aside": [{"support": one.support_id, "label": one.label, "code": one.code, "weight": str(one.weight)} for one in aside],
        "series": {
            "step": series.step, "a_year": series.a_year, "days": [on.isoformat() for on in series.days],
            "prices": [_texts(one) for one in series.prices], "sources": list(series.sources),
        },
    }  # fmt: skip


def wish(row: Json) -> Wish:
    """What was sought."""
    lines = tuple(Line(one["support"], Decimal(one["low"]), Decimal(one["high"])) for one in row["lines"])
    return Wish(lines, row["years"], row["goal"], _number(row["risk"]), row["keep"])


def lines(row: Json) -> tuple[Named, ...]:
    """Among which supports."""
    return tuple(
        Named(one["support"], one["label"], one["code"], Decimal(one["low"]), Decimal(one["high"]), _number(one["model"]))
        for one in row["lines"]
    )  # fmt: skip


def aside(row: Json) -> tuple[Aside, ...]:
    """The model's other lines."""
    return tuple(Aside(one["support"], one["label"], one["code"], Decimal(one["weight"])) for one in row["aside"])


def series(row: Json) -> Series:
    """The prices."""
    found = row["series"]
    return Series(
        found["step"], found["a_year"], tuple(date.fromisoformat(on) for on in found["days"]),
        tuple(_numbers(one) for one in found["prices"]), tuple(found["sources"]),
    )  # fmt: skip


def made(found: Result) -> dict[str, Any]:
    """What was found."""
    trial = found.trial
    return {
        "frontier": [_spot(one) for one in found.frontier], "chosen": _spot(found.chosen), "figures": _figures(found.figures),
        "today": found.today and _spot(found.today), "today_figures": _figures(found.today_figures),
        "trial": {
            "split": trial.split.isoformat(), "weights": _texts(trial.weights), "levels": _texts(trial.levels),
            "figures": _figures(trial.figures), "model_levels": _texts(trial.model_levels),
            "model_figures": _figures(trial.model_figures), "why": trial.why,
        },
    }  # fmt: skip


def result(row: Json) -> Result | None:
    """The same, read; None where nothing was found yet."""
    if not row:
        return None
    trial, figures = row["trial"], _read_figures(row["figures"])
    assert figures is not None
    return Result(
        tuple(_read_spot(one) for one in row["frontier"]), _read_spot(row["chosen"]), figures,
        _read_spot(row["today"]) if row["today"] else None, _read_figures(row["today_figures"]),
        Trial(
            date.fromisoformat(trial["split"]), _numbers(trial["weights"]), _numbers(trial["levels"]),
            _read_figures(trial["figures"]), _numbers(trial["model_levels"]), _read_figures(trial["model_figures"]), trial["why"],
        ),
    )  # fmt: skip


def _spot(one: Spot) -> dict[str, Any]:
    return {"weights": _texts(one.weights), "mean": str(one.mean), "risk": str(one.risk)}


def _read_spot(row: Json) -> Spot:
    return Spot(_numbers(row["weights"]), Decimal(row["mean"]), Decimal(row["risk"]))


def _figures(one: Figures | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {"gain": str(one.gain), "volatility": _text(one.volatility), "drawdown": str(one.drawdown)}


def _read_figures(row: Json | None) -> Figures | None:
    return Figures(Decimal(row["gain"]), _number(row["volatility"]), Decimal(row["drawdown"])) if row else None


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _texts(values: Sequence[Decimal]) -> list[str]:
    return [str(one) for one in values]


def _numbers(texts: Sequence[str]) -> tuple[Decimal, ...]:
    return tuple(map(Decimal, texts))
