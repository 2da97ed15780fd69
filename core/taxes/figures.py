"""The figures of an answer, checked: a number that is missing or is none makes the whole answer nonsense."""

from __future__ import annotations

import math
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP
from decimal import Decimal
from typing import Any

from core.taxes.case import FOYER_ID
from core.taxes.case import WANTED
from core.taxes.case import WANTED_IFI
from core.taxes.case import Case

_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Bracket:
    """A bracket of the scale, by part: from `above` euros on, at `rate` (0.11)."""

    above: Decimal
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Scale:
    """The income tax's scale that was applied. `year`: the year of income that it was voted for."""

    year: int
    brackets: tuple[Bracket, ...]

    def parts(self, income: Decimal) -> tuple[Decimal, ...]:
        """How much of an income (of one part) lies in each bracket."""
        edges = [one.above for one in self.brackets]
        tops = [*edges[1:], None]
        return tuple(
            max(Decimal(0), (income if top is None else min(income, top)) - edge) for edge, top in zip(edges, tops, strict=True)
        )


class Nonsense(ValueError):
    """What was answered is not what was asked."""


def read(case: Case, answer: Any, year: int) -> dict[str, Decimal]:
    """The figures by the engine's names. Raises `Nonsense` where one is not there, or is no finite number."""
    try:
        foyer = answer["foyers_fiscaux"][FOYER_ID]
    except (KeyError, TypeError) as error:
        raise Nonsense("the answer has no household") from error
    asked = case["foyers_fiscaux"][FOYER_ID]
    found = {name: _figure(foyer, name, str(year)) for name in WANTED}
    if "assiette_isf_ifi" in asked:
        found |= {name: _figure(foyer, name, str(year + 1)) for name in WANTED_IFI}
    return found


def _figure(foyer: Any, name: str, period: str) -> Decimal:
    try:
        value = foyer[name][period]
    except (KeyError, TypeError) as error:
        raise Nonsense(f"no «{name}» of {period}") from error
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise Nonsense(f"«{name}» is {value!r}")
    places = Decimal("0.0001") if name in ("ir_taux_marginal", "nbptr") else _CENT
    return Decimal(str(value)).quantize(places, ROUND_HALF_UP)


def scale(parameter: Any, year: int) -> Scale:
    """The scale of a year out of the engine's own parameter: the newest that began by then. Raises `Nonsense`."""
    try:
        by_day: Mapping[str, Mapping[str, float]] = parameter["brackets"]
        day = max(one for one in by_day if one[:4] <= str(year))
        lines = sorted((Decimal(str(float(above))), Decimal(str(rate))) for above, rate in by_day[day].items())
    except (KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise Nonsense("the scale cannot be read") from error
    if not lines or len(lines) > 20:
        raise Nonsense("the scale has no brackets")
    return Scale(int(day[:4]), tuple(Bracket(above, rate) for above, rate in lines))


def marginal(found: Scale, income: Decimal) -> int:
    """The place of the bracket in which an income (of one part) ends."""
    reached: Sequence[int] = [place for place, one in enumerate(found.brackets) if income > one.above]
    return reached[-1] if reached else 0
