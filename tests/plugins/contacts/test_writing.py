"""Adding and changing contacts through their pages (QM-01, DO-01, DO-02, ux.md §2.11)."""

from __future__ import annotations

import re
from html import escape
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func
from sqlalchemy import select
from werkzeug.test import TestResponse

from core.cabinets import permissions
from core.contacts import services as contacts
from core.contacts.models import Contact
from core.contacts.schemas import NewContact
from core.extensions import db
from tests.conftest import People
from tests.conftest import sign_in

NEW = "/p/contacts/nouveau"
PERSON = {
    "kind": "PERSONNE_PHYSIQUE", "first_names": "Jeanne", "birth_name": "Lemoine", "birth_date": "14/03/1968",
    "stage": "PROSPECT", "email": "j.lemoine@exemple.fr", "phone": "06 12 44 08 19", "city": "Nantes",
}  # fmt: skip


class Desk:
    """A person at the forms of contacts."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def hidden(self, path: str) -> dict[str, str]:
        """What a form carries without being seen."""
        page = self.client.get(path).get_data(as_text=True)
        form = page[page.index("data-draft") :]
        found = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
        return {name: unescape(value) for name, value in found.items()}

    def shown(self, path: str) -> dict[str, str]:
        """Every value of a form, as its page shows it."""
        page = self.client.get(path).get_data(as_text=True)
        form = page[page.index("data-draft") :]
        values = dict(re.findall(r'<input class="form-control" type="\w+" id="f-\w+" name="(\w+)" value="([^"]*)"', form))
        for name, options in re.findall(r'<select[^>]*name="(\w+)"[^>]*>(.*?)</select>', form, re.S):
            chosen = re.search(r'value="([^"]*)" selected', options)
            values[name] = chosen.group(1) if chosen else ""
        return {**{name: unescape(value) for name, value in values.items()}, **self.hidden(path)}

    def send(self, path: str, *forms: dict[str, str]) -> TestResponse:
        return self.client.post(path, data={name: value for form in forms for name, value in form.items()})


@pytest.fixture
def desk(adviser: FlaskClient) -> Desk:
    return Desk(adviser)


@pytest.fixture
def jeanne(people: People) -> str:
    with db.session(people.cabinet_id) as session:
        data = NewContact("PERSONNE_PHYSIQUE", "CLIENT", birth_name="Durand", first_names="Jeanne", phone="0612440819")
        key = contacts.create(session, "cli", data)
        contacts.follow(session, "cli", key, people.adviser)
        return key


def count(people: People) -> int:
    with db.session(people.cabinet_id, write=False) as session:
        return session.scalar(select(func.count(Contact.id))) or 0


def row(people: People, key: str) -> Contact:
    with db.session(people.cabinet_id, write=False) as session:
        return session.scalars(select(Contact).where(Contact.id == key)).one()


def test_a_person_a_company_a_household(desk: Desk, people: People) -> None:
    """QM-01: each with what it asks for; the page opens on the new file, which has its address too."""
    cases = (
        (PERSON | {"principal": people.adviser, "street": "12 rue des Olivettes", "postal_code": "44000"}, "Lemoine Jeanne"),
        ({"kind": "PERSONNE_MORALE", "company_name": "Ateliers Le Goff", "siren": "732 829 320", "stage": "CLIENT",
          "principal": people.adviser, "first_names": "ignoré"}, "Ateliers Le Goff"),
        ({"kind": "FOYER", "display_name": "Famille Lemoine", "stage": "CLIENT", "principal": people.adviser}, "Famille Lemoine"),
    )  # fmt: skip
    for values, name in cases:
        answer = desk.send(NEW, values, desk.hidden(NEW))
        assert answer.status_code == 303, answer.get_data(as_text=True)
        page = desk.client.get(answer.headers["Location"]).get_data(as_text=True)
        assert f"<h1>{name} " in page
        assert "data-saved" in page
    again = desk.send(NEW, cases[0][0], desk.hidden(NEW), {"anyway": "1"})
    channels = desk.client.get(f"{again.headers['Location']}/coordonnees")
    assert "12 rue des Olivettes, 44000 Nantes" in channels.get_data(as_text=True)


@pytest.mark.parametrize(
    ("name", "bad", "said"),
    [
        ("birth_name", "", "saisissez le nom du contact"), ("first_names", "   ", "saisissez au moins un prénom"),
        ("birth_name", "x" * 10_000, "100 caractères au plus"), ("birth_name", "Du\x00rand", "caractère invisible"),
        ("birth_date", "14 mars 68", "JJ/MM/AAAA"), ("birth_date", "31/02/1968", "Le 31 février n'existe pas"),
        ("birth_date", "01/01/2199", "dans le futur"), ("email", "j.lemoine@", "adresse e-mail"),
        ("phone", "appeler le soir", "numéro de téléphone"), ("stage", "AMI", "valeur de la liste"),
        ("nationality", "ZZ", "valeur de la liste"), ("postal_code", "4400", "5 chiffres"),
        ("kind", "ROBOT", "valeur de la liste"),
        ("principal", "01hk153x00000000000000zzzz", "choisissez le conseiller"), ("file_code", "x" * 21, "20 caractères"),
        ("birth_name", "😀", "nom sous lequel"),
    ],
)  # fmt: skip
def test_each_fault_is_beside_its_field_and_in_the_summary(desk: Desk, people: People, name: str, bad: str, said: str) -> None:
    """Issue 3, «Bad input»: 422, nothing lost, nothing half-written."""
    values = {**PERSON, "principal": people.adviser, "first_names": "😀" if bad == "😀" else "Jeanne", name: bad}
    answer = desk.send(NEW, values, desk.hidden(NEW))
    page = unescape(answer.get_data(as_text=True))
    assert answer.status_code == 422, page[:300]
    assert "<title>Erreur\u202f: " in page
    summary = page.split("data-error-summary", 1)[1].split("</ul>", 1)[0]
    assert f'href="#f-{name}"' in summary
    assert said.lower() in summary.lower()
    assert said.lower() in page.split(f'id="f-{name}-e"', 1)[1].split("</p>", 1)[0].lower()
    assert 'value="j.lemoine@exemple.fr"' in page or name == "email"
    if bad.strip() and name not in ("stage", "nationality", "kind", "principal") and "\x00" not in bad:
        assert f'value="{bad}"' in page
    assert count(people) == 0


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "=HYPERLINK(1)", "Zoé 🌷", "O'Brien \"x\"", "{{ 7*7 }}"])
def test_markup_formulas_and_emoji_are_plain_text(desk: Desk, people: People, text: str) -> None:
    """Issue 3, «Bad input»: kept as it was typed, and shown as text."""
    answer = desk.send(NEW, {**PERSON, "birth_name": f"a{text}", "principal": people.adviser}, desk.hidden(NEW))
    assert answer.status_code == 303
    page = desk.client.get(answer.headers["Location"]).get_data(as_text=True)
    assert escape(f"a{text}").replace("&#x27;", "&#39;").replace("&quot;", "&#34;") in page
    assert "<script>alert" not in page


def test_a_double_click_makes_one(desk: Desk, people: People) -> None:
    """Issue 3, «a double click»: the second arrival lands on what the first made, with no word of a duplicate."""
    hidden = desk.hidden(NEW)
    places = {desk.send(NEW, {**PERSON, "principal": people.adviser}, hidden).headers["Location"] for _ in range(2)}
    assert len(places) == 1
    assert count(people) == 1
    assert desk.client.get(f"{places.pop()}/coordonnees").get_data(as_text=True).count("<b>Nantes</b>") == 1


def test_a_contact_that_seems_to_be_there_is_shown_first(desk: Desk, people: People) -> None:
    """CT-01: the link to the file, nothing written, «Créer quand même»."""
    values = {**PERSON, "principal": people.adviser}
    made = desk.send(NEW, values, desk.hidden(NEW)).headers["Location"]
    again = desk.send(NEW, values, hidden := desk.hidden(NEW))
    page = again.get_data(as_text=True)
    assert again.status_code == 409
    assert f'href="{made}"' in page
    assert "même nom et même date de naissance, même adresse e-mail, même téléphone" in page
    assert (count(people), "Créer quand même" in page, 'value="Lemoine"' in page) == (1, True, True)
    assert desk.send(NEW, values, hidden, {"anyway": "1"}).status_code == 303
    assert count(people) == 2


def test_another_principal_adviser(app: Flask, desk: Desk, people: People) -> None:
    """domain.md §1.1: an assistant adds for an adviser, and goes on seeing the file."""
    client = app.test_client()
    sign_in(client, "assistant@demo.example")
    assistant = Desk(client)
    answer = assistant.send(NEW, {**PERSON, "principal": people.adviser}, assistant.hidden(NEW))
    for who in (client, desk.client):
        assert "suivi par Conseiller Demo" in who.get(answer.headers["Location"]).get_data(as_text=True)


def test_general_is_changed_and_the_history_says_so(desk: Desk, people: People, jeanne: str) -> None:
    """DO-01: a change, its line in the file, and the history of the one field."""
    path = f"/p/contacts/{jeanne}/modifier"
    changes = {
        "birth_date": "14.03.1968", "situation": "MARIE", "matrimonial_regime": "SEPARATION_DE_BIENS", "profession": "Architecte",
    }  # fmt: skip
    assert desk.send(path, desk.shown(path), changes).status_code == 303
    page = unescape(desk.client.get(f"/p/contacts/{jeanne}").get_data(as_text=True))
    for said in ("14/03/1968", "Séparation de biens", "Architecte", f"/p/contacts/{jeanne}/historique?champ=birth_date"):
        assert said in page
    one = unescape(desk.client.get(f"/p/contacts/{jeanne}/historique?champ=birth_date").get_data(as_text=True))
    assert "Historique du champ « Date de naissance »" in one
    assert "<ins>14/03/1968</ins>" in one
    assert "Architecte" not in one
    assert row(people, jeanne).phone == "+33612440819"


def test_a_death_is_its_date(desk: Desk, people: People, jeanne: str) -> None:
    """domain.md §2.1: one field says both; taken away, the person lives."""
    path = f"/p/contacts/{jeanne}/modifier"
    for day, vital in (("01/02/2024", "DECEDE"), ("", "VIVANT")):
        assert desk.send(path, desk.shown(path), {"death_date": day}).status_code == 303
        assert row(people, jeanne).vital == vital


def test_two_people_edit_the_same_contact(app: Flask, desk: Desk, people: People, jeanne: str) -> None:
    """Issue 3: the second sees what the first wrote beside what he typed; nothing of either is lost."""
    path = f"/p/contacts/{jeanne}/modifier"
    mine = desk.shown(path)
    client = app.test_client()
    sign_in(client, "administrateur@demo.example")
    boss = Desk(client)
    assert boss.send(path, boss.shown(path), {"profession": "Notaire", "employer": "Étude Le Goff"}).status_code == 303
    typed = {**mine, "profession": "Architecte", "sector": "Bâtiment"}
    answer = desk.send(path, typed)
    page = unescape(answer.get_data(as_text=True))
    assert answer.status_code == 409
    assert "Administrateur Demo a modifié cette fiche pendant votre saisie" in page
    assert "<td>Notaire</td><td>Architecte" in page
    for kept in ('value="Architecte"', 'value="Bâtiment"', 'value="Étude Le Goff"'):
        assert kept in page
    assert (row(people, jeanne).profession, row(people, jeanne).sector) == ("Notaire", None)
    stamp = unescape(re.findall(r'name="seen" value="([^"]*)"', answer.get_data(as_text=True))[0])
    assert desk.send(path, typed, {"employer": "Étude Le Goff", "seen": stamp}).status_code == 303
    after = row(people, jeanne)
    assert (after.profession, after.sector, after.employer) == ("Architecte", "Bâtiment", "Étude Le Goff")


def test_channels_are_added_changed_taken_away(desk: Desk, people: People, jeanne: str) -> None:
    """DO-02: each kind through its pages; a wrong IBAN is told beside its field; a double click adds one."""
    base = f"/p/contacts/{jeanne}/coordonnees"
    add = f"{base}/bank/ajouter"
    hidden = desk.hidden(add)
    wrong = desk.send(add, {"usage": "COURANT", "iban": "FR76 3000 6000 0112 3456 7890 188"}, hidden)
    assert (wrong.status_code, "La clé de cet IBAN" in unescape(wrong.get_data(as_text=True))) == (422, True)
    good = {"usage": "COURANT", "iban": "FR76 3000 6000 0112 3456 7890 189", "holder": "Jeanne Durand"}
    assert [desk.send(add, good, hidden).status_code for _ in range(2)] == [303, 303]
    page = desk.client.get(base).get_data(as_text=True)
    assert page.count("FR76 3000 6000 0112 3456 7890 189") == 1
    one = re.findall(rf'href="({base}/phone/[0-9a-z]{{26}})"', page)[0]
    assert desk.send(one, desk.shown(one), {"number": "07 55 55 55 55", "opt_in": "1"}).status_code == 303
    page = desk.client.get(base).get_data(as_text=True)
    assert "07 55 55 55 55" in page
    assert "accepte les sollicitations" in page
    assert desk.send(f"{one}/retirer", {"csrf_token": hidden["csrf_token"]}).status_code == 303
    assert row(people, jeanne).phone is None
    page = desk.client.get(base).get_data(as_text=True)
    assert "07 55 55 55 55" not in page
    assert desk.client.get(one).status_code == 404
    offered = re.findall(r'name="undo" value="([^"]+)"', page)  # the reversible is done, then taken back (ux.md §3.2)
    answer = desk.send("/annuler", {"csrf_token": hidden["csrf_token"], "undo": offered[0], "next": base})
    assert answer.headers["Location"] == base
    assert row(people, jeanne).phone == "+33755555555"
    assert "07 55 55 55 55" in desk.client.get(one).get_data(as_text=True)
    assert "rétabli" in unescape(desk.client.get(f"/p/contacts/{jeanne}/historique").get_data(as_text=True))
    assert desk.client.get(f"{base}/pigeon/ajouter").status_code == 404


def test_nobody_writes_without_the_right(app: Flask, people: People, jeanne: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """domain.md §3.6: who does not follow the contact finds nothing; who may not edit is offered nothing, and refused."""
    client = app.test_client()
    sign_in(client, "autre@demo.example")
    for path in (f"/p/contacts/{jeanne}/modifier", f"/p/contacts/{jeanne}/coordonnees", f"/p/contacts/{jeanne}/historique"):
        assert client.get(path).status_code == 404
    monkeypatch.setitem(permissions.PERMISSIONS, "CONSEILLER", frozenset({"contacts.view"}))
    reader = app.test_client()
    sign_in(reader, "conseiller@demo.example")
    for path in ("/p/contacts/", f"/p/contacts/{jeanne}", f"/p/contacts/{jeanne}/coordonnees"):
        page = reader.get(path).get_data(as_text=True)
        for offered in ("/nouveau", "/modifier", "/ajouter", "/retirer"):
            assert offered not in page, path
    for path in (NEW, f"/p/contacts/{jeanne}/modifier", f"/p/contacts/{jeanne}/coordonnees/phone/ajouter"):
        assert reader.get(path).status_code == 403


def test_a_session_that_ended_leads_back_to_the_form(app: Flask, people: People) -> None:
    """Issue 3, «a session that ends in mid-form»: the page says so, and its button comes back to the form."""
    answer = app.test_client().post(NEW, data=PERSON)
    assert answer.status_code == 401
    assert 'href="/connexion?next=/p/contacts/nouveau"' in unescape(answer.get_data(as_text=True)).replace("%2F", "/")
