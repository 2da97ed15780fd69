"""What is told of a position, whatever its format: no price, a price of zero, a value that is not quantity × price."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from core.api import formats
from core.api.feeds import FeedFinding
from core.api.feeds import PositionSeen

CENT = Decimal("0.01")


def position(one: PositionSeen, *, product: bool = True) -> Iterator[FeedFinding]:
    """Findings of a position. `product`: whether value = quantity × price is to hold, within what was rounded in print."""
    name = one.support.label or one.support.isin or one.support.code
    if one.value is None:
        text = f"«\u202f{name}\u202f» n'a pas de valeur\u202f: la source ne la donne pas."
        yield FeedFinding("warning", "value", text, one.place)
    if one.quantity is None or one.quantity == 0:
        return
    if one.price is None:
        text = f"«\u202f{name}\u202f» n'a pas de cours\u202f: la source ne le donne pas."
        yield FeedFinding("warning", "price", text, one.place)
    elif one.price == 0:
        yield FeedFinding("warning", "price", f"«\u202f{name}\u202f» a un cours de zéro.", one.place)
    elif product and one.value is not None:
        gap = abs(one.quantity * one.price - one.value)
        if gap > rounded(one.quantity, one.price) + CENT:
            made, told = (formats.money(figure, one.currency or "EUR") for figure in (one.quantity * one.price, one.value))
            text = f"«\u202f{name}\u202f»\u202f: quantité × cours font {made}, pas {told}."
            yield FeedFinding("error", "product", text, one.place)


def rounded(quantity: Decimal, price: Decimal) -> Decimal:
    """How far a product may be off because both figures are printed with so many decimals."""
    return abs(quantity) * _half(price) + abs(price) * _half(quantity)


def _half(figure: Decimal) -> Decimal:
    """Half of the last decimal; a figure without decimals is exact: ten shares are not nine and a half."""
    places = figure.as_tuple().exponent
    return Decimal(1).scaleb(places) / 2 if isinstance(places, int) and places < 0 else Decimal(0)
