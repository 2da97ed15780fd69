"""Schedules of loans, exact to the cent: proportional rate, each figure rounded half up, the last instalment closes (AU-01)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.finance.indemnity import indemnity_cap
from core.finance.terms import AT_THE_END
from core.finance.terms import LONGEST
from core.finance.terms import ZERO
from core.finance.terms import BadLoan
from core.finance.terms import Deferral
from core.finance.terms import EarlyRepayment
from core.finance.terms import Instalment
from core.finance.terms import InsuranceBase
from core.finance.terms import Kind
from core.finance.terms import RateChange
from core.finance.terms import Step
from core.finance.terms import cents
from core.finance.terms import check
from core.finance.terms import due_on


def loan_schedule(
    principal: Decimal, annual_rate: Decimal, months: int, kind: Kind, *, first_due: date, every: int = 1,
    insurance_rate: Decimal | None = None, insurance_on: InsuranceBase = "initial",
    insurance_amount: Decimal | Sequence[Decimal] | None = None, deferred_months: int = 0,
    deferred_kind: Deferral = "partiel", rate_changes: Sequence[RateChange] = (),
    early_repayments: Sequence[EarlyRepayment] = (), steps: Sequence[Step] = (),
) -> list[Instalment]:  # fmt: skip
    """Every instalment of a loan, in order; the last balance is 0.00.

    `months`: from the first period to the end, deferral included. `every`: months between two instalments. `first_due`:
    the first instalment; its period is a whole one. Insurance: a rate a year of what was borrowed or of what is owed, an
    amount an instalment, or one amount for each instalment. Deferral «partiel»: interest alone is paid; «total»: nothing
    but the insurance, interest is capitalised. `steps`: payments of the first stretches after the deferral; what follows
    is reckoned so that the loan ends in time. Raises `BadLoan`.
    """
    check(
        principal, annual_rate, months, kind, first_due=first_due, every=every, insurance_rate=insurance_rate,
        insurance_amount=insurance_amount, deferred_months=deferred_months, rate_changes=rate_changes,
        early_repayments=early_repayments, steps=steps,
    )  # fmt: skip
    changes = sorted(rate_changes, key=lambda one: one.on)
    run = _Run(
        cents(principal), months // every, every, first_due, kind in AT_THE_END, deferred_months // every, deferred_kind,
        _Rates(annual_rate, changes, first_due, every),
        _Insurance(principal, every, insurance_rate, insurance_on, insurance_amount),
        tuple(payment for step in steps for payment in [step.payment] * step.count),
    )  # fmt: skip
    return run.lines(sorted(early_repayments, key=lambda one: one.on))


@dataclass(frozen=True, slots=True)
class _Rates:
    """The annual rate of each period."""

    first: Decimal
    changes: Sequence[RateChange]
    first_due: date
    every: int

    def of(self, place: int) -> Decimal:
        """The rate of the period that ends with this instalment."""
        if not self.changes:
            return self.first
        begins = due_on(self.first_due, (place - 1) * self.every)
        return next((one.rate for one in reversed(self.changes) if one.on <= begins), self.first)

    def average(self, count: int) -> Decimal:
        """The mean over the loan's periods, as the law caps an indemnity by it."""
        return sum((self.of(place) for place in range(count)), ZERO) / count if self.changes else self.first


@dataclass(frozen=True, slots=True)
class _Insurance:
    """What the insurance costs with each instalment."""

    principal: Decimal
    every: int
    rate: Decimal | None
    on: InsuranceBase
    amount: Decimal | Sequence[Decimal] | None

    def of(self, place: int, balance: Decimal) -> Decimal:
        """With this instalment, where so much is owed before it."""
        if self.rate is not None:
            base = self.principal if self.on == "initial" else balance
            return cents(base * self.rate * self.every / 12)
        if self.amount is None:
            return ZERO
        if isinstance(self.amount, Decimal):
            return cents(self.amount)
        return cents(self.amount[place]) if place < len(self.amount) else ZERO


