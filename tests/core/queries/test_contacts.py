"""Pages of contacts by requests: order, pages from both ends, what is held, neighbours (CT-01)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from core.accounts import services as accounts
from core.contacts import services as contacts
from core.contacts.schemas import NewContact
from core.db.session import TenantSession
from core.hooks.types import Adviser
from core.queries import contacts as requests
from core.queries.pages import Asked
from core.queries.tree import Group
from core.queries.tree import Rule
from core.wealth import totals
from tests.core.accounts.book import Book
from tests.core.accounts.book import Counter
from tests.core.accounts.book import account


def asked(*rules: tuple[str, str, str], **more: object) -> Asked:
    return Asked(Group(tuple(Rule(f"contact.{field}", operator, (value,)) for field, operator, value in rules)), **more)  # type: ignore[arg-type]


def names(session: TenantSession, who: Adviser, wanted: Asked, **more: int) -> list[str]:
    return [line.name for line in requests.page(session, who, wanted, **more).items]


def add(session: TenantSession, by: Adviser, name: str, city: str | None = None) -> str:
    data = NewContact("PERSONNE_PHYSIQUE", "PROSPECT", birth_name=name, first_names="Zoé", city=city)
    return contacts.create(session, by, data)


def test_pages_from_both_ends_make_one_list(book: Book, statements: Counter) -> None:
    """CT-01: each contact once, in order, whichever end a page is counted from; two queries whatever the page."""
    with book.db.session(1) as session:
        for number in range(23):
            add(session, book.boss, f"Nom{number:02d}", ("Nantes", "Angers", None)[number % 3])
    with book.db.session(1, write=False) as session:
        for sort in requests.SUBJECT.orders:
            for descending in (False, True):
                wanted = asked(sort=sort, descending=descending)
                whole = names(session, book.boss, wanted, size=200)
                assert len(set(whole)) == len(whole) == 26
                paged = [name for number in range(1, 7) for name in names(session, book.boss, wanted, number=number, size=5)]
                assert paged == whole, (sort, descending)
        costs = []
        for number in (1, 3, 6, 400):
            statements.clear()
            requests.page(session, book.boss, Asked(), number=number, size=5)
            costs.append(len(statements))
        assert costs == [2, 2, 2, 2]


def test_what_is_not_known_comes_last(book: Book) -> None:
    """ux.md §2.2: sorted by town either way, those without one are at the end."""
    with book.db.session(1) as session:
        for name, city in (("Un", "Angers"), ("Deux", "Vannes"), ("Trois", None)):
            add(session, book.marc, name, city)
    with book.db.session(1, write=False) as session:
        wanted = asked(("stage", "=", "PROSPECT"), sort="ville")
        assert names(session, book.marc, wanted) == ["Un Zoé", "Deux Zoé", "Trois Zoé"]
        assert names(session, book.marc, replace(wanted, descending=True)) == ["Deux Zoé", "Un Zoé", "Trois Zoé"]


def test_what_contacts_hold(book: Book) -> None:
    """CT-01, BL-02: each open account for the part of each holder, whole for a household whose two members hold it."""
    with book.db.session(1) as session:
        accounts.put_valuation(session, "cli", book.himalia, date(2026, 11, 1), Decimal("1000.50"), "test")
        both = account(session, book.company, "HIM 2", book.jeanne, book.paul)
        accounts.put_valuation(session, "cli", both, date(2026, 11, 1), Decimal("500.01"), "test")
        closed = account(session, book.company, "HIM 3", book.jeanne)
        accounts.put_valuation(session, "cli", closed, date(2026, 11, 1), Decimal(9000), "test")
        accounts.update(session, "cli", closed, {"state": "CLOTURE", "closed_on": date(2026, 11, 2)})
    with book.db.session(1, write=False) as session:
        ids = [book.jeanne, book.paul, book.household]
        known = totals.of_contacts(session, book.boss, ids)
        assert known[book.paul] in (250, Decimal("250.01"))  # the odd cent is the last holder's
        assert known[book.household] == known[book.jeanne] + known[book.paul] == Decimal("1500.51")
        assert totals.of_contact(session, book.boss, book.household) == (Decimal("1500.51"), date(2026, 11, 1))
        rich = asked(("worth", ">=", "1250,50"))
        assert sorted(names(session, book.boss, rich)) == ["Durand Jeanne", "Famille Durand"]
        assert names(session, book.boss, asked(("worth", ">=", "1501"))) == []
        assert names(session, book.boss, asked(sort="encours"))[0] == "Durand Paul"
        assert names(session, book.boss, asked(sort="encours", descending=True))[0] == "Famille Durand"
    with book.db.session(2, write=False) as session:
        assert totals.of_contacts(session, book.stranger, ids) == {}
        assert names(session, book.stranger, asked(("worth", ">=", "1"))) == []


def test_what_is_held_is_what_one_may_see_of_it(book: Book) -> None:
    """CT-01, domain.md §3.6 line 17: a household's total, for an adviser, is of the accounts that he sees."""
    with book.db.session(1) as session:
        his = account(session, book.company, "PAUL", book.paul)
        for key, value in ((book.himalia, 100), (his, 900)):
            accounts.put_valuation(session, "cli", key, date(2026, 11, 1), Decimal(value), "test")
    with book.db.session(1, write=False) as session:
        assert totals.of_contacts(session, book.boss, [book.household]) == {book.household: 1000}
        assert totals.of_contacts(session, book.marc, [book.household]) == {book.household: 100}
        assert names(session, book.marc, asked(("worth", ">=", "101"))) == []
        assert names(session, book.marc, asked(sort="encours", descending=True)) == ["Famille Durand", "Durand Jeanne"]


def test_neighbours(book: Book) -> None:
    """ux.md §2.2: before and after in the list as it is filtered and sorted; none once the contact has left it."""
    with book.db.session(1) as session:
        keys = [add(session, book.marc, f"Nom{number}") for number in range(4)]
    with book.db.session(1, write=False) as session:
        wanted = asked(("stage", "=", "PROSPECT"), descending=True)
        found = requests.neighbours(session, book.marc, wanted, keys[1], 3)
        assert (found.before, found.after, found.place, found.total) == (keys[2], keys[0], 3, 4)
        assert requests.neighbours(session, book.marc, wanted, keys[3], 1).before is None
        assert requests.neighbours(session, book.marc, wanted, keys[0], 4).after is None
        for gone, place in ((book.jeanne, 1), (keys[0], 99999)):
            left = requests.neighbours(session, book.marc, wanted, gone, place)
            assert (left.before, left.after, left.place) == (None, None, None)


