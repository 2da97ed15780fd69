"""A loan as pages, exports and the API read it: frozen terms, and the schedule that core.api.finance makes of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from core.api import finance

ZERO = Decimal(0)
KINDS: dict[str, str] = {
    "AMORTISSABLE": "Prêt amortissable", "IN_FINE": "Prêt in fine", "RELAIS": "Prêt relais", "PTZ": "Prêt à taux zéro (PTZ)",
    "REVOLVING": "Crédit renouvelable", "CREDIT_BAIL": "Crédit-bail", "AUTRE": "Autre emprunt",
}  # fmt: skip
#: Those whose instalments can be reckoned, as `core.api.finance` calls them.
SCHEDULED: dict[str, Literal["amortissable", "in_fine", "relais", "ptz"]] = {
    "AMORTISSABLE": "amortissable", "IN_FINE": "in_fine", "RELAIS": "relais", "PTZ": "ptz",
}  # fmt: skip
EVERY: dict[str, str] = {"1": "Mensuelles", "3": "Trimestrielles", "6": "Semestrielles", "12": "Annuelles"}
DEFERRALS: dict[str, str] = {"PARTIEL": "Partiel : intérêts payés", "TOTAL": "Total : intérêts capitalisés"}
INSURANCES: dict[str, str] = {
    "INITIAL": "Taux sur le capital initial", "RESTANT": "Taux sur le capital restant dû", "MONTANT": "Montant par échéance",
}  # fmt: skip
GUARANTEES: dict[str, str] = {
    "HYPOTHEQUE": "Hypothèque", "CAUTION": "Caution", "NANTISSEMENT": "Nantissement", "DELEGATION": "Délégation",
    "AUTRE": "Autre",
}  # fmt: skip
CLOSINGS: dict[str, str] = {
    "SOLDE": "Remboursé en totalité", "RACHETE": "Racheté par un autre prêt", "VENTE": "Soldé par la vente du bien",
    "ANNULE": "Annulé, jamais débloqué",
}  # fmt: skip
EVENTS: dict[str, str] = {
    "REMBOURSEMENT": "Remboursement anticipé", "TAUX": "Changement de taux", "SOLDE": "Solde communiqué par le prêteur",
}  # fmt: skip
MODES: dict[str, str] = {"DUREE": "Réduire la durée", "ECHEANCE": "Réduire l'échéance"}
INDEMNITIES: dict[str, str] = {"AUCUNE": "Aucune", "PLAFOND": "Au plafond légal", "MONTANT": "D'un montant convenu"}


@dataclass(frozen=True, slots=True)
class Terms:
    """What a contract of loan says. Rates are ratios; `steps`: (instalments, payment) of each stretch."""

    kind: str
    purpose: str
    lender: str
    principal: Decimal
    annual_rate: Decimal = ZERO
    number: str = ""
    variable: bool = False
    months: int | None = None
    granted_on: date | None = None
    first_due: date | None = None
    every: int = 1
    deferred_months: int = 0
    deferred_kind: str = ""
    steps: tuple[tuple[int, Decimal], ...] = ()
    insurance_kind: str = ""
    insurance_rate: Decimal | None = None
    insurance_amount: Decimal | None = None
    fees: Decimal = ZERO
    guarantees: tuple[str, ...] = ()
    remarks: str = ""
    asset_id: str | None = None


@dataclass(frozen=True, slots=True)
class Borrower:
    """Somebody's share of a loan, and the quota at which the insurance covers him. `visible`: the reader may open his file."""

    contact_id: str
    share: Decimal
    insured: Decimal = ZERO
    name: str = ""
    visible: bool = True


@dataclass(frozen=True, slots=True)
class Happened:
    """A new rate, an early repayment (amount None: all that is left), or a balance that the lender told."""

    kind: str
    on: date
    rate: Decimal | None = None
    amount: Decimal | None = None
    mode: str = ""
    indemnity_kind: str = ""
    indemnity: Decimal | None = None
    id: str = ""


@dataclass(frozen=True, slots=True)
class Owed:
    """What is owed on a day, since when that is so, and whether it was reckoned (CALCULE) or told (DECLARE)."""

    amount: Decimal
    as_of: date | None
    origin: Literal["CALCULE", "DECLARE"]


