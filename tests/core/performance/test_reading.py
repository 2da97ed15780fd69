"""PF-08: what is read of accounts: a constant number of queries, parts of a person, accounts left out, on either database."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from core.accounts import services as accounts
from core.performance import services
from core.performance import tracks
from core.performance.periods import bounds
from tests.core.accounts.book import Book
from tests.core.accounts.book import Counter
from tests.core.accounts.book import account

D = Decimal


def fill(book: Book, count: int, start: int = 0) -> dict[str, Decimal]:
    """So many accounts, each with two values and a payment between them."""
    with book.db.session(1) as session:
        ids = [account(session, book.company, f"Compte {one}", book.jeanne) for one in range(start, start + count)]
        for one in ids:
            for day, value in ((date(2025, 1, 1), 1000), (date(2025, 12, 31), 1200)):
                accounts.put_valuation(session, "cli", one, day, D(value), "essai")
            accounts.add_movement(
                session, "cli", one, on=date(2025, 7, 1), kind="VERSEMENT", label="Versement", amount=D(100), source="essai"
            )
    return dict.fromkeys(ids, D(1))


def test_three_queries_whatever_the_number(book: Book, statements: Counter) -> None:
    """PF-08: accounts, values, movements, for one account as for twenty."""
    few, many = fill(book, 1), fill(book, 20, 1)
    with book.db.session(1, write=False) as session:
        for parts in (few, many):
            statements.clear()
            found = tracks.read(session, parts)
            assert (len(found), len(statements)) == (len(parts), 3)
        assert found[0].basis == "movements"
        assert found[0].moved == {date(2025, 7, 1): D(100)}
        assert tracks.read(session, {}) == []


def test_the_account_s_own_value_counts_where_nothing_newer_is_known(book: Book) -> None:
    """PF-08: an account that was typed with a value and its day."""
    (one,) = fill(book, 1)
    with book.db.session(1) as session:
        accounts.update(session, "cli", one, {"value": D(1300), "value_on": date(2026, 3, 1)})
    with book.db.session(1, write=False) as session:
        (found,) = tracks.read(session, {one: D("0.5")})
    assert (found.values[-1].on, found.values[-1].source) == (date(2026, 3, 1), "fiche du compte")
    assert found.before[date(2026, 3, 1)] == D(650)


@pytest.mark.parametrize(
    ("period", "on", "expected"),
    [
        ("annee", date(2026, 11, 26), (date(2025, 12, 31), date(2026, 11, 26))),
        ("precedente", date(2026, 11, 26), (date(2024, 12, 31), date(2025, 12, 31))),
        ("1a", date(2024, 2, 29), (date(2023, 2, 28), date(2024, 2, 29))),
        ("5a", date(2026, 11, 26), (date(2021, 11, 26), date(2026, 11, 26))),
        ("origine", date(2026, 11, 26), (None, date(2026, 11, 26))),
    ],
)  # fmt: skip
def test_periods(period: str, on: date, expected: tuple[date | None, date]) -> None:
    """PF-08: a calendar year begins with the value of the 31 December before it."""
    assert bounds(period, on) == expected


def test_what_is_no_investment_stays_apart() -> None:
    """PF-08: debts, insured risks and everyday money are named, not measured."""
    assert {"PRET", "PREVOYANCE", "COMPTE_COURANT"} <= services.APART
