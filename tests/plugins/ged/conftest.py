"""A client with an account, her household, a colleague's client, and the plugin on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from core.accounts import services as accounts
from core.accounts.schemas import NewAccount
from core.accounts.schemas import Role
from core.contacts import services as contacts
from core.contacts.schemas import NewContact
from core.db.session import TenantSession
from core.documents import filing
from core.documents import reading
from core.documents.uploads import Sent
from core.extensions import db
from core.hooks import enabling
from core.hooks.hub import Hub
from core.hooks.types import Adviser
from core.supports import services as supports
from plugins.ged import demo
from tests.conftest import People
from tests.conftest import person


@dataclass(frozen=True)
class Home:
    """Ids that the tests name. `stranger` is another adviser's client."""

    cabinet_id: int
    adviser: str
    other: str
    jeanne: str
    household: str
    stranger: str
    account: str


@pytest.fixture
def home(hub: Hub, people: People) -> Home:
    with db.session(people.cabinet_id) as session:
        for name in ("contacts", "ged"):
            enabling.switch(session, hub.registry, name, on=True, actor="cli")
        by, other = person(session, people.adviser), person(session, people.other)

        def add(who: Adviser, name: str) -> str:
            return contacts.create(session, who, NewContact("PERSONNE_PHYSIQUE", "CLIENT", birth_name=name, first_names="Alix"))

        jeanne, stranger = add(by, "Durand"), add(other, "Leroy")
        household = contacts.create(session, by, NewContact("FOYER", "CLIENT", display_name="Foyer Durand"))
        contacts.join_household(session, by, household, jeanne)
        company = supports.company_for(session, "generali-patrimoine", name="Generali Patrimoine")
        account = accounts.create(session, "cli", NewAccount(
            "ASSURANCE_VIE", "XAE1", "Xaélidia", company, [Role(jeanne, "SOUSCRIPTEUR")],
        ))  # fmt: skip
    return Home(people.cabinet_id, people.adviser, people.other, jeanne, household, stranger, account)


@pytest.fixture
def work(home: Home) -> Iterator[tuple[TenantSession, Adviser]]:
    """A session to write in, and the adviser who does."""
    with db.session(home.cabinet_id) as session:
        yield session, person(session, home.adviser)


def paper(*lines: str, name: str = "piece.pdf") -> Sent:
    """A PDF with these lines."""
    return Sent(name, demo.PDF, demo.page(lines or (name,)))


def filed(home: Home, sent: Sent, title: str = "Pièce", category: str = "DIVERS", *, who: str = "", **facts: object) -> str:
    """File a document of Jeanne's, and let the worker read it; its id."""
    with db.session(home.cabinet_id) as session:
        by = person(session, who or home.adviser)
        ref = home.stranger if who else home.jeanne
        made = filing.add(session, by, ("contact", ref), filing.Facts(title, category, **facts), [sent])  # type: ignore[arg-type]
        made_id = made.made[0].id
    reading.read_waiting(home.cabinet_id)
    return made_id
