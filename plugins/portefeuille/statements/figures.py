"""What a statement says, gathered once: its PDF, its workbook and its data are written of this, so that they cannot differ.

Totals, lines and shares are the consolidated situation's (PF-06), performance is that of its page (PF-08): no figure is reckoned
here. Movements are the accounts', whole, as they came.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from datetime import timedelta
from decimal import Decimal

from flask_babel import gettext as _

from core.api import accounts
from core.api import contacts
from core.api import performance
from core.api import wealth
from core.api.db import DomainError
from core.api.db import TenantSession
from core.api.db import today
from core.api.formats import day
from core.api.types import AccountRef
from core.api.types import Adviser

#: Axes along which a statement is cut, in the order in which they stand.
AXES = ("classe", "enveloppe", "liquidite")
#: What may be left out of the pages. The files inside them have all that was gathered.
PARTS = ("graphiques", "lignes", "mouvements", "performance")
#: Periods of its movements and performance: those that end on the statement's day.
PERIODS: dict[str, str] = {code: label for code, label in performance.PERIODS.items() if code != "precedente"}
FREE, USUAL = "libre", "annee"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked. `since`: the day at whose end the period begins; None: from the first day known. `parts`: of `PARTS`."""

    on: date
    since: date | None
    parts: frozenset[str] = frozenset(PARTS)

    @property
    def first(self) -> date | None:
        """The first day whose movements count: what moved on `since` is in its value already."""
        return None if self.since is None else self.since + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an account; `support_id` None: what its lines do not tell. `quantity`, `price`: as they are told, where the whole
    account counts; None otherwise."""

    label: str
    support_id: str | None
    isin: str | None
    quantity: Decimal | None
    price: Decimal | None
    price_on: date | None
    value: Decimal
    share: Decimal | None
    on: date


@dataclass(frozen=True, slots=True)
class Held:
    """An account that counts. `value`: of the part, in euros; `on`, `source`: of its last value by the statement's day."""

    account: AccountRef
    part: Decimal
    value: Decimal
    share: Decimal | None
    on: date
    source: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """A movement of a whole account."""

    account: AccountRef
    on: date
    kind: str
    label: str
    support: str | None
    amount: Decimal
    currency: str
    source: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement's figures. `made`: the day on which they were gathered; amounts are in euros but where a currency is named."""

    contact: contacts.ContactCard
    wanted: Wanted
    made: date
    situation: wealth.Situation
    accounts: tuple[Held, ...]
    movements: tuple[Moved, ...]
    measure: performance.Measure
    evolution: tuple[wealth.Worth, ...]

    @property
    def total(self) -> Decimal:
        """The whole, of one that `statement` gave."""
        return self.situation.total or Decimal(0)


def statement(session: TenantSession, who: Adviser, contact_id: str, wanted: Wanted) -> Statement:
    """The figures of a person or a household, of the accounts that `who` may see.

    Raises `NotFound`, and `DomainError` where nothing is known by that day.
    """
    found = gathered(session, who, contact_id, wanted)
    if found.situation.total is None:
        raise DomainError(_nothing(session, who, contact_id, wanted.on), field="au")
    return found


def gathered(session: TenantSession, who: Adviser, contact_id: str, wanted: Wanted) -> Statement:
    """The same, also where nothing is known: there is no total then. Raises `NotFound`."""
    contact = contacts.get_contact(session, who, contact_id)
    found = wealth.situation(session, who, contact_id, wanted.on)
    held = _held(session, found)
    parts = {one.account.id: one.part for one in held}
    return Statement(
        contact, wanted, today(), found, held, _moved(session, [one.account for one in held], wanted),
        performance.of_contact(session, who, contact_id, wanted.since, wanted.on),
        wealth.evolution(session, parts, since=wanted.since, until=wanted.on),
    )  # fmt: skip


def _nothing(session: TenantSession, who: Adviser, contact_id: str, on: date) -> str:
    """Why there is no statement of that day, and of which day there is one."""
    known = performance.of_contact(session, who, contact_id, None, today()).tracks
    first = min((track.values[0].on for track in known if track.values), default=None)
    if first is None:
        return str(_(
            "Aucun compte en euros ouvert à votre profil n'est valorisé\u202f: enregistrez une valorisation, puis recommencez."
        ))  # fmt: skip
    if on < first:
        return str(_(
            "Aucune valeur n'est connue au %(day)s\u202f: la première est du %(first)s. Choisissez cette date ou une plus "
            "récente.",
            day=day(on), first=day(first),
        ))  # fmt: skip
    return str(_("Aucun compte ouvert n'a de valeur connue au %(day)s\u202f: choisissez une autre date.", day=day(on)))


def _held(session: TenantSession, found: wealth.Situation) -> tuple[Held, ...]:
    """The accounts, by company and envelope as portfolios are, each with its lines in the situation's order."""
    by: dict[str, list[wealth.Held]] = {}
    for line in found.lines:
        by.setdefault(line.account.id, []).append(line)
    known = wealth.last_values(session, list(by), found.on)
    made = [_account(session, found, lines, known[key]) for key, lines in by.items()]
    return tuple(sorted(made, key=lambda one: (one.account.company, one.account.envelope_label, one.account.label)))


def _account(
    session: TenantSession, found: wealth.Situation, lines: Sequence[wealth.Held], known: tuple[date, Decimal, str]
) -> Held:
    ref, part = lines[0].account, lines[0].part
    told = [one for one in accounts.positions(session, ref.id, found.on).lines if one.currency == ref.currency]
    value = sum((line.value for line in lines), Decimal(0))
    made = []
    for place, line in enumerate(lines):
        beside = told[place] if place < len(told) and told[place].support_id == line.support_id else None
        whole = beside if part == 1 else None
        made.append(
            Line(
                line.label, line.support_id, beside.isin if beside else None, whole.quantity if whole else None,
                whole.price if whole else None,
                whole.price_on if whole else None, line.value, _share(line.value, found.total), line.on,
            )
        )  # fmt: skip
    return Held(ref, part, value, _share(value, found.total), known[0], known[2], tuple(made))


def _share(value: Decimal, total: Decimal | None) -> Decimal | None:
    return (value / total).quantize(Decimal("0.000001")) if total and total > 0 else None


def _moved(session: TenantSession, refs: Sequence[AccountRef], wanted: Wanted) -> tuple[Moved, ...]:
    """The period's movements of the accounts that count, oldest first: from the day after its value to the last one."""
    asked = accounts.MovementFilter(since=wanted.first, until=wanted.on, descending=False)
    found = [
        Moved(
            ref, one.on, accounts.MOVEMENT_KINDS.get(one.kind, one.kind), one.label, one.support, one.amount, one.currency,
            one.source,
        )
        for ref in refs
        for one in accounts.every_movement(session, ref.id, asked)
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: (one.on, one.account.label)))
