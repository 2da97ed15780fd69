"""Lists of contacts in SQL: order, pages from both ends, what is held, neighbours, another adviser for many (CT-01)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from core.accounts import services as accounts
from core.accounts import worth
from core.cabinets.models import AuditEntry
from core.contacts import lists
from core.contacts import services as contacts
from core.contacts.lists import ContactFilter
from core.contacts.models import ContactAdviser
from core.contacts.schemas import NewContact
from core.db.errors import DomainError
from core.db.errors import Forbidden
from core.db.errors import NotFound
from core.db.session import TenantSession
from core.hooks.types import Adviser
from tests.core.accounts.book import Book
from tests.core.accounts.book import Counter
from tests.core.accounts.book import account


def names(session: TenantSession, who: Adviser, wanted: ContactFilter, **more: int) -> list[str]:
    return [line.name for line in lists.page(session, who, wanted, **more).items]


def add(session: TenantSession, by: Adviser, name: str, city: str | None = None) -> str:
    data = NewContact("PERSONNE_PHYSIQUE", "PROSPECT", birth_name=name, first_names="Zoé", city=city)
    return contacts.create(session, by, data)


def test_pages_from_both_ends_make_one_list(book: Book, statements: Counter) -> None:
    """CT-01: each contact once, in order, whichever end a page is counted from; two queries whatever the page."""
    with book.db.session(1) as session:
        for number in range(23):
            add(session, book.boss, f"Nom{number:02d}", ("Nantes", "Angers", None)[number % 3])
    with book.db.session(1, write=False) as session:
        for sort in lists.SORTS:
            for descending in (False, True):
                held = worth.totals(book.boss) if sort == "encours" else None
                asked = ContactFilter(sort=sort, descending=descending, worth=held)
                whole = names(session, book.boss, asked, size=200)
                assert len(set(whole)) == len(whole) == 26
                paged = [name for number in range(1, 7) for name in names(session, book.boss, asked, number=number, size=5)]
                assert paged == whole, (sort, descending)
        costs = []
        for number in (1, 3, 6, 400):
            statements.clear()
            lists.page(session, book.boss, ContactFilter(), number=number, size=5)
            costs.append(len(statements))
        assert costs == [2, 2, 2, 2]


def test_what_is_not_known_comes_last(book: Book) -> None:
    """ux.md §2.2: sorted by town either way, those without one are at the end."""
    with book.db.session(1) as session:
        for name, city in (("Un", "Angers"), ("Deux", "Vannes"), ("Trois", None)):
            add(session, book.marc, name, city)
    with book.db.session(1, write=False) as session:
        asked = ContactFilter(stage="PROSPECT", sort="ville")
        assert names(session, book.marc, asked) == ["Un Zoé", "Deux Zoé", "Trois Zoé"]
        assert names(session, book.marc, replace(asked, descending=True)) == ["Deux Zoé", "Un Zoé", "Trois Zoé"]


def test_what_contacts_hold(book: Book) -> None:
    """CT-01, BL-02: each open account once for each holder, once for a household whose two members hold it."""
    with book.db.session(1) as session:
        accounts.put_valuation(session, "cli", book.himalia, date(2026, 11, 1), Decimal("1000.50"), "test")
        both = account(session, book.company, "HIM 2", book.jeanne, book.paul)
        accounts.put_valuation(session, "cli", both, date(2026, 11, 1), Decimal(500), "test")
        closed = account(session, book.company, "HIM 3", book.jeanne)
        accounts.put_valuation(session, "cli", closed, date(2026, 11, 1), Decimal(9000), "test")
        accounts.update(session, "cli", closed, {"state": "CLOTURE", "closed_on": date(2026, 11, 2)})
    with book.db.session(1, write=False) as session:
        ids = [book.jeanne, book.paul, book.household]
        expected = {book.jeanne: Decimal("1500.5"), book.paul: Decimal(500), book.household: Decimal("1500.5")}
        assert worth.of_contacts(session, book.boss, ids) == expected
        assert worth.of_contacts(session, replace(book.boss, permissions=frozenset({"contacts.view"})), ids) == {}
        rich = ContactFilter(among=worth.at_least(book.boss, Decimal("1500.50")))
        assert sorted(names(session, book.boss, rich)) == ["Durand Jeanne", "Famille Durand"]
        assert names(session, book.boss, ContactFilter(among=worth.at_least(book.boss, Decimal(1501)))) == []
        poorest = ContactFilter(sort="encours", worth=worth.totals(book.boss))
        assert names(session, book.boss, poorest)[0] == "Durand Paul"
    with book.db.session(2, write=False) as session:
        assert worth.of_contacts(session, book.stranger, ids) == {}
        assert names(session, book.stranger, ContactFilter(among=worth.at_least(book.boss, Decimal(1)))) == []


def test_neighbours(book: Book) -> None:
    """ux.md §2.2: before and after in the list as it is filtered and sorted; none once the contact has left it."""
    with book.db.session(1) as session:
        keys = [add(session, book.marc, f"Nom{number}") for number in range(4)]
    with book.db.session(1, write=False) as session:
        asked = ContactFilter(stage="PROSPECT", descending=True)
        found = lists.neighbours(session, book.marc, asked, keys[1], 3)
        assert (found.before, found.after, found.place, found.total) == (keys[2], keys[0], 3, 4)
        assert lists.neighbours(session, book.marc, asked, keys[3], 1).before is None
        assert lists.neighbours(session, book.marc, asked, keys[0], 4).after is None
        for gone, place in ((book.jeanne, 1), (keys[0], 99999)):
            left = lists.neighbours(session, book.marc, asked, gone, place)
            assert (left.before, left.after, left.place) == (None, None, None)


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
