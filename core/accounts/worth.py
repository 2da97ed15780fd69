"""What contacts hold, in euros: the column, the filter and the order «Encours» of lists of contacts (CT-01, BL-02).

As a portfolio adds up: open accounts of which one is a holder, each once; a household's are those of its members.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
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
from core.db.scope import MANY
from core.db.scope import arrays
from core.db.scope import kept
from core.db.scope import one_of
from core.db.session import TenantSession
from core.hooks.types import Adviser

CURRENCY = "EUR"
_HOLDS = AccountRole.role.in_(HOLDING_ROLES)


def of_contacts(session: TenantSession, adviser: Adviser, ids: Sequence[str]) -> dict[str, Decimal]:
    """The worth of each that holds a valued account, in one query: of the accounts that the adviser may see.

    The caller has checked that he may see these contacts.
    """
    if not ids:
        return {}
    return {row.contact_id: row.value for row in session.rows(_of_contacts(adviser, arrays(session)), {"ids": list(ids)})}


@lru_cache(maxsize=MANY)
def _of_contacts(adviser: Adviser, in_array: bool) -> Select[Any]:
    # from the few contacts' own indexes: the UNION keeps a planner from beginning with all accounts
    held = _held(one_of(AccountRole.contact_id, "ids", in_array), one_of(HouseholdMember.household_id, "ids", in_array))
    return kept(
        select(held.c.contact_id, func.sum(Account.value).label("value")).join(Account, Account.id == held.c.account_id)
        .where(*_counted(adviser, each=True)).group_by(held.c.contact_id)
    )  # fmt: skip


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


def _held(people: ColumnElement[bool] | None = None, households: ColumnElement[bool] | None = None) -> Any:
    """(contact_id, account_id) of all, or of some, each pair once: UNION drops what a couple holds twice."""
    own = select(AccountRole.contact_id, AccountRole.account_id).where(_HOLDS)
    members = (
        select(HouseholdMember.household_id.label("contact_id"), AccountRole.account_id)
        .join(AccountRole, AccountRole.contact_id == HouseholdMember.contact_id)
        .where(_HOLDS)
    )
    if people is not None and households is not None:
        own, members = own.where(people), members.where(households)
    return union(own, members).subquery("held")
