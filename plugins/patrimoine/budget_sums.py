"""A budget reckoned: a year of each line exactly, what loans cost a year, capacity, what is left, debt ratio. Knows no database.

All amounts are in euros a year: a year is exact (the amount times its times a year), a month is a twelfth of it and is
rounded only where it is shown. What was never typed is None, never nought.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from datetime import date
from decimal import ROUND_FLOOR
from decimal import ROUND_HALF_UP
from decimal import Decimal

from core.api import finance
from plugins.patrimoine import budget_kinds as kinds
from plugins.patrimoine.loan_terms import Loan

ZERO = Decimal(0)
CENT = Decimal("0.01")
#: Kinds of loans whose capital is repaid at once at the end: no burden of a month.
AT_THE_END = ("IN_FINE", "RELAIS")


@dataclass(frozen=True, slots=True)
class Line:
    """What was typed. `certain`: an income that will last; `written_on`: the day it was last typed."""

    contact_id: str
    kind: str
    amount: Decimal
    period: str = "MENSUEL"
    label: str = ""
    since: date | None = None
    until: date | None = None
    certain: bool = True
    shared: str = ""
    remarks: str = ""
    id: str = ""
    written_on: date | None = None

    @property
    def side(self) -> str:
        """REVENU, CHARGE or EPARGNE."""
        return kinds.side(self.kind)

    @property
    def said(self) -> str:
        """Its own label, or its kind's."""
        return self.label or kinds.KINDS[self.kind]

    @property
    def year(self) -> Decimal:
        """What it makes a year, exactly."""
        return self.amount * kinds.TIMES[self.period]

    @property
    def lasting(self) -> bool:
        """Whether a lender would count on it: what comes once does not last."""
        return self.certain and self.period != kinds.ONCE

    def counts_on(self, on: date) -> bool:
        """Whether it is part of the budget of a day; what comes once is in its whole civil year."""
        if self.period == kinds.ONCE:
            return self.since is not None and self.since.year == on.year
        return (self.since is None or self.since <= on) and (self.until is None or on <= self.until)


@dataclass(frozen=True, slots=True)
class Burden:
    """What a loan that is followed here costs one person in the twelve months after a day; None: it has no schedule."""

    contact_id: str
    loan_id: str
    label: str
    year: Decimal | None
    share: Decimal = Decimal(1)
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Budget:
    """The budget of one or several people on a day. `rents`: the share of rents that the debt ratio counts."""

    on: date
    lines: tuple[Line, ...] = ()
    burdens: tuple[Burden, ...] = ()
    rents: Decimal = Decimal(1)

    def of(self, contact_id: str) -> Budget:
        """That of one of them."""
        return replace(
            self, lines=tuple(one for one in self.lines if one.contact_id == contact_id),
            burdens=tuple(one for one in self.burdens if one.contact_id == contact_id),
        )  # fmt: skip

    def on_side(self, side: str) -> tuple[Line, ...]:
        """Its typed lines of one side."""
        return tuple(one for one in self.lines if one.side == side)

    @property
    def empty(self) -> bool:
        """Whether nothing at all is known."""
        return not self.lines and not self.burdens

    @property
    def income(self) -> Decimal | None:
        """All that comes in, rents whole."""
        return _total(one.year for one in self.on_side(kinds.REVENU))

    @property
    def charges(self) -> Decimal | None:
        """All that goes out, loans included."""
        return _total((*(one.year for one in self.on_side(kinds.CHARGE)), *self._loans()))

    @property
    def savings(self) -> Decimal | None:
        """What is put aside at a rhythm."""
        return _total(one.year for one in self.on_side(kinds.EPARGNE))

    @property
    def engaged(self) -> Decimal | None:
        """Charges that cannot be put off: taxes, dwelling, loans, insurances, maintenance."""
        typed = (one.year for one in self.on_side(kinds.CHARGE) if one.kind not in kinds.DAILY)
        return None if self.charges is None else _total((*typed, *self._loans())) or ZERO

    @property
    def capacity(self) -> Decimal | None:
        """Capacité d'épargne: what comes in less what goes out; None where either is unknown."""
        return _less(self.income, self.charges)

    @property
    def to_live_on(self) -> Decimal | None:
        """Reste à vivre: what comes in less the engaged charges."""
        return _less(self.income, self.engaged)

    @property
    def left(self) -> Decimal | None:
        """What remains of the capacity after the savings that are planned."""
        return _less(self.capacity, self.savings or ZERO)

    @property
    def burden(self) -> Decimal | None:
        """What loans cost, followed here or typed; nought where charges are known and none is a loan."""
        typed = (one.year for one in self.on_side(kinds.CHARGE) if one.kind == kinds.LOANS)
        return None if self.charges is None else _total((*typed, *self._loans())) or ZERO

    @property
    def counted(self) -> Decimal | None:
        """The income that the debt ratio goes by: what lasts, of rents their share only."""
        return _total(self.weighed(one) for one in self.on_side(kinds.REVENU) if one.lasting)

    @property
    def ratio(self) -> Decimal | None:
        """Taux d'endettement: loans over the income counted; None where no income is typed."""
        return None if not self.counted or self.burden is None else self.burden / self.counted

    @property
    def unknown(self) -> tuple[Burden, ...]:
        """Loans without a schedule: the ratio is then the least that it can be."""
        return tuple(one for one in self.burdens if one.year is None)

    @property
    def beyond(self) -> bool:
        """Whether the ratio is above the threshold of that day."""
        found = kinds.threshold(self.on)
        return found is not None and self.ratio is not None and self.ratio > found.share

    def weighed(self, line: Line) -> Decimal:
        """What the debt ratio counts of an income a year."""
        return line.year * self.rents if line.kind == kinds.RENTS else line.year

    def by_kind(self, side: str) -> dict[str, Decimal]:
        """What each kind of a side makes a year, in the order of the table; loans are under «Crédits»."""
        made: dict[str, Decimal] = {}
        for one in self.on_side(side):
            made[one.kind] = made.get(one.kind, ZERO) + one.year
        if side == kinds.CHARGE and self._loans():
            made[kinds.LOANS] = made.get(kinds.LOANS, ZERO) + sum(self._loans(), ZERO)
        return {kind: made[kind] for kind in kinds.SIDES[side] if kind in made}

    def _loans(self) -> list[Decimal]:
        return [one.year for one in self.burdens if one.year is not None]


