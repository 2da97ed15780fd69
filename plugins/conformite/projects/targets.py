"""The allocation that suits each level of a profile: the house's, as data, until the cabinet says its own (CO-03). Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from core.api import supports
from core.api.db import DomainError
from core.api.formats import number
from plugins.conformite.projects import projection
from plugins.conformite.projects.assumptions import Assumptions
from plugins.conformite.scoring import LEVELS

_FILE = Path(__file__).parent / "data" / "allocations-1.json"
CLASSES = supports.ASSET_CLASSES
ZERO, ONE = Decimal(0), Decimal(1)
_STEP = Decimal("0.0001")
Weights = Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Targets:
    """A version. `number`: 0 is the house's; `levels`: level → class → weight; `margin`: of volatility, admitted above."""

    number: int
    dated: date
    about: str
    said_by: str
    levels: Mapping[int, Weights]
    margin: Decimal

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes that some level has."""
        return tuple(code for code in CLASSES if any(some.get(code) for some in self.levels.values()))

    def suits(self, risk: Decimal, supposed: Assumptions) -> int | None:
        """The lowest level whose allocation has as much volatility, within the margin; None where none has."""
        limits = {level: self.limit(level, supposed) for level in sorted(self.levels)}
        return next((level for level, limit in limits.items() if limit is not None and risk <= limit), None)

    def limit(self, level: int, supposed: Assumptions) -> Decimal | None:
        """The most volatility that goes with a level; None where it is not known of one of its classes."""
        own = projection.volatility(self.levels.get(level, {}), supposed)
        return None if own is None else own + self.margin


@cache
def house() -> Targets:
    """The house's own."""
    read = json.loads(_FILE.read_text("utf-8"))
    levels = {int(level): {code: Decimal(told) for code, told in some.items()} for level, some in read["weights"].items()}
    return Targets(0, date.fromisoformat(read["dated"]), read["about"], "", levels, Decimal(read["margin"]))


def checked(weights: Weights, field: str) -> dict[str, Decimal]:
    """An allocation by class, in their order, without the empty ones. Raises `DomainError` at `field`."""
    for code, weight in weights.items():
        if code not in CLASSES:
            raise DomainError("Choisissez une classe d'actifs de la liste.", field=field)
        if not 0 <= weight <= 1 or weight != weight.quantize(_STEP):
            raise DomainError("Un poids va de 0 à 100\u00a0%, à deux décimales.", field=field)
    check_total(sum(weights.values(), ZERO), field)
    return {code: weights[code].normalize() for code in CLASSES if weights.get(code)}


def check_total(total: Decimal, field: str, of: str = "") -> None:
    """Raise `DomainError` at `field` where weights do not make the whole. `of`: whose they are."""
    if total == ONE:
        return
    gap = number(abs(ONE - total) * 100)
    todo = f"il manque {gap} point(s)" if total < ONE else f"retirez {gap} point(s)"
    subject = f"{of}\u202f: le" if of else "Le"
    raise DomainError(f"{subject} total des poids fait {number(total * 100)}\u00a0%\u202f: {todo}.", field=field)


def every(levels: Mapping[int, Weights]) -> dict[int, dict[str, Decimal]]:
    """All levels, checked. Raises `DomainError` at `w_<level>_<class>` of the level that is wrong."""
    first = next(iter(CLASSES))
    found = {}
    for level in LEVELS:
        own = levels.get(level, {})
        check_total(sum(own.values(), ZERO), f"w_{level}_{first}", LEVELS[level])
        found[level] = checked(own, f"w_{level}_{first}")
    return found
