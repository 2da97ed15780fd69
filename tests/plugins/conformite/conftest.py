"""A couple, a company, an account of one of them; the file of Jeanne as her adviser has it open."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.accounts import services as accounts
from core.accounts.schemas import NewAccount
from core.accounts.schemas import Role
from core.contacts import services as contacts
from core.contacts.schemas import NewContact
from core.db.session import TenantSession
from core.extensions import db
from core.hooks.types import Adviser
from core.supports import services as supports
from tests.conftest import People
from tests.conftest import person


@dataclass(frozen=True)
class Home:
    """Ids that the tests name. `stranger` is another adviser's client."""

    cabinet_id: int
    adviser: str
    other: str
    jeanne: str
    paul: str
    household: str
    company: str
    stranger: str
    account: str


@pytest.fixture
def home(people: People) -> Home:
    """Jeanne and Paul live together; both hold a contract; a company is followed by the same adviser."""
    with db.session(people.cabinet_id) as session:
        by, other = person(session, people.adviser), person(session, people.other)

        def add(who: Adviser, name: str) -> str:
            return contacts.create(session, who, NewContact("PERSONNE_PHYSIQUE", "CLIENT", birth_name=name, first_names="Alix"))

        jeanne, paul, stranger = add(by, "Durand"), add(by, "Martin"), add(other, "Leroy")
        household = contacts.create(session, by, NewContact("FOYER", "CLIENT", display_name="Durand et Martin"))
        for one in (jeanne, paul):
            contacts.join_household(session, by, household, one)
        company = contacts.create(session, by, NewContact("PERSONNE_MORALE", "CLIENT", company_name="Durand SARL"))
        insurer = supports.company_for(session, "generali-patrimoine", name="Generali Patrimoine")
        roles = [Role(jeanne, "SOUSCRIPTEUR"), Role(paul, "CO_SOUSCRIPTEUR")]
        account = accounts.create(session, "cli", NewAccount("ASSURANCE_VIE", "XAE1", "Xaélidia", insurer, roles))
    return Home(people.cabinet_id, people.adviser, people.other, jeanne, paul, household, company, stranger, account)


@pytest.fixture
def work(home: Home) -> Iterator[tuple[TenantSession, Adviser]]:
    """A session to write in, and the adviser who does."""
    with db.session(home.cabinet_id) as session:
        yield session, person(session, home.adviser)


class File:
    """A person in a contact's file."""

    def __init__(self, client: FlaskClient, contact: str) -> None:
        self.client = client
        self.base = f"/p/conformite/contacts/{contact}/profil"

    def get(self, path: str = "") -> str:
        answer = self.client.get(self.base + path)
        assert answer.status_code == 200, (path, answer.status_code)
        return plain(answer)

    def post(self, path: str, values: dict[str, str]) -> TestResponse:
        page = self.client.get(self.base + path).get_data(as_text=True)
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
        return self.client.post(self.base + path, data={**{name: unescape(text) for name, text in hidden.items()}, **values})


def plain(answer: TestResponse) -> str:
    """A page as it is read, narrow blanks as blanks."""
    text = re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))
    return re.sub(r"[\s\u00a0\u202f]+", " ", unescape(text))


@pytest.fixture
def file(adviser: FlaskClient, home: Home) -> File:
    return File(adviser, home.jeanne)
