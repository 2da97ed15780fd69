"""What happens to an account in five years, by its kind: acts in the order of time going back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from datetime import timedelta
from functools import partial
from random import Random

from core.demo.accounts import Account
from core.demo.ledger import Holding
from core.demo.ledger import Ledger
from core.demo.ledger import Movement
from core.demo.ledger import valued

#: Retirement contracts: paid into at the year's end, for the tax of the year, and never drawn on before retirement.
RETIREMENT = frozenset({"PER_INDIVIDUEL", "PER_COLLECTIF", "PER_OBLIGATOIRE", "PERP", "MADELIN", "ARTICLE_83", "PREFON"})
#: What cannot be paid into any more since it was replaced (domain.md §2.2).
SHUT = frozenset({"PERP"})
#: What a savings account holds at most, in euros; interest alone may go beyond (domain.md §2.2).
CEILINGS = {
    "LIVRET_A": 22_950, "LDDS": 12_000, "LEP": 10_000, "LIVRET_JEUNE": 1_600, "CEL": 15_300, "PEL": 61_200, "PEA": 150_000,
    "PEA_PME": 225_000, "PEA_JEUNE": 20_000,
}  # fmt: skip
#: Yearly fees on units, in basis points, by insurer.
FEES = {"generali-patrimoine": 100, "spirica": 70, "suravenir": 60, "swiss-life": 96, "axa": 96, "cardif": 70}
#: Accounts paid into regularly, in a hundred.
_REGULAR = 40
_ROUND = 10_000

Act = tuple[date, Callable[[], object]]


def play(rng: Random, ledger: Ledger, account: Account, until: date) -> None:
    """Undo an account's acts from `until` back to the ledger's first day."""
    kind = account.product.allocation.partition(":")[0]
    acts: list[Act] = []
    if kind == "insured":
        acts = _contract(rng, ledger, account, until)
    elif kind in ("pea", "pme", "cto"):
        acts = _securities(rng, ledger, account, until)
    elif kind == "cash":
        acts = _savings(rng, ledger, account, until)
    elif kind == "fcpe":
        acts = _company_savings(rng, ledger, account, until)
    for _, act in sorted(acts, key=lambda one: one[0], reverse=True):
        act()


def years(since: date, until: date, month: int, day: int) -> list[date]:
    """The same day of each year between two dates."""
    found = [date(year, month, day) for year in range(since.year, until.year + 1)]
    return [one for one in found if since < one < until]


def _contract(rng: Random, ledger: Ledger, account: Account, until: date) -> list[Act]:
    since, total = ledger.since, account.value or 0
    fee = FEES.get(account.product.company, 80)
    acts: list[Act] = [(end, partial(_year_end, ledger, end, fee)) for end in years(since, until, 12, 31)]
    acts += [
        (one.support.start, partial(ledger.issue, one)) for one in ledger.units
        if one.support.start is not None and since < one.support.start < until
    ]  # fmt: skip
    envelope = account.product.envelope
    if envelope in RETIREMENT:
        if envelope not in SHUT:
            for day in years(since, until, 12, 12):
                amount = max(_ROUND * 5, _rounded(total * rng.randrange(3, 9) // 100))
                if rng.randrange(100) < 75:
                    acts.append((day, partial(ledger.pay, day, amount, "VERSEMENT", "Versement complémentaire")))
        return acts
    if rng.randrange(100) < _REGULAR and "pledged" not in account.flags:
        amount = max(1, round(total / 9_000_000)) * 15_000
        day = until - timedelta(days=rng.randrange(5, 80))
        for _ in range(rng.randrange(6, 20)):
            if day > since + timedelta(days=60):
                text = "Versement programmé trimestriel"
                acts.append((day, partial(ledger.pay, day, amount, "VERSEMENT_PROGRAMME", text, 2)))
            day -= timedelta(days=91)
    span = (until - since).days
    for _ in range(rng.randrange(0, 4) if span > 300 else 0):
        day = since + timedelta(days=rng.randrange(90, span - 10))
        amount = max(_ROUND * 5, _rounded(total * rng.randrange(4, 14) // 100))
        acts.append((day, partial(ledger.pay, day, amount, "VERSEMENT", "Versement complémentaire")))
    if span > 700 and rng.randrange(100) < 32:
        day = since + timedelta(days=rng.randrange(span // 3, span - 10))
        amount = max(_ROUND * 5, _rounded(total * rng.randrange(3, 10) // 100))
        acts.append((day, partial(ledger.withdraw, day, amount, "RACHAT", "Rachat partiel")))
    for _ in range(rng.randrange(0, 4) if span > 300 and ledger.units else 0):
        day = since + timedelta(days=rng.randrange(60, span - 10))
        share = rng.randrange(10, 45)
        out, into = rng.sample([*ledger.units, *([ledger.base] if ledger.base else [])], 2)
        if into.parts is None:
            out, into = into, out
        acts.append((day, partial(_switch, ledger, day, out, into, share)))
    return acts


def _year_end(ledger: Ledger, end: date, fee: int) -> None:
    ledger.charge(end, fee, f"Frais de gestion {end.year}")
    _accrue(ledger, end)


def _accrue(ledger: Ledger, end: date) -> None:
    """Take a year's interest off for now: it is reckoned to the cent once all acts are known."""
    if ledger.base is not None:
        rate = ledger.rates.get(end.year, 0)
        ledger.base.amount -= ledger.base.amount * rate // (10_000 + rate)


