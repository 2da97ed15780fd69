"""The cabinet's own rows, made from the catalogue on first use, and whose price is shown (architecture.md §3)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func
from sqlalchemy import select

from core.db.errors import Conflict
from core.db.errors import DomainError
from core.db.errors import NotFound
from core.supports import services as supports
from core.supports.models import CatalogueCompany
from core.supports.models import CataloguePrice
from core.supports.models import CatalogueProduct
from core.supports.models import CatalogueSupport
from core.supports.models import Company
from core.supports.models import Support
from tests.core.accounts.book import Book

ISIN = "FR0010148981"


def catalogue(book: Book) -> str:
    with book.db.session(None) as session:
        session.add(CatalogueCompany(code="spirica", name="Spirica"))
        session.add(CatalogueProduct(company_code="spirica", name="NetLife 2", envelope="ASSURANCE_VIE"))
        support = CatalogueSupport(isin=ISIN, label="Carmignac Patrimoine", type="OPCVM", sri=3, sfdr="ART8")
        session.add(support)
        session.flush()
        for day, price in ((date(2026, 11, 18), "100"), (date(2026, 11, 19), "101")):
            session.add(CataloguePrice(support_id=support.id, on=day, price=Decimal(price), source="catalogue"))
        return support.id


def test_rows_are_made_once_from_the_catalogue(book: Book) -> None:
    """architecture.md §3: a cabinet's row is made on first use, and is that cabinet's alone."""
    catalogue(book)
    with book.db.session(1) as session:
        company = supports.company_for(session, "spirica")
        assert supports.company_for(session, "spirica", name="Autre nom") == company
        product = supports.product_for(session, company, "NetLife 2")
        assert supports.product_for(session, company, "NetLife 2") == product
        support = supports.support_for(session, isin="FR 0010148981")
        assert supports.support_for(session, isin=ISIN) == support
        row = session.scalar(select(Support).where(Support.id == support))
        assert row is not None
        assert (row.label, row.sri, row.sfdr) == ("Carmignac Patrimoine", 3, "ART8")
    with book.db.session(2) as session:
        assert session.scalar(select(func.count(Company.id))) == 0


def test_what_the_catalogue_lacks_is_made_by_hand_or_refused(book: Book) -> None:
    """architecture.md §3, domain.md §2.3: a name, an envelope, a label and a type are asked; the ISIN has its key."""
    with book.db.session(1) as session:
        with pytest.raises(NotFound):
            supports.company_for(session, "inconnue")
        with pytest.raises(Conflict):
            supports.company_for(session, "autre", name="Generali Patrimoine")
        with pytest.raises(NotFound):
            supports.product_for(session, book.company, "Inconnu")
        with pytest.raises(NotFound):
            supports.product_for(session, "x", "Inconnu")
        assert supports.product_for(session, book.company, "Xaélidia", envelope="ASSURANCE_VIE")
        for wrong in ("FR0010148982", "FR001014898"):
            with pytest.raises(DomainError):
                supports.support_for(session, isin=wrong, label="Faux", type="OPCVM")
        with pytest.raises(NotFound):
            supports.support_for(session, isin=ISIN)
        with pytest.raises(DomainError):
            supports.support_for(session, code="X", label="X", type="LOTERIE")


def test_the_cabinets_price_wins_on_its_day_and_says_so(book: Book) -> None:
    """architecture.md §3: a price is the catalogue's unless the cabinet has its own for that day."""
    catalogue(book)
    with book.db.session(1) as session:
        support = supports.support_for(session, isin=ISIN)
        day = date(2026, 11, 18)
        assert supports.price(session, support, day) == supports.Price(Decimal("100"), day, "catalogue", "catalogue")
        supports.set_price(session, support, day, Decimal("99.5"), source="relevé", actor="cli")
        assert supports.price(session, support, day) == supports.Price(Decimal("99.5"), day, "relevé", "cabinet")
        assert supports.price(session, support, date(2026, 11, 20)) is None
        latest = supports.latest_price(session, support, date(2026, 11, 25))
        assert latest is not None
        assert (latest.value, latest.origin) == (Decimal("101"), "catalogue")
        with pytest.raises(DomainError):
            supports.set_price(session, support, day, Decimal(-1), source="x", actor="cli")
        with pytest.raises(NotFound):
            supports.set_price(session, "x", day, Decimal(1), source="x", actor="cli")
