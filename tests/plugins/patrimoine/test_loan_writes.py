"""Loans as they are written and read: rules, people, events, what they weigh in a balance sheet (AU-01)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from core.cabinets.models import AuditEntry
from core.db import current
from core.db.errors import DomainError
from core.db.errors import NotFound
from core.db.session import TenantSession
from core.hooks.types import Adviser
from plugins.patrimoine import loan_writes
from plugins.patrimoine import loans
from plugins.patrimoine import wealth
from plugins.patrimoine.loan_terms import Borrower
from plugins.patrimoine.loan_terms import Happened
from tests.conftest import person
from tests.plugins.patrimoine.conftest import Home
from tests.plugins.patrimoine.conftest import mortgage

D = Decimal
Work = tuple[TenantSession, Adviser]


def test_a_loan_is_read_back_as_it_was_written(home: Home, work: Work) -> None:
    """AU-01: terms, shares and quotas; what is owed on any day; the line in the journal; twice the form is one loan."""
    session, by = work
    terms, people = mortgage(home)
    terms = replace(
        terms,
        steps=((12, D("900.00")),),
        guarantees=("HYPOTHEQUE", "CAUTION"),
        fees=D("1500.00"),
        insurance_kind="INITIAL",
        insurance_rate=D("0.0036"),
    )
    key = "01" + "h" * 24
    assert loan_writes.create(session, by, terms, people, loan_id=key) == key
    assert loan_writes.create(session, by, terms, people, loan_id=key) == key
    (found,) = loans.of_contact(session, by, home.jeanne)
    assert found.terms == replace(terms, guarantees=("HYPOTHEQUE", "CAUTION"))
    assert [(one.contact_id, one.share, one.insured) for one in found.borrowers] == [
        (home.jeanne, D("0.5"), 1),
        (home.paul, D("0.5"), 0),
    ]
    assert [one.id for one in loans.of_contact(session, by, home.household)] == [key]
    assert (found.schedule()[0].payment, found.schedule()[0].insurance, len(found.schedule())) == (D("960.00"), D("60.00"), 240)
    assert [found.owed(on).amount for on in (date(2020, 2, 4), date(2020, 2, 5))] == [D(200000), D("199600.00")]
    actions = session.scalars(select(AuditEntry.action).where(AuditEntry.subject == f"contact:{home.jeanne}"))
    assert list(actions).count("patrimoine.loan_added") == 1


TERMS_THAT_ARE_REFUSED: tuple[tuple[str, dict[str, Any]], ...] = (
    ("months", {"months": 601}), ("months", {"months": None}), ("annual_rate", {"annual_rate": D("-0.01")}),
    ("principal", {"principal": D(0)}), ("first_due", {"first_due": None}), ("kind", {"kind": "AUTRES"}),
    ("purpose", {"purpose": ""}), ("lender", {"lender": "x" * 121}),
    ("deferred_months", {"deferred_months": 240, "deferred_kind": "TOTAL"}),
    ("deferred_kind", {"deferred_months": 6}), ("insurance_rate", {"insurance_kind": "INITIAL"}),
    ("granted_on", {"granted_on": date(2020, 2, 6)}), ("fees", {"fees": D(200000)}), ("annual_rate", {"kind": "PTZ"}),
    ("steps", {"steps": ((241, D(900)),)}),
)  # fmt: skip


def test_terms_that_are_refused(home: Home, work: Work) -> None:
    """AU-01, «Bad input»: each is said in French of its field, and nothing is written."""
    session, by = work
    terms, people = mortgage(home)
    for field, changes in TERMS_THAT_ARE_REFUSED:
        with pytest.raises(DomainError) as error:
            loan_writes.create(session, by, replace(terms, **changes), people)
        assert (error.value.field, bool(error.value.text)) == (field, True), changes
    assert loans.of_contact(session, by, home.jeanne) == []


BORROWERS_THAT_ARE_REFUSED = (
    ("share", [("jeanne", "0.6", "0"), ("paul", "0.5", "0")]), ("share", [("jeanne", "0", "0"), ("paul", "1", "0")]),
    ("second", [("jeanne", "0.5", "0"), ("jeanne", "0.5", "0")]), ("insured", [("jeanne", "1", "1.1")]), ("share", []),
    (None, [("stranger", "1", "0")]), ("second", [("household", "1", "0")]),
)  # fmt: skip


def test_borrowers_that_are_refused(home: Home, work: Work) -> None:
    """AU-01: shares make 100 %, a person is named once, another adviser's client is not told of, a household does not borrow."""
    session, by = work
    for field, named in BORROWERS_THAT_ARE_REFUSED:
        people = [Borrower(getattr(home, who), D(share), D(insured)) for who, share, insured in named]
        with pytest.raises(DomainError) as error:
            loan_writes.create(session, by, mortgage(home)[0], people)
        assert error.value.field == field, named


