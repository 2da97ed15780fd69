"""Finding accounts by number or title (RE-02)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from core.accounts.access import visible_accounts
from core.accounts.models import Account
from core.db.session import TenantSession
from core.hooks.types import Adviser
from core.search import index
from core.search import words
from core.search.find import Found
from core.search.find import find

KIND = "account"


def of(row: Any) -> set[str]:
    """The words by which an account is found."""
    return words.of_names(row.title) | words.of_number(row.number)


def keep(session: TenantSession, row: Account) -> None:
    """An account was written: so are its words."""
    index.put(session, KIND, row.id, of(row))


def rebuild(session: TenantSession) -> None:
    """The words of all of the cabinet's accounts anew."""
    rows = session.execute(select(Account.id, Account.title, Account.number))
    index.rebuild(session, KIND, {row.id: of(row) for row in rows})


def found(session: TenantSession, adviser: Adviser, text: str, *, limit: int) -> Found:
    """The ids of the accounts that a query finds among those that the adviser may see, best first."""
    among = select(Account.id).where(visible_accounts(adviser), Account.archived_at.is_(None))
    return find(session, KIND, text, limit=limit, among=among)
