"""What an optimisation says in words: the constraints that hold it, and what becomes of each line of the model (PF-09)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from core.api.formats import number
from plugins.outils.optimising.shapes import ONE
from plugins.outils.optimising.shapes import ZERO
from plugins.outils.optimising.shapes import Named
from plugins.outils.optimising.shapes import Optimisation
from plugins.outils.optimising.shapes import Result
from plugins.outils.optimising.shapes import rounded
from plugins.outils.portfolios.shapes import Portfolio

#: How near to the risk that was aimed at a risk is that risk.
_NEAR = Decimal("0.0005")


@dataclass(frozen=True, slots=True)
class Share:
    """A line beside the model. `weight`: of what was optimised; `whole`: of the model; `today`: its weight in the model."""

    line: Named
    weight: Decimal
    whole: Decimal
    today: Decimal


def shares(found: Optimisation, result: Result) -> tuple[Share, ...]:
    """Each line, its weights as found and as they would stand in the model, to the hundredth of a per cent."""
    whole = rounded([one * found.share for one in result.chosen.weights], found.share)
    return tuple(
        Share(line, weight, one, line.model or ZERO)
        for line, weight, one in zip(found.lines, result.chosen.weights, whole, strict=True)
    )  # fmt: skip


def binding(found: Optimisation, result: Result) -> list[str]:
    """The constraints that the weights meet, in words."""
    said = []
    if found.wish.goal == "CIBLE" and found.wish.risk is not None:
        aim = number(found.wish.risk * 100, 2)
        if found.wish.risk - result.chosen.risk <= _NEAR:
            said.append(_("Risque cible de %(aim)s\u00a0%% atteint.", aim=aim))
        else:
            said.append(_("Risque cible de %(aim)s\u00a0%% non atteint\u202f: viser plus de risque ne rapportait rien.", aim=aim))
    for line, weight in zip(found.lines, result.chosen.weights, strict=True):
        if line.low == line.high:
            said.append(_("Poids fixé à %(at)s\u00a0%% sur %(what)s.", at=number(line.low * 100, 2), what=line.label))
        elif weight >= line.high and line.high < ONE:
            said.append(_("Plafond de %(at)s\u00a0%% atteint sur %(what)s.", at=number(line.high * 100, 2), what=line.label))
        elif weight <= line.low and line.low > ZERO:
            said.append(_("Plancher de %(at)s\u00a0%% atteint sur %(what)s.", at=number(line.low * 100, 2), what=line.label))
    return said or [_("Aucune\u202f: ni plancher ni plafond n'est atteint.")]


def version(found: Optimisation, result: Result) -> dict[str, Decimal]:
    """Support → weight of the version that this makes: what was found, and what of the model keeps its weight. 1 in all."""
    kept = {one.support_id: one.weight for one in found.aside} if found.wish.keep else {}
    return {**{one.line.support_id: one.whole for one in shares(found, result) if one.whole}, **kept}


def form(found: Optimisation, model: Portfolio, lines: Mapping[str, Decimal]) -> dict[str, Any]:
    """The model's form with these weights; a line that it had keeps its band."""
    held = {line.support_id: line for line in model.version.lines}
    named = {one.support_id: one.code or one.label for one in found.lines} | {one.support_id: one.code for one in found.aside}
    values: dict[str, Any] = {"name": model.name, "profile": model.version.profile, "remarks": model.version.remarks}
    for n, (key, weight) in enumerate(lines.items(), 1):
        values |= {f"support_{n}": named[key], f"weight_{n}": weight * 100}
        if key in held:
            values[f"band_{n}"] = held[key].band * 100
    return values
