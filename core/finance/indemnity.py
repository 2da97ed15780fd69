"""What a lender may ask for an early repayment: the legal cap, as a dated table (AU-01)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.finance.terms import CENT
from core.finance.terms import ZERO


@dataclass(frozen=True, slots=True)
class Cap:
    """A cap in force from a day on: so many months of interest on what is repaid, at most this share of the balance."""

    since: date
    months: int
    share: Decimal
    source: str


#: Oldest first. Housing loans to consumers; other loans go by their contract.
CAPS = (
    Cap(date(1979, 8, 10), 6, Decimal("0.03"), "Art. R. 312-2 C. conso., repris du décret n° 80-473 du 28 juin 1980"),
    Cap(date(2016, 7, 1), 6, Decimal("0.03"), "Art. R. 313-25 C. conso., décret n° 2016-884 du 29 juin 2016"),
)


def cap(on: date) -> Cap | None:
    """The cap in force on a day; None before the oldest known."""
    return next((one for one in reversed(CAPS) if one.since <= on), None)


def indemnity_cap(on: date, repaid: Decimal, balance: Decimal, average_rate: Decimal) -> Decimal:
    """The most that may be asked: six months of interest on what is repaid, never beyond 3 % of the balance before it.

    `average_rate`: the loan's, as a ratio a year. Rounded down to the cent: a cap is not passed by half of one. Nothing
    is due where a change of workplace, a death or the end of work forces the sale (art. L. 313-48): the caller knows.
    """
    found = cap(on)
    if found is None:
        return ZERO
    interest = repaid * average_rate * found.months / 12
    return min(interest, balance * found.share).quantize(CENT, "ROUND_DOWN")
