"""What is held beside what suits, class by class, in points and in euros, and what would close the gaps: pure (CO-03)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN
from decimal import ROUND_HALF_UP
from decimal import Decimal

CENT, ZERO = Decimal("0.01"), Decimal(0)


@dataclass(frozen=True, slots=True)
class Gap:
    """A class. `weight`: of what is told of the whole; `gap`: weight less target; `amount`: to add, or to take if negative;
    `held_back`: of `value`, what a creditor has to agree to."""

    code: str
    target: Decimal
    value: Decimal
    weight: Decimal
    gap: Decimal
    amount: Decimal
    held_back: Decimal


@dataclass(frozen=True, slots=True)
class Move:
    """What to take out of a class (negative) or to put into it."""

    code: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Comparison:
    """The whole. `known`: what the classes add up to; `unknown`: what nobody told the class of. Weights are of `known`."""

    known: Decimal
    unknown: Decimal
    lines: tuple[Gap, ...]
    moves: tuple[Move, ...]

    @property
    def distance(self) -> Decimal:
        """How much of what is known stands in another class than it should: half of all gaps, a ratio."""
        return sum((abs(line.gap) for line in self.lines), ZERO) / 2

    @property
    def turned(self) -> Decimal:
        """What is taken out, which is what is put in."""
        return sum((one.amount for one in self.moves if one.amount > 0), ZERO)


def compare(
    held: Mapping[str, Decimal], target: Mapping[str, Decimal], *, unknown: Decimal = ZERO,
    held_back: Mapping[str, Decimal] | None = None,
) -> Comparison | None:  # fmt: skip
    """Class → value, beside class → weight; None where nothing positive is known. Codes in the order of `held` and `target`."""
    known = sum(held.values(), ZERO)
    if known <= 0:
        return None
    lines, back = [], held_back or {}
    for code in dict.fromkeys((*target, *held)):
        value, wanted = held.get(code, ZERO), target.get(code, ZERO)
        if not value and not wanted:
            continue
        amount = (wanted * known - value).quantize(CENT, ROUND_HALF_UP)
        weight = value / known
        lines.append(Gap(code, wanted, value, weight, weight - wanted, amount, back.get(code, ZERO)))
    return Comparison(known, unknown, tuple(lines), _moves(lines))


def _moves(lines: list[Gap]) -> tuple[Move, ...]:
    """What is taken is put in to the cent; what a creditor holds back is not taken, and less is put in everywhere."""
    taken = {one.code: min(-one.amount, max(one.value - one.held_back, ZERO)) for one in lines if one.amount < 0}
    wanted = {one.code: one.amount for one in lines if one.amount > 0}
    total, room = sum(wanted.values(), ZERO), sum(taken.values(), ZERO)
    if not total or not room:
        return ()
    share = min(room / total, Decimal(1))
    if room > total:  # cents of rounding
        largest = max(taken, key=lambda code: taken[code])
        taken[largest] -= room - total
        room = total
    given = {code: (amount * share).quantize(CENT, ROUND_DOWN) for code, amount in wanted.items()}
    largest = max(given, key=lambda code: given[code])
    given[largest] += room - sum(given.values(), ZERO)
    return (
        *(Move(code, -amount) for code, amount in taken.items() if amount),
        *(Move(code, amount) for code, amount in given.items() if amount),
    )
