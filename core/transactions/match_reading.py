"""Reading which movements are of which acts, and what may be proposed of an account: a bounded number of queries (PF-05)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import and_
from sqlalchemy import func
from sqlalchemy import or_
from sqlalchemy import select

from core.accounts.models import Movement
from core.accounts.schemas import MovementLine
from core.cabinets import changes
from core.db.clock import day_of
from core.db.session import TenantSession
from core.hooks.types import Adviser
from core.hooks.types import TransactionRef
from core.supports.models import Support
from core.transactions import machine
from core.transactions import match_rules
from core.transactions.access import visible_transactions
from core.transactions.match_rules import Asked
from core.transactions.match_rules import Fact
from core.transactions.match_rules import Proposal
from core.transactions.models import MovementMatch
from core.transactions.models import Transaction
from core.transactions.services import ref

#: Who said the movements that an act typed here writes when it is executed.
WROTE = "Acte saisi"
#: Acts and movements of an account that are compared, the newest; words of a person that are shown.
MOST_ACTS, MOST_FACTS, SHOWN = 300, 600, 100
#: Not asked yet, or nothing came of it: no movement is looked for.
_NOTHING = ("initiated", "rejected", "cancelled")
_MOVING = tuple(match_rules.KINDS)


@dataclass(frozen=True, slots=True)
class Proposed:
    """A proposal, with what it is about. `aside`: what the act wrote, which the movement would replace."""

    proposal: Proposal
    act: TransactionRef
    movement: MovementLine
    aside: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """A person's word: CONFIRME or REFUSE. `aside`: movements that the act had written and that stand no more."""

    state: str
    act: TransactionRef
    movement: MovementLine
    score: int
    reasons: tuple[str, ...]
    aside: tuple[Fact, ...]
    who: str
    at: datetime


def proposals(session: TenantSession, by: Adviser, account_id: str) -> tuple[Proposed, ...]:
    """What is proposed of an account, the newest movement first. The caller has checked that it may be seen."""
    acts = _acts(session, by, account_id)
    asked = {row.id: one for row, one in acts}
    facts = _facts(session, account_id, list(asked.values()))
    found = match_rules.propose(list(asked.values()), facts, _refused(session, asked)) if facts else ()
    if not found:
        return ()
    refs, lines = {row.id: ref(row) for row, _one in acts}, _lines(session, {one.movement_id for one in found})
    return tuple(
        Proposed(
            one, refs[one.transaction_id], lines[one.movement_id],
            tuple(own for own in asked[one.transaction_id].own if own.id in one.aside),
        )
        for one in found
    )  # fmt: skip


def pair(
    session: TenantSession, by: Adviser, account_id: str, transaction_id: str, movement_id: str
) -> Proposed | None:  # fmt: skip
    """What is proposed of a movement and an act, a refusal aside; None where nothing is."""
    every = _acts(session, by, account_id, only=transaction_id)
    asked = [one for _row, one in every]
    found = match_rules.propose(asked, _facts(session, account_id, asked))
    mine = next((one for one in found if one.movement_id == movement_id), None)
    if mine is None:
        return None
    aside = tuple(own for own in asked[0].own if own.id in mine.aside)
    return Proposed(mine, ref(every[0][0]), _lines(session, {movement_id})[movement_id], aside)


def acts_of(session: TenantSession, by: Adviser, movement_ids: Collection[str]) -> dict[str, TransactionRef]:
    """Movement → the act that it is of, of those that `by` may see."""
    if not movement_ids:
        return {}
    rows = session.execute(
        select(MovementMatch.movement_id, Transaction)
        .join(Transaction, Transaction.id == MovementMatch.transaction_id)
        .where(MovementMatch.movement_id.in_(movement_ids), MovementMatch.state != "REFUSE", visible_transactions(by, each=True))
    )
    return {row[0]: ref(row[1]) for row in rows}