@dataclass(frozen=True, slots=True)
class Loan:
    """A loan with its people and what happened to it."""

    id: str
    terms: Terms
    borrowers: tuple[Borrower, ...]
    events: tuple[Happened, ...] = ()
    closed_on: date | None = None
    closed_why: str = ""
    reckoned: list[tuple[finance.Instalment, ...]] = field(default_factory=list, compare=False, repr=False)

    @property
    def kind_label(self) -> str:
        """«Prêt in fine»."""
        return KINDS[self.terms.kind]

    @property
    def label(self) -> str:
        """«Prêt in fine, Banque de l'Ouest»."""
        return f"{self.kind_label}, {self.terms.lender}"

    @property
    def covered(self) -> Decimal:
        """The sum of the insured quotas: 1.5 for one person at 100 % and another at 50 %."""
        return sum((one.insured for one in self.borrowers), ZERO)

    def schedule(self, *more: finance.EarlyRepayment) -> tuple[finance.Instalment, ...]:
        """Its instalments, with early repayments that are only thought of; none where its kind has no schedule."""
        if more and self.schedule():
            return schedule(self.terms, self.covered, self.events, more)
        if not self.reckoned:
            try:
                self.reckoned.append(schedule(self.terms, self.covered, self.events))
            except finance.BadLoan:  # written by something else than our rules: it is shown, and has no schedule
                self.reckoned.append(())
        return self.reckoned[0]

    def open_on(self, on: date) -> bool:
        """Whether it was granted and not closed on a day."""
        begun = self.terms.granted_on or self.begins
        return (begun is None or begun <= on) and (self.closed_on is None or on < self.closed_on)

    @property
    def begins(self) -> date | None:
        """The day of the first period: one period before the first instalment."""
        return finance.due_on(self.terms.first_due, -self.terms.every) if self.terms.first_due else None

    @property
    def ends(self) -> date | None:
        """The day of its last instalment, or the day that it was closed."""
        lines = self.schedule()
        return self.closed_on or (lines[-1].due if lines else None)

    def owed(self, on: date) -> Owed:
        """What is owed at the end of a day. The lender's word counts until the next instalment falls due after it."""
        if not self.open_on(on):
            return Owed(Decimal("0.00"), self.closed_on, "CALCULE")
        lines = [one for one in self.schedule() if one.due <= on]
        told = max((one for one in self.events if one.kind == "SOLDE" and one.on <= on), key=lambda one: one.on, default=None)
        if told is not None and told.amount is not None and (not lines or told.on >= lines[-1].due):
            return Owed(told.amount, told.on, "DECLARE")
        if lines:
            return Owed(lines[-1].balance, lines[-1].due, "CALCULE")
        return Owed(self.terms.principal, self.terms.granted_on or self.begins, "CALCULE")

    def next_due(self, on: date) -> finance.Instalment | None:
        """The next instalment after a day; None once it is over."""
        return next((one for one in self.schedule() if one.due > on), None) if self.open_on(on) else None

    def gap(self, told: Happened) -> Decimal | None:
        """What the lender's word of a balance differs by from the schedule; None where there is none."""
        lines = self.schedule()
        if not lines or told.amount is None:
            return None
        return told.amount - finance.balance_on(lines, self.terms.principal, told.on)


def schedule(
    terms: Terms, covered: Decimal, events: Sequence[Happened] = (), more: Sequence[finance.EarlyRepayment] = ()
) -> tuple[finance.Instalment, ...]:
    """The instalments of these terms; none for a kind without. Raises `finance.BadLoan`."""
    if terms.kind not in SCHEDULED or terms.months is None or terms.first_due is None:
        return ()
    return _schedule(terms, covered, tuple(events), tuple(more))


@lru_cache(maxsize=512)
def _schedule(
    terms: Terms, covered: Decimal, events: tuple[Happened, ...], more: tuple[finance.EarlyRepayment, ...]
) -> tuple[finance.Instalment, ...]:
    assert terms.months is not None
    assert terms.first_due is not None
    rated = terms.insurance_kind in ("INITIAL", "RESTANT") and terms.insurance_rate is not None
    return tuple(
        finance.loan_schedule(
            terms.principal, terms.annual_rate, terms.months, SCHEDULED[terms.kind], first_due=terms.first_due, every=terms.every,
            insurance_rate=(terms.insurance_rate or ZERO) * covered if rated else None,
            insurance_on="balance" if terms.insurance_kind == "RESTANT" else "initial",
            insurance_amount=terms.insurance_amount if terms.insurance_kind == "MONTANT" else None,
            deferred_months=terms.deferred_months, deferred_kind="total" if terms.deferred_kind == "TOTAL" else "partiel",
            rate_changes=[finance.RateChange(one.on, one.rate or ZERO) for one in events if one.kind == "TAUX"],
            early_repayments=[*(early(one) for one in events if one.kind == "REMBOURSEMENT"), *more],
            steps=[finance.Step(count, payment) for count, payment in terms.steps],
        )
    )  # fmt: skip


def early(one: Happened) -> finance.EarlyRepayment:
    """An early repayment as the schedule takes it."""
    asked: Decimal | Literal["cap"] = ZERO
    if one.indemnity_kind == "PLAFOND":
        asked = "cap"
    elif one.indemnity_kind == "MONTANT":
        asked = one.indemnity or ZERO
    mode: Literal["shorten", "lower"] = "lower" if one.mode == "ECHEANCE" else "shorten"
    return finance.EarlyRepayment(one.on, one.amount, mode, asked)
