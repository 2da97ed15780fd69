"""A project as it is read and written: frozen, without rows. Amounts in euros, costs and weights as ratios (CO-04)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from datetime import datetime
from decimal import Decimal

from core.api.finance import due_on
from core.api.types import AccountRef
from plugins.conformite.projects import kinds
from plugins.conformite.projects.projection import Payments

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Share:
    """A line of an allocation as it is written: a class, or a support by its id; its weight."""

    weight: Decimal
    asset_class: str | None = None
    support_id: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it is read. `code`: how the support is called elsewhere (ISIN, code), nothing for a class."""

    weight: Decimal
    label: str
    asset_class: str
    support_id: str | None = None
    code: str = ""
    type: str = ""


@dataclass(frozen=True, slots=True)
class Terms:
    """A project as it is written. What its kind has no use for is dropped."""

    title: str
    kind: str
    goal: str
    amount: Decimal
    origin: str
    starts_on: date
    ends_on: date
    initial: Decimal = ZERO
    monthly: Decimal = ZERO
    entry_cost: Decimal = ZERO
    yearly_cost: Decimal = ZERO
    allocation: str = kinds.BY_NOTHING
    shares: tuple[Share, ...] = ()
    account_id: str | None = None
    co_contact_id: str | None = None
    origin_note: str = ""
    provider: str = ""
    remarks: str = ""


@dataclass(frozen=True, slots=True)
class Project:
    """A project as it is read. `account`, `co_investor`: None and nothing where there is none, or the reader may not see it."""

    id: str
    contact_id: str
    contact: str
    terms: Terms
    lines: tuple[Line, ...]
    account: AccountRef | None
    co_investor: str
    archived_at: datetime | None
    said_by: str
    created_at: datetime
    updated_at: datetime

    @property
    def months(self) -> int:
        """Whole months from its start to its horizon."""
        return months_between(self.terms.starts_on, self.terms.ends_on)

    @property
    def payments(self) -> Payments:
        """What is put in."""
        one = self.terms
        return Payments(one.initial, one.monthly, self.months, one.entry_cost, one.yearly_cost)

    @property
    def surrender(self) -> bool:
        """Whether it takes a contract out whole."""
        return self.terms.kind == kinds.SURRENDER

    def status(self, on: date) -> str:
        """Of `kinds.STATUSES`, computed, never typed."""
        if self.archived_at is not None:
            return kinds.AWAY
        if self.terms.starts_on > on:
            return kinds.COMING
        return kinds.PAST if not self.surrender and self.terms.ends_on < on else kinds.RUNNING


@dataclass(frozen=True, slots=True)
class Listed:
    """Projects of a file: its own, and those of others in which its person invests."""

    own: tuple[Project, ...] = ()
    joined: tuple[Project, ...] = ()


def months_between(start: date, end: date) -> int:
    """Whole months; 0 where the end comes within the first, or before."""
    count = max((end.year - start.year) * 12 + end.month - start.month, 0)
    return count - 1 if count and due_on(start, count) > end else count