def _switch(ledger: Ledger, day: date, out: Holding, into: Holding, share: int) -> None:
    if out.parts != 0:
        ledger.switch(day, out, into, ledger.worth(into, day) * share // 100)


def _securities(rng: Random, ledger: Ledger, account: Account, until: date) -> list[Act]:
    since, total = ledger.since, account.value or 0
    acts: list[Act] = []
    for day in years(since, until, 12, 15):
        acts.append((day, partial(_custody, ledger, day)))
    for one in ledger.units:
        if one.support.dividend:
            for day in years(since, until, 6, 10):
                acts.append((day, partial(_dividend, ledger, day, one)))
    span = (until - since).days
    for _ in range(rng.randrange(1, 5) if span > 200 and ledger.units else 0):
        day = since + timedelta(days=rng.randrange(60, span - 10))
        amount = max(_ROUND * 5, _rounded(total * rng.randrange(3, 10) // 100))
        one = rng.choice(ledger.units)
        acts.append((day, partial(_deposit, ledger, day, amount, one)))
    for _ in range(rng.randrange(0, 4) if span > 200 and len(ledger.units) > 1 else 0):
        day = since + timedelta(days=rng.randrange(60, span - 10))
        out, into = rng.sample(ledger.units, 2)
        share = rng.randrange(10, 50)
        acts.append((day, partial(_trade, ledger, day, out, into, share)))
    return acts


def _custody(ledger: Ledger, day: date) -> None:
    fee = ledger.value(day) * 15 // 10_000
    if fee:
        ledger.cash(Movement(day, "FRAIS", "Droits de garde", -fee), -fee)


def _dividend(ledger: Ledger, day: date, one: Holding) -> None:
    """A dividend; where it is not left in cash, it was put back into the share some days later."""
    assert ledger.base is not None
    paid = valued(one.parts or 0, ledger.price(one, day)) * one.support.dividend // 10_000
    if not paid:
        return
    if ledger.base.amount < paid:
        again = day + timedelta(days=9)
        price = ledger.price(one, again)
        count = -(-(paid - ledger.base.amount) // price)
        if count * 1_000_000 * 4 > (one.parts or 0):
            return
        _purchase(ledger, again, one, count * 1_000_000)
        paid = valued(one.parts or 0, ledger.price(one, day)) * one.support.dividend // 10_000
        if ledger.base.amount < paid:
            return
    ledger.cash(Movement(day, "DIVIDENDE", f"Dividende {one.support.label}", paid, one.support), paid)


def _purchase(ledger: Ledger, day: date, one: Holding, parts: int) -> int:
    """Parts bought out of the cash; what they cost."""
    assert ledger.base is not None
    cost = valued(parts, ledger.price(one, day))
    ledger.bought(day, "ACHAT", f"Achat {one.support.label}", one, parts, cost)
    ledger.base.amount += cost
    return cost


def _deposit(ledger: Ledger, day: date, amount: int, one: Holding) -> None:
    """Money paid in, most of which buys a security the next day."""
    assert ledger.base is not None
    on = day + timedelta(days=1)
    parts, cost = ledger.buy(on, one, amount)
    if amount - cost > ledger.base.amount or parts * 4 > (one.parts or 0) * 3 or not parts:
        return
    _purchase(ledger, on, one, parts)
    ledger.cash(Movement(day, "VERSEMENT", "Versement en espèces", amount), amount)


def _trade(ledger: Ledger, day: date, out: Holding, into: Holding, share: int) -> None:
    """One security sold, another bought with what it brought."""
    assert ledger.base is not None
    parts, cost = ledger.buy(day, into, ledger.worth(into, day) * share // 100)
    price = ledger.price(out, day)
    count = -(-cost // price)
    left = count * price - cost
    if not parts or left > ledger.base.amount:
        return
    _purchase(ledger, day, into, parts)
    ledger.sold(day, "VENTE", f"Vente {out.support.label}", out, count * 1_000_000, count * price)
    ledger.base.amount -= count * price


def _savings(rng: Random, ledger: Ledger, account: Account, until: date) -> list[Act]:
    since = ledger.since
    ceiling = CEILINGS.get(account.product.envelope, 10**7) * 100
    acts: list[Act] = [(end, partial(_accrue, ledger, end)) for end in years(since, until, 12, 31)]
    day = until - timedelta(days=rng.randrange(10, 90))
    while day > since + timedelta(days=30):
        step = max(2_000, (account.value or 0) // 100 * rng.randrange(2, 9) // 5_000 * 5_000)
        moved = step if rng.randrange(100) < 70 else -step
        acts.append((day, partial(_saved, ledger, day, moved, ceiling)))
        day -= timedelta(days=rng.randrange(45, 200))
    return acts


def _saved(ledger: Ledger, day: date, moved: int, ceiling: int) -> None:
    assert ledger.base is not None
    left = ledger.base.amount - moved
    if left < 1_000 or left * 21 > ceiling * 20:
        return
    word = ("VERSEMENT", "Versement") if moved > 0 else ("RACHAT", "Retrait")
    ledger.cash(Movement(day, *word, moved), moved)


def _company_savings(rng: Random, ledger: Ledger, account: Account, until: date) -> list[Act]:
    words = ("Participation", "Intéressement", "Versement volontaire et abondement")
    acts: list[Act] = []
    for day in years(ledger.since, until, 4, 28):
        label = f"{words[rng.randrange(1 if account.product.envelope == 'PARTICIPATION' else 3)]} {day.year - 1}"
        amount = (account.value or 0) * rng.randrange(500, 1400) // 10_000
        acts.append((day, partial(ledger.pay, day, amount, "VERSEMENT", label)))
    return acts


def _rounded(amount: int) -> int:
    return amount // _ROUND * _ROUND
