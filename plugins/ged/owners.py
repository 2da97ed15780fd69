"""Whose documents a file shows, and how their owners are called."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import select

from core.api import accounts
from core.api import book
from core.api import documents
from core.api import rights
from core.api import supports
from core.api import wealth
from core.api.db import TenantSession
from core.api.db import today
from core.api.types import AccountRef
from core.api.types import Adviser

Key = tuple[str, str]


def of_file(session: TenantSession, by: Adviser, contact_id: str) -> tuple[dict[str, tuple[str, ...]], tuple[AccountRef, ...]]:
    """Owners of the documents of a contact's file: the person, or a household and its members, and their accounts.

    Raises `NotFound` for a contact that `by` may not see."""
    people = tuple(dict.fromkeys((contact_id, *wealth.people(session, by, contact_id))))
    held = held_accounts(session, by, people) if by.can("accounts.view") else ()
    return {"contact": people, "account": tuple(one.id for one in held)}, held


def held_accounts(session: TenantSession, by: Adviser, people: Iterable[str]) -> tuple[AccountRef, ...]:
    """The accounts of these contacts, each once."""
    found = {one.id: one for contact_id in people for one in accounts.refs(session, by, contact_id=contact_id)}
    return tuple(found.values())


def names(session: TenantSession, by: Adviser, rows: Iterable[documents.Document]) -> Mapping[Key, str]:
    """Owner → what people call it: a contact's name, an account's title and number, a support's label. A query a kind."""
    keys = {(row.owner_kind, row.owner_id) for row in rows}
    people = sorted(ref for kind, ref in keys if kind == "contact")
    held = sorted(ref for kind, ref in keys if kind == "account")
    made: dict[Key, str] = {}
    if people:
        contact = book.Contact
        found = select(contact.id, contact.display_name).where(
            contact.id.in_(people), rights.on(contact.id, by, "contact", each=True)
        )
        made |= {("contact", key): name for key, name in session.execute(found)}
    if held:
        account = book.Account
        told = select(account.id, account.title, account.number).where(
            account.id.in_(held), rights.on(account.id, by, "account", each=True)
        )
        made |= {("account", key): f"{title} {number}" for key, title, number in session.execute(told)}
    directory = supports.directory.named(session, by, [key for key in keys if key[0] in supports.directory.KINDS])
    return made | {key: one.name for key, one in directory.items()}


def expired(row: documents.Document) -> bool:
    """Whether its validity is over."""
    return row.expires_on is not None and row.expires_on < today()


def soon(row: documents.Document) -> bool:
    """Whether its validity ends within `documents.finding.SOON` days."""
    limit = today() + timedelta(days=documents.finding.SOON)
    return row.expires_on is not None and today() <= row.expires_on <= limit
