"""A couple, their child, an account of theirs, and the plugin on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest

from core.accounts import services as accounts
from core.accounts.schemas import NewAccount
from core.accounts.schemas import Role
from core.contacts import services as contacts
from core.contacts.schemas import NewContact
from core.db.session import TenantSession
from core.extensions import db
from core.hooks import enabling
from core.hooks.hub import Hub
from core.hooks.types import Adviser
from core.supports import services as supports
from plugins.patrimoine.loan_terms import Borrower
from plugins.patrimoine.loan_terms import Terms
from tests.conftest import People
from tests.conftest import person

D = Decimal


@dataclass(frozen=True)
class Home:
    """Ids that the tests name. `stranger` is another adviser's client."""

    cabinet_id: int
    adviser: str
    other: str
    jeanne: str
    paul: str
    household: str
    stranger: str
    account: str


@pytest.fixture
def home(hub: Hub, people: People) -> Home:
    """Jeanne and Paul live together; Jeanne holds a contract worth 90,000 €."""
    with db.session(people.cabinet_id) as session:
        for name in ("contacts", "portefeuille", "patrimoine"):
            enabling.switch(session, hub.registry, name, on=True, actor="cli")
        by, other = person(session, people.adviser), person(session, people.other)

        def add(who: Adviser, name: str) -> str:
            return contacts.create(session, who, NewContact("PERSONNE_PHYSIQUE", "CLIENT", birth_name=name, first_names="Alix"))

        jeanne, paul, stranger = add(by, "Durand"), add(by, "Martin"), add(other, "Leroy")
        household = contacts.create(session, by, NewContact("FOYER", "CLIENT", display_name="Durand et Martin"))
        for one in (jeanne, paul):
            contacts.join_household(session, by, household, one)
        company = supports.company_for(session, "generali-patrimoine", name="Generali Patrimoine")
        account = accounts.create(session, "cli", NewAccount(
            "ASSURANCE_VIE", "XAE1", "Xaélidia", company, [Role(jeanne, "SOUSCRIPTEUR")], opened_on=date(2015, 1, 5),
            value=D(90000), value_on=date(2026, 1, 2),
        ))  # fmt: skip
    return Home(people.cabinet_id, people.adviser, people.other, jeanne, paul, household, stranger, account)


@pytest.fixture
def work(home: Home) -> Iterator[tuple[TenantSession, Adviser]]:
    """A session to write in, and the adviser who does."""
    with db.session(home.cabinet_id) as session:
        yield session, person(session, home.adviser)


def mortgage(home: Home) -> tuple[Terms, list[Borrower]]:
    """200,000 € at 3 % for twenty years, by halves."""
    terms = Terms(
        "AMORTISSABLE", "Résidence principale", "Banque de l'Ouest", D(200000), D("0.03"), months=240,
        first_due=date(2020, 2, 5), granted_on=date(2020, 1, 5),
    )  # fmt: skip
    return terms, [Borrower(home.jeanne, D("0.5"), D(1)), Borrower(home.paul, D("0.5"))]
