"""What accounts hold: units at the day's price, and the rest in euro funds or cash, to the cent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random

from core.demo.accounts import Account
from core.demo.catalogue import Prices
from core.demo.catalogue import Support
from core.demo.seed import Ids
from core.demo.seed import euros

#: Supports that are held in whole units.
WHOLE = frozenset({"ACTION", "ETF", "OBLIGATION", "SCPI", "FCPI", "FIP", "FCPR", "FIA", "AUTRE"})
#: A unit counts a million parts here; what is drawn keeps four decimals, as insurers do.
UNIT = 1_000_000
FINEST = 100


def is_whole(support: Support) -> bool:
    """Whether a support is held in whole units."""
    return support.type in WHOLE and support.code != "BTC"


@dataclass(frozen=True, slots=True)
class Position:
    """One line. `parts` are millionths of a unit; amounts in cents; no price: an amount only."""

    support: Support
    value: int
    parts: int | None = None
    price: int | None = None
    price_on: date | None = None


class Allocator:
    """Spreads an account's value over supports."""

    def __init__(self, rng: Random, supports: list[Support], prices: Prices) -> None:
        self._rng, self._prices = rng, prices
        self._by_code = {support.isin or support.code: support for support in supports}
        self._by_class: dict[str, list[Support]] = {}
        for support in supports:
            for name in support.classes:
                self._by_class.setdefault(name, []).append(support)

    def fill(self, account: Account) -> list[Position]:
        """The account's positions. Their sum is its value; where one support makes the account, it sets it."""
        kind, _, code = account.product.allocation.partition(":")
        if account.value is None or account.value <= 0 or account.value_on is None or kind in ("none", "debt"):
            return []
        if account.given:
            pairs = account.given.items()
            return [self._amount(self._by_code[name], amount, account.value_on) for name, amount in pairs]
        if kind == "cash":
            return [Position(self._by_code["LIQUIDITES"], account.value)]
        if kind == "one":
            line = self._units(self._by_code[code], max(account.value, self._least(code, account.value_on)), account)
            assert line is not None
            account.value = line.value
            return [line]
        rest_share = self._rng.randrange(15, 65) if kind == "insured" else self._rng.randrange(1, 12)
        rest_in = code or "LIQUIDITES"
        if kind == "fcpe":
            return self._spread(account, self._by_class["fcpe"], rest_share, rest_in, 2)
        return self._spread(account, self._by_class[_POOL.get(kind, kind)], rest_share, rest_in, 7)

    def _spread(self, account: Account, pool: list[Support], rest_share: int, rest_in: str, most: int) -> list[Position]:
        assert account.value is not None
        chosen = self._rng.sample(pool, min(len(pool), self._rng.randrange(2, most + 1)))
        weights = [self._rng.randrange(4, 20) for _ in chosen]
        invested = account.value * (100 - rest_share) // 100
        lines = []
        for support, weight in zip(chosen, weights, strict=True):
            line = self._units(support, invested * weight // sum(weights), account)
            if line is not None:
                lines.append(line)
        rest = account.value - sum(line.value for line in lines)
        return [Position(self._by_code[rest_in], rest), *lines]

    def _units(self, support: Support, amount: int, account: Account) -> Position | None:
        assert account.value_on is not None
        on, price = self._prices.at(support.id, account.value_on)
        parts = amount * UNIT // price
        step = UNIT if is_whole(support) else FINEST
        parts = parts // step * step
        if parts <= 0:
            return None
        value = (parts * price + UNIT // 2) // UNIT
        return Position(support, value, parts, price, on)

    def _amount(self, support: Support, amount: int, day: date) -> Position:
        """A line of a given amount: as many parts as make it to the cent."""
        if support.price is None:
            return Position(support, amount)
        on, price = self._prices.at(support.id, day)
        return Position(support, amount, (amount * UNIT + price // 2) // price, price, on)

    def _least(self, code: str, day: date) -> int:
        return self._prices.at(self._by_code[code].id, day)[1]


_POOL = {"insured": "uc"}


def rows(ids: Ids, account: Account, lines: list[tuple[Position, int]], own: dict[str, str]) -> list[dict[str, object]]:
    """Rows of `position`, of lines and what each cost. `own`: catalogue id → the cabinet's support."""
    return [
        {
            "id": ids.next(), "account_id": account.id, "support_id": own[line.support.id],
            "on": account.value_on, "pocket": "",
            "quantity": None if line.parts is None else Decimal(line.parts).scaleb(-6),
            "price": None if line.price is None else euros(line.price), "price_on": line.price_on,
            "value": euros(line.value), "cost": euros(cost), "currency": "EUR",
        }
        for line, cost in lines
    ]  # fmt: skip
