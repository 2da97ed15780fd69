"""The cabinet's supports as lists and pages read them (RE-03, OU-02)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from core.db.errors import NotFound
from core.db.session import TenantSession
from core.supports import services as supports
from core.supports.services import SupportFilter
from tests.core.accounts.book import Book
from tests.core.accounts.book import Counter
from tests.core.supports.test_supports import ISIN
from tests.core.supports.test_supports import catalogue

TODAY = date(2026, 11, 25)


def fill(session: TenantSession, book: Book, count: int = 3) -> str:
    """The catalogue's fund, and others made by hand with prices of the cabinet's own; the fund's id."""
    fund = supports.support_for(session, isin=ISIN)
    for number in range(count):
        made = supports.support_for(session, code=f"EURO-{number}", label=f"Fonds euro {number:02d}", type="FONDS_EURO")
        supports.set_price(session, made, date(2026, 11, 1), Decimal(number), source="relevé", actor="cli")
    return fund


def labels(session: TenantSession, wanted: SupportFilter, **more: object) -> list[str]:
    return [line.label for line in supports.listed(session, wanted, on=TODAY, **more).items]  # type: ignore[arg-type]


def test_the_list_costs_the_same_whatever_its_length(book: Book, statements: Counter) -> None:
    """OU-02: four queries for a page with its last prices, for one support as for fifty."""
    catalogue(book)
    with book.db.session(1) as session:
        fill(session, book, 60)
        for size in (1, 50):
            statements.clear()
            page = supports.listed(session, SupportFilter(), on=TODAY, size=size)
            assert (len(page.items), page.total, len(statements)) == (size, 61, 4)
        statements.clear()
        supports.facets(session, SupportFilter())
        assert len(statements) == 9


def test_last_prices_are_the_cabinets_own_of_a_day_else_the_catalogues(book: Book) -> None:
    """architecture.md §3: the newest wins; of one day's two, the cabinet's; never one after the day asked for."""
    catalogue(book)
    with book.db.session(1) as session:
        fund = fill(session, book)

        def price(on: date) -> supports.Price | None:
            return supports.card(session, fund, on=on).line.price

        assert price(TODAY) == supports.Price(Decimal(101), date(2026, 11, 19), "catalogue", "catalogue")
        assert price(date(2026, 11, 17)) is None
        supports.set_price(session, fund, date(2026, 11, 19), Decimal(90), source="relevé", actor="cli")
        assert price(TODAY) == supports.Price(Decimal(90), date(2026, 11, 19), "relevé", "cabinet")
        found = supports.prices(session, fund, since=None, until=TODAY)
        assert [(one.on.day, one.value, one.origin) for one in found] == [(18, 100, "catalogue"), (19, 90, "cabinet")]
        assert len(supports.prices(session, fund, since=date(2026, 11, 19), until=TODAY)) == 1


def test_filters_and_search_are_those_of_the_address(book: Book) -> None:
    """OU-02, RE-03: type, SRI («na»: none), SFDR, currency; words and ISIN; «no word» finds nothing, not everything."""
    catalogue(book)
    with book.db.session(1) as session:
        fill(session, book)
        assert labels(session, SupportFilter(type="OPCVM")) == ["Carmignac Patrimoine"]
        assert labels(session, SupportFilter(sri="3")) == ["Carmignac Patrimoine"]
        assert len(labels(session, SupportFilter(sri="na"))) == 3
        assert labels(session, SupportFilter(sri="9")) == labels(session, SupportFilter(currency="USD")) == []
        assert labels(session, SupportFilter(text="carmi patri")) == ["Carmignac Patrimoine"]
        assert labels(session, SupportFilter(text=ISIN.lower())) == ["Carmignac Patrimoine"]
        assert labels(session, SupportFilter(text="--")) == []
        assert labels(session, SupportFilter(), sort="sri")[0] == "Carmignac Patrimoine"
        assert labels(session, SupportFilter(), sort="sri", descending=True)[0] == "Carmignac Patrimoine"
        facets = supports.facets(session, SupportFilter(type="OPCVM"))
        assert {one.key: one.count for one in facets.types} == {"FONDS_EURO": 3, "OPCVM": 1}
        assert {one.key: one.count for one in facets.sris} == {"3": 1}


def test_another_cabinets_support_does_not_exist(book: Book) -> None:
    """domain.md §3.6, line 18."""
    catalogue(book)
    with book.db.session(1) as session:
        fund = fill(session, book)
    with book.db.session(2) as session:
        with pytest.raises(NotFound):
            supports.card(session, fund, on=TODAY)
        assert supports.prices(session, fund, since=None, until=TODAY) == ()
        assert supports.listed(session, SupportFilter(), on=TODAY).total == 0
        assert supports.found(session, "carmignac", on=TODAY, limit=5)[0] == ()


def test_a_series_keeps_its_ends_when_thinned() -> None:
    """A curve of ten years has as many points as can be told apart, the first and the last among them."""
    series = [supports.Price(Decimal(place), date.fromordinal(737000 + place), "x", "catalogue") for place in range(1000)]
    few = supports.thinned(series, 120)
    assert (len(few), few[0], few[-1]) == (120, series[0], series[-1])
    assert supports.thinned(series[:5], 120) == tuple(series[:5])
