"""The ten companies, their products, and what each product's accounts look like."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

from core.demo.seed import Ids
from core.demo.seed import rows

COMPANIES: dict[str, str] = {
    "generali-patrimoine": "Generali Patrimoine",
    "spirica": "Spirica",
    "suravenir": "Suravenir",
    "swiss-life": "Swiss Life",
    "axa": "AXA",
    "cardif": "Cardif",
    "primonial": "Praemia REIM",
    "banque-de-loire": "Banque de Loire",
    "nortia": "Nortia",
    "alpheys": "Alpheys",
}


@dataclass(frozen=True, slots=True)
class Product:
    """A contract on sale, and how the demonstration fills it.

    `pattern`: the company's own style of number (# is a digit); `holder`: who may hold one; `allocation`: what it
    holds; `low` and `high`: values in whole euros; `count`: how many accounts the first cabinet has; `since` and `until`: the
    days between which it was on sale.
    """

    catalogue_id: str
    company: str
    name: str
    range_name: str
    envelope: str
    pattern: str
    count: int
    holder: str
    allocation: str
    low: int
    high: int
    origin: str
    depositary: str
    distributor: str | None
    since: date | None
    until: date | None

    def number(self, rng: Random) -> str:
        """A number in the company's style."""
        return "".join(str(rng.randrange(10)) if char == "#" else char for char in self.pattern)


def products(ids: Ids) -> list[Product]:
    """The products, in the file's order."""
    return [
        Product(
            catalogue_id=ids.next(), company=row["company"], name=row["name"], range_name=row["range"],
            envelope=row["envelope"], pattern=row["pattern"], count=int(row["count"]), holder=row["holder"],
            allocation=row["allocation"], low=int(row["low"]), high=int(row["high"]), origin=row["origin"],
            depositary=row["depositary"] or row["company"], distributor=row["distributor"] or None,
            since=date.fromisoformat(row["since"]) if row["since"] else None,
            until=date.fromisoformat(row["until"]) if row["until"] else None,
        )
        for row in rows("products.csv")
    ]  # fmt: skip
