"""What a block of a feed would change of the account that it is attached to: worked out before anything is written (AGG-01)."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from core.api import accounts
from core.api import contacts
from core.api import formats
from core.api import supports
from core.api.db import TenantSession
from core.api.feeds import BalanceSeen
from core.api.feeds import MovementSeen
from core.api.feeds import Place
from core.api.feeds import PositionSeen
from core.api.feeds import SupportSeen
from plugins.aggregation.pipeline.blocks import CENT
from plugins.aggregation.pipeline.blocks import Block
from plugins.aggregation.pipeline.blocks import Day
from plugins.aggregation.pipeline.blocks import days
from plugins.aggregation.pipeline.models import FeedAccount
from plugins.aggregation.pipeline.models import FeedMovement

_PRICE, _PART = Decimal("0.0001"), Decimal("0.00000001")
#: Lines and movements of an account that its preview names; the rest is counted.
SHOWN = 40
#: What finds a support, or makes it: the arguments of `supports.support_for`.
Key = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A position to write; `support` finds or makes its support once it is written."""

    support: Key
    label: str
    value: Decimal
    quantity: Decimal | None
    price: Decimal | None
    price_on: Any
    cost: Decimal | None
    currency: str
    pocket: str
    at: Place

    def added(self, other: Line) -> Line:
        """Two lines of one support in one."""
        return Line(
            self.support, self.label, self.value + other.value, _both(self.quantity, other.quantity), None, None,
            _both(self.cost, other.cost), self.currency, self.pocket, self.at,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class DayPlan:
    """A day to write: `lines` is all that is held, or nothing."""

    day: Day
    lines: tuple[Line, ...]
    told: dict[str, Any]
    changes: bool


@dataclass(frozen=True, slots=True)
class Around:
    """What is known of all that some blocks name: supports, and the days that their accounts of ours are told of."""

    supports: supports.naming.Supports
    days: Mapping[tuple[str, date], accounts.bulk_days.Known]


@dataclass(slots=True)
class Plan:
    """All that a block changes of one account."""

    days: list[DayPlan] = field(default_factory=list)
    movements: list[tuple[MovementSeen, Key | None]] = field(default_factory=list)
    told: dict[str, Any] = field(default_factory=dict)

    @property
    def changes(self) -> bool:
        """Whether anything is to be written."""
        return bool(self.movements) or any(one.changes for one in self.days)


def plan(session: TenantSession, row: FeedAccount, block: Block, known: Around) -> Plan:
    """The plan of a block; of an account that is attached to none of ours, what the file tells of it."""
    made = Plan()
    left = list[str]()
    made_new = dict[str, None]()
    for day in days(block):
        lines, more = _lines(known.supports, day, block, made_new)
        left += [*day.left, *more]
        if day.value is not None or lines:
            made.days.append(_day(known, row, day, lines))
    made.movements, counts = _movements(session, row, block, known.supports, left, made_new)
    left += _gaps(row, block)
    made.told = {
        "currency": _currency(row, block), "days": [one.told for one in made.days], "counts": counts,
        "movements": [
            [one.on.isoformat(), one.label[:120], str(one.amount), one.currency, str(one.place)]
            for one, _key in made.movements[:SHOWN]
        ],
        "left": left[:SHOWN], "supports": list(made_new)[:SHOWN],
    }  # fmt: skip
    return made


def around(session: TenantSession, some: Sequence[tuple[FeedAccount, Block]]) -> Around:
    """Read what the plans of these blocks need: four queries, whatever their number."""
    named = [one.support for _row, block in some for one in block.positions]
    named += [one.support for _row, block in some for one in block.movements if one.support]
    found = supports.naming.supports(
        session, {one.isin for one in named if one.isin}, {one.code for one in named if one.code},
        labels=any(not (one.isin or one.code) for one in named),
    )  # fmt: skip
    told = set[tuple[str, date]]()
    for row, block in some:
        if row.account_id is not None:
            on = {one.on for one in block.positions} | {one.on for one in block.balances}
            told |= {(row.account_id, day) for day in on}
    return Around(found, accounts.bulk_days.known(session, told))


def there(key: Key) -> bool:
    """Whether a key names a support that is there: it says nothing to make one of."""
    return len(key) == 1


def kind_of(one: MovementSeen) -> str:
    """Our code of a movement; of one that a bank does not name, its way; else the source's own word."""
    if one.kind:
        return one.kind
    if one.support is None:
        return "CREDIT" if one.amount >= 0 else "DEBIT"
    return (one.word or "AUTRE")[:30]


def _currency(row: FeedAccount, block: Block) -> str:
    return row.currency or next((one.currency for one in block.balances if one.currency), "EUR")


def _key(known: supports.naming.Supports, one: SupportSeen, company: str, made: dict[str, None]) -> tuple[Key, str] | None:
    """What finds or makes a support, and its label; None for one that a label alone names and nobody knows.

    A euro fund has no ISIN: its insurer and its label are its name.
    """
    if one.isin:
        found = known.by_isin.get(one.isin)
    elif one.code:
        found = known.by_code.get(one.code[:40])
    else:
        found = known.by_label.get(contacts.fold(one.label))
    if found is not None:
        return ((("isin", found.isin),) if found.isin else (("code", found.code or ""),)), found.label
    if not (one.isin or one.code) and one.type == "FONDS_EURO" and one.label:
        one = replace(one, code="-".join(("FE", *contacts.fold(f"{company} {one.label}").split()))[:40])
        if (there := known.by_code.get(one.code)) is not None:
            return (("code", one.code),), there.label
    if not (one.isin or one.code):
        return None
    label = (one.label or one.isin or one.code)[:200]
    made[label] = None
    named = ("isin", one.isin) if one.isin else ("code", one.code[:40])
    return (named, ("label", label), ("type", one.type or "AUTRE")), label


def _lines(
    known: supports.naming.Supports, day: Day, block: Block, made: dict[str, None]
) -> tuple[tuple[Line, ...], list[str]]:  # fmt: skip
    found = dict[tuple[Key, str], Line]()
    for one in day.positions:
        named = _key(known, one.support, block.account.company if block.account else "", made)
        if named is None:
            text = f"Positions du jour laissées de côté\u202f: «\u202f{one.support.label}\u202f» n'est pas un support connu."
            return (), [f"{text} Créez-le, ou demandez un fichier qui donne son code ISIN."]
        line = _line(one, *named)
        key = (line.support, line.pocket)
        found[key] = found[key].added(line) if key in found else line
    if found and day.cash is not None and day.cash.amount and _beside(day):
        line = _cash(day.cash)
        key = (line.support, line.pocket)
        found[key] = found[key].added(line) if key in found else line
    return tuple(found.values()), []


def _beside(day: Day) -> bool:
    """Whether the cash stands beside the positions: with it they make the value, or no value is told."""
    total = sum((one.value or Decimal(0) for one in day.positions), Decimal(0))
    return day.value is None or abs(total - day.value) > CENT * len(day.positions)


def _line(one: PositionSeen, support: Key, label: str) -> Line:
    value = _cents(one.value or Decimal(0))
    quantity = None if one.quantity is None else one.quantity.quantize(_PART, ROUND_HALF_UP)
    price = None if one.price is None else one.price.quantize(_PRICE, ROUND_HALF_UP)
    if price is not None and (quantity is None or price != one.price or abs(quantity * price - value) > CENT):
        price = None  # its rounding does not give the value to the cent (domain.md §2.3)
    cost = None if one.cost is None else _cents(one.cost)
    priced_on = (one.price_on or one.on) if price is not None else None
    return Line(support, label, value, quantity, price, priced_on, cost, one.currency, one.pocket[:20], one.place)


def _cash(cash: BalanceSeen) -> Line:
    code = "LIQUIDITES" if cash.currency == "EUR" else f"LIQUIDITES-{cash.currency}"
    label = "Liquidités en euros" if cash.currency == "EUR" else f"Liquidités en {cash.currency}"
    key = (("code", code), ("label", label), ("type", "LIQUIDITE"))
    return Line(key, label, _cents(cash.amount), None, None, None, None, cash.currency, "", cash.place)


def _day(known: Around, row: FeedAccount, day: Day, lines: Sequence[Line]) -> DayPlan:
    now = known.days.get((row.account_id, day.on)) if row.account_id is not None else None
    value = sum((one.value for one in lines), Decimal(0)) if lines else day.value
    before = now.value if now else None
    there = list(now.lines) if now else []
    said = sorted((one.value, one.quantity or Decimal(0)) for one in lines)
    changes = value != before or (bool(lines) and there != said)
    told = {
        "on": day.on.isoformat(), "value": str(value), "before": None if before is None else str(before),
        "at": str(day.place or (lines[0].at if lines else "")), "count": len(lines), "count_before": len(there),
        "lines": [
            [one.label[:120], str(one.value), None if one.quantity is None else str(one.quantity.normalize()), str(one.at)]
            for one in lines[:SHOWN]
        ],
    }  # fmt: skip
    return DayPlan(day, tuple(lines), told, changes)


def _movements(
    session: TenantSession, row: FeedAccount, block: Block, known: supports.naming.Supports, left: list[str],
    made: dict[str, None],
) -> tuple[list[tuple[MovementSeen, Key | None]], dict[str, int]]:  # fmt: skip
    there = _there(session, row, (one.fingerprint for one in block.movements))
    found, counts = list[tuple[MovementSeen, Key | None]](), {"new": 0, "known": 0, "pending": 0, "left": 0}
    for one in block.movements:
        if one.pending:
            counts["pending"] += 1
        elif block.wrong(one.place):
            counts["left"] += 1
            left.append(f"Mouvement du {formats.day(one.on)} laissé de côté ({one.place})\u202f: le fichier se contredit.")
        elif one.fingerprint in there:
            counts["known"] += 1
        else:
            named = _key(known, one.support, row.company, made) if one.support else None
            found.append((one, named[0] if named else None))
            counts["new"] += 1
    return found, counts


def _there(session: TenantSession, row: FeedAccount, fingerprints: Iterable[str]) -> set[str]:
    wanted = list(fingerprints)
    found = set[str]()
    if row.account_id is None:
        return found
    for begin in range(0, len(wanted), 500):
        asked = select(FeedMovement.fingerprint).where(
            FeedMovement.account_id == row.account_id, FeedMovement.fingerprint.in_(wanted[begin : begin + 500])
        )
        found |= set(session.scalars(asked))
    return found


def _gaps(row: FeedAccount, block: Block) -> list[str]:
    """A statement that does not begin where the last one ended: one between them is missing."""
    opening = next((one for one in block.balances if one.kind == "opening"), None)
    if opening is None or row.closing is None or row.last_on is None or opening.on < row.last_on:
        return []
    before = Decimal(row.closing)
    if opening.amount == before:
        return []
    said = formats.money(before, opening.currency), formats.day(row.last_on), formats.money(opening.amount, opening.currency)
    return [f"Relevé manquant\u202f? Le dernier finissait à {said[0]} le {said[1]}, celui-ci commence à {said[2]}."]


def _both(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else one + other


def _cents(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)
