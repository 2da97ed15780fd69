"""A database of its own with two cabinets' books; no application is needed for services."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import event

from core.accounts import services as accounts
from core.accounts.schemas import NewAccount
from core.accounts.schemas import Role
from core.cabinets.models import Cabinet
from core.cabinets.models import User
from core.cabinets.permissions import of_role
from core.contacts import services as contacts
from core.contacts.schemas import ContactLine
from core.contacts.schemas import NewContact
from core.db.model import Base
from core.db.paging import Page
from core.db.session import Database
from core.db.session import TenantSession
from core.hooks.types import Adviser
from core.queries import contacts as requests
from core.queries.pages import Asked
from core.queries.tree import Group
from core.queries.tree import Rule
from core.supports import services as supports
from tests import databases


@dataclass(frozen=True)
class Book:
    """Who and what the tests name."""

    db: Database
    marc: Adviser
    claire: Adviser
    boss: Adviser
    stranger: Adviser
    jeanne: str
    paul: str
    household: str
    himalia: str
    company: str


def adviser(session: TenantSession, cabinet_id: int, name: str, role: str) -> Adviser:
    email = f"{name}@{cabinet_id}.example"
    user = User(cabinet_id=cabinet_id, email=email, display_name=name, role=role, password_hash="x")
    session.add(user)
    session.flush()
    return Adviser(user.id, cabinet_id, name, user.email, role, of_role(role))


def person(session: TenantSession, by: Adviser | str, name: str, first: str = "Jeanne") -> str:
    return contacts.create(session, by, NewContact("PERSONNE_PHYSIQUE", "CLIENT", birth_name=name, first_names=first))


def account(session: TenantSession, company: str, number: str, *holders: str, envelope: str = "ASSURANCE_VIE") -> str:
    roles = [Role(holder, "CO_SOUSCRIPTEUR" if place else "SOUSCRIPTEUR") for place, holder in enumerate(holders)]
    data = NewAccount(envelope=envelope, number=number, title="Himalia", company_id=company, roles=roles)
    return accounts.create(session, "cli", data)


def listed(session: TenantSession, who: Adviser, *, number: int = 1, size: int = 50, **wanted: str) -> Page[ContactLine]:
    """A page of contacts, by name: `search`, `kind`, `stage`, `follower` narrow it."""
    rules = tuple(Rule(f"contact.{key}", "find" if key == "search" else "=", (value,)) for key, value in wanted.items())
    return requests.page(session, who, Asked(Group(rules)), number=number, size=size)


@pytest.fixture
def book_url(tmp_path: Path) -> str:
    """Where the book lies: a file of its own, elsewhere for those who run these tests on PostgreSQL."""
    return databases.url(tmp_path)


@pytest.fixture
def book(book_url: str) -> Iterator[Book]:
    db = Database()
    db.open(book_url, check=True)
    Base.metadata.create_all(db.engine)
    with db.session(None) as session:
        for number in (1, 2):
            session.add(Cabinet(id=number, slug=f"cabinet-{number}", name=f"Cabinet {number}", data_key=b"k"))
    with db.session(2) as session:
        stranger = adviser(session, 2, "Zoé", "ADMINISTRATEUR")
        person(session, stranger, "Étranger")
    with db.session(1) as session:
        marc, claire = (adviser(session, 1, name, "CONSEILLER") for name in ("Marc Diallo", "Claire Rivière"))
        boss = adviser(session, 1, "Anne Le Goff", "ADMINISTRATEUR")
        jeanne, paul = person(session, marc, "Durand"), person(session, claire, "Durand", "Paul")
        household = contacts.create(session, marc, NewContact("FOYER", "CLIENT", display_name="Famille Durand"))
        for member in (jeanne, paul):
            contacts.join_household(session, "cli", household, member)
        company = supports.company_for(session, "generali-patrimoine", name="Generali Patrimoine")
        himalia = account(session, company, "HIM 001 234-5", jeanne)
    yield Book(db, marc, claire, boss, stranger, jeanne, paul, household, himalia, company)
    db.close()


class Counter(list[str]):
    """The statements that ran while it was listening."""


@pytest.fixture
def statements(book: Book) -> Iterator[Counter]:
    seen = Counter()

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA", "SELECT pg_advisory", "SELECT set_config")):
            seen.append(statement)

    event.listen(book.db.engine, "before_cursor_execute", note)
    yield seen
    event.remove(book.db.engine, "before_cursor_execute", note)
