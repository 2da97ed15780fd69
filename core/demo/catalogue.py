"""The instance's catalogue: supports with real ISINs, what they yield, their prices at month ends and of late each week."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from datetime import date
from datetime import timedelta

from core.demo import market
from core.demo.months import MONTHS
from core.demo.months import month_ends
from core.demo.seed import Ids
from core.demo.seed import cents
from core.demo.seed import euros
from core.demo.seed import rows
from core.supports.labels import CLASS_OF_TYPE

SOURCE = "Jeu de démonstration"


@dataclass(frozen=True, slots=True)
class Support:
    """A fund or security of the catalogue. Euro funds and cash have no price.

    `classes` says which kinds of account may hold it; `rates`: year → what a euro fund paid, net, in basis points; `entry`:
    what buying costs above the price, and `dividend` a year's, both in basis points of the price.
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
    start: date | None
    entry: int
    dividend: int
    rates: dict[int, int]
    classes: tuple[str, ...]
    asset_class: str | None = None
    zone: str | None = None


@dataclass(slots=True)
class Prices:
    """Every support's listed prices in cents, on common days, oldest first; and its price of any day."""

    days: list[date]
    by_support: dict[str, list[int]] = field(default_factory=dict)
    paths: dict[str, market.Path] = field(default_factory=dict)

    def at(self, support_id: str, day: date) -> tuple[date, int]:
        """The last listed price not after `day`, or the first one where `day` comes before them all."""
        index = max(0, bisect_right(self.days, day) - 1)
        return self.days[index], self.by_support[support_id][index]

    def of(self, support_id: str, day: date) -> int:
        """What a unit is dealt at on a day."""
        return self.paths[support_id].at(day)


def supports(ids: Ids) -> list[Support]:
    """The catalogue's supports, in the file's order."""
    return [
        Support(
            id=ids.next(), isin=row["isin"] or None, code=row["code"] or None, label=row["label"], type=row["type"],
            currency=row["currency"], sri=int(row["sri"]) if row["sri"] else None, sfdr=row["sfdr"],
            manager=row["manager"] or None, price=cents(row["price"]) if row["price"] else None,
            start=date.fromisoformat(row["start"]) if row["start"] else None, entry=int(row["entry"] or 0),
            dividend=int(row["yield"] or 0), classes=tuple(row["classes"].split()),
            rates={int(year): int(rate) for year, rate in (pair.split("=") for pair in row["rates"].split())},
            **dict(zip(("asset_class", "zone"), kept_in(row), strict=True)),
        )
        for row in rows("supports.csv")
    ]  # fmt: skip


_MARKETS = {"monde": "MONDE", "europe": "EUROPE", "tech": "AMERIQUE_NORD", "emergents": "EMERGENTS"}
_OWN = {"or": ("MATIERES_PREMIERES", None), "bitcoin": ("CRYPTO", None)}


def kept_in(row: Mapping[str, str]) -> tuple[str | None, str | None]:
    """What a support is invested in and where, in the main, by the markets that its price follows."""
    follows = {name: int(part) for name, part in (pair.split("=") for pair in row["factors"].split())}
    kind = CLASS_OF_TYPE.get(row["type"])
    if kind in ("FONDS_EURO", "LIQUIDITES"):
        return kind, "EUROPE"
    if kind == "IMMOBILIER":
        return kind, "FRANCE"
    if not follows:
        return kind, None
    main = max(follows, key=lambda name: follows[name])
    if main in _OWN:
        return _OWN[main]
    rates = follows.get("taux", 0) / sum(follows.values())
    fund = "OBLIGATIONS" if rates >= 0.6 else "DIVERSIFIE" if rates >= 0.25 else "ACTIONS"
    shares = {name: part for name, part in follows.items() if name in _MARKETS}
    return kind or fund, _MARKETS[max(shares, key=lambda name: shares[name])] if shares else "EUROPE"


def listed(until: date) -> list[date]:
    """The days of the prices: six years of month ends (late data reach back), a year of Fridays, the last day."""
    friday = until - timedelta(days=(until.weekday() - 4) % 7)
    fridays = [friday - timedelta(weeks=week) for week in range(52)]
    return sorted({*month_ends(until, MONTHS + 11), *fridays, until})


def prices(found: list[Support], days: list[date]) -> Prices:
    """The price of every priced support on each day."""
    made = Prices(days)
    courses = {row["isin"] or row["code"]: row for row in rows("supports.csv")}
    for support in found:
        if support.price is not None:
            path = market.Path(market.course(courses[support.isin or support.code or ""]))
            made.paths[support.id] = path
            made.by_support[support.id] = [path.at(day) for day in days]
    return made


def support_rows(found: list[Support]) -> list[dict[str, object]]:
    """Rows of `catalogue_support`."""
    return [
        {
            "id": one.id, "isin": one.isin, "code": one.code, "label": one.label, "type": one.type,
            "currency": one.currency, "sri": one.sri, "sfdr": one.sfdr, "manager": one.manager,
            "asset_class": one.asset_class, "zone": one.zone,
        }
        for one in found
    ]  # fmt: skip


def price_rows(ids: Ids, found: list[Support], prices: Prices) -> list[dict[str, object]]:
    """Rows of `catalogue_price`: none before a support was issued."""
    return [
        {"id": ids.next(), "support_id": one.id, "on": day, "price": euros(price), "source": SOURCE}
        for one in found
        if one.id in prices.by_support
        for day, price in zip(prices.days, prices.by_support[one.id], strict=True)
        if one.start is None or day >= one.start
    ]
