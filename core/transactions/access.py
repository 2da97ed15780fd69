"""Transactions hang on their account; how far a right reaches is `core.cabinets.rights`'s."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import select
from sqlalchemy.orm import aliased

from core.accounts import access as account_access
from core.cabinets import rights
from core.cabinets.rights import Scope
from core.hooks.types import Adviser
from core.transactions.models import Transaction

KIND = "transaction"
_MADE = aliased(Transaction)  # once: an alias copies every column of its table


def reach(column: Any, adviser: Adviser, scope: Scope, *, each: bool) -> ColumnElement[bool]:
    """The transaction's account is within the scope."""
    return rights.among(
        select(_MADE.id).where(account_access.reach(_MADE.account_id, adviser, scope, each=each)), column, each=each
    )


rights.register(KIND, "transactions.view", reach)


def visible_transactions(adviser: Adviser, *, each: bool = False) -> ColumnElement[bool]:
    """A condition on `Transaction`: what this adviser may see. `each`: for a query that names its rows by their ids."""
    return rights.on(Transaction.id, adviser, KIND, each=each)
