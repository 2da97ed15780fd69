"""Who holds a support, within what the adviser may see (OU-02, domain.md §3.6)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from core.accounts import services as accounts
from core.accounts.schemas import NewPosition
from core.db.session import TenantSession
from core.supports import services as supports
from tests.core.accounts.book import Book
from tests.core.accounts.book import Counter
from tests.core.accounts.book import account


def hold(session: TenantSession, account_id: str, on: date, **values: str) -> None:
    """The account's lines of a day: support → value."""
    lines = [NewPosition(support_id=support, value=Decimal(value)) for support, value in values.items()]
    accounts.put_positions(session, "cli", account_id, on, lines, "essai")


def two(session: TenantSession) -> tuple[str, str]:
    fund, other = (supports.support_for(session, code=code, label=code, type="AUTRE") for code in ("FONDS", "AUTRE"))
    return fund, other


def test_holders_are_the_accounts_one_may_see_on_their_last_day(book: Book) -> None:
    """OU-02: quantity, value, weight, day; what was sold since, what is closed, and others' clients' are not there."""
    with book.db.session(1) as session:
        fund, other = two(session)
        pauls, sold, closed = (account(session, book.company, number, who)
                               for number, who in (("P1", book.paul), ("S1", book.jeanne), ("C1", book.jeanne)))  # fmt: skip
        hold(session, book.himalia, date(2026, 10, 31), **{fund: "999"})
        hold(session, book.himalia, date(2026, 11, 20), **{fund: "300", other: "100"})
        hold(session, pauls, date(2026, 11, 20), **{fund: "50"})
        hold(session, sold, date(2026, 10, 31), **{fund: "70"})
        hold(session, sold, date(2026, 11, 20), **{other: "70"})
        hold(session, closed, date(2026, 11, 20), **{fund: "5"})
        accounts.update(session, "cli", closed, {"state": "CLOTURE", "closed_on": date(2026, 11, 21)})
        held = accounts.holders(session, book.marc, fund)
        assert [(line.account.id, line.on, line.value, line.weight) for line in held.page.items] == [
            (book.himalia, date(2026, 11, 20), Decimal(300), Decimal("0.75"))
        ]
        assert (held.value, held.apart, held.page.total) == (Decimal(300), 0, 1)
        everyone = accounts.holders(session, book.boss, fund)
        assert [line.value for line in everyone.page.items] == [Decimal(300), Decimal(50)]
        assert everyone.value == Decimal(350)
        blind = replace(book.marc, permissions=book.marc.permissions - {"accounts.view"})
        assert accounts.holders(session, blind, fund).page.items == ()
    with book.db.session(2) as session:
        assert accounts.holders(session, book.stranger, fund).page.total == 0


def test_another_currency_is_counted_apart(book: Book) -> None:
    """ux.md: sums are of one currency, and say what they leave out."""
    with book.db.session(1) as session:
        fund, _ = two(session)
        dollars = account(session, book.company, "USD", book.jeanne)
        accounts.put_positions(
            session, "cli", dollars, date(2026, 11, 20), [NewPosition(fund, Decimal(10), currency="USD")], "essai"
        )
        hold(session, book.himalia, date(2026, 11, 20), **{fund: "300"})
        held = accounts.holders(session, book.marc, fund)
        assert (held.page.total, held.value, held.apart) == (2, Decimal(300), 1)


def test_fifty_holders_cost_no_query_more_than_one(book: Book, statements: Counter) -> None:
    """OU-02, BL-06."""
    with book.db.session(1) as session:
        fund, _ = two(session)
        hold(session, book.himalia, date(2026, 11, 20), **{fund: "300"})
        statements.clear()
        accounts.holders(session, book.marc, fund)
        alone = len(statements)
        for number in range(49):
            made = account(session, book.company, f"H{number:03d}", book.jeanne)
            hold(session, made, date(2026, 11, 20), **{fund: str(number + 1)})
        statements.clear()
        held = accounts.holders(session, book.marc, fund, size=50)
        assert (len(held.page.items), len(statements), alone) == (50, 5, 5)
        assert accounts.holders(session, book.marc, fund, size=20, number=9).page.number == 3
