"""Accounts beside a model 60/40: what the tests of model portfolios share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from core.accounts import holdings
from core.accounts import services as accounts
from core.accounts.schemas import NewAccount
from core.accounts.schemas import NewPosition
from core.accounts.schemas import Role
from core.contacts import services as contacts
from core.contacts.schemas import NewContact
from core.extensions import db
from core.supports import services as supports
from plugins.outils.portfolios import book
from plugins.outils.portfolios import shapes
from tests.conftest import People

D = Decimal
DAY = date(2026, 1, 2)
SHARES, BONDS = "FR0010135103", "FR0010315770"


@dataclass(frozen=True)
class Followers:
    """Ids that the tests name. `far` is 70/30, `near` 58/42, `theirs` another adviser's client's; `bare` has no line."""

    model: str
    shares: str
    bonds: str
    far: str
    near: str
    theirs: str
    bare: str


def contract(session: Any, company: str, holder: str, number: str, *lines: NewPosition, **more: Any) -> str:
    """A life-insurance contract kept by hand."""
    data = NewAccount("ASSURANCE_VIE", number, "Horizon", company, [Role(holder, "SOUSCRIPTEUR")], fee_switch=D("0.005"), **more)
    made = accounts.create(session, "cli", data)
    if lines:
        holdings.put_positions(session, "cli", made, DAY, list(lines), "Saisie")
    return made


def client(session: Any, name: str, follower: str) -> str:
    """A person whom somebody follows."""
    made = contacts.create(session, "cli", NewContact("PERSONNE_PHYSIQUE", "CLIENT", birth_name=name, first_names="Jeanne"))
    contacts.follow(session, "cli", made, follower)
    return made


def line(support: str, value: object, price: object = 100) -> NewPosition:
    """A line of a fund."""
    return NewPosition(support, D(str(value)), D(str(value)) / D(str(price)), D(str(price)), DAY)


@pytest.fixture
def world(people: People) -> Followers:
    """A model 60/40 ± 5 and accounts that do not follow it yet."""
    with db.session(people.cabinet_id) as session:
        shares = supports.support_for(session, isin=SHARES, label="Fonds actions", type="OPCVM")
        bonds = supports.support_for(session, isin=BONDS, label="Fonds obligations", type="OPCVM")
        for one in (shares, bonds):
            supports.set_price(session, one, DAY, D(100), source="Saisie", actor="cli")
        lines = (shapes.Target(shares, D("0.6"), D("0.05")), shapes.Target(bonds, D("0.4"), D("0.05")))
        model = book.save(session, "cli", shapes.Terms("Équilibré 60/40", "EQUILIBRE", "", lines))
        insurer = supports.company_for(session, "autre", name="Assureur de Loire")
        mine, theirs = client(session, "Durand", people.adviser), client(session, "Martin", people.other)
        return Followers(
            model, shares, bonds, contract(session, insurer, mine, "AV-70", line(shares, 7000), line(bonds, 3000)),
            contract(session, insurer, mine, "AV-58", line(shares, 5800), line(bonds, 4200)),
            contract(session, insurer, theirs, "AV-AUTRE", line(shares, 9000), line(bonds, 1000)),
            contract(session, insurer, mine, "AV-NU"),
        )  # fmt: skip
