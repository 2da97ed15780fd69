"""What contacts hold, in euros: the column, the filter and the order «Encours» of lists of contacts (CT-01, BL-02).

As a portfolio adds up: open accounts of which one is a holder, each once; a household's are those of its members.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import Select
from sqlalchemy import Subquery
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import union

from core.accounts.access import visible_accounts
from core.accounts.envelopes import ENDED_STATES
from core.accounts.envelopes import HOLDING_ROLES
from core.accounts.models import Account
from core.accounts.models import AccountRole
from core.contacts.models import HouseholdMember
from core.db.session import TenantSession
from core.hooks.types import Adviser

CURRENCY = "EUR"
_HOLDS = AccountRole.role.in_(HOLDING_ROLES)


def of_contacts(session: TenantSession, adviser: Adviser, ids: Sequence[str]) -> dict[str, Decimal]:
    """The worth of each that holds a valued account, in two queries: of the accounts that the adviser may see.

    The caller has checked that he may see these contacts.
    """
    if not ids:
        return {}
    # by the few contacts' own indexes, step by step: over a join or a union a planner may begin with all accounts
    pairs = select(HouseholdMember.household_id, HouseholdMember.contact_id).where(HouseholdMember.household_id.in_(ids))
    holders: dict[str, set[str]] = {key: {key} for key in ids}
    for household_id, contact_id in session.execute(pairs):
        holders[household_id].add(contact_id)
    held: dict[str, dict[str, Decimal]] = {}
    rows = session.execute(
        select(AccountRole.contact_id, Account.id, Account.value).join(Account, Account.id == AccountRole.account_id)
        .where(AccountRole.contact_id.in_(set().union(*holders.values())), *_counted(adviser, each=True), _HOLDS)
    )  # fmt: skip
    for contact_id, account_id, value in rows:
        held.setdefault(contact_id, {})[account_id] = value or Decimal(0)
    found = {key: {name: value for one in who for name, value in held.get(one, {}).items()} for key, who in holders.items()}
    return {key: sum(accounts.values(), Decimal(0)) for key, accounts in found.items() if accounts}


def of_contact(session: TenantSession, adviser: Adviser, contact_id: str) -> tuple[Decimal, date] | None:
    """What one holds and the day of its newest valuation, as his portfolio says it; None for nothing valued.

    The caller has checked that the adviser may see this contact.
    """
    members = select(HouseholdMember.contact_id).where(HouseholdMember.household_id == contact_id)
    held = select(AccountRole.account_id).where(
        (AccountRole.contact_id == contact_id) | AccountRole.contact_id.in_(members), _HOLDS
    )
    found = session.execute(
        select(func.sum(Account.value), func.max(Account.value_on)).where(Account.id.in_(held), *_counted(adviser, each=True))
    ).one()
    return (Decimal(found[0]), found[1]) if found[0] is not None and found[1] is not None else None


def at_least(adviser: Adviser, amount: Decimal) -> Select[Any]:
    """The ids of the contacts that hold as much, as a subquery for a list's conditions."""
    held = _held()
    return _valued(adviser, select(held.c.contact_id), held).having(func.sum(Account.value) >= amount)


def totals(adviser: Adviser) -> Subquery:
    """(contact_id, value) of all, for a list to be sorted by."""
    held = _held()
    value = func.sum(Account.value).label("value")
    return _valued(adviser, select(held.c.contact_id, value), held).subquery("worth")


def _counted(adviser: Adviser, *, each: bool = False) -> tuple[ColumnElement[bool], ...]:
    seen = visible_accounts(adviser, each=each)
    return seen, Account.currency == CURRENCY, Account.value.is_not(None), Account.state.not_in(ENDED_STATES)


def _valued(adviser: Adviser, found: Select[Any], held: Any) -> Select[Any]:
    return (
        found.join(Account, Account.id == held.c.account_id)
        .where(*_counted(adviser))
        .group_by(held.c.contact_id)
    )  # fmt: skip


def _held() -> Any:
    """(contact_id, account_id) of all, each pair once: UNION drops what a couple holds twice."""
    own = select(AccountRole.contact_id, AccountRole.account_id).where(_HOLDS)
    members = (
        select(HouseholdMember.household_id.label("contact_id"), AccountRole.account_id)
        .join(AccountRole, AccountRole.contact_id == HouseholdMember.contact_id)
        .where(_HOLDS)
    )
    return union(own, members).subquery("held")
