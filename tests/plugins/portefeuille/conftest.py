"""A cabinet with accounts, one of which goes by a partner link."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest

from core.accounts import services as accounts
from core.accounts.schemas import NewAccount
from core.accounts.schemas import Role
from core.contacts import services as contacts
from core.contacts.schemas import NewContact
from core.extensions import db
from core.hooks import enabling
from core.hooks.declared import Partner
from core.hooks.hub import Hub
from core.hooks.specs import Plugin
from core.hooks.specs import hookimpl
from core.hooks.types import AccountRef
from core.hooks.types import Badge
from core.hooks.types import Cell
from core.hooks.types import Column
from core.hooks.types import Context
from core.hooks.types import TransactionRef
from core.links import account_links
from core.supports import services as supports
from tests.conftest import People
from tests.core.accounts.book import book
from tests.core.accounts.book import book_url
from tests.core.accounts.book import statements

__all__ = ["book", "book_url", "statements"]


class Essai(Plugin):
    """A partner link that counts how often it is asked."""

    name, title, weight = "essai", "Lien d'essai", 60
    partner = Partner("essai", "Essai SA", "E", ("generali-patrimoine",))
    asked: list[int] = []

    @hookimpl
    def account_badges(self, ctx: Context, accounts: Sequence[AccountRef]) -> Mapping[str, Badge]:
        self.asked.append(len(accounts))
        return {item.id: Badge("essai", "E", "Essai SA", "active") for item in accounts if item.plugin == "essai"}

    @hookimpl
    def transaction_columns(self, ctx: Context, transactions: Sequence[TransactionRef]) -> Sequence[Column]:
        cells = {row.id: Cell(row.status_label or "", kind="warning") for row in transactions if row.plugin == "essai"}
        return [Column("status", "Statut", cells)]


@dataclass(frozen=True)
class Portfolio:
    """Ids that the tests name."""

    jeanne: str
    paul: str
    household: str
    himalia: str
    pea: str
    company: str


def add_account(session: object, company: str, number: str, holder: str, envelope: str = "ASSURANCE_VIE") -> str:
    role = "TITULAIRE" if envelope == "PEA" else "SOUSCRIPTEUR"
    title = "PEA" if envelope == "PEA" else "Himalia"
    data = NewAccount(envelope, number, title, company, [Role(holder, role)], opened_on=date(2018, 11, 4))
    return accounts.create(session, "cli", data)  # type: ignore[arg-type]


@pytest.fixture
def portfolio(hub: Hub, people: People) -> Portfolio:
    Essai.asked = []
    hub.registry.register("essai", Essai)
    with db.session(people.cabinet_id) as session:
        enabling.switch(session, hub.registry, "essai", on=True, actor="cli")
        ids = []
        for first, follower in (("Jeanne", people.adviser), ("Paul", people.other)):
            data = NewContact("PERSONNE_PHYSIQUE", "CLIENT", birth_name="Durand", first_names=first, city="Nantes")
            ids.append(contacts.create(session, "cli", data))
            contacts.follow(session, "cli", ids[-1], follower)
        household = contacts.create(session, "cli", NewContact("FOYER", "CLIENT", display_name="Famille Durand"))
        contacts.follow(session, "cli", household, people.adviser)
        for member in ids:
            contacts.join_household(session, "cli", household, member)
        generali = supports.company_for(session, "generali-patrimoine", name="Generali Patrimoine")
        bank = supports.company_for(session, "banque", name="Banque de Loire")
        himalia = add_account(session, generali, "HIM0012345", ids[0])
        pea = add_account(session, bank, "0004587", ids[0], "PEA")
        accounts.put_valuation(
            session, "cli", himalia, date(2026, 1, 2), Decimal("84210.55"), "flux", Decimal("80000.55")
        )
        accounts.put_valuation(session, "cli", pea, date(2026, 1, 2), Decimal("1000"), "flux", Decimal("1200"))
        account_links.recompute(session, hub.registry, enabling.enabled(session, hub.registry))
    return Portfolio(ids[0], ids[1], household, himalia, pea, generali)
