"""Accounts of the book of record as things owned: their value on a day, and who has which right on them (PA-01, PF-01)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import and_
from sqlalchemy import func
from sqlalchemy import or_
from sqlalchemy import select

from core.accounts.access import visible_accounts
from core.accounts.envelopes import ENDED_STATES
from core.accounts.envelopes import ENVELOPES
from core.accounts.envelopes import HOLDING_ROLES
from core.accounts.envelopes import ORIGINS
from core.accounts.models import Account
from core.accounts.models import AccountRole
from core.accounts.models import Valuation
from core.db.session import TenantSession
from core.hooks.types import Adviser
from core.hooks.wealth import Category
from core.hooks.wealth import Ownership
from core.hooks.wealth import WealthItem
from core.supports.models import Company
from core.wealth.parts import equal

_DISMEMBERED: Mapping[str, Any] = {"NU_PROPRIETAIRE": "NUE_PROPRIETE", "USUFRUITIER": "USUFRUIT"}
_CATEGORIES: Mapping[str, Category] = {"PRET": "EMPRUNT", "OR": "DIVERS", "AUTRE_ACTIF": "DIVERS"}
#: Envelopes that insure a risk and are worth nothing until it comes.
_NO_WORTH = ("PREVOYANCE",)


@dataclass(frozen=True, slots=True)
class Standing:
    """A holder's role on an account. `share`: of his right, where it was written."""

    contact_id: str
    role: str
    share: Decimal | None


def items(session: TenantSession, adviser: Adviser, contact_ids: Sequence[str], on: date) -> list[WealthItem]:
    """The accounts that these people hold and the adviser may see, as they were on a day: three queries."""
    held = select(AccountRole.account_id).where(AccountRole.contact_id.in_(contact_ids), AccountRole.role.in_(HOLDING_ROLES))
    rows = session.execute(
        select(
            Account.id, Account.title, Account.number, Account.envelope, Account.currency, Account.origin, Account.opened_on,
            Company.name.label("company"),
        )
        .join(Company, Company.id == Account.company_id)
        .where(Account.id.in_(held), visible_accounts(adviser, each=True), Account.envelope.not_in(_NO_WORTH), alive(on))
        .order_by(Account.title, Account.id)
    ).all()  # fmt: skip
    ids = [row.id for row in rows]
    known, who = values(session, ids, on), standings(session, ids)
    return [
        WealthItem(
            key=row.id, label=f"{row.title} {row.number}", category=_CATEGORIES.get(row.envelope, "FINANCIER"),
            value=known[row.id][1] if row.id in known else None, owners=owners(who.get(row.id, ())),
            as_of=known[row.id][0] if row.id in known else None, source=f"{row.company}, {ORIGINS[row.origin].lower()}",
            origin="AGREGE" if row.origin == "AGREGE" else "DECLARE", currency=row.currency, acquired_on=row.opened_on,
        )
        for row in rows
    ]  # fmt: skip


def envelope_label(code: str) -> str:
    """«Assurance-vie»."""
    return ENVELOPES.get(code, code)


def alive(on: date) -> Any:
    """Open that day, as far as the dates are known, and not put away."""
    return and_(
        Account.archived_at.is_(None),
        or_(Account.opened_on.is_(None), Account.opened_on <= on),
        or_(Account.state.not_in(ENDED_STATES), Account.closed_on > on),
    )


def values(session: TenantSession, ids: Sequence[str], on: date) -> dict[str, tuple[date, Decimal]]:
    """Account → its last value known by a day, and that value's day; those without one are left out. Two queries."""
    if not ids:
        return {}
    found: dict[str, tuple[date, Decimal]] = {}
    last = (
        select(Valuation.account_id.label("account"), func.max(Valuation.on).label("day"))
        .where(Valuation.account_id.in_(ids), Valuation.on <= on).group_by(Valuation.account_id).subquery()
    )  # fmt: skip
    for row in session.execute(
        select(Valuation.account_id, Valuation.on, Valuation.value)
        .join(last, and_(last.c.account == Valuation.account_id, last.c.day == Valuation.on))
    ):  # fmt: skip
        found[row.account_id] = (row.on, row.value)
    current = select(Account.id, Account.value_on, Account.value).where(
        Account.id.in_(ids), Account.value.is_not(None), Account.value_on <= on
    )
    for account_id, day, value in session.execute(current):
        if day is not None and value is not None and (account_id not in found or day >= found[account_id][0]):
            found[account_id] = (day, value)
    return found


def standings(session: TenantSession, ids: Iterable[str]) -> dict[str, tuple[Standing, ...]]:
    """Account → its holders, in the order of their roles. One query."""
    wanted = list(ids)
    if not wanted:
        return {}
    found = defaultdict[str, list[Standing]](list)
    for row in session.execute(
        select(AccountRole.account_id, AccountRole.contact_id, AccountRole.role, AccountRole.share)
        .where(AccountRole.account_id.in_(wanted), AccountRole.role.in_(HOLDING_ROLES)).order_by(AccountRole.id)
    ):  # fmt: skip
        found[row.account_id].append(Standing(row.contact_id, row.role, row.share))
    order = HOLDING_ROLES.index
    return {key: tuple(sorted(who, key=lambda one: (order(one.role), one.contact_id))) for key, who in found.items()}


def owners(who: Sequence[Standing]) -> tuple[Ownership, ...]:
    """Roles as rights: those who hold in bare ownership or usufruct, where there are some; otherwise all, in equal shares.

    A share that was written holds as long as all of its kind were: half of what is known would be a guess.
    """
    apart = [one for one in who if one.role in _DISMEMBERED]
    both = {one.role for one in apart} == set(_DISMEMBERED)
    if both:
        return tuple(
            Ownership(one.contact_id, share, _DISMEMBERED[role])
            for role in _DISMEMBERED
            for one, share in _shared([one for one in apart if one.role == role])
        )
    people = list({one.contact_id: one for one in who if one.role not in _DISMEMBERED or not both}.values())
    return tuple(Ownership(one.contact_id, share) for one, share in _shared(people))


def _shared(who: Sequence[Standing]) -> list[tuple[Standing, Decimal]]:
    written = [one.share for one in who]
    if who and None not in written and sum((one for one in written if one is not None), Decimal(0)) == 1:
        return [(one, one.share) for one in who if one.share is not None]
    return list(zip(who, equal(len(who)), strict=True)) if who else []
