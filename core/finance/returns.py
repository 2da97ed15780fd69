"""Returns of money that comes and goes: XIRR, TWR, modified Dietz, volatility, drawdown (PF-08). Ratios: 0.05 is 5 %.

Values and flows are in one currency; a flow is positive when money comes in, except in `xirr`, which takes the investor's
side: what he pays is negative. Nothing here answers NaN or infinity: what cannot be computed is None (`xirr`) or `BadSeries`.
"""

from __future__ import annotations

import math
import statistics
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pyxirr

from core.finance.terms import ZERO

Dated = tuple[date, Decimal]


class BadSeries(ValueError):
    """Values, flows or returns of which no figure can be made. `field`: the argument that it is about; `text`: why, in French."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field
        self.text = text


def xirr(flows: Iterable[Dated]) -> float | None:
    """The annual rate at which dated flows are worth nothing together; None where there is no root.

    Excel's XIRR: Σ flow ÷ (1 + rate) ^ (days ÷ 365) = 0, days from the first flow, act/365 fixed. Outflows of the investor
    are negative, what he receives or still owns is positive. In any order; flows of one sign, or of one day,
    have no root. Raises `BadSeries` for an amount that is no finite number. Library: pyxirr, Newton then Brent.
    """
    days, amounts = [], []
    for day, amount in flows:
        found = float(amount)
        if not math.isfinite(found):
            raise BadSeries("flows", _FINITE)
        days.append(day)
        amounts.append(found)
    if not amounts or min(amounts) >= 0 or max(amounts) <= 0 or min(days) == max(days):
        return None
    rate = pyxirr.xirr(days, amounts, silent=True)
    return rate if rate is not None and math.isfinite(rate) and rate > -1 else None


def twr(values: Sequence[Dated], flows: Sequence[Dated]) -> float:
    """The time-weighted return of a period: the returns between its values, chained. Not annualised.

    A value is taken before the flow of its own day, hence a flow of the last day changes nothing. Where a flow falls between
    two values, the return between them is modified Dietz (GIPS: linked modified Dietz). While nothing is invested, nothing is
    earned. `values` in the order of their days, one a day, at least two. Raises `BadSeries`, also where money is earned on
    nothing, or on less.
    """
    whole = 1.0
    for _, grown in chained(values, flows):
        whole *= grown
    return whole - 1


def chained(values: Sequence[Dated], flows: Sequence[Dated]) -> list[tuple[date, float]]:
    """The links of `twr`: each day of a value but the first, with the growth since the one before (1.02: 2 % more)."""
    _check_values(values)
    days = [day for day, _ in values]
    between = defaultdict[int, list[Dated]](list)
    for day, amount in flows:
        _check(amount, "flows")
        if not days[0] <= day <= days[-1]:
            raise BadSeries("flows", f"Un flux du {day:%d/%m/%Y} est hors de la période mesurée.")
        place = bisect_left(days, day)
        between[place if place < len(days) and days[place] == day else place - 1].append((day, amount))
    found = []
    for place in range(len(values) - 1):
        (begin, start), (finish, end) = values[place], values[place + 1]
        inside = between[place]
        if end == 0 and all(on == begin for on, _ in inside) and start + sum((moved for _, moved in inside), ZERO) == 0:
            found.append((finish, 1.0))
            continue
        grown = 1 + modified_dietz(start, end, inside, begin, finish)
        if grown < 0:
            raise BadSeries("values", f"La valeur du {finish:%d/%m/%Y} est négative une fois les flux retirés.")
        found.append((finish, grown))
    return found


def modified_dietz(start: Decimal, end: Decimal, flows: Sequence[Dated], begin: date, finish: date) -> float:
    """The money-weighted return of a period by modified Dietz: gain ÷ (start + Σ weighted flows). Not annualised.

    A flow of day D weighs (CD − D) ÷ CD, CD being the days of the period: it is there from the end of its day (GIPS).
    `start` is before a flow of the first day, which weighs 1; `end` is after one of the last day, which weighs 0.
    Raises `BadSeries` for a period without days, a flow outside it, or where nothing is invested.
    """
    length = (finish - begin).days
    if length <= 0:
        raise BadSeries("finish", "La période finit avant d'avoir commencé, ou le même jour.")
    _check(start, "start")
    _check(end, "end")
    net = weighted = ZERO
    for day, amount in flows:
        _check(amount, "flows")
        if not begin <= day <= finish:
            raise BadSeries("flows", f"Un flux du {day:%d/%m/%Y} est hors de la période mesurée.")
        net += amount
        weighted += amount * (finish - day).days / length
    invested = start + weighted
    if invested <= 0:
        raise BadSeries("start", f"Du {begin:%d/%m/%Y} au {finish:%d/%m/%Y}, rien n'est investi\u202f: aucun rendement.")
    return float((end - start - net) / invested)


def annual_volatility(returns: Sequence[float], periods: int) -> float:
    """The deviation of returns over a year: sample deviation (n − 1) × √periods, `periods` being how many make a year.

    Raises `BadSeries` for fewer than two returns, or fewer than one period a year.
    """
    _check_returns(returns)
    if len(returns) < 2:
        raise BadSeries("returns", "Une volatilité demande au moins deux rendements.")
    if periods < 1:
        raise BadSeries("periods", "Une année compte au moins une période.")
    return statistics.stdev(returns) * math.sqrt(periods)


def max_drawdown(returns: Sequence[float]) -> float:
    """The largest fall from a highest point to what follows it, of returns chained from 1: −0.25 is a quarter lost; 0 for none.

    Raises `BadSeries` for no return, or one that loses more than all.
    """
    _check_returns(returns)
    if not returns:
        raise BadSeries("returns", "Une perte maximale demande au moins un rendement.")
    level = highest = 1.0
    worst = 0.0
    for one in returns:
        if one < -1:
            raise BadSeries("returns", "Un rendement perd plus que tout\u202f: vérifiez les valeurs.")
        level *= 1 + one
        highest = max(highest, level)
        worst = min(worst, level / highest - 1)
    return worst


def correlation(first: Sequence[float], second: Sequence[float]) -> float | None:
    """Pearson's correlation of two series of returns of the same periods, −1 to 1; None where one of them never moves.

    Raises `BadSeries` for series of different lengths, or of fewer than three returns: two of them always lie on a line.
    """
    _check_returns(first)
    _check_returns(second)
    if len(first) != len(second):
        raise BadSeries("second", "Une corrélation se calcule sur les mêmes périodes des deux séries.")
    if len(first) < 3:
        raise BadSeries("first", "Une corrélation demande au moins trois rendements.")
    if len(set(first)) == 1 or len(set(second)) == 1:
        return None
    return max(-1.0, min(1.0, statistics.correlation(first, second)))


_FINITE = "Un montant n'est pas un nombre fini."


def _check(amount: Decimal, field: str) -> None:
    if not amount.is_finite():
        raise BadSeries(field, _FINITE)


def _check_values(values: Sequence[Dated]) -> None:
    if len(values) < 2:
        raise BadSeries("values", "Un rendement demande au moins deux valeurs.")
    before: date | None = None
    for day, value in values:
        _check(value, "values")
        if before is not None and day <= before:
            raise BadSeries("values", "Les valeurs se donnent dans l'ordre des jours, une par jour.")
        before = day


def _check_returns(returns: Sequence[float]) -> None:
    if not all(math.isfinite(one) for one in returns):
        raise BadSeries("returns", "Un rendement n'est pas un nombre fini.")
