"""What a loan costs: totals of a schedule, what is owed on a day, the annual effective rate (TAEG) (AU-01)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.finance.terms import ZERO
from core.finance.terms import Instalment


@dataclass(frozen=True, slots=True)
class LoanTotals:
    """Sums of a schedule. `cost`: all that is paid beyond the capital."""

    interest: Decimal
    insurance: Decimal
    indemnity: Decimal
    fees: Decimal
    principal: Decimal
    paid: Decimal

    @property
    def cost(self) -> Decimal:
        """Interest, insurance, indemnities and fees."""
        return self.interest + self.insurance + self.indemnity + self.fees


def totals(schedule: Sequence[Instalment], fees: Decimal = ZERO) -> LoanTotals:
    """The sums of a schedule."""

    def of(name: str) -> Decimal:
        return sum((getattr(one, name) for one in schedule), ZERO)

    return LoanTotals(of("interest"), of("insurance"), of("indemnity"), fees, of("principal"), of("payment") + fees)


def balance_on(schedule: Sequence[Instalment], principal: Decimal, on: date) -> Decimal:
    """What is owed on a day, the instalment due on it paid."""
    return next((one.balance for one in reversed(schedule) if one.due <= on), principal)


def effective_rate(lent: Decimal, flows: Sequence[tuple[float, Decimal]]) -> Decimal | None:
    """The annual rate at which payments, each at so many years from the loan, are worth what was lent; None without a root.

    Actuarial method of annex I of directive 2008/48/CE and art. R. 314-3 C. conso. A ratio with six decimals.
    """
    amounts = [(years, float(amount)) for years, amount in flows if amount]
    given = float(lent)
    if given <= 0 or not amounts or any(amount < 0 for _, amount in amounts):
        return None

    def worth(rate: float) -> float:
        return float(sum(amount * (1 + rate) ** -years for years, amount in amounts)) - given

    low, high = -0.99, 1.0
    while worth(high) > 0:
        high *= 2
        if high > 1e6:
            return None
    if worth(low) < 0:
        return None
    while high - low > 1e-10:
        middle = (low + high) / 2
        low, high = (middle, high) if worth(middle) > 0 else (low, middle)
    return Decimal(repr((low + high) / 2)).quantize(Decimal("0.000001"))


def taeg(schedule: Sequence[Instalment], principal: Decimal, *, every: int = 1, fees: Decimal = ZERO) -> Decimal | None:
    """The annual effective rate of a schedule: fees are kept from what is lent, months are equal."""
    flows = [(one.rank * every / 12, one.payment) for one in schedule]
    return effective_rate(principal - fees, flows)
