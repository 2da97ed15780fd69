"""Reading acts that come back: of an account, of all that a person sees, what waits today (PF-04). Knows no Flask."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import func
from sqlalchemy import select

from core.api import accounts
from core.api import rights
from core.api import transactions
from core.api.db import NotFound
from core.api.db import TenantSession
from core.api.db import today
from core.api.types import AccountRef
from core.api.types import Adviser
from plugins.portefeuille.plans import dates
from plugins.portefeuille.plans.dates import Terms
from plugins.portefeuille.plans.models import Plan
from plugins.portefeuille.plans.models import PlanDay

ABSENT = "Cet acte programmé n'existe pas, ou n'est pas ouvert à votre profil."
#: Next days that a page shows; plans of one page of the cabinet's list.
NEXT, SIZE = 4, 50
_acts = transactions.typed_acts
Leg = transactions.typed_shapes.Leg
Given = transactions.typed.Given


@dataclass(frozen=True, slots=True)
class Answered:
    """A day that was answered, and the act that was prepared of it."""

    on: date
    answer: str
    transaction_id: str | None


@dataclass(frozen=True, slots=True)
class Planned:
    """An act that comes back, as pages and programs show it. `waiting`: days that nobody answered; `coming`: the next ones."""

    id: str
    account: AccountRef
    act: str
    label: str
    terms: Terms
    amount: Decimal | None
    legs: tuple[Leg, ...]
    note: str
    reason: str
    state: str
    version: int
    waiting: tuple[date, ...]
    coming: tuple[date, ...]
    answered: tuple[Answered, ...]

    @property
    def over(self) -> bool:
        """Whether nothing waits or comes any more."""
        return self.state == "TERMINE" or (self.state == "ACTIF" and not self.waiting and not self.coming)

    def given(self, on: date) -> Given:
        """The act of a day."""
        return Given(self.act, on, self.amount, self.legs, self.note, self.reason)


def get(session: TenantSession, by: Adviser, plan_id: str) -> Planned:
    """One of them. Raises `NotFound`, also for one that `by` may not see."""
    row = session.scalar(select(Plan).where(Plan.id == plan_id, _seen(by, each=True)))
    if row is None:
        raise NotFound(ABSENT)
    return _made(session, by, [row])[0]


def of_account(session: TenantSession, by: Adviser, account_id: str) -> tuple[Planned, ...]:
    """An account's, those that still run first. The caller has checked that it may be seen."""
    wanted = select(Plan).where(Plan.account_id == account_id, _seen(by, each=True))
    return _made(session, by, session.scalars(wanted.order_by(Plan.next_on.is_(None), Plan.next_on, Plan.id)).all())


def waiting_of(session: TenantSession, by: Adviser, account_id: str) -> int:
    """How many of an account's plans wait today."""
    mine = Plan.account_id == account_id, Plan.next_on <= today(), _seen(by, each=True)
    return session.scalar(select(func.count(Plan.id)).where(*mine)) or 0


def listed(
    session: TenantSession, by: Adviser, *, due: bool = False, number: int = 1, size: int = SIZE
) -> tuple[tuple[Planned, ...], int]:  # fmt: skip
    """Those that a person sees, what waits longest first, and how many there are. `due`: those that wait today only."""
    asked = [_seen(by), *([Plan.next_on <= today()] if due else [])]
    total = session.scalar(select(func.count(Plan.id)).where(*asked)) or 0
    number = max(1, min(number, -(-total // size) or 1))
    wanted = select(Plan).where(*asked).order_by(Plan.next_on.is_(None), Plan.next_on, Plan.id)
    rows = session.scalars(wanted.limit(size).offset((number - 1) * size)).all()
    return _made(session, by, rows), total


def before_id(session: TenantSession, by: Adviser, edge: str | None, *, due: bool, size: int) -> tuple[Planned, ...]:
    """The last made first, from before one of them: pages that no change moves."""
    wanted = select(Plan).where(_seen(by), *([Plan.next_on <= today()] if due else []))
    if edge is not None:
        wanted = wanted.where(Plan.id < edge)
    return _made(session, by, session.scalars(wanted.order_by(Plan.id.desc()).limit(size)).all())


def terms_of(row: Plan) -> Terms:
    """A row's terms."""
    pauses = tuple((date.fromisoformat(begin), date.fromisoformat(end)) for begin, end in row.pauses)
    return Terms(row.frequency, row.day, row.since, row.until, row.floor, pauses)


def answers(session: TenantSession, plan_ids: Sequence[str]) -> Mapping[str, list[Answered]]:
    """Plan → what was said of its days, the newest first."""
    found = defaultdict[str, list[Answered]](list)
    rows = select(PlanDay).where(PlanDay.plan_id.in_(plan_ids)).order_by(PlanDay.on.desc())
    for one in session.scalars(rows) if plan_ids else ():
        found[one.plan_id].append(Answered(one.on, one.answer, one.transaction_id))
    return found


def legs_of(told: Sequence[Mapping[str, Any]]) -> tuple[Leg, ...]:
    """Lines, from how they are kept."""
    return tuple(
        Leg(one["side"], one["support_id"], one["mode"], _decimal(one["value"]), _decimal(one["price"])) for one in told
    )


def _made(session: TenantSession, by: Adviser, rows: Sequence[Plan]) -> tuple[Planned, ...]:
    refs = {one.id: one for one in accounts.refs(session, by, account_ids=list({row.account_id for row in rows}))} if rows else {}
    said = answers(session, [row.id for row in rows])
    found = []
    for row in rows:
        if row.account_id not in refs:
            continue
        terms, known, runs = terms_of(row), {one.on for one in said[row.id]}, row.state == "ACTIF"
        waits = dates.waiting(terms, known, today()) if runs else []
        comes = dates.coming(terms, known, today(), NEXT) if runs else []
        account = refs[row.account_id]
        found.append(
            Planned(
                row.id, account, row.act, _acts.label(_acts.ACTS[row.act], account.envelope), terms, row.amount,
                legs_of(row.legs), row.note, row.reason, row.state, row.version, tuple(waits), tuple(comes),
                tuple(said[row.id]),
            )
        )  # fmt: skip
    return tuple(found)


def _seen(by: Adviser, *, each: bool = False) -> ColumnElement[bool]:
    return rights.on(Plan.account_id, by, "account", each=each)


def _decimal(said: str | None) -> Decimal | None:
    return None if said is None else Decimal(said)
