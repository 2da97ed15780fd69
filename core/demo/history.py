"""Five years of an account: what was paid in and out, what else moved, what it was worth each month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from datetime import timedelta
from random import Random

from core.demo.accounts import Account
from core.demo.catalogue import SOURCE
from core.demo.months import month_ends
from core.demo.months import years_before
from core.demo.positions import Position
from core.demo.seed import Ids
from core.demo.seed import euros

#: The kinds of movement that change what a person put in (net payments).
PAYMENTS = frozenset({"VERSEMENT", "VERSEMENT_PROGRAMME", "RACHAT"})
_BASIS = 10_000
#: Payments are round: whole hundreds of euros, in cents.
_ROUND = 10_000


@dataclass(frozen=True, slots=True)
class Movement:
    """One accounting fact; `amount` in cents, negative when money leaves the account or a support."""

    on: date
    kind: str
    label: str
    amount: int
    support_id: str | None = None


class Historian:
    """Writes the past of aggregated accounts so that it ends on today's value."""

    def __init__(self, rng: Random, ids: Ids) -> None:
        self._rng, self._ids = rng, ids
        self.movements: list[dict[str, object]] = []
        self.valuations: list[dict[str, object]] = []

    def write(self, account: Account, lines: list[Position]) -> None:
        """Movements, valuations and net payments of an account; nothing where it was never aggregated."""
        if account.product.origin != "AGREGE" or not account.value or account.value_on is None:
            if account.value and account.value > 0:
                account.net_payments = _round(account.value * _BASIS // (_BASIS + account.gain))
            return
        payments = self._payments(account, account.value, account.value_on)
        account.net_payments = sum(one.amount for one in payments)
        account.gain = account.value * _BASIS // account.net_payments - _BASIS
        moves = payments + self._yearly(account, account.value, account.value_on, lines)
        if len(lines) > 2:
            moves += self._switches(account, account.value_on, lines)
        for one in sorted(moves, key=lambda move: move.on):
            self.movements.append(
                {
                    "id": self._ids.next(), "account_id": account.id, "support_id": one.support_id, "on": one.on,
                    "kind": one.kind, "label": one.label, "amount": euros(one.amount), "quantity": None,
                    "currency": "EUR", "source": SOURCE,
                }
            )  # fmt: skip
        self._values(account, account.value, account.value_on, payments)

    def _payments(self, account: Account, value: int, until: date) -> list[Movement]:
        """Round payments whose sum is what the value is worth without its gain; the first takes what is left."""
        rng = self._rng
        total = max(_ROUND, _round(value * _BASIS // (_BASIS + account.gain)))
        span = (until - account.opened_on).days
        later: list[Movement] = []
        left = total * 55 // 100
        if rng.randrange(100) < 55:
            quarterly = _round(total // 60) or _ROUND // 2
            day = until - timedelta(days=rng.randrange(5, 80))
            while day > account.opened_on + timedelta(days=90) and len(later) < 16 and left >= quarterly:
                later.append(Movement(day, "VERSEMENT_PROGRAMME", "Versement programmé trimestriel", quarterly))
                left -= quarterly
                day -= timedelta(days=91)
        for _ in range(rng.randrange(0, 4) if span > 200 else 0):
            amount = min(_round(total * rng.randrange(4, 15) // 100), _round(left))
            if amount > 0:
                day = account.opened_on + timedelta(days=rng.randrange(60, span))
                later.append(Movement(day, "VERSEMENT", "Versement complémentaire", amount))
                left -= amount
        if span > 1000 and rng.randrange(100) < 30 and account.product.origin == "AGREGE":
            amount = _round(total * rng.randrange(3, 10) // 100)
            if amount > 0:
                day = account.opened_on + timedelta(days=rng.randrange(span // 2, span))
                later.append(Movement(day, "RACHAT", "Rachat partiel", -amount))
        first = total - sum(one.amount for one in later)
        return [Movement(account.opened_on, "VERSEMENT", "Versement initial", first), *later]

    def _yearly(self, account: Account, value: int, until: date, lines: list[Position]) -> list[Movement]:
        """Fees, and what euro funds, savings or securities pay, at each year's end or in June."""
        amounts = [line for line in lines if line.parts is None]
        base = amounts[0].value if amounts else value
        support = amounts[0].support.id if amounts else None
        securities = account.product.allocation in ("pea", "pme", "cto")
        found = []
        for year in range(max(account.opened_on.year, until.year - 5), until.year):
            day, rate = date(year, 12, 31), self._rng.randrange(150, 290)
            if day <= account.opened_on:
                continue
            if securities:
                found.append(Movement(date(year, 12, 15), "FRAIS", "Droits de garde", -(value * 15 // _BASIS)))
                paid = date(year, 6, 10)
                if paid > account.opened_on and (shares := [one for one in lines if one.support.type == "ACTION"]):
                    share = self._rng.choice(shares)
                    text = f"Dividende {share.support.label}"
                    found.append(Movement(paid, "DIVIDENDE", text, share.value * rate // _BASIS, share.support.id))
            elif account.product.allocation == "cash":
                found.append(Movement(day, "INTERETS", f"Intérêts {year}", base * rate // _BASIS, support))
            else:
                text = f"Participation aux bénéfices {year}"
                found.append(Movement(day, "INTERETS", text, base * rate // _BASIS, support))
                found.append(Movement(day, "FRAIS", f"Frais de gestion {year}", -(base * rate // 3 // _BASIS)))
        return [one for one in found if one.amount]

    def _switches(self, account: Account, until: date, lines: list[Position]) -> list[Movement]:
        """A few switches: what leaves a support is what enters another."""
        rng = self._rng
        span = min((until - account.opened_on).days, 1800)
        kinds = ("VENTE", "ACHAT") if account.product.allocation in ("pea", "pme", "cto") else ("ARBITRAGE",) * 2
        found = []
        for _ in range(rng.randrange(1, 5) if span > 120 else 0):
            out, into = rng.sample([line for line in lines if line.parts is not None], 2)
            amount = out.value * rng.randrange(5, 40) // 100
            day = until - timedelta(days=rng.randrange(20, span - 30))
            words = ("Vente", "Achat") if kinds[0] == "VENTE" else ("Arbitrage, sortie", "Arbitrage, entrée")
            found.append(Movement(day, kinds[0], f"{words[0]} {out.support.label}", -amount, out.support.id))
            found.append(Movement(day, kinds[1], f"{words[1]} {into.support.label}", amount, into.support.id))
        return [one for one in found if one.amount]

    def _values(self, account: Account, value: int, until: date, payments: list[Movement]) -> None:
        """What was paid so far, times a gain that wanders and ends on today's."""
        since = years_before(until, 5)
        days = [day for day in month_ends(until) if day >= max(since, account.opened_on)] + [until]
        steps = [0]
        for _ in days[1:]:
            steps.append(steps[-1] + self._rng.randrange(-160, 161))
        last = max(1, len(days) - 1)
        age = max(1, (until - account.opened_on).days)
        flows = sorted(payments, key=lambda one: one.on)
        for index, day in enumerate(days):
            paid = sum(one.amount for one in flows if one.on <= day)
            drift = account.gain * (day - account.opened_on).days // age
            worth = paid * (_BASIS + drift + steps[index] - steps[-1] * index // last) // _BASIS
            self.valuations.append(
                {
                    "id": self._ids.next(), "account_id": account.id, "on": day, "net_payments": euros(paid),
                    "value": euros(value if day == until else max(0, worth)), "source": SOURCE,
                }
            )  # fmt: skip


def _round(amount: int) -> int:
    return amount // _ROUND * _ROUND
