"""What an audit's rules are given: read from the book by a day, in a constant number of queries (PF-07)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from core.accounts import services as accounts
from core.accounts.schemas import NewPosition
from core.accounts.schemas import Role
from core.supports import services as supports
from core.wealth.situation import open_accounts
from plugins.portefeuille.audit.facts import Facts
from plugins.portefeuille.audit.facts import gather
from tests.core.accounts.book import Book
from tests.core.accounts.book import Counter
from tests.core.accounts.book import account

D = Decimal
DAY = date(2026, 6, 30)


@pytest.fixture
def filled(book: Book) -> Book:
    """Himalia of Jeanne: two lines in June, one in March; a movement of each month; Paul receives, and accepted in May."""
    with book.db.session(1) as session:
        fund = supports.support_for(session, isin="FR0010135103", label="Carmignac Patrimoine", type="OPCVM")
        euro = supports.support_for(session, code="EURO", label="Fonds en euros", type="FONDS_EURO")
        accounts.put_positions(session, "cli", book.himalia, date(2026, 3, 1), [NewPosition(euro, D(50))], "relevé")
        lines = [NewPosition(fund, D(600), D(2), D(300), date(2026, 6, 12)), NewPosition(euro, D(100))]
        accounts.put_positions(session, "cli", book.himalia, date(2026, 6, 15), lines, "relevé")
        for on in (date(2026, 3, 1), date(2026, 6, 1)):
            accounts.add_movement(
                session, "cli", book.himalia, on=on, kind="VERSEMENT", label="Versement", amount=D(10), source="relevé"
            )
        roles = [Role(book.jeanne, "SOUSCRIPTEUR"), Role(book.paul, "BENEFICIAIRE", accepted_on=date(2026, 5, 1))]
        accounts.set_roles(session, "cli", book.himalia, roles)
        accounts.update(session, "cli", book.himalia, {"fee_euro": D("0.006"), "fee_units": D("0.0098")})
    return book


def facts(book: Book, on: date = DAY) -> Facts:
    with book.db.session(1, write=False) as session:
        return gather(session, open_accounts(session, book.boss, book.household, on), on)


def test_what_is_known_by_a_day(filled: Book) -> None:
    """PF-07: values, lines and movements of the day or before, none that came later."""
    found = facts(filled)
    one = next(known for known in found.accounts if known.ref.id == filled.himalia)
    assert (one.value, one.value_on, one.source, one.moved_on) == (D(700), date(2026, 6, 15), "relevé", date(2026, 6, 1))
    assert (one.fee_euro, one.fee_units) == (D("0.006"), D("0.0098"))
    assert [(line.label, line.value, line.price_on) for line in found.lines_of(filled.himalia)] == [
        ("Carmignac Patrimoine", D(600), date(2026, 6, 12)), ("Fonds en euros", D(100), None),
    ]  # fmt: skip
    assert [(who.account_id, who.accepted_on) for who in found.beneficiaries] == [(filled.himalia, date(2026, 5, 1))]
    before = facts(filled, date(2026, 4, 1))
    assert [(line.value, line.on) for line in before.lines] == [(D(50), date(2026, 3, 1))]
    assert next(known.moved_on for known in before.accounts if known.ref.id == filled.himalia) == date(2026, 3, 1)


def test_a_constant_number_of_queries(filled: Book, statements: Counter) -> None:
    """PF-07: as many for one account as for twelve."""

    def count() -> int:
        with filled.db.session(1, write=False) as session:
            refs = open_accounts(session, filled.boss, filled.household, DAY)
            statements.clear()
            gather(session, refs, DAY)
        return len(statements)

    first = count()
    with filled.db.session(1) as session:
        for number in range(11):
            more = account(session, filled.company, f"PLUS {number}", filled.paul)
            accounts.put_valuation(session, "cli", more, DAY, D(10), "relevé")
    assert count() == first == 6
