"""How much may be deducted for payments on a PER in a year: a tenth of the year before's income (CGI, art. 163 quatervicies)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP
from decimal import Decimal
from typing import Any

from plugins.fiscalite import rates

TENTH, TIMES = Decimal("0.1"), Decimal(8)
SOURCE = "CGI, art. 163 quatervicies"


@dataclass(frozen=True, slots=True)
class Ceiling:
    """One adult's ceiling. `total` None: it cannot be told, `missing` says what for want of. `from_notice`: copied from there."""

    total: Decimal | None
    year: Decimal | None = None
    carried: Decimal = Decimal(0)
    from_notice: bool = False
    pass_year: int | None = None


def of_year(year: int, earned_before: Decimal) -> Decimal | None:
    """The ceiling that comes to exist for payments of `year`; None where the PASS of the year before is not known.

    earned_before: net income of work of the year before, after its deduction of 10 % or real expenses.
    """
    ceiling = rates.SOCIAL_CEILING.get(year - 1)
    if ceiling is None:
        return None
    found = max(TENTH * min(earned_before, TIMES * ceiling), TENTH * ceiling)
    return found.quantize(Decimal(1), ROUND_HALF_UP)


def ceiling(facts: Mapping[str, Any], number: int, year: int) -> Ceiling:
    """An adult's ceiling for payments of the declared year: the notice's where it is given, otherwise reckoned."""
    if (notice := facts.get(f"per_plafond_{number}")) is not None:
        return Ceiling(notice, from_notice=True)
    earned = facts.get(f"activite_precedente_{number}")
    own = of_year(year, earned) if earned is not None else None
    if own is None:
        return Ceiling(None)
    carried = facts.get(f"plafonds_reportes_{number}") or Decimal(0)
    return Ceiling(own + carried, own, carried, pass_year=year - 1)
