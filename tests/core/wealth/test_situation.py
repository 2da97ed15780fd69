"""The consolidated situation: every axis adds up to the accounts, each slice down to its lines (PF-06, NX-02)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import update

from core.accounts import services as accounts
from core.accounts.schemas import NewPosition
from core.supports import services as supports
from core.supports.models import Support
from core.wealth.axes import AXES
from core.wealth.situation import Situation
from core.wealth.situation import situation
from tests.core.accounts.book import Book
from tests.core.accounts.book import Counter
from tests.core.accounts.book import account
from tests.core.accounts.book import adviser

D = Decimal
DAY = date(2026, 6, 30)


@pytest.fixture
def filled(book: Book) -> Book:
    """Himalia of Jeanne: a fund, a euro fund, 300 € that no line tells. A joint account of both: cash. A PER, a term account."""
    with book.db.session(1) as session:
        fund = supports.support_for(session, isin="FR0010135103", label="Carmignac Patrimoine", type="OPCVM", currency="USD")
        euro = supports.support_for(session, code="EURO", label="Fonds en euros", type="FONDS_EURO")
        facts = {"asset_class": "DIVERSIFIE", "zone": "MONDE", "sri": 3, "sfdr": "ART8"}
        session.execute(update(Support).where(Support.id == fund).values(**facts))
        lines = [NewPosition(fund, D("600.00"), D("2"), D("300")), NewPosition(euro, D("100.00"))]
        accounts.put_positions(session, "cli", book.himalia, date(2026, 6, 15), lines, "relevé")
        accounts.put_valuation(session, "cli", book.himalia, DAY, D("1000.00"), "relevé")
        joint = account(session, book.company, "JOINT 1", book.jeanne, book.paul, envelope="COMPTE_JOINT")
        accounts.put_valuation(session, "cli", joint, DAY, D("500.01"), "banque")
        plan = account(session, book.company, "PER 1", book.paul, envelope="PER_INDIVIDUEL")
        accounts.put_valuation(session, "cli", plan, DAY, D("40.00"), "assureur")
    return book


def of(book: Book, contact: str, on: date = DAY) -> Situation:
    with book.db.session(1, write=False) as session:
        return situation(session, book.boss, contact, on)


def cut(found: Situation, axis: str) -> dict[str, Decimal]:
    return {one.label: one.value for one in found.slices(axis)}


def test_each_axis_tells_the_same_total(filled: Book) -> None:
    """PF-06: by class, envelope, company, geography, currency, SRI, SFDR, liquidity; the household's sum is its accounts'."""
    found = of(filled, filled.household)
    assert found.total == D("1540.01")
    for axis in AXES:
        slices = found.slices(axis)
        assert sum(one.value for one in slices) == found.total, axis
        assert abs(sum(one.share or 0 for one in slices) - 1) < D("0.00001"), axis
        assert all(one.value == sum(line.value for line in one.lines) for one in slices), axis
    assert cut(found, "classe") == {
        "Liquidités et monétaire": D("500.01"), "Fonds en euros": D("100.00"), "Diversifié": D("600.00"),
        "Non détaillé": D("340.00"),
    }  # fmt: skip
    assert cut(found, "devise") == {"USD": D("600.00"), "EUR": D("600.01"), "Non détaillé": D("340.00")}
    assert cut(found, "sri")["3 sur 7"] == D("600.00")
    assert cut(found, "zone")["Non renseigné"] == D("100.00")
    assert cut(found, "liquidite") == {
        "Immédiate": D("500.01"), "Sous deux mois": D("1000.00"), "Bloquée, sauf cas prévus": D("40.00"),
    }  # fmt: skip
    assert list(cut(found, "classe"))[-1] == "Non détaillé", "what is not known comes last"


def test_a_person_has_his_part(filled: Book) -> None:
    """PF-06: of a joint account each has half; both halves make the household's, to the cent."""
    one, other, both = (of(filled, who) for who in (filled.jeanne, filled.paul, filled.household))
    assert one.total is not None
    assert other.total is not None
    assert both.total is not None
    assert cut(one, "enveloppe")["Compte joint"] in (D("250.00"), D("250.01"))
    assert abs(one.total + other.total - both.total) <= D("0.01")


def test_every_figure_tells_its_lines_day_and_source(filled: Book) -> None:
    """NX-02: the lines of a slice, with their account, day and who said it."""
    found = of(filled, filled.jeanne)
    fund = next(one for one in found.slices("classe") if one.code == "DIVERSIFIE").lines[0]
    assert (fund.label, fund.account.id, fund.on, fund.value) == (
        "Carmignac Patrimoine", filled.himalia, date(2026, 6, 15), D("600.00"),
    )  # fmt: skip
    assert (found.oldest, found.newest) == (DAY, DAY)


def test_as_of_a_past_day(filled: Book) -> None:
    """PF-06, at a date: what was known by then, and nothing that came later."""
    assert of(filled, filled.jeanne, date(2026, 6, 20)).total == D("700.00")
    before = of(filled, filled.jeanne, date(2020, 1, 1))
    assert (before.total, before.lines) == (None, ())
    assert {one.why for one in before.apart} == {"Aucune valeur n'est connue au 01/01/2020."}


def test_what_is_not_in_euros_or_pledged(filled: Book) -> None:
    """PF-06: another currency is told apart, never added up; a pledge is what liquidity says first."""
    with filled.db.session(1) as session:
        accounts.update(session, "cli", filled.himalia, {"pledged": True})
        other = account(session, filled.company, "CTO 1", filled.jeanne, envelope="COMPTE_TITRES")
        accounts.update(session, "cli", other, {"currency": "CHF"})
        accounts.put_valuation(session, "cli", other, DAY, D(70), "banque")
    found = of(filled, filled.jeanne)
    assert [(one.account.id, one.why[:12]) for one in found.apart] == [(other, "Tenu en CHF\u202f")]
    assert cut(found, "liquidite")["Accord du créancier nanti requis"] == D("1000.00")


def test_lines_that_say_more_than_the_account(filled: Book) -> None:
    """PF-06: the gap is shown as it is, below zero, and the total stays the account's."""
    with filled.db.session(1) as session:
        accounts.put_valuation(session, "cli", filled.himalia, DAY, D("650.00"), "relevé")
    found = of(filled, filled.jeanne)
    assert cut(found, "classe")["Non détaillé"] == D("-50.00")
    assert sum(cut(found, "classe").values()) == found.total


def test_rights_and_number_of_queries(filled: Book, statements: Counter) -> None:
    """PF-06: only accounts that one may see; as many queries for ten accounts as for two."""
    statements.clear()
    of(filled, filled.household)
    few = len(statements)
    with filled.db.session(1) as session:
        for number in range(10):
            account(session, filled.company, f"X{number}", filled.jeanne)
        stranger = adviser(session, 1, "Nadia", "CONSEILLER")
    statements.clear()
    of(filled, filled.household)
    assert len(statements) == few
    with filled.db.session(1, write=False) as session:
        assert situation(session, stranger, filled.household, DAY).total is None
