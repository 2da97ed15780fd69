"""Who follows contacts, and another adviser for many of them (CT-01)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.cabinets.models import AuditEntry
from core.contacts import lists
from core.contacts import services as contacts
from core.contacts.models import ContactAdviser
from core.db.errors import DomainError
from core.db.errors import Forbidden
from core.db.errors import NotFound
from core.db.session import TenantSession
from tests.core.accounts.book import Book


def test_followers_are_those_of_contacts_seen(book: Book) -> None:
    """domain.md §3.6, line 17: an adviser's filter names only those who follow what he sees."""
    with book.db.session(1, write=False) as session:
        assert [one.name for one in lists.followers(session, book.marc)] == ["Marc Diallo"]
        assert [one.name for one in lists.followers(session, book.boss)] == ["Claire Rivière", "Marc Diallo"]


def roles(session: TenantSession, contact_id: str) -> dict[str, str]:
    rows = session.query(ContactAdviser).filter(ContactAdviser.contact_id == contact_id)
    return {row.user_id: row.role for row in rows}


def test_many_contacts_get_another_adviser(book: Book) -> None:
    """ux.md §2.2 «Changer de conseiller»: one line in the journal per contact; the former one may go on as second."""
    with book.db.session(1) as session:
        assert contacts.hand_over(session, book.boss, [book.jeanne, book.paul], book.claire.user_id) == 1
        assert roles(session, book.jeanne) == {book.claire.user_id: "PRINCIPAL", book.marc.user_id: "SECONDAIRE"}
        told = session.query(AuditEntry).filter(AuditEntry.subject == f"contact:{book.jeanne}").order_by(AuditEntry.seq)
        assert [row.action for row in told][-2:] == ["contact.followed", "contact.followed"]
        assert contacts.hand_over(session, book.boss, [book.jeanne], book.marc.user_id, keep=False) == 1
        assert roles(session, book.jeanne) == {book.marc.user_id: "PRINCIPAL"}


def test_all_of_them_or_none(book: Book) -> None:
    """domain.md §3.6: one contact that is not seen, a stranger's id, a person of elsewhere: nothing is changed."""
    with book.db.session(1) as session:
        before = roles(session, book.jeanne)
        for others in ([book.jeanne, book.paul], [book.jeanne, "0" * 26]):
            with pytest.raises(NotFound):
                contacts.hand_over(session, book.marc, others, book.claire.user_id)
        for who in (book.stranger.user_id, "x", ""):
            with pytest.raises(DomainError):
                contacts.hand_over(session, book.marc, [book.jeanne], who)
        with pytest.raises(Forbidden):
            contacts.hand_over(session, replace(book.marc, permissions=frozenset({"contacts.view"})), [book.jeanne], "x")
        assert roles(session, book.jeanne) == before
