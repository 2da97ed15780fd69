"""An asset as pages and the API read it: frozen facts, its value on a day, what it yields; and a debt beside loans."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.api import finance
from core.api.types import Category
from core.api.types import Ownership
from core.api.types import Right
from plugins.patrimoine import asset_kinds
from plugins.patrimoine.asset_kinds import Kind

ZERO = Decimal(0)
#: What a usufruct for a fixed time may be noted with.
ENJOYED = ("USUFRUIT", "QUASI_USUFRUIT")


@dataclass(frozen=True, slots=True)
class Facts:
    """What an asset is and how it was come by. `ifi`: its own ratio in the base of the IFI; None: its kind's."""

    kind: str
    label: str
    address: str = ""
    surface: Decimal | None = None
    acquired_on: date | None = None
    mode: str = ""
    price: Decimal | None = None
    costs: Decimal | None = None
    nature: str = ""
    usufruct_until: date | None = None
    scheme: str = ""
    scheme_since: date | None = None
    scheme_years: int | None = None
    ifi: Decimal | None = None
    company_id: str | None = None
    remarks: str = ""


@dataclass(frozen=True, slots=True)
class Owner:
    """Somebody's right. `visible`: the reader may open his file."""

    contact_id: str
    share: Decimal = Decimal(1)
    right: Right = "PLEINE_PROPRIETE"
    name: str = ""
    visible: bool = True

    @property
    def ownership(self) -> Ownership:
        """The same, as core reckons with it."""
        return Ownership(self.contact_id, self.share, self.right)


@dataclass(frozen=True, slots=True)
class Valuation:
    """What the whole is worth on a day, on what ground, and who noted it."""

    on: date
    value: Decimal
    basis: str = "ESTIMATION"
    said_by: str = ""
    id: str = ""

    @property
    def source(self) -> str:
        """«Expertise, saisi par Marie Diallo»."""
        basis = asset_kinds.BASES[self.basis]
        return f"{basis}, saisi par {self.said_by}" if self.said_by else basis


@dataclass(frozen=True, slots=True)
class Rent:
    """A letting. Amounts that are None are not known; `vacancy`: the part of a year not let."""

    monthly: Decimal
    since: date
    charges: Decimal | None = None
    property_tax: Decimal | None = None
    vacancy: Decimal = ZERO
    until: date | None = None
    tenant: str = ""
    id: str = ""

    def runs(self, on: date) -> bool:
        """Whether it is let so on a day."""
        return self.since <= on and (self.until is None or self.until >= on)

    @property
    def net(self) -> Decimal | None:
        """What a year leaves, vacancy, charges and tax taken off; None where one of them is not known."""
        if self.charges is None or self.property_tax is None:
            return None
        return 12 * self.monthly * (1 - self.vacancy) - self.charges - self.property_tax


@dataclass(frozen=True, slots=True)
class Yields:
    """What a let asset brings on a day: rent of a year, and ratios of its value; None where a piece is not known."""

    yearly: Decimal
    gross: Decimal | None
    net: Decimal | None


@dataclass(frozen=True, slots=True)
class Asset:
    """An asset with its people, values (oldest first) and rents (latest first)."""

    id: str
    facts: Facts
    owners: tuple[Owner, ...]
    values: tuple[Valuation, ...] = ()
    rents: tuple[Rent, ...] = ()
    disposed_on: date | None = None
    disposed_why: str = ""
    company: Owner | None = None

    @property
    def kind(self) -> Kind:
        """Its line of the closed table."""
        return asset_kinds.KINDS[self.facts.kind]

    @property
    def ifi(self) -> Decimal:
        """The ratio of its value in the base of the IFI."""
        return self.kind.ifi if self.facts.ifi is None else self.facts.ifi

    @property
    def scheme_ends(self) -> date | None:
        """The end of the engagement of its scheme; None where it is not known."""
        if not self.facts.scheme or self.facts.scheme_since is None or self.facts.scheme_years is None:
            return None
        return finance.due_on(self.facts.scheme_since, 12 * self.facts.scheme_years)

    def exists(self, on: date) -> bool:
        """Whether it is theirs on a day."""
        if self.disposed_why == asset_kinds.MISTAKE:
            return False
        return (self.facts.acquired_on is None or self.facts.acquired_on <= on) and (
            self.disposed_on is None or self.disposed_on > on
        )

    def value(self, on: date) -> Valuation | None:
        """The last value known by a day; None where there is none, which is not 0."""
        return next((one for one in reversed(self.values) if one.on <= on), None)

    def let(self, on: date) -> tuple[Rent, ...]:
        """The lettings of a day."""
        return tuple(one for one in self.rents if one.runs(on))

    def yields(self, on: date) -> Yields | None:
        """What it brings on a day; None where it is not let. Gross: a year's rent on the value of the day; net: what is left."""
        let, known = self.let(on), self.value(on)
        if not let:
            return None
        yearly = sum((12 * one.monthly for one in let), ZERO)
        nets = [one.net for one in let]
        if known is None or known.value == 0:
            return Yields(yearly, None, None)
        left = None if None in nets else sum((one for one in nets if one is not None), ZERO)
        return Yields(yearly, yearly / known.value, None if left is None else left / known.value)


@dataclass(frozen=True, slots=True)
class DebtTerms:
    """What is owed, or stood surety for."""

    kind: str
    label: str
    creditor: str
    amount: Decimal
    amount_on: date
    since: date | None = None
    due_on: date | None = None
    asset_id: str | None = None
    remarks: str = ""


@dataclass(frozen=True, slots=True)
class Debt:
    """A debt with the people who owe it."""

    id: str
    terms: DebtTerms
    owners: tuple[Owner, ...]
    settled_on: date | None = None
    said_by: str = ""

    @property
    def category(self) -> Category:
        """Where it stands in the balance sheet."""
        return asset_kinds.DEBT_CATEGORIES[self.terms.kind]

    @property
    def kind_label(self) -> str:
        """«Dette fiscale»."""
        return asset_kinds.DEBT_KINDS[self.terms.kind]

    @property
    def source(self) -> str:
        """«Saisi par Marie Diallo»."""
        return f"Saisi par {self.said_by}" if self.said_by else "Saisi"

    def owed(self, on: date) -> bool:
        """Whether it is owed on a day."""
        begun = self.terms.since is None or self.terms.since <= on
        return begun and (self.settled_on is None or self.settled_on > on)
