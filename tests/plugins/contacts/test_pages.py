"""The list of contacts and a contact's file (ux.md §2.2, §2.3)."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.contacts import services as contacts
from core.contacts.schemas import NewContact
from core.extensions import db
from core.hooks import enabling
from core.hooks.hub import Hub
from tests.conftest import People
from tests.conftest import sign_in


def text(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return answer.get_data(as_text=True)


@pytest.fixture
def jeanne(people: People) -> str:
    with db.session(people.cabinet_id) as session:
        key = contacts.create(session, "cli", NewContact(
            "PERSONNE_PHYSIQUE", "CLIENT", civility="MME", birth_name="Durand", first_names="Jeanne", city="Nantes",
            birth_date=date(1968, 3, 2), situation="MARIE", phone="0612440819", email="j.durand@exemple.fr",
            protection="CURATELLE",
        ))  # fmt: skip
        contacts.follow(session, "cli", key, people.adviser)
        firm = contacts.create(session, "cli", NewContact("PERSONNE_MORALE", company_name="Ateliers Le Goff"))
        contacts.follow(session, "cli", firm, people.adviser)
        home = contacts.create(session, "cli", NewContact("FOYER", "CLIENT", display_name="Famille Durand"))
        contacts.follow(session, "cli", home, people.adviser)
        contacts.join_household(session, "cli", home, key)
        return key


def test_the_module_is_the_first_page(adviser: FlaskClient, jeanne: str) -> None:
    """CT-01, PL-01: the bar leads to it; the current module is marked."""
    answer = adviser.get("/")
    assert answer.headers["Location"] == "/p/contacts/"
    assert 'aria-current="page"' in text(adviser, "/p/contacts/")


def test_the_list_searches_and_filters_from_its_address(adviser: FlaskClient, jeanne: str) -> None:
    """ux.md §2.2, §3.2 rule 2: search, type, nature; «no result» is not «nothing yet»."""
    page = text(adviser, "/p/contacts/")
    assert page.index("Ateliers Le Goff") < page.index("Durand Jeanne") < page.index("Famille Durand")
    assert "1 à 3 sur 3" in page
    for query, seen, unseen in (
        ("?q=jeanne", "Durand Jeanne", "Le Goff"), ("?nature=PERSONNE_MORALE", "Le Goff", "Durand Jeanne"),
        ("?type=PROSPECT", "Le Goff", "Durand Jeanne"), ("?q=d-00001", "Durand Jeanne", "Le Goff"),
    ):  # fmt: skip
        found = text(adviser, f"/p/contacts/{query}")
        assert seen in found
        assert unseen not in found, query
    assert "Aucun contact ne correspond" in text(adviser, "/p/contacts/?q=personne")
    assert "Aucun contact ne correspond" in text(adviser, "/p/contacts/?nature=inconnue&page=-3&taille=x")


def test_pages_are_in_the_address(adviser: FlaskClient, people: People, jeanne: str) -> None:
    """ux.md §2.2: fifty a page unless asked; filters go along."""
    with db.session(people.cabinet_id) as session:
        for number in range(60):
            data = NewContact("PERSONNE_PHYSIQUE", birth_name=f"Nom{number:02d}", first_names="Zoé")
            contacts.follow(session, "cli", contacts.create(session, "cli", data), people.adviser)
    first = text(adviser, "/p/contacts/?type=PROSPECT")
    assert "1 à 50 sur 61" in first
    assert "type=PROSPECT&amp;page=2" in first
    assert "51 à 61 sur 61" in text(adviser, "/p/contacts/?type=PROSPECT&page=2")
    assert "1 à 63 sur 63" in text(adviser, "/p/contacts/?taille=100")


def test_someone_without_contacts_is_told_why(app: Flask, people: People, jeanne: str) -> None:
    """ux.md §3.2: the first-use empty state."""
    client = app.test_client()
    sign_in(client, "autre@demo.example")
    assert "Aucun contact suivi" in text(client, "/p/contacts/")


def test_the_file(adviser: FlaskClient, jeanne: str, hub: Hub) -> None:
    """CT-02, ux.md §2.3: header, rubrics that exist, Dossier > Général."""
    page = text(adviser, f"/p/contacts/{jeanne}")
    for part in ("Durand Jeanne", "D-00001", "mariée", "suivi par Conseiller Demo", "06 12 44 08 19", "Curatelle",
                 "Famille Durand", "02/03/1968", "Conseiller principal"):  # fmt: skip
        assert part in page, part
    installed = "portefeuille" in hub.registry.plugins  # its folder may be removed (PL-01)
    assert (f'href="/p/portefeuille/contacts/{jeanne}"' in page) is installed
    assert ("Patrimoine</a>" in page) is bool({"patrimoine", "fiscalite"} & set(hub.registry.plugins))
    assert ("Conformité</a>" in page) is ("conformite" in hub.registry.plugins)


def test_others_files_do_not_exist(app: Flask, people: People, strangers: People, jeanne: str) -> None:
    """domain.md §3.6, lines 17 and 18."""
    for email in ("autre@demo.example", "administrateur@second.example"):
        client = app.test_client()
        sign_in(client, email)
        assert "Durand" not in text(client, f"/p/contacts/{jeanne}", 404)


def test_a_module_that_is_off_is_absent(adviser: FlaskClient, people: People, hub: Hub, jeanne: str) -> None:
    """PL-03, PL-04: without portefeuille no rubric of it; without contacts its pages are 404 and the rest stands."""
    installed = "portefeuille" in hub.registry.plugins  # its folder may be removed (PL-01)

    def portefeuille(*, on: bool) -> None:
        if installed:
            with db.session(people.cabinet_id) as session:
                enabling.switch(session, hub.registry, "portefeuille", on=on, actor="cli")

    portefeuille(on=False)
    assert "Portefeuille" not in text(adviser, f"/p/contacts/{jeanne}")
    portefeuille(on=True)
    with db.session(people.cabinet_id) as session:
        enabling.switch(session, hub.registry, "contacts", on=False, actor="cli")
    text(adviser, f"/p/contacts/{jeanne}", 404)
    if installed:
        assert "Durand Jeanne" in text(adviser, f"/p/portefeuille/contacts/{jeanne}")
