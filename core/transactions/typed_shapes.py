"""What an act that is typed is made of, and what it does: frozen shapes without behaviour (PF-04)."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.accounts.envelopes import CASHLESS
from core.accounts.schemas import NewPosition
from core.transactions.typed_acts import TypedAct

ZERO, CENT, HUNDRED = Decimal(0), Decimal("0.01"), Decimal(100)
#: What the columns of amounts and quantities hold, with room for a sum of many.
MOST, MOST_UNITS = Decimal(10) ** 12, Decimal(10) ** 9
#: Lines of an act: what its form has room for.
MOST_LEGS = 16


@dataclass(frozen=True, slots=True)
class Leg:
    """One line of an act as it is typed. `value`: by `mode` an amount, a number of units, a percentage, nothing for all."""

    side: str
    support_id: str
    mode: str = "amount"
    value: Decimal | None = None
    price: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """A support as far as an act must know it."""

    label: str
    type: str
    currency: str
    isin: str | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """A movement that the act makes: positive for what a support or the account receives."""

    kind: str
    label: str
    amount: Decimal
    support_id: str | None = None
    quantity: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """An act on an account: all that its reckoning hangs on. `held`: the lines; None where only a value is kept."""

    act: TypedAct
    envelope: str
    currency: str
    on: date
    amount: Decimal | None
    legs: tuple[Leg, ...]
    held: tuple[NewPosition, ...] | None
    value: Decimal | None
    supports: Mapping[str, Named]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the act does. `lines`: all of them afterwards, None where none are kept; `value`: the account's, None: not known.

    `flow`: what crossed the account's border; `touched`: the supports whose lines changed.
    """

    amount: Decimal
    total_out: Decimal
    total_in: Decimal
    moves: tuple[Move, ...]
    lines: tuple[NewPosition, ...] | None
    value: Decimal | None
    flow: Decimal
    touched: frozenset[str]
    legs: tuple[tuple[Leg, Decimal, Decimal | None], ...] = ()


def total(lines: Sequence[NewPosition], currency: str) -> Decimal | None:
    """What lines are worth together; None where one is in another currency."""
    return None if any(one.currency != currency for one in lines) else sum((one.value for one in lines), ZERO)


def both(sign: int, amount: Decimal) -> tuple[Decimal, Decimal]:
    return (amount, ZERO) if sign < 0 else (ZERO, amount)


def flow(asked: Asked, moves: Sequence[Move]) -> Decimal:
    """What the movements bring into the account or take out of it."""
    every = sum((one.amount for one in moves), ZERO)
    if asked.act.nature in ("versement", "rachat"):
        return every
    if asked.envelope in CASHLESS and asked.act.code in ("achat", "vente"):
        return every
    return -every if asked.envelope in CASHLESS and asked.act.code == "dividende" else ZERO
