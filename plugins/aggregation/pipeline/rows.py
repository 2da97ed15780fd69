"""What a file tells of an account, as its page and its programs show it: figures, days, places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from core.api import formats
from core.api.types import AccountRef
from plugins.aggregation.pipeline.models import FeedAccount
from plugins.aggregation.pipeline.models import FeedStep


@dataclass(frozen=True, slots=True)
class Line:
    """What is held of a support, and its place in the file."""

    label: str
    value: Decimal
    quantity: Decimal | None
    at: str

    @property
    def units(self) -> str:
        """«12,5», without zeros at the end; empty where the source tells none."""
        if self.quantity is None:
            return ""
        places = self.quantity.as_tuple().exponent
        return formats.number(self.quantity, max(0, -places) if isinstance(places, int) else 0)


@dataclass(frozen=True, slots=True)
class Day:
    """What an account is worth on a day; `before`: what was known of that day, None where nothing was."""

    on: date
    value: Decimal
    before: Decimal | None
    at: str
    lines: tuple[Line, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Move:
    """A new movement."""

    on: date
    label: str
    amount: Decimal
    currency: str
    at: str


@dataclass(frozen=True, slots=True)
class Step:
    """An account of a file. `state`: of the step (PREVU, ECRIT, REPRIS); `ref`: ours, where it may be seen."""

    id: str
    rank: int
    state: str
    why: str
    account: FeedAccount
    ref: AccountRef | None
    currency: str
    days: tuple[Day, ...]
    moves: tuple[Move, ...]
    counts: Mapping[str, int]
    left: tuple[str, ...]
    supports: tuple[str, ...]


def step(row: FeedStep, account: FeedAccount, refs: Mapping[str, AccountRef]) -> Step:
    """One, from what was kept of it."""
    told = row.told
    currency = str(told.get("currency") or "EUR")
    return Step(
        row.id, row.rank, row.state, row.why, account, refs.get(row.account_id or account.account_id or ""), currency,
        tuple(day(one) for one in told.get("days", ())),
        tuple(
            Move(date.fromisoformat(on), label, Decimal(amount), unit or currency, at)
            for on, label, amount, unit, at in told.get("movements", ())
        ),
        {"new": 0, "known": 0, "pending": 0, "left": 0, **told.get("counts", {})}, tuple(told.get("left", ())),
        tuple(told.get("supports", ())),
    )  # fmt: skip


def day(one: Mapping[str, Any]) -> Day:
    """A day, from what was kept of it."""
    return Day(
        date.fromisoformat(one["on"]), Decimal(one["value"]), None if one["before"] is None else Decimal(one["before"]),
        one["at"],
        tuple(
            Line(label, Decimal(value), None if quantity is None else Decimal(quantity), at)
            for label, value, quantity, at in one["lines"]
        ), one["count"],
    )  # fmt: skip
