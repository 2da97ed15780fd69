"""What contacts hold, in euros: the column, the filter and the order «Encours» of lists of contacts (CT-01, BL-02).

As a portfolio adds up: open accounts of which one is a holder, each once; a household's are those of its members.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

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


def of_contacts(session: TenantSession, adviser: Adviser, ids: Sequence[str]) -> dict[str, Decimal]:
    """The worth of each that holds a valued account, in one query; of the accounts that the adviser may see."""
    if not ids:
        return {}
    return {row.contact_id: row.value for row in session.execute(_summed(adviser, _held(ids), each=True))}


def at_least(adviser: Adviser, amount: Decimal) -> Select[Any]:
    """The ids of the contacts that hold as much, as a subquery for a list's conditions."""
    held = _held(None)
    return _valued(adviser, select(held.c.contact_id), held).having(func.sum(Account.value) >= amount)


def totals(adviser: Adviser) -> Subquery:
    """(contact_id, value) of all, for a list to be sorted by."""
    return _summed(adviser, _held(None)).subquery("worth")


def _summed(adviser: Adviser, held: Any, *, each: bool = False) -> Select[Any]:
    return _valued(adviser, select(held.c.contact_id, func.sum(Account.value).label("value")), held, each=each)


def _valued(adviser: Adviser, found: Select[Any], held: Any, *, each: bool = False) -> Select[Any]:
    return (
        found.join(Account, Account.id == held.c.account_id)
        .where(
            visible_accounts(adviser, each=each), Account.currency == CURRENCY, Account.value.is_not(None),
            Account.state.not_in(ENDED_STATES),
        )
        .group_by(held.c.contact_id)
    )  # fmt: skip


def _held(ids: Sequence[str] | None) -> Any:
    """(contact_id, account_id), each pair once: UNION drops what a couple holds twice."""
    own = select(AccountRole.contact_id, AccountRole.account_id).where(AccountRole.role.in_(HOLDING_ROLES))
    members = (
        select(HouseholdMember.household_id.label("contact_id"), AccountRole.account_id)
        .join(AccountRole, AccountRole.contact_id == HouseholdMember.contact_id)
        .where(AccountRole.role.in_(HOLDING_ROLES))
    )
    if ids is not None:
        own, members = own.where(AccountRole.contact_id.in_(ids)), members.where(HouseholdMember.household_id.in_(ids))
    return union(own, members).subquery("held")
