"""What the rules of an audit judge: accounts, lines, people, last movements, as known on a day.

Accounts count whole, whoever has which part of them; only those in euros are added up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import and_
from sqlalchemy import func
from sqlalchemy import select

from core.api import wealth
from core.api.book import Account
from core.api.book import AccountRole
from core.api.book import Movement
from core.api.book import Position
from core.api.book import Support
from core.api.db import TenantSession
from core.api.types import AccountRef
from core.api.types import FindingLine

ZERO = Decimal(0)
CURRENCY = "EUR"
#: What is owed or only insured: no holding.
_APART = frozenset({"PRET", "PREVOYANCE", "CARTE"})
#: Supports without a price or a risk scale of their own: an amount only (domain.md §2.3).
AMOUNTS = frozenset({"FONDS_EURO", "EUROCROISSANCE", "LIQUIDITE"})


@dataclass(frozen=True, slots=True)
class Line:
    """What an account holds of a support, on the last day told. `price_on`: the day of its price, where that is known."""

    account_id: str
    support_id: str
    label: str
    type: str
    isin: str
    sri: int | None
    value: Decimal
    on: date
    price: Decimal | None
    price_on: date | None
    pocket: str = ""


@dataclass(frozen=True, slots=True)
class Beneficiary:
    """One who would receive, as the account's people say it."""

    account_id: str
    accepted_on: date | None


@dataclass(frozen=True, slots=True)
class Known:
    """An account with what is known of it on the day: `value` None where nobody told one by then; fees as ratios."""

    ref: AccountRef
    value: Decimal | None
    value_on: date | None
    source: str
    matures_on: date | None
    fee_euro: Decimal | None
    fee_units: Decimal | None
    moved_on: date | None

    @property
    def euros(self) -> Decimal:
        """What it counts for in sums: nothing where its value is unknown, in another currency, or owed."""
        counts = self.value is not None and self.ref.currency == CURRENCY and self.ref.envelope not in _APART
        return self.value if counts and self.value is not None else ZERO


@dataclass(frozen=True, slots=True)
class Facts:
    """A portfolio on a day. `lines`: in euros alone."""

    on: date
    accounts: tuple[Known, ...]
    lines: tuple[Line, ...] = ()
    beneficiaries: tuple[Beneficiary, ...] = ()

    @property
    def total(self) -> Decimal:
        """What the accounts are worth together."""
        return sum((one.euros for one in self.accounts), ZERO)

    def lines_of(self, account_id: str) -> tuple[Line, ...]:
        """What one of them holds."""
        return tuple(line for line in self.lines if line.account_id == account_id)


def gather(session: TenantSession, refs: Sequence[AccountRef], on: date) -> Facts:
    """The facts of these accounts by that day: six queries, however many accounts. The caller has checked the right."""
    ids = [ref.id for ref in refs]
    values, moved = wealth.last_values(session, ids, on), _moved(session, ids, on)
    rows = session.execute(
        select(Account.id, Account.matures_on, Account.fee_euro, Account.fee_units).where(Account.id.in_(ids))
    )
    told = {row.id: row for row in rows}
    accounts = []
    for ref in refs:
        if ref.id not in told:
            continue
        value_on, value, source = values.get(ref.id, (None, None, ""))
        row = told[ref.id]
        accounts.append(
            Known(ref, value, value_on, source, row.matures_on, row.fee_euro, row.fee_units, moved.get(ref.id))
        )
    return Facts(on, tuple(accounts), tuple(_lines(session, ids, on)), tuple(_beneficiaries(session, ids)))


def _moved(session: TenantSession, ids: Sequence[str], on: date) -> dict[str, date]:
    rows = session.execute(
        select(Movement.account_id, func.max(Movement.on))
        .where(Movement.account_id.in_(ids), Movement.on <= on).group_by(Movement.account_id)
    )  # fmt: skip
    return {row[0]: row[1] for row in rows}


def _beneficiaries(session: TenantSession, ids: Sequence[str]) -> Iterable[Beneficiary]:
    rows = session.execute(
        select(AccountRole.account_id, AccountRole.accepted_on)
        .where(AccountRole.account_id.in_(ids), AccountRole.role == "BENEFICIAIRE")
        .order_by(AccountRole.account_id, AccountRole.rank)
    )  # fmt: skip
    return [Beneficiary(row.account_id, row.accepted_on) for row in rows]


def _lines(session: TenantSession, ids: Sequence[str], on: date) -> Iterable[Line]:
    last = (
        select(Position.account_id.label("account"), func.max(Position.on).label("day"))
        .where(Position.account_id.in_(ids), Position.on <= on).group_by(Position.account_id).subquery()
    )  # fmt: skip
    rows = session.execute(
        select(
            Position.account_id, Position.support_id, Support.label, Support.type, Support.isin, Support.sri, Position.value,
            Position.on, Position.price, Position.price_on, Position.pocket,
        )
        .join(last, and_(last.c.account == Position.account_id, last.c.day == Position.on))
        .join(Support, Support.id == Position.support_id)
        .where(Position.account_id.in_(ids), Position.currency == CURRENCY)
        .order_by(Position.value.desc(), Support.label, Position.id)
    )  # fmt: skip
    return [
        Line(
            row.account_id, row.support_id, row.label, row.type, row.isin or "", row.sri, row.value, row.on, row.price,
            row.price_on, row.pocket,
        )
        for row in rows
    ]  # fmt: skip


def by_support(lines: Iterable[Line]) -> dict[str, list[Line]]:
    """Lines by support, in the order in which they come."""
    found: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        found[line.support_id].append(line)
    return found


def of_account(one: Known, text: str = "", value: Decimal | None = None) -> FindingLine:
    """An account as a line of a finding, with its value where no other figure is said."""
    said = value if value is not None else one.euros or None
    figure = None if said is None else wealth.cents(said, Decimal(1))
    return FindingLine(one.ref.label, figure, "EUR", text, account_id=one.ref.id)


def of_line(line: Line, text: str = "") -> FindingLine:
    """A line of an account as a line of a finding."""
    return FindingLine(line.label, wealth.cents(line.value, Decimal(1)), "EUR", text, line.account_id, line.support_id)


def share(part: Decimal, whole: Decimal) -> Decimal:
    """A ratio; nothing of nothing."""
    return part / whole if whole > 0 else ZERO
