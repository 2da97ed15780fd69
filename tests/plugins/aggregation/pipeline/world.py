"""A client with a life insurance contract and a bank account, and files of feeds sent as a person sends them."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from datetime import date
from html import unescape
from pathlib import Path

from flask.testing import FlaskClient

from core.accounts import services as accounts
from core.accounts.schemas import NewAccount
from core.accounts.schemas import Role
from core.contacts import services as contacts
from core.contacts.schemas import NewContact
from core.extensions import db
from core.supports import services as supports
from tests.conftest import People
from tests.conftest import csrf

FILES = Path("tests/plugins/aggregation/feeds/files")
#: The contract that `suravenir.txt` is a statement of.
CONTRACT = "111111 22 333333333"


@dataclass(frozen=True)
class World:
    """Ids."""

    jeanne: str
    contract: str


def made(people: People, *, number: str = CONTRACT, company: str = "Suravenir") -> World:
    """Jeanne Durand and her contract, kept by hand."""
    with db.session(people.cabinet_id) as session:
        data = NewContact("PERSONNE_PHYSIQUE", "CLIENT", birth_name="Durand", first_names="Jeanne", birth_date=date(1968, 3, 14))
        jeanne = contacts.create(session, "cli", data)
        contacts.follow(session, "cli", jeanne, people.adviser)
        at = supports.company_for(session, company.lower(), name=company)
        account = NewAccount("ASSURANCE_VIE", number, "Avenir", at, (Role(jeanne, "SOUSCRIPTEUR"),))
        return World(jeanne, accounts.create(session, "cli", account))


def send(client: FlaskClient, name: str, data: bytes | None = None) -> str:
    """Deposit a file; the address of its page."""
    token = csrf(client, "/p/aggregation/")
    page = client.get("/p/aggregation/").get_data(as_text=True)
    once = re.search(r'name="once" value="([^"]+)"', page)
    assert once
    file = (io.BytesIO(data if data is not None else (FILES / name).read_bytes()), name)
    answer = client.post("/p/aggregation/fichiers", data={"csrf_token": token, "once": once[1], "file": file})
    assert answer.status_code == 303, words(answer.get_data(as_text=True))
    return answer.headers["Location"]


def press(client: FlaskClient, path: str, **sent: str) -> int:
    """Press a button of a page; the answer's status."""
    return client.post(path, data={"csrf_token": csrf(client, "/p/aggregation/"), **sent}).status_code


def seen(client: FlaskClient, path: str) -> str:
    """A page as one reads it."""
    text = client.get(path).get_data(as_text=True)
    return words(text[text.index("<main") :])


def words(text: str) -> str:
    """HTML as one reads it; narrow spaces stay."""
    return re.sub(r"[ \n]+", " ", unescape(re.sub(r"<[^>]+>", " ", text)))
