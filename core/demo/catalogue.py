"""The instance's catalogue: supports with real ISINs, and their monthly prices as a seeded random walk."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from dataclasses import field
from datetime import date
from random import Random

from core.demo.seed import Ids
from core.demo.seed import cents
from core.demo.seed import euros
from core.demo.seed import rows

SOURCE = "Jeu de démonstration"
_BASIS = 10_000


@dataclass(frozen=True, slots=True)
class Support:
    """A fund or security of the catalogue. `drift` and `vol` are yearly, in basis points; `price` is the first one.

    `classes` says which kinds of account may hold it. Euro funds and cash have no price.
    """

    id: str
    isin: str | None
    code: str | None
    label: str
    type: str
    currency: str
    sri: int | None
    sfdr: str
    manager: str | None
    price: int | None
    drift: int
    vol: int
    classes: tuple[str, ...]


@dataclass(slots=True)
class Prices:
    """Every support's prices in cents, on common days, oldest first."""

    days: list[date]
    by_support: dict[str, list[int]] = field(default_factory=dict)

    def at(self, support_id: str, day: date) -> tuple[date, int]:
        """The last price not after `day`, or the first one where `day` comes before them all."""
        index = max(0, bisect_right(self.days, day) - 1)
        return self.days[index], self.by_support[support_id][index]


def supports(ids: Ids) -> list[Support]:
    """The catalogue's supports, in the file's order."""
    return [
        Support(
            id=ids.next(), isin=row["isin"] or None, code=row["code"] or None, label=row["label"], type=row["type"],
            currency=row["currency"], sri=int(row["sri"]) if row["sri"] else None, sfdr=row["sfdr"],
            manager=row["manager"] or None, price=cents(row["price"]) if row["price"] else None,
            drift=int(row["drift"] or 0), vol=int(row["vol"] or 0), classes=tuple(row["classes"].split()),
        )
        for row in rows("supports.csv")
    ]  # fmt: skip


def walk(rng: Random, found: list[Support], days: list[date]) -> Prices:
    """Draw a monthly price of every priced support for each day."""
    prices = Prices(days)
    for support in found:
        if support.price is None:
            continue
        # 346 / 100 is about √12: a monthly deviation out of a yearly one, in whole basis points.
        monthly, spread = support.drift // 12, support.vol * 100 // 346
        price, series = support.price, []
        for _ in days:
            series.append(price)
            step = max(-_BASIS // 2, monthly + round(rng.gauss(0, 1) * spread))
            price = max(1, price * (_BASIS + step) // _BASIS)
        prices.by_support[support.id] = series
    return prices


def support_rows(found: list[Support]) -> list[dict[str, object]]:
    """Rows of `catalogue_support`."""
    return [
        {
            "id": one.id, "isin": one.isin, "code": one.code, "label": one.label, "type": one.type,
            "currency": one.currency, "sri": one.sri, "sfdr": one.sfdr, "manager": one.manager,
        }
        for one in found
    ]  # fmt: skip


def price_rows(ids: Ids, prices: Prices) -> list[dict[str, object]]:
    """Rows of `catalogue_price`."""
    return [
        {"id": ids.next(), "support_id": support_id, "on": day, "price": euros(price), "source": SOURCE}
        for support_id, series in prices.by_support.items()
        for day, price in zip(prices.days, series, strict=True)
    ]


