"""Who reads the documents of contacts, accounts and the cabinet itself: whoever sees their owner."""

from __future__ import annotations

from sqlalchemy import select

from core.accounts.lists import visible_accounts
from core.accounts.models import Account
from core.contacts.access import visible
from core.contacts.models import Contact
from core.db.session import TenantSession
from core.documents.access import readable
from core.hooks.types import Adviser


@readable("contact")
def of_contact(session: TenantSession, adviser: Adviser, owner_id: str) -> bool:
    """Who sees the contact."""
    return session.scalar(select(Contact.id).where(Contact.id == owner_id, visible(adviser))) is not None


@readable("account")
def of_account(session: TenantSession, adviser: Adviser, owner_id: str) -> bool:
    """Who sees the account."""
    return session.scalar(select(Account.id).where(Account.id == owner_id, visible_accounts(adviser))) is not None


@readable("cabinet")
def of_cabinet(_session: TenantSession, adviser: Adviser, _owner_id: str) -> bool:
    """Who runs the cabinet."""
    return adviser.can("administration")
