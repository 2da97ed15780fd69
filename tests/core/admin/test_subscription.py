"""«Espace abonnement»: what the cabinet has, since when, for whom; what one may ask for (US-02, PL-04)."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete
from sqlalchemy import select

from core.cabinets import profiles
from core.cabinets import services
from core.cabinets.models import Enabling
from core.cabinets.permissions import of_role
from core.db.clock import day_of
from core.db.clock import now
from core.db.clock import shifted
from core.extensions import db
from core.hooks import enabling
from core.hooks.hub import Hub
from core.hooks.specs import Plugin
from core.links import enrolments
from core.shell.models import Notification
from tests.conftest import People
from tests.conftest import csrf
from tests.core.admin.desk import journal

PAGE = "/abonnement"


class Essai(Plugin):
    """A third party's, off at first."""

    name, title, version = "essai", "Module d'essai", "2.1"
    sends = ("Nom de la ville",)


@pytest.fixture
def essai(hub: Hub, people: People) -> Hub:
    hub.registry.register("essai", Essai)
    return hub


def text(client: FlaskClient) -> str:
    answer = client.get(PAGE)
    assert answer.status_code == 200
    return html.unescape(answer.get_data(as_text=True)).replace("\u202f", " ")


def row(page: str, title: str) -> str:
    """A module's line, as a person reads it."""
    found = next(one for one in re.findall(r"<tr>(.*?)</tr>", page, re.S) if title in one and "<td" in one)
    return " ".join(re.sub(r"<[^>]+>", " ", found).split())


def ask(client: FlaskClient, module: str) -> tuple[int, str]:
    sent = {"csrf_token": csrf(client, "/mon-compte"), "module": module}
    answer = client.post(f"{PAGE}/demandes", data=sent, follow_redirects=True)
    return answer.status_code, html.unescape(answer.get_data(as_text=True)).replace("\u202f", " ")


def switch(hub: Hub, people: People, *, on: bool) -> None:
    with db.session(people.cabinet_id) as session:
        enabling.switch(session, hub.registry, "essai", on=on, actor="cli")


def test_what_the_cabinet_has(essai: Hub, people: People, adviser: FlaskClient, administrator: FlaskClient) -> None:
    """US-02: version, since when, for which profiles and how many people, what is sent out; to read for most."""
    with db.session(people.cabinet_id) as session:
        some = of_role("LECTEUR") - {"accounts.view", "accounts.view_all", "transactions.view", "transactions.view_all"}
        profiles.define(session, "cli", code="ACCUEIL", label="Accueil", rights=some)
        services.set_profile(session, people.assistant, "ACCUEIL", actor="cli")
        enrolments.set_state(session, "nomineo", people.adviser, state="enrolled", partner_code="U1", actor="cli")
    page, today = text(adviser), f"{day_of(now()):%d/%m/%Y}"
    assert today in row(page, "Contacts")
    assert "Tous les profils 4 personnes" in row(page, "Contacts")
    held = row(page, "Portefeuille")
    assert "Accueil" not in held
    assert "Administrateur, Responsable d'agence, Conseiller, Assistant, Lecture seule 3 personnes" in held
    assert "Administrateur, Responsable d'agence, Conseiller 3 personnes, 1 habilitée" in row(page, "Nominéo")
    assert "Rien" in row(page, "Outils")
    assert "Nom de la ville" in row(page, "Module d'essai")
    assert "/administration/modules/" not in page
    assert 'href="/administration/modules/contacts"' in text(administrator)
    assert "Demander" not in row(text(administrator), "Module d'essai")


def test_since_the_first_day(essai: Hub, people: People, adviser: FlaskClient) -> None:
    """US-02: the day of the first activation stays, whatever was turned off and on since, and without the journal."""
    with shifted(timedelta(days=-40)):
        switch(essai, people, on=True)
        first = now()
    with shifted(timedelta(days=-10)):
        switch(essai, people, on=False)
        ended = now()
    held = row(text(adviser), "Module d'essai")
    assert f"actif du {day_of(first):%d/%m/%Y} au {day_of(ended):%d/%m/%Y} ; ses données sont conservées" in held
    switch(essai, people, on=True)
    assert f"{day_of(first):%d/%m/%Y}" in row(text(adviser), "Module d'essai")
    with db.session(people.cabinet_id, write=False) as session:
        one = session.scalars(select(Enabling).where(Enabling.plugin == "essai")).one()
        assert one.first_at is not None
        assert abs(one.first_at - first) < timedelta(minutes=1)
        assert one.changed_at > ended


def test_asking_reaches_who_can_answer(
    essai: Hub, people: People, strangers: People, adviser: FlaskClient, administrator: FlaskClient
) -> None:
    """US-02: those who turn modules on are told, once a month and person; it is in the journal; other cabinets hear nothing."""
    assert "Demander" in row(text(adviser), "Module d'essai")
    status, page = ask(adviser, "essai")
    assert status == 200
    assert "Votre demande de « Module d'essai » est transmise" in page
    assert f"Demandé le {day_of(now()):%d/%m/%Y}" in row(page, "Module d'essai")
    told = html.unescape(administrator.get("/notifications").get_data(as_text=True)).replace("\u202f", " ")
    assert "Module demandé : Module d'essai" in told
    assert "Conseiller Demo souhaite que « Module d'essai » soit activé pour le cabinet." in told
    assert 'href="/administration/modules/essai"' in told
    assert ask(adviser, "essai")[0] == 409
    with db.session(people.cabinet_id, write=False) as session:
        assert set(session.scalars(select(Notification.user_id))) == {people.administrator}
    with db.session(strangers.cabinet_id, write=False) as session:
        assert list(session.scalars(select(Notification.id))) == []
    assert [one[:2] for one in journal(people.cabinet_id)][:1] == [("plugin.asked", "plugin:essai")]
    assert [ask(adviser, bad)[0] for bad in ("absent", "contacts", "", "\0", "x" * 500)] == [404, 409, 404, 404, 404]


def test_nobody_to_ask(essai: Hub, people: People, adviser: FlaskClient) -> None:
    """US-02: where nobody could answer there is no button, and a request says whom to turn to."""
    with db.session(None) as session:
        session.get_one(services.User, people.administrator).role = "CONSEILLER"
    assert "Personne ne peut l'activer dans votre cabinet" in row(text(adviser), "Module d'essai")
    status, page = ask(adviser, "essai")
    assert status == 409
    assert "prévenez la personne qui exploite Encours" in page


def test_nothing_taken(people: People, adviser: FlaskClient) -> None:
    """US-02: a cabinet without a module reads why, and its page is up."""
    with db.session(people.cabinet_id) as session:
        session.execute(delete(Enabling).execution_options(synchronize_session=False))
    page = text(adviser)
    assert "Aucun module actif" in page
    assert "Demander" in row(page, "Contacts")
