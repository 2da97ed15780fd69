"""What a loan's schedule is made from, and what it is made of: frozen values, and the rules that they must meet (AU-01)."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP
from decimal import Decimal
from typing import Literal

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
#: Fifty years: no lender goes further.
LONGEST = 600
#: Months between two instalments, that make whole years.
PERIODS = (1, 3, 6, 12)
#: A nominal annual rate beyond is a slip of the pen: 3,45 typed as 345.
DEAREST = Decimal(1)

Kind = Literal["amortissable", "in_fine", "relais", "ptz"]
Deferral = Literal["partiel", "total"]
InsuranceBase = Literal["initial", "balance"]
KINDS: tuple[Kind, ...] = ("amortissable", "in_fine", "relais", "ptz")
#: Interest on the way, the whole capital with the last instalment.
AT_THE_END = frozenset({"in_fine", "relais"})


class BadLoan(ValueError):
    """Terms that make no loan. `field`: the argument that it is about; `text`: what is wrong, in French."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field
        self.text = text


@dataclass(frozen=True, slots=True)
class RateChange:
    """From the first period that begins on this day or later, another annual rate; the instalment is reckoned anew."""

    on: date
    rate: Decimal


@dataclass(frozen=True, slots=True)
class EarlyRepayment:
    """Capital given back before its time, with the instalment due on this day or the next one.

    `amount` None: all that is left. `mode`: what of the loan is less afterwards, its length or its instalment.
    `indemnity`: what the lender asks for it, or «cap»: as much as the law allows (`core.finance.indemnity`).
    """

    on: date
    amount: Decimal | None = None
    mode: Literal["shorten", "lower"] = "shorten"
    indemnity: Decimal | Literal["cap"] = ZERO


@dataclass(frozen=True, slots=True)
class Step:
    """A stretch of a loan by steps: so many instalments of this payment (interest and capital, insurance apart)."""

    count: int
    payment: Decimal


@dataclass(frozen=True, slots=True)
class Instalment:
    """One line of a schedule: payment = interest + principal + insurance + indemnity, to the cent.

    `principal` is what the balance falls by; interest that is capitalised makes it negative (`capitalised`). What was
    repaid early with this instalment is part of it (`early`). `balance`: what is still owed afterwards.
    """

    rank: int
    due: date
    interest: Decimal
    principal: Decimal
    insurance: Decimal
    payment: Decimal
    balance: Decimal
    rate: Decimal
    early: Decimal = ZERO
    indemnity: Decimal = ZERO

    @property
    def capitalised(self) -> Decimal:
        """Interest that was not paid but added to what is owed."""
        return max(-self.principal, ZERO)

    @property
    def regular(self) -> Decimal:
        """What the instalment costs without what was repaid early and its indemnity."""
        return self.payment - self.early - self.indemnity


def cents(value: Decimal) -> Decimal:
    """Rounded to the cent, half up, as lenders do."""
    return value.quantize(CENT, ROUND_HALF_UP)


def due_on(first: date, months: int) -> date:
    """The day so many months after the first one: the 31st becomes a month's last day, and the 31st again after it."""
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, min(first.day, monthrange(year, month + 1)[1]))


def check(
    principal: Decimal, annual_rate: Decimal, months: int, kind: str, *, first_due: date, every: int,
    insurance_rate: Decimal | None, insurance_amount: Decimal | Sequence[Decimal] | None, deferred_months: int,
    rate_changes: Sequence[RateChange], early_repayments: Sequence[EarlyRepayment], steps: Sequence[Step],
) -> None:  # fmt: skip
    """Raise `BadLoan` for terms that make no loan."""
    if kind not in KINDS:
        raise BadLoan("kind", "Ce type de prêt n'a pas d'échéancier.")
    if principal <= 0 or principal != cents(principal):
        raise BadLoan("principal", "Le capital emprunté est un montant positif, au centime près.")
    _rate("annual_rate", annual_rate)
    if kind == "ptz" and annual_rate != 0:
        raise BadLoan("annual_rate", "Un prêt à taux zéro a un taux de 0\u00a0%.")
    if every not in PERIODS:
        raise BadLoan("every", "Les échéances sont mensuelles, trimestrielles, semestrielles ou annuelles.")
    if not 1 <= months <= LONGEST:
        raise BadLoan("months", f"La durée va de 1 à {LONGEST} mois (50 ans)\u202f: vérifiez-la.")
    if months % every:
        raise BadLoan("months", f"La durée est un multiple de {every} mois, l'écart entre deux échéances.")
    if due_on_year(first_due, months) > date.max.year - 1:
        raise BadLoan("first_due", "La dernière échéance tomberait après l'an 9998\u202f: vérifiez la première.")
    if deferred_months < 0 or deferred_months % every:
        raise BadLoan("deferred_months", "Le différé compte un nombre entier d'échéances.")
    if deferred_months > months or (deferred_months == months and kind not in AT_THE_END):
        raise BadLoan("deferred_months", "Le différé est plus court que le prêt\u202f: il faut au moins une échéance de capital.")
    if insurance_rate is not None:
        if insurance_amount is not None:
            raise BadLoan("insurance_amount", "L'assurance est un taux ou un montant, pas les deux.")
        _rate("insurance_rate", insurance_rate)
    amounts = () if insurance_amount is None else _listed(insurance_amount)
    if any(amount < 0 for amount in amounts):
        raise BadLoan("insurance_amount", "Une prime d'assurance n'est pas négative.")
    for change in rate_changes:
        _rate("rate_changes", change.rate)
    if kind == "ptz" and any(change.rate for change in rate_changes):
        raise BadLoan("rate_changes", "Le taux d'un prêt à taux zéro ne change pas.")
    for one in early_repayments:
        if one.amount is not None and one.amount <= 0:
            raise BadLoan("early_repayments", "Le montant remboursé par anticipation est positif.")
        if isinstance(one.indemnity, Decimal) and one.indemnity < 0:
            raise BadLoan("early_repayments", "Une indemnité n'est pas négative.")
    if steps:
        if kind in AT_THE_END:
            raise BadLoan("steps", "Un prêt remboursé à l'échéance n'a pas de paliers.")
        if any(step.count < 1 or step.payment < 0 for step in steps):
            raise BadLoan("steps", "Un palier compte au moins une échéance, d'un montant qui n'est pas négatif.")
        if sum(step.count for step in steps) > (months - deferred_months) // every:
            raise BadLoan("steps", "Les paliers comptent plus d'échéances que le prêt.")


def due_on_year(first: date, months: int) -> int:
    """The year of the last instalment, also where no date could hold it."""
    return first.year + (first.month - 1 + months) // 12


def _rate(field: str, rate: Decimal) -> None:
    if rate < 0:
        raise BadLoan(field, "Un taux n'est pas négatif.")
    if rate > DEAREST:
        raise BadLoan(field, "Un taux annuel ne dépasse pas 100\u00a0%.")


def _listed(amount: Decimal | Sequence[Decimal]) -> Sequence[Decimal]:
    return (amount,) if isinstance(amount, Decimal) else amount
