"""Pages of accounts by requests: filters, pages, order (BL-02)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from core.accounts import services as accounts
from core.queries import accounts as requests
from core.queries.pages import Asked
from core.queries.tree import Group
from core.queries.tree import Rule
from tests.core.accounts.book import Book
from tests.core.accounts.book import account
from tests.core.accounts.book import person


def test_filters_and_pages(book: Book) -> None:
    """BL-02 (2): company, envelope, state and text narrow the list; a page too far is the last one."""
    with book.db.session(1) as session:
        other = person(session, book.marc, "Lefèvre", "Hélène")
        pea = account(session, book.company, "PEA 77", other, envelope="PEA")
        accounts.update(session, "cli", book.himalia, {"state": "CLOTURE"})

        def ids(**wanted: str) -> list[str]:
            rules = tuple(Rule(f"compte.{key}", "find" if key == "search" else "=", (value,)) for key, value in wanted.items())
            return [ref.id for ref in requests.page(session, book.marc, Asked(Group(rules))).items]

        assert ids(envelope="PEA") == [pea] == ids(state="ouverts") == ids(search="lefevre") == ids(search="pea-77")
        assert ids(state="clos") == [book.himalia] == ids(state="CLOTURE") == ids(search="HIM001")
        assert ids(holder=other) == [pea]
        assert ids(company="x") == [] == ids(search="100%")
        far = requests.page(session, book.marc, Asked(), number=9, size=1)
        assert (far.number, far.pages, far.total) == (2, 2, 2)


def test_order_puts_unknown_values_last(book: Book) -> None:
    """BL-02 (2): sorted by value either way, an account that was never valued comes last, whatever the page."""
    with book.db.session(1) as session:
        rich = account(session, book.company, "R", book.jeanne)
        poor = account(session, book.company, "P", book.jeanne)
        for key, value in ((rich, 10), (poor, 1)):
            accounts.put_valuation(session, "cli", key, date(2026, 11, 19), Decimal(value), "essai")
        for down, expected in ((True, [rich, poor, book.himalia]), (False, [poor, rich, book.himalia])):
            asked = Asked(sort="valeur", descending=down)
            assert [ref.id for ref in requests.page(session, book.marc, asked).items] == expected
            pages = [requests.page(session, book.marc, asked, number=number, size=1).items[0].id for number in (1, 2, 3)]
            assert pages == expected
            assert [ref.id for ref in requests.page(session, book.marc, asked, number=1, size=2).items] == expected[:2]
