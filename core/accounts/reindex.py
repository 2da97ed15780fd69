"""All the words by which a cabinet's book of record is found, made anew (RE-01 to RE-03)."""

from __future__ import annotations

from sqlalchemy import select

from core.accounts import search as accounts
from core.contacts import search as contacts
from core.contacts.models import Contact
from core.db.session import TenantSession
from core.search.models import SearchWord
from core.supports import search as supports


def reindex(session: TenantSession) -> None:
    """For the session's cabinet: after a load that does not pass by the services, or a restore."""
    for part in (contacts, accounts, supports):
        part.rebuild(session)


def missing(session: TenantSession) -> bool:
    """Whether the cabinet has contacts and no word for them yet: the database was brought here by an upgrade."""
    return session.scalar(select(SearchWord.ref).limit(1)) is None and session.scalar(select(Contact.id).limit(1)) is not None
