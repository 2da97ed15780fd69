"""A feed's records gathered by account, one account at a time: what it is worth and holds on a day, what moved, what is wrong.

Formats give an account before all that is told of it, so that no more than one is held. An account that a file names twice
(two statements in one message) makes two blocks.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field
from datetime import date
from decimal import Decimal

from core.api import formats
from core.api.feeds import AccountSeen
from core.api.feeds import BalanceSeen
from core.api.feeds import FeedFinding
from core.api.feeds import FeedRecord
from core.api.feeds import MovementSeen
from core.api.feeds import Place
from core.api.feeds import PositionSeen
from core.api.feeds import SupportFact

CENT = Decimal("0.01")


@dataclass(slots=True)
class Block:
    """All that a file tells of an account in one go; `account` None: findings of the file itself."""

    account: AccountSeen | None
    balances: list[BalanceSeen] = field(default_factory=list)
    positions: list[PositionSeen] = field(default_factory=list)
    movements: list[MovementSeen] = field(default_factory=list)
    findings: list[FeedFinding] = field(default_factory=list)
    facts: int = 0

    def wrong(self, place: Place) -> bool:
        """Whether an error was found of what stands at a place: it is not to be written."""
        return any(one.severity == "error" and one.place == place for one in self.findings)


@dataclass(frozen=True, slots=True)
class Day:
    """What an account is worth and holds on a day, as far as the file can be believed.

    `positions` is all of the day's or nothing; `whole` tells whether its sum, with the cash, is to be the value.
    """

    on: date
    value: Decimal | None
    place: Place | None
    positions: tuple[PositionSeen, ...]
    cash: BalanceSeen | None
    left: tuple[str, ...] = ()  #: what is left out, and why: sentences in French


def blocks(records: Iterable[FeedRecord]) -> Iterator[Block]:
    """Whole blocks as the records go by. Raises what the records raise."""
    current = Block(None)
    for record in records:
        if isinstance(record, AccountSeen):
            if current.account is None and not (current.findings or current.facts):
                current = Block(record)
                continue
            yield current
            current = Block(record)
        elif isinstance(record, BalanceSeen):
            current.balances.append(record)
        elif isinstance(record, PositionSeen):
            current.positions.append(record)
        elif isinstance(record, MovementSeen):
            current.movements.append(record)
        elif isinstance(record, FeedFinding):
            current.findings.append(record)
        elif isinstance(record, SupportFact):
            current.facts += 1
    yield current


def days(block: Block) -> list[Day]:
    """The days that a block tells, the oldest first."""
    found = {one.on for one in block.positions} | {one.on for one in block.balances if one.kind in ("value", "closing")}
    return [made for on in sorted(found) if (made := _day(block, on)) is not None]


def _day(block: Block, on: date) -> Day | None:
    left = list[str]()
    told = {kind: _balance(block, on, kind, left) for kind in ("value", "closing", "cash")}
    lines = [one for one in block.positions if one.on == on]
    cash = told["cash"]
    bad = [one for one in lines if one.value is None or block.wrong(one.place)]
    if bad:
        names = ", ".join(_name(one) for one in bad[:3]) + ("…" if len(bad) > 3 else "")
        left.append(f"Positions du jour laissées de côté\u202f: {names} sans valeur sûre.")
        lines = []
    worth = told["value"]
    value, place = (worth.amount, worth.place) if worth else (None, None)
    if worth is None and not any(one.on == on for one in block.positions):
        # a bank account is worth its balance
        closing = told["closing"]
        value, place = (closing.amount, closing.place) if closing else (None, None)
    if lines and value is not None and (gap := _gap(lines, value, cash)) is not None:
        left.append(gap)
        lines = []
    if not lines and value is None:
        return Day(on, None, None, (), None, tuple(left)) if left else None
    return Day(on, value, place, tuple(lines), cash if lines else None, tuple(left))


def _balance(block: Block, on: date, kind: str, left: list[str]) -> BalanceSeen | None:
    """The last of its kind on that day, unless something is wrong with it."""
    found = [one for one in block.balances if one.on == on and one.kind == kind]
    if found and block.wrong(found[-1].place):
        left.append(f"Solde du {on:%d/%m/%Y} laissé de côté\u202f: il ne s'accorde pas avec le reste du fichier.")
        return None
    return found[-1] if found else None


def _gap(lines: list[PositionSeen], value: Decimal, cash: BalanceSeen | None) -> str | None:
    """What is said where Σ positions, with or without the cash, is not the value to a cent a line (modules.md §8)."""
    total = sum((one.value or Decimal(0) for one in lines), Decimal(0))
    most = CENT * len(lines)
    if abs(total - value) <= most or (cash is not None and abs(total + cash.amount - value) <= most):
        return None
    told, summed = formats.money(value), formats.money(total + (cash.amount if cash else 0))
    return f"Positions du jour laissées de côté\u202f: leur somme est {summed}, la valeur du compte {told}."


def _name(one: PositionSeen) -> str:
    return f"«\u202f{one.support.label or one.support.isin or one.support.code}\u202f»"
