"""What a typed act would do to its account as it stands: shown on its page, and written when it is executed (PF-04)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from core.accounts import days
from core.accounts import holdings
from core.accounts import values_by_hand
from core.accounts.models import Account
from core.accounts.models import Valuation
from core.accounts.schemas import NewPosition
from core.db.clock import today
from core.db.errors import DomainError
from core.db.session import TenantSession
from core.supports.models import Support
from core.transactions import typed_acts
from core.transactions import typed_reckoning
from core.transactions.typed_shapes import Asked
from core.transactions.typed_shapes import Leg
from core.transactions.typed_shapes import Named
from core.transactions.typed_shapes import Outcome


@dataclass(frozen=True, slots=True)
class Given:
    """An act as it is typed. `on`: the day on which it counts; `reason`: why a local rule's warning is passed."""

    act: str
    on: date
    amount: Decimal | None = None
    legs: tuple[Leg, ...] = ()
    note: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Effect:
    """What an act would do now. `base_on`: the day of the lines or value that it starts from; `later`: one after the act.

    Where something is known of a later day, the act writes its movements alone: that day's figures tell it already.
    """

    outcome: Outcome
    before: tuple[NewPosition, ...] | None
    value_before: Decimal | None
    base_on: date | None
    later: date | None
    names: Mapping[str, Named]


def effect(session: TenantSession, account: Account, given: Given) -> Effect:
    """The act's effect. Raises `DomainError` with the field. The caller holds the account, and may write it."""
    act = typed_acts.ACTS.get(given.act)
    if act is None or act not in typed_acts.offered(account.envelope):
        raise DomainError("Cet acte ne se saisit pas sur ce compte\u202f: choisissez-en un autre.", field="act")
    if given.on <= today():
        values_by_hand.check_day(account, given.on)
    found = holdings.positions(session, account.id, given.on)
    held = tuple(
        NewPosition(one.support_id, one.value, one.quantity, one.price, one.price_on, one.cost, one.currency, one.pocket)
        for one in found.lines
    )
    value, base_on = _value(session, account, given.on)
    kept: tuple[NewPosition, ...] | None = held or None
    if not held and value is None and (given.legs or act.held):
        kept = ()  # the first lines of an account of which nothing is known yet
    names = _known(session, {one.support_id for one in held} | {leg.support_id for leg in given.legs}, given.legs)
    asked = Asked(act, account.envelope, account.currency, given.on, given.amount, given.legs, kept, value, names)
    return Effect(
        typed_reckoning.reckon(asked), kept, found.total if held else value, found.on if held else base_on,
        days.later(session, account.id, given.on), names,
    )  # fmt: skip


def support_names(session: TenantSession, ids: set[str]) -> dict[str, Named]:
    """The cabinet's supports of these ids; those that it does not have are left out."""
    rows = session.execute(
        select(Support.id, Support.label, Support.type, Support.currency, Support.isin).where(Support.id.in_(ids))
    )
    return {row.id: Named(row.label, row.type, row.currency, row.isin) for row in rows}


def _known(session: TenantSession, ids: set[str], legs: tuple[Leg, ...]) -> dict[str, Named]:
    found = support_names(session, ids)
    unknown = next((n for n, leg in enumerate(legs, 1) if leg.support_id not in found), None)
    if unknown is not None:
        raise DomainError("Ce support n'existe pas dans votre cabinet.", field=f"support_{unknown}")
    return found


def _value(session: TenantSession, account: Account, on: date) -> tuple[Decimal | None, date | None]:
    """The last value known by that day, and its day."""
    last = session.execute(
        select(Valuation.value, Valuation.on).where(Valuation.account_id == account.id, Valuation.on <= on)
        .order_by(Valuation.on.desc()).limit(1)
    ).first()  # fmt: skip
    return (last.value, last.on) if last else (None, None)
