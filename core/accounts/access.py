"""Accounts hang on their holders, documents on what they are about; how far a right reaches: `core.cabinets.rights`."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import select
from sqlalchemy.orm import aliased

from core.accounts.envelopes import HOLDING_ROLES
from core.accounts.models import Account
from core.accounts.models import AccountRole
from core.cabinets import rights
from core.cabinets.rights import Scope
from core.contacts import access as contact_access
from core.hooks.types import Adviser

KIND = "account"
_HELD = aliased(AccountRole)  # once: an alias copies every column of its table


def reach(column: Any, adviser: Adviser, scope: Scope, *, each: bool) -> ColumnElement[bool]:
    """One of the account's holders is followed by somebody within the scope."""
    known = contact_access.reach(_HELD.contact_id, adviser, scope, each=each)
    return rights.among(select(_HELD.account_id).where(_HELD.role.in_(HOLDING_ROLES), known), column, each=each)


rights.register(KIND, "accounts.view", reach)


def visible_accounts(adviser: Adviser, *more: str, each: bool = False) -> ColumnElement[bool]:
    """A condition on `Account`: what this adviser may see, and do by the rights named. Nothing without `accounts.view`.

    `each`: for a query that names its accounts by their ids.
    """
    return rights.on(Account.id, adviser, KIND, *more, each=each)