def movements_of(session: TenantSession, transaction_id: str) -> tuple[tuple[MovementLine, str], ...]:
    """An act's movements by day, each with whether the act wrote it (ECRIT) or a person said so (CONFIRME).

    The caller has checked that the act may be seen.
    """
    said = MovementMatch.transaction_id == transaction_id, MovementMatch.state != "REFUSE"
    states: dict[str, str] = dict(session.execute(select(MovementMatch.movement_id, MovementMatch.state).where(*said)).all())
    lines = _lines(session, states)
    return tuple((lines[key], states[key]) for key in sorted(lines, key=lambda key: (lines[key].on, key)))


def counts(session: TenantSession, transaction_ids: Collection[str]) -> dict[str, int]:
    """Act → how many movements are its; acts without any are left out."""
    if not transaction_ids:
        return {}
    said = MovementMatch.transaction_id.in_(transaction_ids), MovementMatch.state != "REFUSE"
    wanted = select(MovementMatch.transaction_id, func.count()).where(*said).group_by(MovementMatch.transaction_id)
    return dict(session.execute(wanted).all())


def with_act(by: Adviser, *, found: bool) -> ColumnElement[bool]:
    """A condition on `Movement`: those that are of an act that this person may see, or those that are not."""
    mine = (
        select(MovementMatch.id).join(Transaction, Transaction.id == MovementMatch.transaction_id)
        .where(MovementMatch.movement_id == Movement.id, MovementMatch.state != "REFUSE", visible_transactions(by, each=True))
    )  # fmt: skip
    return mine.exists() if found else ~mine.exists()


def decided(session: TenantSession, by: Adviser, account_id: str) -> tuple[Decided, ...]:
    """What people said of an account's movements, the last word first. The caller has checked that it may be seen."""
    rows = session.execute(
        select(MovementMatch, Transaction).join(Transaction, Transaction.id == MovementMatch.transaction_id)
        .where(
            Transaction.account_id == account_id, MovementMatch.state != "ECRIT", visible_transactions(by, each=True)
        ).order_by(MovementMatch.decided_at.desc(), MovementMatch.id.desc()).limit(SHOWN)
    ).all()  # fmt: skip
    lines = _lines(session, {row.MovementMatch.movement_id for row in rows})
    names = changes.people(session, {row.MovementMatch.decided_by for row in rows})
    return tuple(
        Decided(
            match.state, ref(act), lines[match.movement_id], match.score, tuple(one[1] for one in match.reasons),
            tuple(_fact(thawed(account_id, kept)) for kept in match.aside), changes.said_of(match.decided_by, names),
            match.decided_at,
        )
        for match, act in rows
    )  # fmt: skip


def thawed(account_id: str, kept: Mapping[str, Any]) -> Movement:
    """A movement as it was before it was set aside."""
    amounts = {name: Decimal(kept[name]) if kept.get(name) is not None else None for name in ("amount", "quantity")}
    rest = {name: kept[name] for name in ("id", "kind", "label", "support_id", "currency", "source")}
    return Movement(account_id=account_id, on=date.fromisoformat(kept["on"]), **rest, **amounts)


def _acts(
    session: TenantSession, by: Adviser, account_id: str, *, only: str | None = None
) -> list[tuple[Transaction, Asked]]:  # fmt: skip
    wanted = select(Transaction).where(
        Transaction.account_id == account_id, visible_transactions(by, each=True),
        or_(Transaction.status.is_(None), Transaction.status.not_in(_NOTHING)),
        or_(Transaction.nature.in_(_MOVING), Transaction.act.in_(_MOVING)),
    )  # fmt: skip
    if only is not None:
        wanted = wanted.where(Transaction.id == only)
    rows = session.scalars(wanted.order_by(Transaction.created_at.desc(), Transaction.id.desc()).limit(MOST_ACTS)).all()
    ids = [row.id for row in rows]
    own, got = defaultdict[str, list[Fact]](list), defaultdict[str, list[Fact]](list)
    said = session.execute(
        select(MovementMatch.transaction_id, MovementMatch.state, Movement)
        .join(Movement, Movement.id == MovementMatch.movement_id)
        .where(MovementMatch.transaction_id.in_(ids), MovementMatch.state != "REFUSE").order_by(Movement.on, Movement.id)
    ) if ids else ()  # fmt: skip
    for transaction_id, state, movement in said:
        (own if state == "ECRIT" else got)[transaction_id].append(_fact(movement))
    named = _named(session, rows)
    return [(row, _asked(row, tuple(own[row.id]), tuple(got[row.id]), named)) for row in rows]


