"""The one door to skfolio: weights on past returns within bounds. Imported by the worker alone; nothing is asked of a database.

`MeanRisk` with its own `EmpiricalPrior` (`EmpiricalMu`, `EmpiricalCovariance`): the means and covariances that were observed.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from importlib.util import find_spec
from typing import Any

from flask_babel import gettext as _

from core.api.formats import number
from plugins.outils.optimising.shapes import Named
from plugins.outils.optimising.shapes import Wish

#: What the package is called where it is installed from: an extra of Encours.
EXTRA = "encours[optimisation]"
#: Points of a frontier.
POINTS = 12
#: Returns are given in per cent: a solver stops at an absolute precision, and a week's variance is a small number.
_SCALE = 100
#: A difference of mean returns, in per cent, below which a frontier is one point.
_FLAT = 1e-6


class Impossible(Exception):
    """Nothing answers what is asked. `text`: why, in French."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


@dataclass(frozen=True, slots=True)
class Solved:
    """Weights, which sum to 1 but for a hair, of each point of the frontier from the least risk on, and of what was sought."""

    frontier: tuple[tuple[float, ...], ...]
    chosen: tuple[float, ...]


def available() -> bool:
    """Whether the extra is installed. It is looked for, not loaded: that takes seconds."""
    return find_spec("skfolio") is not None


def solve(
    returns: Sequence[Sequence[float]], a_year: int, lines: Sequence[Named], wish: Wish, *, frontier: bool = True
) -> Solved:  # fmt: skip
    """Raises `Impossible`. `returns`: step by step, one a support; `a_year` of them make a year."""
    if not available():
        raise Impossible(_("Le module de calcul n'est plus installé\u202f: demandez-le à l'administrateur."))
    import numpy as np
    from skfolio.exceptions import SkfolioError
    from skfolio.optimization import MeanRisk
    from skfolio.optimization import ObjectiveFunction

    given = np.asarray(returns) * _SCALE
    bounds = {
        "min_weights": np.array([float(line.low) for line in lines]),
        "max_weights": np.array([float(line.high) for line in lines]),
    }

    def weights(**more: Any) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of series that move as one: skfolio takes the nearest covariance, as it says
            return MeanRisk(**bounds, **more).fit(given).weights_

    means, covariance = given.mean(axis=0), np.cov(given, rowvar=False)
    yearly, richest = math.sqrt(a_year), np.array(_richest(means, lines))
    try:
        least = weights()
        floor = math.sqrt(max(0.0, float(least @ covariance @ least))) * yearly
        if wish.goal == "VARIANCE":
            chosen = least
        elif wish.goal == "CIBLE":
            aim = float(wish.risk or 0) * _SCALE
            if aim < floor:
                raise Impossible(_below(floor))
            chosen = weights(objective_function=ObjectiveFunction.MAXIMIZE_RETURN, max_standard_deviation=aim / yearly)
        else:
            if float(richest @ means) <= 0:
                raise Impossible(_(
                    "Aucune répartition dans ces bornes n'a eu un rendement positif sur la période\u202f: cherchez plutôt la "
                    "variance minimale."
                ))  # fmt: skip
            chosen = weights(objective_function=ObjectiveFunction.MAXIMIZE_RATIO)
        points = [least]
        poor, rich = float(least @ means), float(richest @ means)
        if frontier and rich - poor > _FLAT:  # the richest is known: asked of the solver, it would be a set of one point
            points = [*weights(min_return=np.linspace(poor, rich, POINTS)[:-1]), richest]
    except (SkfolioError, ValueError, ArithmeticError) as error:
        raise Impossible(_("Le calcul n'aboutit pas avec ces bornes et ces cours\u202f: desserrez les bornes.")) from error
    return Solved(tuple(tuple(map(float, one)) for one in points), tuple(map(float, chosen)))


def _below(floor: float) -> str:
    """The least risk in the words of whoever aimed below it, rounded up so that aiming at it holds."""
    shown = math.ceil(floor * 100) / 100
    return str(_(
        "Avec ces bornes, le plus bas risque a été de %(floor)s\u00a0%% par an sur la période\u202f: visez au moins autant, ou "
        "desserrez les bornes.", floor=number(Decimal(str(shown)), 2),
    ))  # fmt: skip


def _richest(means: Sequence[float], lines: Sequence[Named]) -> list[float]:
    """The weights of the greatest mean return: floors first, then the best means up to their ceilings."""
    found, left = [float(line.low) for line in lines], 1.0 - sum(float(line.low) for line in lines)
    for place in sorted(range(len(lines)), key=lambda one: -means[one]):
        more = min(left, float(lines[place].high - lines[place].low))
        found[place], left = found[place] + more, left - more
    return found
