"""Five years of an account: what was paid in and out, what else moved, what it was worth each month, what its lines cost."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from datetime import date
from datetime import timedelta
from decimal import Decimal
from itertools import accumulate
from random import Random

from core.demo import flows
from core.demo.accounts import Account
from core.demo.catalogue import SOURCE
from core.demo.catalogue import Prices
from core.demo.ledger import Holding
from core.demo.ledger import Ledger
from core.demo.ledger import Movement
from core.demo.ledger import valued
from core.demo.ledger import with_entry
from core.demo.months import month_ends
from core.demo.months import years_before
from core.demo.positions import Position
from core.demo.seed import Ids
from core.demo.seed import euros

#: The kinds of movement that change what a person put in (net payments).
PAYMENTS = frozenset({"VERSEMENT", "VERSEMENT_PROGRAMME", "RACHAT"})
#: Payments are round: whole hundreds of euros, in cents.
_ROUND = 10_000
_BASIS = 10_000
_SOURCES = {"AGREGE": SOURCE, "IMPORT_FICHIER": "Import de fichier", "MANUEL": "Saisie"}
#: How an account ended → its last movement.
_ENDS = {"CLOTURE": "Clôture, sortie totale", "TRANSFERE": "Transfert sortant", "DENOUE_DECES": "Règlement aux bénéficiaires"}
#: Year → what a regulated or bank account pays, in basis points: the mean of the year's rates.
_A = {2020: 50, 2021: 50, 2022: 138, 2023: 292, 2024: 300, 2025: 218}
RATES: dict[str, dict[int, int]] = {
    "LIVRET_A": _A, "LDDS": _A, "LEP": {2020: 100, 2021: 100, 2022: 292, 2023: 600, 2024: 450, 2025: 325},
    "LIVRET_JEUNE": {year: rate + 25 for year, rate in _A.items()},
    "LIVRET_BANCAIRE": {2020: 10, 2021: 5, 2022: 20, 2023: 120, 2024: 150, 2025: 100},
    "CEL": {2020: 25, 2021: 25, 2022: 75, 2023: 190, 2024: 200, 2025: 150},
    "PEL": dict.fromkeys(range(2020, 2035), 100),
    "CAT": {2020: 10, 2021: 10, 2022: 60, 2023: 300, 2024: 320, 2025: 230},
}  # fmt: skip


class Historian:
    """Writes the past of accounts so that it ends on what they hold today."""

    def __init__(self, rng: Random, ids: Ids, prices: Prices) -> None:
        self._rng, self._ids, self._prices = rng, ids, prices
        self.movements: list[dict[str, object]] = []
        self.valuations: list[dict[str, object]] = []

    def write(self, account: Account, lines: list[Position]) -> list[tuple[Position, int]]:
        """Movements, valuations and net payments of an account; its lines, each with what it cost.

        An account that was drawn may end up worth somewhat more: what was first paid in is then a round amount.
        """
        if account.ended and account.closed_on is not None:
            self._over(account, account.closed_on)
            return []
        if not lines or account.value_on is None:
            if account.value and account.value > 0:
                account.net_payments = max(_ROUND, _rounded(account.value * _BASIS // (_BASIS + account.gain)))
            return [(line, line.value) for line in lines]
        until = account.value_on
        window = month_ends(until)[0]
        since = max(window, account.opened_on)
        ledger = self._played(account, lines, since, until)
        base = ledger.base
        dealt = [(one.on, one.amount) for one in ledger.moves if base and one.support is base.support]
        if account.product.allocation in ("pea", "pme", "cto", "cash"):
            dealt = [(one.on, _cash(one)) for one in ledger.moves]
        first = self._first(ledger, account, lines, dealt, until)
        opening = self._opening(ledger, account, lines, first, window)
        earned = ledger.interest(base.amount, dealt, until) if base else []
        earned, lines = _settled(account, lines, base, dealt, earned)
        interest = "Participation aux bénéfices" if account.product.allocation.startswith("insured") else "Intérêts"
        moves = sorted(
            [
                *opening, *ledger.moves[::-1],
                *(
                    Movement(on, "INTERETS", f"{interest} {on.year}", amount, base.support if base else None)
                    for on, amount in earned
                ),
            ],
            key=lambda one: one.on,
        )  # fmt: skip
        account.net_payments = sum(one.amount for one in moves if one.kind in PAYMENTS)
        self._rows(account, moves)
        self._values(account, ledger, moves, [*dealt, *earned], until)
        return _costs(account, lines, ledger, moves)

    def _played(self, account: Account, lines: list[Position], since: date, until: date) -> Ledger:
        """The account walked back; without any act where its euro part would not bear them."""
        rates = RATES.get(account.product.envelope, {})
        base = next((line.support for line in lines if line.parts is None), None)
        ledger = Ledger(self._prices, lines, since, (base.rates if base else None) or rates, account.opened_on)
        flows.play(self._rng, ledger, account, until)
        return ledger

    def _first(self, ledger: Ledger, account: Account, lines: list[Position], dealt: list[tuple[date, int]], until: date) -> int:
        """Set the part without units at the beginning so that it grows into today's; what it was."""
        base = ledger.base
        if base is None:
            return 0
        target = next(line.value for line in lines if line.parts is None)
        if ledger.rates:
            for _ in range(5):
                total = base.amount + sum(amount for _, amount in [*dealt, *ledger.interest(base.amount, dealt, until)])
                base.amount += (target - total) * 9 // 10 if abs(target - total) > 20 else target - total
        else:
            base.amount = target - sum(amount for _, amount in dealt)
        base.amount = max(0, base.amount)
        return base.amount

    def _opening(self, ledger: Ledger, account: Account, lines: list[Position], first: int, window: date) -> list[Movement]:
        """What made the account's beginning: its first payment, or all payments before the five years."""
        day, units = ledger.since, [one for one in ledger.units if one.parts]
        if account.opened_on < window:
            return self._before(account, ledger.value(day), window, ledger)
        bought = [(one, valued(one.parts or 0, with_entry(self._prices.of(one.support.id, day), one.support))) for one in units]
        total = first + sum(amount for _, amount in bought)
        base, found = ledger.base, []
        securities = account.product.allocation in ("pea", "pme", "cto")
        if base is not None:
            fee = -total % _ROUND
            if not account.given:
                base.amount += fee  # it is drawn: it may be worth that much more
            first += fee
            if securities:
                found.append(Movement(day, "VERSEMENT", "Versement initial", total + fee))
            else:
                found.append(Movement(day, "VERSEMENT", "Versement initial", first, base.support))
                if account.given and fee:
                    found.append(Movement(day, "FRAIS", "Frais sur versement", -fee, base.support))
        for one, amount in bought:
            kind, label = ("ACHAT", f"Achat {one.support.label}") if securities else ("VERSEMENT", "Versement initial")
            if account.product.allocation.startswith("one:"):
                label = "Souscription"
            found.append(Movement(day, kind, label, amount, one.support, one.parts))
        return found

    def _before(self, account: Account, worth: int, window: date, ledger: Ledger) -> list[Movement]:
        """Round payments before the five years, which had earned something by then; nothing is known of their supports."""
        rng, span = self._rng, (window - account.opened_on).days
        if account.product.allocation.startswith("one:"):  # bought at once, at the price of the day
            (one,) = ledger.units
            price = with_entry(self._prices.of(one.support.id, account.opened_on), one.support)
            amount = valued(one.parts or 0, price)
            return [Movement(account.opened_on, "VERSEMENT", "Souscription", amount, one.support, one.parts)]
        yearly = 0 if account.product.allocation == "cash" else rng.randrange(130, 330)
        total = worth * _BASIS // (_BASIS + yearly * span // 365)
        ceiling = flows.CEILINGS.get(account.product.envelope)
        if ceiling:
            later = sum(one.amount for one in ledger.moves if one.kind == "VERSEMENT")
            total = min(total, ceiling * 100 - later)
        total = max(_ROUND, _rounded(total)) if worth > 5 * _ROUND else max(100, total // 1000 * 1000)
        found, left = [], total
        for _ in range(rng.randrange(0, 4) if span > 400 else 0):
            amount = _rounded(total * rng.randrange(8, 22) // 100)
            if amount:
                day = account.opened_on + timedelta(days=rng.randrange(100, span))
                found.append(Movement(day, "VERSEMENT", "Versement complémentaire", amount))
                left -= amount
        return [Movement(account.opened_on, "VERSEMENT", "Versement initial", left), *found]

    def _over(self, account: Account, closed: date) -> None:
        """An account that is over: what was paid in, what it was worth until everything left it; not on which supports."""
        rng, span = self._rng, max(1, (closed - account.opened_on).days)
        paid = max(_ROUND, _rounded(rng.randrange(max(1, account.product.low), max(2, account.product.high)) * 100))
        yearly = rng.randrange(90, 260)

        def worth(day: date) -> int:
            return paid * (_BASIS * 365 + yearly * (day - account.opened_on).days) // (_BASIS * 365)

        last = worth(closed)
        self._rows(account, [Movement(account.opened_on, "VERSEMENT", "Versement initial", paid)])
        self._rows(account, [Movement(closed, "RACHAT", _ENDS[account.state], -last)])
        account.net_payments = paid - last
        days = [day for day in month_ends(closed) if account.opened_on <= day and span > 30]
        for day, value, net in [*((day, worth(day), paid) for day in days), (closed, 0, paid - last)]:
            self.valuations.append(
                {
                    "id": self._ids.next(), "account_id": account.id, "on": day, "net_payments": euros(net),
                    "value": euros(value), "source": _SOURCES[account.product.origin],
                }
            )  # fmt: skip

    def _rows(self, account: Account, moves: list[Movement]) -> None:
        source = _SOURCES[account.product.origin]
        for one in moves:
            self.movements.append(
                {
                    "id": self._ids.next(), "account_id": account.id, "support_id": one.support.id if one.support else None,
                    "on": one.on, "kind": one.kind, "label": one.label, "amount": euros(one.amount),
                    "quantity": None if one.parts is None else Decimal(one.parts).scaleb(-6), "currency": "EUR",
                    "source": source,
                }
            )  # fmt: skip

    def _values(self, account: Account, ledger: Ledger, moves: list[Movement], base: list[tuple[date, int]], until: date) -> None:
        """What the account was worth at each month's end: units then held, at that day's price, and the rest."""
        since = max(years_before(until, 5), account.opened_on)
        days = [day for day in month_ends(until) if day >= since]
        if account.product.origin == "MANUEL":
            days = [day for day in days if day.month == 12]
        days.append(until)
        worth = dict.fromkeys(days, 0)
        for one in ledger.units:
            steps = [(move.on, move.parts or 0) for move in moves if move.parts and move.support is one.support]
            opened = not any(on <= ledger.since for on, _ in steps)
            for day, parts in zip(days, _running(steps, days, (one.parts or 0) if opened else 0), strict=True):
                if parts:
                    worth[day] += valued(parts, self._prices.at(one.support.id, day)[1])
        if ledger.base is not None:
            for day, amount in zip(days, _running(sorted(base), days, ledger.base.amount), strict=True):
                worth[day] += amount
        paid = _running([(one.on, one.amount) for one in moves if one.kind in PAYMENTS], days, 0)
        for day, net in zip(days, paid, strict=True):
            self.valuations.append(
                {
                    "id": self._ids.next(), "account_id": account.id, "on": day, "net_payments": euros(net),
                    "value": euros(worth[day]), "source": _SOURCES[account.product.origin],
                }
            )  # fmt: skip
        assert worth[until] == account.value, (account.number, account.product.name, worth[until], account.value)


def _running(steps: list[tuple[date, int]], days: list[date], first: int) -> list[int]:
    """What steps, oldest first, add up to at each day's end."""
    dates = [on for on, _ in steps]
    sums = list(accumulate((amount for _, amount in steps), initial=first))
    return [sums[bisect_right(dates, day)] for day in days]


def _cash(one: Movement) -> int:
    """What a movement of a securities account does to its cash."""
    return -one.amount if one.kind in ("ACHAT", "VENTE") else one.amount


def _settled(
    account: Account, lines: list[Position], base: Holding | None, dealt: list[tuple[date, int]], earned: list[tuple[date, int]]
) -> tuple[list[tuple[date, int]], list[Position]]:
    """The last cents of interest, so that a given amount is met; or the drawn amount, as it came out."""
    if base is None or account.value is None:
        return earned, lines
    total = base.amount + sum(amount for _, amount in [*dealt, *earned])
    line = next(one for one in lines if one.parts is None)
    if account.given:
        if total != line.value:
            assert earned
            assert abs(line.value - total) < 100, (account.number, line.value, total)
            earned[-1] = (earned[-1][0], earned[-1][1] + line.value - total)
        return earned, lines
    account.value += total - line.value
    return earned, [replace(one, value=total) if one is line else one for one in lines]


def _costs(account: Account, lines: list[Position], ledger: Ledger, moves: list[Movement]) -> list[tuple[Position, int]]:
    """What each line cost: payments and purchases, less its share of what was taken out."""
    window_paid = sum(one.amount for one in moves if one.kind in PAYMENTS and one.support is None and one.on < ledger.since)
    worth = max(1, ledger.value(ledger.since))
    found = []
    for line in lines:
        if line.support.type == "LIQUIDITE":
            found.append((line, line.value))
            continue
        steps = [one for one in moves if one.support is line.support and one.kind not in ("INTERETS", "DIVIDENDE", "FRAIS")]
        held = next(one for one in ledger.holdings if one.support is line.support)
        early = any(one.on <= ledger.since for one in steps)
        cost = 0 if early else ledger.worth(held, ledger.since) * window_paid // worth
        size = 0 if early else (held.parts if held.parts is not None else held.amount)
        for one in steps:
            step = one.parts if held.parts is not None else one.amount
            if step is None:
                continue
            cost = cost + one.amount if step > 0 else cost * max(0, size + step) // max(1, size)
            size += step
        found.append((line, cost))
    return found


def _rounded(amount: int) -> int:
    return amount // _ROUND * _ROUND
