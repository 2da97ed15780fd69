"""One account, walked back from what it holds today: each act undone in turn, so that past and present add up to the cent.

Acts are told in the order of time going back. What an account held on a day is then today's holding less all acts since.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from core.demo.catalogue import Prices
from core.demo.catalogue import Support
from core.demo.positions import FINEST
from core.demo.positions import UNIT
from core.demo.positions import Position
from core.demo.positions import is_whole

_BASIS = 10_000


@dataclass(frozen=True, slots=True)
class Movement:
    """One accounting fact; `amount` in cents, negative when money leaves the account or a support; `parts` in millionths."""

    on: date
    kind: str
    label: str
    amount: int
    support: Support | None = None
    parts: int | None = None


@dataclass(slots=True)
class Holding:
    """A support going back in time. `parts`: what is left of its units; of an amount without units, `amount`."""

    support: Support
    parts: int | None
    amount: int = 0


class Ledger:
    """What an account holds and did, back to the day `since`."""

    def __init__(self, prices: Prices, lines: Iterable[Position], since: date, rates: Mapping[int, int], opened: date) -> None:
        self._prices, self.since, self.rates, self._opened = prices, since, rates, opened
        self.holdings = [Holding(line.support, line.parts, 0 if line.parts is not None else line.value) for line in lines]
        self.units = [one for one in self.holdings if one.parts is not None]
        self.base = next((one for one in self.holdings if one.parts is None), None)
        self.moves: list[Movement] = []

    def price(self, one: Holding, day: date) -> int:
        """What a unit is dealt at on a day, without what buying costs."""
        return self._prices.of(one.support.id, day)

    def worth(self, one: Holding, day: date) -> int:
        """What is left of a support is worth on a day."""
        return one.amount if one.parts is None else valued(one.parts, self.price(one, day))

    def value(self, day: date) -> int:
        """What is left of the account is worth on a day."""
        return sum(self.worth(one, day) for one in self.holdings)

    def cash(self, move: Movement, amount: int) -> None:
        """An act on the part without units: `amount` came in, whatever the movement itself says."""
        assert self.base is not None
        self.base.amount -= amount
        self.moves.append(move)

    def buy(self, day: date, one: Holding, amount: int, *, finest: int = FINEST) -> tuple[int, int]:
        """How many parts an amount buys, and what they cost exactly; (0, 0) where fewer are left than that."""
        price = with_entry(self.price(one, day), one.support)
        step = UNIT if is_whole(one.support) else finest
        parts = amount * UNIT // price // step * step
        return (parts, valued(parts, price)) if 0 < parts <= (one.parts or 0) else (0, 0)

    def bought(self, day: date, kind: str, label: str, one: Holding, parts: int, amount: int) -> None:
        """Parts came in for an amount."""
        assert one.parts is not None
        one.parts -= parts
        self.moves.append(Movement(day, kind, label, amount, one.support, parts))

    def sold(self, day: date, kind: str, label: str, one: Holding, parts: int, amount: int) -> None:
        """Parts went out for an amount."""
        assert one.parts is not None
        one.parts += parts
        self.moves.append(Movement(day, kind, label, -amount, one.support, -parts))

    # --- acts of a contract ------------------------------------------------------------------------------------

    def pay(self, day: date, total: int, kind: str, label: str, most: int = 9) -> bool:
        """A payment over the supports, as they weigh that day; False where today's holdings leave no room for it."""
        value = self.value(day)
        if value <= total * 5 // 4:
            return False
        units = sorted(self.units, key=lambda one: -self.worth(one, day))[:most]
        kept, left = [], total
        for one in units:
            share = total * self.worth(one, day) // value
            parts, amount = self.buy(day, one, share)
            if parts and parts * 4 <= (one.parts or 0) * 3:
                kept.append((one, parts, amount))
                left -= amount
        if self.base is None:
            for one, parts, amount in kept:
                self.bought(day, kind, label, one, parts, amount)
            return bool(kept)
        if left * 10 > self.base.amount * 9:
            return False
        for one, parts, amount in kept:
            self.bought(day, kind, label, one, parts, amount)
        if left:
            self.cash(Movement(day, kind, label, left, self.base.support), left)
        return True

    def withdraw(self, day: date, total: int, kind: str, label: str) -> None:
        """A withdrawal from every support, as they weigh that day."""
        assert self.base is not None
        value, left = self.value(day), total
        for one in self.units:
            share = total * self.worth(one, day) // max(1, value)
            parts = share * UNIT // self.price(one, day) // FINEST * FINEST
            amount = valued(parts, self.price(one, day))
            if amount:
                self.sold(day, kind, label, one, parts, amount)
                left -= amount
        self.cash(Movement(day, kind, label, -left, self.base.support), -left)

    def switch(self, day: date, out: Holding, into: Holding, wanted: int) -> bool:
        """A switch: what leaves one support is what enters the other, to the cent."""
        parts, amount = self.buy(day, into, wanted, finest=1)
        if not parts or parts * 10 > (into.parts or 0) * 9:
            return False
        if out.parts is None:
            self.cash(Movement(day, "ARBITRAGE", f"Arbitrage, sortie {out.support.label}", -amount, out.support), -amount)
        else:
            price = self.price(out, day)
            sold = (amount * UNIT + price // 2) // price
            self.sold(day, "ARBITRAGE", f"Arbitrage, sortie {out.support.label}", out, sold, amount)
        self.bought(day, "ARBITRAGE", f"Arbitrage, entrée {into.support.label}", into, parts, amount)
        return True

    def charge(self, day: date, rate: int, label: str) -> None:
        """Yearly fees on units, taken in units; `rate` in basis points."""
        for one in self.units:
            if not one.parts:
                continue
            parts = (one.parts * rate // (_BASIS - rate)) // FINEST * FINEST
            if parts and (amount := valued(parts, self.price(one, day))):
                self.sold(day, "FRAIS", label, one, parts, amount)

    def issue(self, one: Holding) -> None:
        """A support that did not exist at the beginning was bought on its first day, out of the part without units."""
        start = one.support.start
        if start is None or not one.parts or self.base is None:
            return
        amount = valued(one.parts, self.price(one, start))
        self.bought(start, "ARBITRAGE", f"Arbitrage, entrée {one.support.label}", one, one.parts, amount)
        text = f"Arbitrage, sortie {self.base.support.label}"
        self.cash(Movement(start, "ARBITRAGE", text, -amount, self.base.support), -amount)

    # --- interest ----------------------------------------------------------------------------------------------

    def interest(self, first: int, flows: list[tuple[date, int]], until: date) -> list[tuple[date, int]]:
        """What the part without units earns: each 31 December, for the days that each euro was there."""
        balance, found = first, []
        for year in range(self.since.year, until.year + 1):
            end, rate = date(year, 12, 31), self.rates.get(year, 0)
            begin = max(self._opened, date(year - 1, 12, 31))
            within = [(day, amount) for day, amount in flows if begin < day <= end]
            if end <= until and end > begin:
                weighted = balance * (end - begin).days + sum(amount * (end - day).days for day, amount in within)
                credit = max(0, (weighted * rate + 365 * _BASIS // 2) // (365 * _BASIS))
                if credit:
                    found.append((end, credit))
                    balance += credit
            balance += sum(amount for _, amount in within)
        return found


def valued(parts: int, price: int) -> int:
    """What parts are worth at a price, in cents."""
    return (parts * price + UNIT // 2) // UNIT


def with_entry(price: int, support: Support) -> int:
    """What a unit is bought at: what is paid on entry comes on top."""
    return price if not support.entry else price * _BASIS // (_BASIS - support.entry)
