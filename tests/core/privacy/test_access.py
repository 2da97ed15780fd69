"""RGPD, articles 15 and 20 (issue 7): a copy of all that is kept of a contact, core's and every module's, as PDF and as JSON."""

from __future__ import annotations

import io
import json
from datetime import date
from decimal import Decimal
from importlib.metadata import entry_points
from typing import Any
from unittest import mock

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select

from core.cabinets.models import AuditEntry
from core.contacts import services as contacts
from core.contacts.schemas import NewContact
from core.documents import services as documents
from core.extensions import db
from core.hooks.registry import GROUP
from core.hooks.registry import OURS
from core.hooks.specs import Plugin
from plugins.fiscalite import services as fiscalite
from plugins.patrimoine import budget_writes
from plugins.patrimoine.budget_sums import Line
from tests.conftest import People
from tests.conftest import csrf
from tests.conftest import person
from tests.conftest import sign_in

#: One word in each place: none may be forgotten.
WORDS = ("Zébulon", "canarilettre", "canaribudget", "43 217", "canari@courriel.example")
#: Modules whose tables name contacts and that need not tell of it, each with why.
TOLD_ELSEWHERE = {"portefeuille": "its statements are documents, which core tells of"}


@pytest.fixture
def client(app: Flask, people: People) -> FlaskClient:
    found = app.test_client()
    sign_in(found, "conseiller@demo.example")
    return found


@pytest.fixture
def contact(people: People) -> str:
    with db.session(people.cabinet_id) as session:
        made = NewContact(
            "PERSONNE_PHYSIQUE", "CLIENT", birth_name="Zébulon", first_names="Aline", email="canari@courriel.example",
            birth_date=date(1970, 2, 3),
        )  # fmt: skip
        contact_id = contacts.create(session, "cli", made)
        contacts.follow(session, "cli", contact_id, people.adviser)
        by = person(session, people.adviser)
        documents.store(
            session, owner_kind="contact", owner_id=contact_id, category="AUTRE", title="canarilettre", filename="l.txt",
            data=b"texte", media_type="text/plain", created_by=people.adviser,
        )  # fmt: skip
        line = Line(contact_id, "SALAIRES", Decimal(3_000), label="canaribudget")
        budget_writes.create(session, by, line)
        fiscalite.save(session, by, contact_id, fiscalite.usual_year(), {"salaires_1": Decimal(43_217)})
    return contact_id


def copied(client: FlaskClient, contact_id: str, form: str) -> bytes:
    path = f"/contacts/{contact_id}/donnees"
    answer = client.post(f"{path}/{form}", data={"csrf_token": csrf(client, path)})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert answer.mimetype == f"application/{form}"
    return answer.get_data()


def plain(text: str) -> str:
    return " ".join(text.replace("\u202f", " ").replace("\u00a0", " ").split())


def test_the_copy_holds_all_of_it(client: FlaskClient, people: People, contact: str) -> None:
    """RGPD, art. 15: each word that is kept somewhere is in both copies; the journal says that they were made."""
    page = client.get(f"/contacts/{contact}/donnees").get_data(as_text=True)
    for title in ("Identité et situation", "Revenus et charges", "Situation fiscale", "Profils investisseurs"):
        assert title in page, title
    said = json.loads(copied(client, contact, "json"))
    assert said["missing"] == []
    text = plain(json.dumps(said, ensure_ascii=False)).replace("43217", "43 217")
    data = copied(client, contact, "pdf")
    reader = PdfReader(io.BytesIO(data))
    pages = plain(" ".join(one.extract_text() for one in reader.pages)).replace("43217", "43 217")
    for word in WORDS:
        assert word in text, word
        assert word in pages, word
    (inside,) = reader.attachments["donnees.json"]
    assert json.loads(inside)["parts"] == said["parts"]
    with db.session(people.cabinet_id, write=False) as session:
        noted = session.scalars(select(AuditEntry.subject).where(AuditEntry.action == "contact.data_exported")).all()
    assert noted == [f"contact:{contact}"] * 2


def test_a_module_that_fails_is_named(client: FlaskClient, contact: str) -> None:
    """NX-02, BL-10: what could not be read is said on the page and in the copy, which is made all the same."""
    with mock.patch("plugins.fiscalite.own_data.of_contact", side_effect=RuntimeError("panne")):
        page = client.get(f"/contacts/{contact}/donnees").get_data(as_text=True)
        said = json.loads(copied(client, contact, "json"))
    assert "Données incomplètes" in page
    assert len(said["missing"]) == 1
    assert "Fiscalité" in said["missing"][0]


def test_only_who_sees_and_edits_all_of_it(app: Flask, people: People, strangers: People, contact: str) -> None:
    """RGPD: another adviser and another cabinet find nothing; a reader may not take a copy."""
    for email, status in {"autre@demo.example": 404, "administrateur@second.example": 404}.items():
        found = app.test_client()
        sign_in(found, email)
        assert found.get(f"/contacts/{contact}/donnees").status_code == status
        sent: dict[str, Any] = {"csrf_token": csrf(found, "/mon-compte")}
        assert found.post(f"/contacts/{contact}/donnees/json", data=sent).status_code == status


def test_every_module_that_names_contacts_tells_what_it_keeps() -> None:
    """RGPD: a bundled module whose declared references name contacts implements `personal_data`, or says why it need not."""
    silent = set()
    for entry in entry_points(group=GROUP):
        if entry.dist is not None and entry.dist.name == OURS:
            plugin = entry.load()
            if any(ref.to == "contact" for ref in plugin.references) and plugin.personal_data is Plugin.personal_data:
                silent.add(plugin.name)
    assert silent == set(TOLD_ELSEWHERE)