class _Run:
    """One schedule being reckoned: what is owed, how many instalments there are, what each costs now."""

    def __init__(
        self, principal: Decimal, count: int, every: int, first_due: date, at_the_end: bool, deferred: int, how: Deferral,
        rates: _Rates, insurance: _Insurance, steps: Sequence[Decimal],
    ) -> None:  # fmt: skip
        self.balance = principal
        self.count = count
        self.every = every
        self.first_due = first_due
        self.at_the_end = at_the_end
        self.deferred = min(deferred, count - 1)
        self.how = how
        self.rates = rates
        self.insurance = insurance
        self.steps = list(steps)
        self.payment: Decimal | None = None
        self.rate: Decimal | None = None

    def lines(self, early: list[EarlyRepayment]) -> list[Instalment]:
        """All instalments."""
        made: list[Instalment] = []
        place = 0
        while self.balance > 0 or not made:
            one = self._regular(place)
            while early and early[0].on <= one.due and one.balance > 0:
                one = self._repaid(one, early.pop(0))
            self.balance = one.balance
            made.append(one)
            place += 1
        return made

    def _regular(self, place: int) -> Instalment:
        rate = self.rates.of(place)
        if rate != self.rate:
            self.rate, self.payment = rate, None
        interest = cents(self.balance * rate * self.every / 12)
        principal = self._principal(place, interest)
        insurance = self.insurance.of(place, self.balance)
        return Instalment(
            place + 1, due_on(self.first_due, place * self.every), interest, principal, insurance,
            interest + principal + insurance, self.balance - principal, rate,
        )  # fmt: skip

    def _principal(self, place: int, interest: Decimal) -> Decimal:
        if place >= self.count - 1:
            return self.balance
        if place < self.deferred:
            return -interest if self.how == "total" else ZERO
        if self.at_the_end:
            return ZERO
        stepped = place - self.deferred
        if stepped < len(self.steps):
            principal = self.steps[stepped] - interest
            if principal < 0 and interest:
                raise BadLoan("steps", f"Un palier de {self.steps[stepped]} € ne couvre pas les intérêts, {interest} €.")
            self.payment = None
            return min(principal, self.balance)
        if self.payment is None:
            self.payment = annuity(self.balance, self._per_period, self.count - place)
        return max(ZERO, min(self.payment - interest, self.balance))

    @property
    def _per_period(self) -> Decimal:
        return (self.rate or ZERO) * self.every / 12

    def _repaid(self, one: Instalment, early: EarlyRepayment) -> Instalment:
        """The instalment with what was repaid with it; the loan goes on shorter or cheaper."""
        amount = one.balance if early.amount is None else min(cents(early.amount), one.balance)
        asked = early.indemnity
        if asked == "cap":
            asked = indemnity_cap(one.due, amount, one.balance, self.rates.average(self.count))
        assert isinstance(asked, Decimal)
        left = one.balance - amount
        place = one.rank
        if early.mode == "lower" or self.at_the_end or place < self.deferred + len(self.steps):
            self.payment = None
        elif left > 0 and place < self.count:
            payment = self.payment or annuity(one.balance, self._per_period, self.count - place)
            self.payment, self.count = payment, min(self.count, place + _needed(left, self._per_period, payment))
        return Instalment(
            one.rank, one.due, one.interest, one.principal + amount, one.insurance, one.payment + amount + asked, left, one.rate,
            one.early + amount, one.indemnity + asked,
        )  # fmt: skip


def annuity(balance: Decimal, rate: Decimal, count: int) -> Decimal:
    """The constant payment that repays a balance in so many periods at a rate a period, to the cent."""
    if rate == 0:
        return cents(balance / count)
    return cents(balance * rate / (1 - (1 + rate) ** -count))


def _needed(balance: Decimal, rate: Decimal, payment: Decimal) -> int:
    """How many instalments of this payment it takes, the last one a smaller one."""
    count = 0
    while balance > 0 and count < LONGEST:
        balance -= payment - cents(balance * rate)
        count += 1
    return count
