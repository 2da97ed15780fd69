"""What accounts were worth together, and what they are made of (PF-01)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from core.accounts import services as accounts
from core.accounts.schemas import NewPosition
from core.supports import services as supports
from core.wealth.evolution import Worth
from core.wealth.evolution import by_support_type
from core.wealth.evolution import evolution
from tests.core.accounts.book import Book
from tests.core.accounts.book import Counter
from tests.core.accounts.book import account


def day(month: int, on: int, year: int = 2026) -> date:
    return date(year, month, on)


def fill(book: Book) -> str:
    """Two accounts: one valued at odd days, the other from March on, closed on 10 May."""
    with book.db.session(1) as session:
        other = account(session, book.company, "PEA 1", book.jeanne, envelope="PEA")
        for on, value, paid in ((day(1, 31), 100, 90), (day(2, 12), 110, 90), (day(4, 30), 120, 95), (day(6, 3), 130, 95)):
            accounts.put_valuation(session, "cli", book.himalia, on, Decimal(value), "essai", Decimal(paid))
        for on, value in ((day(3, 15), 40), (day(5, 2), 50)):
            accounts.put_valuation(session, "cli", other, on, Decimal(value), "essai", Decimal(30))
        accounts.update(session, "cli", other, {"state": "CLOTURE", "closed_on": day(5, 10)})
    return other


def test_each_account_counts_from_its_first_value_to_its_end(book: Book, statements: Counter) -> None:
    """PF-01: at each end of a month the last values known; the last day is the last one known; two queries in all."""
    both = dict.fromkeys((book.himalia, fill(book)), Decimal(1))
    statements.clear()
    with book.db.session(1, write=False) as session:
        found = evolution(session, both, until=day(12, 31))
    assert [(one.on, one.value, one.net_payments) for one in found] == [
        (day(1, 31), 100, 90), (day(2, 28), 110, 90), (day(3, 31), 150, 120), (day(4, 30), 160, 125), (day(5, 31), 120, 95),
        (day(6, 3), 130, 95),
    ]  # fmt: skip
    assert len(statements) == 2


def test_a_window_begins_with_what_was_known_before_it(book: Book) -> None:
    """PF-01: «12 mois» counts an account whose last value is a little older; what comes after `until` does not count."""
    both = dict.fromkeys((book.himalia, fill(book)), Decimal(1))
    with book.db.session(1, write=False) as session:
        found = evolution(session, both, since=day(4, 1), until=day(5, 31))
        assert [(one.on, one.value) for one in found] == [(day(4, 30), 160), (day(5, 2), 170)]
        assert evolution(session, {}, until=day(12, 31)) == ()


def test_payments_that_are_not_known_are_not_made_up(book: Book) -> None:
    """PF-01: one unknown amount makes the sum unknown."""
    with book.db.session(1) as session:
        accounts.put_valuation(session, "cli", book.himalia, day(1, 31), Decimal(100), "essai")
        assert evolution(session, {book.himalia: Decimal(1)}, until=day(12, 31)) == (Worth(day(1, 31), Decimal(100), None),)


def test_what_it_is_made_of_is_that_of_the_last_day(book: Book) -> None:
    """PF-01: by kind of support, exact to the cent; a currency of another kind is left out, another cabinet too."""
    with book.db.session(1) as session:
        euros = supports.support_for(session, code="EURO-X", label="Actif Général", type="FONDS_EURO")
        fund = supports.support_for(session, isin="FR0000172041", label="Fonds", type="OPCVM")
        old = [NewPosition(euros, Decimal("500.00"))]
        new = [NewPosition(euros, Decimal("100.10")), NewPosition(fund, Decimal("200.25"), quantity=Decimal(2))]
        accounts.put_positions(session, "cli", book.himalia, day(1, 31), old, "essai")
        accounts.put_positions(session, "cli", book.himalia, day(2, 28), new, "essai")
        assert by_support_type(session, {book.himalia: Decimal(1)}) == {
            "Fonds en euros": Decimal("100.10"), "OPCVM": Decimal("200.25"),
        }  # fmt: skip
        assert by_support_type(session, {book.himalia: Decimal("0.5")})["OPCVM"] == Decimal("100.13")
        assert by_support_type(session, {}) == {}
    with book.db.session(2, write=False) as session:
        assert by_support_type(session, {book.himalia: Decimal(1)}) == {}
        assert evolution(session, {book.himalia: Decimal(1)}, until=day(12, 31)) == ()
