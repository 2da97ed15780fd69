"""What is known of an account over time: values, flows, where each comes from. Four queries, however many accounts (PF-08)."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from datetime import date
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from sqlalchemy import select

from core.accounts.envelopes import ENDED_STATES
from core.accounts.models import Account
from core.accounts.models import Movement
from core.accounts.models import Valuation
from core.db.session import TenantSession
from core.performance import flows

#: A value that is no further from a day than this may stand for it: monthly statements, and some days of delay.
NEAR = timedelta(days=45)
ZERO = Decimal(0)
CENT = Decimal("0.01")
Basis = Literal["movements", "payments", "none"]


@dataclass(frozen=True, slots=True)
class Value:
    """What the account was worth on a day, and who said so. `paid`: the net payments told with it."""

    on: date
    value: Decimal
    source: str
    paid: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Flow:
    """Money that came in (positive) or went out. `kind` is empty where it was deduced from net payments."""

    on: date
    amount: Decimal
    kind: str
    label: str
    source: str


@dataclass(frozen=True, slots=True)
class Track:
    """An account over time, oldest first. `basis`: whence its flows are known; `part`: the ratio that counts of it.

    `unknown`: kinds of movements that nobody explained; `foreign`: movements in another currency, left out.
    """

    account_id: str
    label: str
    envelope: str
    currency: str
    opened_on: date | None
    closed_on: date | None
    ended: bool
    values: tuple[Value, ...] = ()
    flows: tuple[Flow, ...] = ()
    basis: Basis = "none"
    part: Decimal = Decimal(1)
    unknown: tuple[str, ...] = ()
    foreign: int = 0
    #: Day → value before the day's own flow; day → the day's net flow. Both of the part.
    before: Mapping[date, Decimal] = field(default_factory=dict)
    moved: Mapping[date, Decimal] = field(default_factory=dict)

    @property
    def first(self) -> date | None:
        """The first day of which something is known."""
        return min([*(one.on for one in self.values[:1]), *(one.on for one in self.flows[:1])], default=None)

    @property
    def born(self) -> bool:
        """Whether all of it is known: it began empty, with its first flow."""
        if not self.flows or self.first is None or (self.values and self.values[0].on < self.flows[0].on):
            return False
        return self.opened_on is None or self.opened_on >= self.first - NEAR


def read(session: TenantSession, parts: Mapping[str, Decimal]) -> list[Track]:
    """The tracks of some accounts, in the order given. The caller has checked that they may be seen."""
    ids = list(parts)
    if not ids:
        return []
    rows = session.execute(
        select(
            Account.id, Account.title, Account.number, Account.envelope, Account.currency, Account.opened_on, Account.closed_on,
            Account.state, Account.value, Account.value_on, Account.net_payments,
        ).where(Account.id.in_(ids))
    )  # fmt: skip
    heads = {row.id: row for row in rows}
    values = defaultdict[str, dict[date, Value]](dict)
    for account_id, on, value, source, paid in session.execute(
        select(Valuation.account_id, Valuation.on, Valuation.value, Valuation.source, Valuation.net_payments)
        .where(Valuation.account_id.in_(ids)).order_by(Valuation.on)
    ):  # fmt: skip
        values[account_id][on] = Value(on, value, source, paid)
    moves = defaultdict[str, list[tuple[Flow, str]]](list)
    for account_id, on, amount, kind, label, source, currency in session.execute(
        select(
            Movement.account_id, Movement.on, Movement.amount, Movement.kind, Movement.label, Movement.source, Movement.currency
        )
        .where(Movement.account_id.in_(ids)).order_by(Movement.on, Movement.id)
    ):  # fmt: skip
        moves[account_id].append((Flow(on, amount, kind, label, source), currency))
    found = []
    for key in ids:
        if (row := heads.get(key)) is None:
            continue
        known = values[key]
        if row.value is not None and row.value_on is not None and all(day < row.value_on for day in known):
            known[row.value_on] = Value(row.value_on, row.value, "fiche du compte", row.net_payments)
        head = Track(
            row.id, f"{row.title} {row.number}", row.envelope, row.currency, row.opened_on, row.closed_on,
            row.state in ENDED_STATES, part=parts[key],
        )  # fmt: skip
        found.append(made(head, [known[day] for day in sorted(known)], moves[key]))
    return found


def made(head: Track, values: Sequence[Value], moves: Sequence[tuple[Flow, str]]) -> Track:
    """A track of what was read: flows from movements where there are some, else from the net payments of valuations."""
    ours = [one for one, currency in moves if currency == head.currency]
    if moves:
        crossed = [(one, flows.external(one.kind, one.amount, head.envelope)) for one in ours]
        kept = tuple(replace(one, amount=amount) for one, amount in crossed if amount is not None)
        basis: Basis = "movements"
    else:
        kept = _deduced(values, head.opened_on)
        basis = "payments" if sum(one.paid is not None for one in values) > 1 or kept else "none"
    moved = defaultdict[date, Decimal](Decimal)
    for one in kept:
        moved[one.on] += one.amount
    track = replace(
        head, values=tuple(values), flows=kept, basis=basis, foreign=len(moves) - len(ours),
        unknown=tuple(sorted({one.kind for one in ours if not flows.known(one.kind)})),
    )  # fmt: skip
    before = {
        one.on: one.value - (moved.get(one.on, ZERO) if _after(track, place, moved) else ZERO) for place, one in enumerate(values)
    }
    part = head.part
    return replace(
        track, before={day: value * part for day, value in before.items()},
        moved={day: amount * part for day, amount in moved.items() if amount},
    )  # fmt: skip


def _deduced(values: Sequence[Value], opened: date | None) -> tuple[Flow, ...]:
    """What net payments changed by between two valuations, dated at the middle between both (the original Dietz method)."""
    known = [one for one in values if one.paid is not None]
    found = []
    if known and opened is not None and known[0] is values[0] and timedelta(0) <= known[0].on - opened <= NEAR:
        found.append(Flow(opened, known[0].paid or ZERO, "", "Versements nets à l'ouverture", known[0].source))
    for first, second in pairwise(known):
        change = (second.paid or ZERO) - (first.paid or ZERO)
        if change:
            middle = first.on + (second.on - first.on) / 2
            found.append(Flow(middle, change, "", f"Variation des versements nets au {second.on:%d/%m/%Y}", second.source))
    return tuple(found)


def _after(track: Track, place: int, moved: Mapping[date, Decimal]) -> bool:
    """Whether a day's value was taken after the day's own flow: by the net payments told with it; else before it.

    Before the very first flow there was nothing: a value of that day is after it.
    """
    one = track.values[place]
    flow = moved.get(one.on, ZERO)
    if not flow:
        return False
    if track.basis == "payments":
        return True
    earlier = track.values[place - 1] if place else None
    if one.paid is not None and (earlier is None or earlier.paid is not None):
        since, paid = (earlier.on, earlier.paid or ZERO) if earlier else (date.min, ZERO)
        within = sum((amount for day, amount in moved.items() if since < day < one.on), ZERO)
        change = one.paid - paid
        if abs(change - within - flow) < CENT:
            return True
        if abs(change - within) < CENT:
            return False
    first = min(moved)
    if earlier is None and first == one.on and one.value > 0:
        return one.value == flow or track.opened_on is None or track.opened_on >= one.on - NEAR
    return one.value == 0 and flow < 0  # emptied: what left that day left before


def at(track: Track, day: date) -> Decimal | None:
    """What the part was worth before the day's own flow: the last value, and what came since at its cost; None if not known."""
    if day in track.before:
        return track.before[day]
    days = [one.on for one in track.values]
    place = bisect_right(days, day)
    if place:
        last = days[place - 1]
        return track.before[last] + sum((amount for on, amount in track.moved.items() if last <= on < day), ZERO)
    return sum((amount for on, amount in track.moved.items() if on < day), ZERO) if track.born else None