def test_another_advisers_loan_is_not_there(home: Home, work: Work) -> None:
    """AU-01: who follows none of its borrowers finds no loan, by list or by id."""
    session, by = work
    loan = loan_writes.create(session, by, *mortgage(home))
    other = person(session, home.other)
    assert loans.of_contact(session, other, home.jeanne) == loans.following(session, other, None, size=9) == []
    with pytest.raises(NotFound):
        loan_writes.close(session, other, loan, date(2024, 1, 1), "SOLDE")


def test_events_change_the_schedule_and_come_off_it(home: Home, work: Work) -> None:
    """AU-01: an early repayment shortens, a new rate is borne, the lender's balance counts until the next instalment."""
    session, by = work
    loan = loan_writes.create(session, by, *mortgage(home))
    plain = loans.get(session, by, loan)
    early = Happened("REMBOURSEMENT", date(2024, 3, 1), amount=D(50000), mode="DUREE", indemnity_kind="PLAFOND")
    event = loan_writes.add_event(session, by, loan, early)
    found = loans.get(session, by, loan)
    assert (found.schedule()[49].early, found.schedule()[49].due) == (D("50000.00"), date(2024, 3, 5))
    assert len(found.schedule()) < 240
    loan_writes.remove_event(session, by, loan, event)
    assert loans.get(session, by, loan).schedule() == plain.schedule()
    loan_writes.add_event(session, by, loan, Happened("SOLDE", date(2024, 3, 10), amount=D("170000.55")))
    told = loans.get(session, by, loan)
    owed = [told.owed(day) for day in (date(2024, 3, 9), date(2024, 3, 10), date(2024, 4, 5))]
    assert [one.origin for one in owed] == ["CALCULE", "DECLARE", "CALCULE"]
    assert (owed[1].amount, told.gap(told.events[0])) == (D("170000.55"), D("170000.55") - owed[0].amount)


EVENTS_THAT_ARE_REFUSED = (
    ("amount", Happened("REMBOURSEMENT", date(2024, 3, 1), amount=D(300000), mode="DUREE", indemnity_kind="AUCUNE")),
    ("amount", Happened("REMBOURSEMENT", date(2024, 3, 1), amount=D(-1), mode="DUREE", indemnity_kind="AUCUNE")),
    ("mode", Happened("REMBOURSEMENT", date(2024, 3, 1), amount=D(1), indemnity_kind="AUCUNE")),
    ("indemnity_kind", Happened("REMBOURSEMENT", date(2024, 3, 1), mode="DUREE")),
    ("indemnity", Happened("REMBOURSEMENT", date(2024, 3, 1), mode="DUREE", indemnity_kind="MONTANT")),
    ("on", Happened("REMBOURSEMENT", date(2060, 3, 1), mode="DUREE", indemnity_kind="AUCUNE")),
    ("on", Happened("TAUX", date(2019, 3, 1), rate=D("0.02"))), ("rate", Happened("TAUX", date(2024, 3, 1), rate=D("1.2"))),
    ("rate", Happened("TAUX", date(2024, 3, 1))), ("amount", Happened("SOLDE", date(2024, 3, 1))),
    ("on", Happened("SOLDE", date(2099, 3, 1), amount=D(1))), ("kind", Happened("AUTRE", date(2024, 3, 1))),
)  # fmt: skip


def test_events_that_are_refused(home: Home, work: Work) -> None:
    """AU-01, «Bad input»: said of the field; the schedule stays what it was."""
    session, by = work
    loan = loan_writes.create(session, by, *mortgage(home))
    for field, event in EVENTS_THAT_ARE_REFUSED:
        with pytest.raises(DomainError) as error:
            loan_writes.add_event(session, by, loan, event)
        assert error.value.field == field, event
    assert loans.get(session, by, loan).events == ()


def test_what_a_loan_weighs_in_a_balance_sheet(home: Home, work: Work) -> None:
    """PA-01: an EMPRUNT at what is owed on the day, whole, with both borrowers as owners; nothing before it or once closed."""
    session, by = work
    loan = loan_writes.create(session, by, *mortgage(home))
    owed = loans.get(session, by, loan).owed(date(2024, 6, 30)).amount
    with current.bound(session):
        (item,) = wealth.items([home.paul], date(2024, 6, 30))
        assert (item.key, item.category, item.value, item.debt, item.as_of) == (loan, "EMPRUNT", owed, True, date(2024, 6, 5))
        assert {one.contact_id: one.share for one in item.owners} == {home.jeanne: D("0.5"), home.paul: D("0.5")}
        assert wealth.items([home.jeanne], date(2020, 1, 4)) == []
        assert wealth.items([home.stranger], date(2024, 6, 30)) == []
        loan_writes.close(session, by, loan, date(2024, 6, 30), "VENTE")
        assert wealth.items([home.jeanne], date(2024, 6, 30)) == []
        assert wealth.items([home.jeanne], date(2024, 6, 29))[0].value == owed
        loan_writes.reopen(session, by, loan)
        assert wealth.items([home.jeanne], date(2024, 6, 30)) == [item]