def _asked(row: Transaction, own: tuple[Fact, ...], got: tuple[Fact, ...], named: Mapping[str, str]) -> Asked:
    since = min((one.on for one in own), default=day_of(row.created_at))
    until = max((one.on for one in own), default=since)
    if not own and row.status_at is not None and row.status in (*machine.FINAL, "executed_here"):
        until = max(until, day_of(row.status_at))
    supports = {one.support_id for one in own} | {named.get(one) for one in _codes(row)}
    return Asked(
        row.id, row.act, row.nature, since, until, row.amount, row.currency,
        frozenset(one for one in supports if one is not None), own, got,
    )  # fmt: skip


def _codes(row: Transaction) -> set[str]:
    """How the partner's instructions name their supports: ISIN, or a code of its own."""
    told = [one for one in row.instructions or () if isinstance(one, dict)]
    return {str(one[name]) for one in told for name in ("isin", "support_ref") if one.get(name)}


def _named(session: TenantSession, rows: Sequence[Transaction]) -> dict[str, str]:
    codes = sorted({code for row in rows for code in _codes(row)})[:500]
    if not codes:
        return {}
    found = session.execute(
        select(Support.id, Support.isin, Support.code).where(or_(Support.isin.in_(codes), Support.code.in_(codes)))
    )
    return {code: row.id for row in found for code in (row.isin, row.code) if code}


def _facts(session: TenantSession, account_id: str, asked: Sequence[Asked]) -> list[Fact]:
    """The account's movements that are of no act, told by others, within the days of these acts; the newest first."""
    spans = _spans([match_rules.window(one) for one in asked])
    if not spans:
        return []
    taken = select(MovementMatch.id).where(MovementMatch.movement_id == Movement.id, MovementMatch.state != "REFUSE")
    rows = session.scalars(
        select(Movement).where(
            Movement.account_id == account_id, Movement.source != WROTE, ~taken.exists(),
            or_(*(and_(Movement.on >= since, Movement.on <= until) for since, until in spans)),
        ).order_by(Movement.on.desc(), Movement.id.desc()).limit(MOST_FACTS)
    )  # fmt: skip
    return [_fact(row) for row in rows]


def _spans(windows: Sequence[tuple[date, date]]) -> list[tuple[date, date]]:
    """Days that overlap as one span: few conditions, however many acts."""
    found: list[tuple[date, date]] = []
    for since, until in sorted(windows):
        if found and since <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], until))
        else:
            found.append((since, until))
    return found


def _refused(session: TenantSession, ids: Collection[str]) -> set[tuple[str, str]]:
    if not ids:
        return set()
    said = MovementMatch.transaction_id.in_(list(ids)), MovementMatch.state == "REFUSE"
    return {(row[0], row[1]) for row in session.execute(
        select(MovementMatch.transaction_id, MovementMatch.movement_id).where(*said)
    )}  # fmt: skip


def _fact(row: Movement) -> Fact:
    return Fact(row.id, row.on, row.kind, row.amount, row.currency, row.support_id)


def _lines(session: TenantSession, ids: Collection[str]) -> dict[str, MovementLine]:
    if not ids:
        return {}
    rows = session.execute(
        select(
            Movement.id, Movement.on, Movement.kind, Movement.label, Movement.amount, Movement.quantity, Movement.currency,
            Movement.source, Support.label.label("support"),
        ).outerjoin(Support, Support.id == Movement.support_id).where(Movement.id.in_(list(ids)))
    )  # fmt: skip
    return {row.id: MovementLine(*row) for row in rows}