def month(year: Decimal) -> Decimal:
    """A twelfth, to the cent: for showing only."""
    return (year / 12).quantize(CENT, ROUND_HALF_UP)


def burdens(loans: Iterable[Loan], people: Sequence[str], on: date) -> list[Burden]:
    """What the loans that run cost these people in the twelve months after a day, each by his share, to the cent."""
    made = []
    for loan in loans:
        if loan.schedule() and loan.ends is not None and loan.ends <= on:
            continue
        total = coming_year(loan, on)
        shares = [one.share for one in loan.borrowers]
        parts = [None] * len(shares) if total is None else parted(total, shares)
        made += [
            Burden(who.contact_id, loan.id, loan.label, part, who.share, loan.ends)
            for who, part in zip(loan.borrowers, parts, strict=True) if who.contact_id in people
        ]  # fmt: skip
    return made


def coming_year(loan: Loan, on: date) -> Decimal | None:
    """The instalments of the twelve months after a day, insurance included; neither early repayments nor a last capital."""
    lines = loan.schedule()
    if not lines:
        return None
    end = finance.due_on(on, 12)
    total = ZERO
    for one in lines:
        if on < one.due <= end:
            last = one.principal - one.early if loan.terms.kind in AT_THE_END and one.balance == 0 else ZERO
            total += one.regular - last
    return total


def parted(total: Decimal, shares: Sequence[Decimal]) -> list[Decimal]:
    """A sum by shares of one, in cents that add up to it: the cents that remain go to the largest remainders."""
    exact = [total * share for share in shares]
    parts = [one.quantize(CENT, ROUND_FLOOR) for one in exact]
    missing = int((total - sum(parts, ZERO)) / CENT)
    order = sorted(range(len(parts)), key=lambda place: parts[place] - exact[place])
    for place in order[:missing]:
        parts[place] += CENT
    return parts


def _total(years: Iterable[Decimal]) -> Decimal | None:
    """Their sum; None where there is none."""
    found = list(years)
    return sum(found, ZERO) if found else None


def _less(value: Decimal | None, taken: Decimal | None) -> Decimal | None:
    return None if value is None or taken is None else value - taken
