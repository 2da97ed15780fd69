"""Statements that a module keeps stand behind the first wall as all others do (architecture.md §3)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import bindparam
from sqlalchemy import select

from core.cabinets.models import User
from core.contacts.models import Contact
from core.db.errors import NoCabinet
from core.db.scope import kept
from core.queries import contacts as requests
from core.queries.pages import Asked
from tests.core.accounts.book import Book

NAMES = kept(select(Contact.display_name).where(Contact.kind == bindparam("kind")).order_by(Contact.sort_name))
PEOPLE = kept(select(User.display_name).where(User.cabinet_id == bindparam("cabinet")))
PERSON = {"kind": "PERSONNE_PHYSIQUE"}


def seen(book: Book, cabinet_id: int) -> list[str]:
    with book.db.session(cabinet_id, write=False) as session:
        return list(session.scalars(NAMES, PERSON))


def test_a_kept_statement_is_each_cabinets_own(book: Book) -> None:
    """WS-02: made once, asked by two cabinets in turn and at once: each gets its own rows."""
    first, second = seen(book, 1), seen(book, 2)
    assert first
    assert second
    assert not set(first) & set(second)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(partial(seen, book), [1, 2] * 40))
    assert found == [first, second] * 40


def test_a_kept_statement_needs_a_cabinet(book: Book) -> None:
    """WS-02: without a cabinet it raises, also once it was asked with one; the instance's own tables need none."""
    seen(book, 1)
    for _ in range(2):
        with book.db.session(None, write=False) as session:
            assert session.scalars(PEOPLE, {"cabinet": 1}).all()
            with pytest.raises(NoCabinet):
                session.scalars(NAMES, PERSON).all()


def test_rights_taken_are_taken_at_the_next_request(book: Book) -> None:
    """US-01: statements kept for a person are kept for all that he may do: less of it, and another one is made."""
    wider = replace(book.marc, permissions=book.boss.permissions)
    with book.db.session(1, write=False) as session:
        everyone = requests.count(session, wider, Asked())
        own = requests.count(session, book.marc, Asked())
        none = requests.count(session, replace(book.marc, permissions=frozenset()), Asked())
    assert none == 0 < own < everyone
