"""What portfolios and lists show of accounts: lines, groups with subtotals, icons; no query a row (BL-02, BL-06)."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from datetime import date
from decimal import Decimal

from core.api import wealth
from core.api.accounts import ENVELOPES
from core.api.types import AccountRef
from core.api.types import Badge

#: Figures older than this many days are marked (ux.md §3.2, rule 5).
STALE = 7
#: Totals are of this currency; accounts in another are counted apart, never added up.
CURRENCY = "EUR"
#: The part of a value whose supports are not known.
UNTOLD = "Non détaillé"


@dataclass(frozen=True, slots=True)
class Line:
    """One account of a list. `part`: what the person, or the household, at hand has of it, as a ratio."""

    account: AccountRef
    badge: Badge | None
    in_progress: int
    late: int | None
    part: Decimal = Decimal(1)

    @property
    def amount(self) -> Decimal | None:
        """That part of its value, to the cent."""
        return wealth.cents(self.account.value, self.part) if self.account.value is not None else None

    @property
    def gain(self) -> Decimal | None:
        """Value less net payments, in the account's currency."""
        account = self.account
        if account.value is None or account.net_payments is None:
            return None
        return account.value - account.net_payments

    @property
    def gain_ratio(self) -> Decimal | None:
        """Gain on net payments."""
        payments = self.account.net_payments
        return self.gain / payments if self.gain is not None and payments and payments > 0 else None


@dataclass(frozen=True, slots=True)
class Sum:
    """A subtotal in euros. `apart`: how many accounts it leaves out (other currency, or no value)."""

    count: int
    value: Decimal | None
    gain: Decimal | None
    apart: int


@dataclass(frozen=True, slots=True)
class EnvelopeGroup:
    """A company's accounts of one envelope."""

    label: str
    lines: tuple[Line, ...]
    sum: Sum


@dataclass(frozen=True, slots=True)
class CompanyGroup:
    """The accounts at one company, by envelope."""

    label: str
    envelopes: tuple[EnvelopeGroup, ...]
    sum: Sum


@dataclass(frozen=True, slots=True)
class Portfolio:
    """A person's or household's accounts, grouped."""

    companies: tuple[CompanyGroup, ...]
    sum: Sum
    on: date | None


def lines(
    refs: Iterable[AccountRef], badges: Mapping[str, Badge], in_progress: Mapping[str, int], on: date
) -> list[Line]:
    """Each account with its icon, its transactions in progress, and how late its data are on that day."""
    return [
        Line(ref, badges.get(ref.id), in_progress.get(ref.id, 0), _late(ref, on)) for ref in refs
    ]


def parted(found: Iterable[Line], parts: Mapping[str, Decimal]) -> list[Line]:
    """The lines with the part that one has of each account; of those whose part is not known, nothing counts."""
    return [replace(line, part=parts.get(line.account.id, Decimal(0))) for line in found]


def grouped(found: Sequence[Line]) -> Portfolio:
    """By company, the largest first, then by envelope in the usual order."""
    by_company: dict[str, list[Line]] = {}
    for line in found:
        by_company.setdefault(line.account.company, []).append(line)
    companies = [CompanyGroup(name, _envelopes(of_it), total(of_it)) for name, of_it in by_company.items()]
    companies.sort(key=lambda group: (-(group.sum.value or Decimal(0)), group.label))
    days = [line.account.value_on for line in found if line.account.value_on]
    return Portfolio(tuple(companies), total(found), max(days, default=None))


def total(found: Sequence[Line]) -> Sum:
    """The sum of the parts of what is valued in euros; the gain only of accounts whose payments are known."""
    valued = [line for line in found if line.account.currency == CURRENCY and line.account.value is not None]
    gains = [wealth.cents(line.gain, line.part) for line in valued if line.gain is not None]
    return Sum(
        count=len(found),
        value=sum((line.amount or Decimal(0) for line in valued), Decimal(0)) if valued else None,
        gain=sum(gains, Decimal(0)) if gains else None,
        apart=len(found) - len(valued),
    )


def parts(portfolio: Portfolio, by: str, supports: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """The shares of a portfolio's value: by company, by envelope, or by kind of support.

    What positions do not tell of the value is a share too, so that all three add up to the same total.
    """
    found: dict[str, Decimal] = {}
    for company in portfolio.companies:
        for envelope in company.envelopes:
            label = company.label if by == "compagnie" else envelope.label
            found[label] = found.get(label, Decimal(0)) + (envelope.sum.value or Decimal(0))
    if by == "support":
        rest = (portfolio.sum.value or Decimal(0)) - sum(supports.values(), Decimal(0))
        found = {**supports, UNTOLD: rest}
    return {label: value for label, value in found.items() if value}


def _envelopes(found: Sequence[Line]) -> tuple[EnvelopeGroup, ...]:
    by_envelope: dict[str, list[Line]] = {}
    for line in found:
        by_envelope.setdefault(line.account.envelope, []).append(line)
    order = {code: place for place, code in enumerate(ENVELOPES)}
    codes = sorted(by_envelope, key=lambda code: order.get(code, len(order)))
    return tuple(
        EnvelopeGroup(by_envelope[code][0].account.envelope_label, tuple(by_envelope[code]), total(by_envelope[code]))
        for code in codes
    )


def _late(ref: AccountRef, on: date) -> int | None:
    if ref.data_as_of is None:
        return None
    days = (on - ref.data_as_of).days
    return days if days > STALE else None
