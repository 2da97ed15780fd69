"""A contact's file through its pages: what the cabinet defines, who follows, archive, completeness (CT-03, DO-01)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.contacts import categories
from core.contacts import custom
from core.contacts import labels
from core.contacts import services as contacts
from core.contacts.schemas import NewContact
from core.db.clock import today
from core.extensions import db
from tests.conftest import People
from tests.conftest import csrf

LIST, SETTINGS = "/p/contacts/", "/p/contacts/reglages/"


class Defined:
    """What the cabinet defined, and two contacts of the adviser."""

    def __init__(self, people: People) -> None:
        with db.session(people.cabinet_id) as session:
            self.pro = categories.add(session, "cli", {"name": "Professionnels"})
            self.doctors = categories.add(session, "cli", {"name": "Libéraux", "parent_id": self.pro})
            self.call = labels.add(session, "cli", {"name": "À rappeler", "color": "warning"})
            self.vip = labels.add(session, "cli", {"name": "VIP", "color": "info"})
            fields = (
                {"label": "Dernier bilan", "kind": "DATE", "help": "Remis au client."},
                {"label": "Centres d'intérêt", "kind": "CHOICES", "options": ["Voile", "Golf"], "subject": "PERSONS"},
                {"label": "Salariés", "kind": "WHOLE", "subject": "COMPANIES"},
            )
            self.audit, self.hobbies, self.staff = (custom.add(session, "cli", one) for one in fields)
            made = []
            for name in ("Durand", "Petit"):
                data = NewContact("PERSONNE_PHYSIQUE", "CLIENT", birth_name=name, first_names="Zoé")
                key = contacts.create(session, "cli", data)
                contacts.follow(session, "cli", key, people.adviser)
                made.append(key)
            self.durand, self.petit = made


@pytest.fixture
def defined(people: People) -> Defined:
    return Defined(people)


def page(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return unescape(answer.get_data(as_text=True))


def send(client: FlaskClient, path: str, **values: Any) -> TestResponse:
    return client.post(path, data={"csrf_token": csrf(client, "/mon-compte/fiche"), **values})


def said(answer: TestResponse) -> str:
    return unescape(answer.get_data(as_text=True))


def undo(client: FlaskClient, path: str) -> None:
    """Take back what the page offers."""
    offered = re.search(r'name="undo" value="([^"]+)"', client.get(path).get_data(as_text=True))
    assert offered
    assert send(client, "/annuler", undo=offered.group(1), next=path).status_code == 303


def filled(people: People, **more: Any) -> Mapping[str, Any]:
    """The form of a person, with what must be there."""
    base = {
        "first_names": "Zoé", "birth_name": "Durand", "protection": "AUCUNE", "stage": "CLIENT", "file_code": "D-00001",
        "principal": people.adviser,
    }  # fmt: skip
    return {**base, **more}


def test_the_form_keeps_all_of_a_file(adviser: FlaskClient, people: People, defined: Defined) -> None:
    """CT-03, DO-01: category, labels, the cabinet's fields, nationalities, who follows: saved at once, shown in Général."""
    path = f"{LIST}{defined.durand}"
    shown = page(adviser, f"{path}/modifier")
    assert "Professionnels › Libéraux" in shown
    assert "Remis au client." in shown
    assert "Salariés" not in shown
    values = filled(
        people, category=defined.doctors, labels=[defined.call, defined.vip], secondaries=[people.other], csp="CADRE",
        assistants=[people.assistant], nationality="FR", other_nationality="BE", more_nationalities="Suisse, luxembourg",
        prescriber_profession="NOTAIRE", client_since="03/04/2019", **{"custom-dernier_bilan": "28/02/2026",
        "custom-centres_d_interet": ["golf"]},
    )  # fmt: skip
    answer = send(adviser, f"{path}/modifier", **values)
    assert answer.status_code == 303, said(answer)
    shown = page(adviser, path)
    for text in (
        "Professionnels › Libéraux", "À rappeler", "VIP", "28/02/2026", "Golf", "Suisse, Luxembourg", "Notaire",
        "Cadre, profession", "client depuis le 03/04/2019", "Autre Demo", "Conseiller secondaire",
        "Assistant", "Dossier complet à",
    ):
        assert text in shown, text
    again = page(adviser, f"{path}/modifier")
    assert 'value="Suisse, Luxembourg"' in again
    assert re.search(rf'name="labels" value="{defined.vip}" checked', again)
    change = page(adviser, f"{path}/historique?champ=custom-dernier_bilan")
    assert "Historique du champ" in change
    assert "Dernier bilan" in change
    assert "28/02/2026" in change
    assert f"{path}/historique?champ=labels" in shown


@pytest.mark.parametrize(
    ("name", "bad", "text"),
    [
        ("custom-dernier_bilan", "31/02/2026", "31 février n'existe pas"),
        ("birth_date", "31/02/1968", "31 février n'existe pas"),
        ("birth_date", f"01/01/{today().year - 121}", "âge de"),
        ("more_nationalities", "Belgique, Atlantide", "pas un pays connu"),
        ("secondaries", "PRINCIPAL", "qu'à un titre"), ("category", "inconnue", "valeur de la liste"),
        ("labels", "inconnue", "valeurs de la liste"), ("custom-centres_d_interet", "tennis", "valeurs de la liste"),
        ("principal", "", "conseiller qui suit"), ("death_date", "01/01/1960", "précède la naissance"),
    ],
)  # fmt: skip
def test_each_fault_is_said_and_nothing_is_lost(
    adviser: FlaskClient, people: People, defined: Defined, name: str, bad: str, text: str
) -> None:
    """DO-01, bad input: beside the field and in the summary; what was typed elsewhere stays; nothing is half-saved."""
    path = f"{LIST}{defined.durand}"
    values = filled(people, birth_date="14/03/1968", employer="Filature du Nord", labels=[defined.vip])
    answer = send(adviser, f"{path}/modifier", **{**values, name: people.adviser if bad == "PRINCIPAL" else bad})
    shown = said(answer)
    assert answer.status_code == 422
    assert shown.lower().count(text.lower()) == 2, text
    assert f'href="#f-{name}"' in shown
    assert 'value="Filature du Nord"' in shown
    assert "Filature" not in page(adviser, path)


def test_a_mandatory_field_of_the_cabinet(
    administrator: FlaskClient, adviser: FlaskClient, people: People, defined: Defined
) -> None:
    """CT-03: asked for where it concerns the contact, in the form that adds one too; what lacks it is told, with a link."""
    key = "01hk153x0000000000000000zz"
    made = {"label": "Charte signée", "kind": "YES_NO", "subject": "PERSONS", "required": "1", "once": key}
    assert send(administrator, f"{SETTINGS}champs/nouveau", **made).status_code == 303
    usual = {"stage": "PROSPECT", "principal": people.adviser}
    person = {"kind": "PERSONNE_PHYSIQUE", "first_names": "Léa", "birth_name": "Neuf", **usual}
    answer = send(adviser, f"{LIST}nouveau", **person)
    assert answer.status_code == 422
    assert 'href="#f-custom-charte_signee"' in said(answer)
    assert send(adviser, f"{LIST}nouveau", **person, **{"custom-charte_signee": "OUI"}).status_code == 303
    company = {"kind": "PERSONNE_MORALE", "company_name": "Neuf SARL", **usual}
    answer = send(adviser, f"{LIST}nouveau", **company, **{"custom-salaries": "1 250"})
    assert answer.status_code == 303
    assert "1\u202f250" in page(adviser, answer.headers["Location"])
    shown = page(adviser, f"{LIST}{defined.durand}")
    assert f"{LIST}{defined.durand}/modifier#f-custom-charte_signee" in shown
    assert f"{LIST}{defined.durand}/coordonnees/address/ajouter" in shown


def test_client_numbers_by_their_page(adviser: FlaskClient, people: People, defined: Defined) -> None:
    """DO-01: added, refused where it is another's, taken away and put back."""
    path = f"{LIST}{defined.durand}"
    key = "01hk153x0000000000000000aa"
    for _twice in range(2):
        assert send(adviser, f"{path}/numeros/ajouter", company="AXA", number="G-12", once=key).status_code == 303
    assert page(adviser, path).count("<b>G-12</b>") == 1
    answer = send(adviser, f"{LIST}{defined.petit}/numeros/ajouter", company="axa", number="g12", once="0" * 26)
    assert answer.status_code == 422
    assert "au dossier de Durand Zoé" in said(answer)
    assert 'value="g12"' in said(answer)
    assert send(adviser, f"{path}/numeros/{key}/retirer").status_code == 303
    undo(adviser, path)
    assert "<b>G-12</b>" in page(adviser, path)


def test_a_file_is_archived_and_taken_back(adviser: FlaskClient, people: People, defined: Defined) -> None:
    """DO-01: marked in its head and in the search; reversible from the toast and from the file."""
    path = f"{LIST}{defined.durand}"
    assert send(adviser, f"{path}/archiver", reason="x" * 201).status_code == 422
    assert send(adviser, f"{path}/archiver", reason="Parti à l'étranger").status_code == 303
    shown = page(adviser, path)
    assert "Parti à l'étranger" in shown
    assert "Archivé le" in page(adviser, f"{path}/coordonnees")
    assert "archivé" in page(adviser, "/recherche/contacts/contacts?q=durand")
    assert send(adviser, f"{path}/desarchiver").status_code == 303
    undo(adviser, path)
    assert "Archivé le" in page(adviser, path)
    send(adviser, f"{path}/desarchiver")
    assert "Archivé le" not in page(adviser, path)


def test_a_category_for_those_ticked(adviser: FlaskClient, people: People, defined: Defined) -> None:
    """CT-03, ux.md §2.2: a page names them, then all are changed or none; taken back at once; the list is where it was."""
    ids, path = [defined.durand, defined.petit], f"{LIST}categorie"
    assert "Changer la catégorie de 2 contacts" in said(send(adviser, path, ids=ids))
    assert send(adviser, path, ids=ids, confirme="1").status_code == 422
    answer = send(adviser, path, ids=ids, confirme="1", category=defined.doctors, liste="type=CLIENT")
    assert answer.headers["Location"] == f"{LIST}?type=CLIENT"
    undo(adviser, answer.headers["Location"])
    assert "Libéraux" not in page(adviser, f"{LIST}{defined.petit}").split("Derniers changements")[0]
    assert send(adviser, path).headers["Location"] == LIST
    assert send(adviser, path, ids=[defined.durand, "inconnu"], confirme="1", category=defined.pro).status_code == 404


def test_labels_for_those_ticked(adviser: FlaskClient, people: People, defined: Defined) -> None:
    """CT-03: put on and taken off together; taking it back leaves what was there before."""
    ids, path = [defined.durand, defined.petit], f"{LIST}etiqueter"
    send(adviser, path, ids=[defined.durand], confirme="1", add=[defined.call])
    assert "Étiqueter 2 contacts" in said(send(adviser, path, ids=ids))
    for more in ({}, {"add": [defined.vip], "remove": [defined.vip]}, {"add": ["inconnue"]}):
        assert send(adviser, path, ids=ids, confirme="1", **more).status_code == 422
    send(adviser, path, ids=ids, confirme="1", add=[defined.vip], remove=[defined.call])
    with db.session(people.cabinet_id, write=False) as session:
        worn = {key: [one.name for one in some] for key, some in labels.of_contacts(session, ids).items()}
    assert worn == {defined.durand: ["VIP"], defined.petit: ["VIP"]}
    undo(adviser, LIST)
    with db.session(people.cabinet_id, write=False) as session:
        assert [[one.name for one in some] for some in labels.of_contacts(session, ids).values()] == [["À rappeler"]]


@pytest.mark.parametrize(
    ("what", "values", "bad", "text"),
    [
        ("champs", {"label": "Golf", "kind": "CHOICE", "subject": "BOTH", "options": "Oui\nNon\nParfois"},
         {"options": " "}, "au moins un choix"),
        ("categories", {"name": "Réseau", "is_default": "1"}, {"name": "professionnels"}, "déjà ce nom"),
        ("etiquettes", {"name": "Newsletter", "color": "success"}, {"color": "rose"}, "valeur de la liste"),
    ],
)  # fmt: skip
def test_the_cabinet_defines_its_lists(
    administrator: FlaskClient, defined: Defined, what: str, values: dict[str, str], bad: dict[str, str], text: str
) -> None:
    """CT-03: added, refused with its reason, changed, archived and taken back, deleted where it never served, ordered."""
    here = f"{SETTINGS}{what}"
    answer = send(administrator, f"{here}/nouveau", **{**values, **bad}, once="0" * 26)
    assert answer.status_code == 422
    assert said(answer).count(text) == 2
    key = "01hk153x0000000000000000bb"
    for _twice in range(2):
        assert send(administrator, f"{here}/nouveau", **values, once=key).status_code == 303
    name = values.get("label") or values["name"]
    assert page(administrator, here).count(f">{name}</a>") == 1
    shown = administrator.get(f"{here}/{key}").get_data(as_text=True)
    seen = re.search(r'name="seen" value="([^"]*)"', shown)
    assert seen
    renamed = {**values, "label" if "label" in values else "name": f"{name} bis", "seen": unescape(seen.group(1))}
    assert send(administrator, f"{here}/{key}", **renamed).status_code == 303
    stale = send(administrator, f"{here}/{key}", **{**renamed, "label" if "label" in values else "name": "Autre"})
    assert stale.status_code == 409
    for act in ("archiver", "supprimer"):
        assert send(administrator, f"{here}/{key}/etat", acte=act).status_code == 303
        undo(administrator, here)
    assert f">{name} bis</a>" in page(administrator, here)
    items = re.findall(r'name="order" value="(\w+)"', page(administrator, f"{here}/ordre"))
    answer = send(administrator, f"{here}/ordre", order=items, move=f"{key}:first")
    assert re.findall(r'name="order" value="(\w+)"', page(administrator, f"{here}/ordre"))[0] == key
    assert send(administrator, f"{here}/{key}/etat", acte="danser").status_code == 422


def test_two_labels_become_one(administrator: FlaskClient, adviser: FlaskClient, defined: Defined) -> None:
    """CT-03: a page says how many files, then the contacts bear the other; fields cannot be merged."""
    send(adviser, f"{LIST}etiqueter", ids=[defined.durand], confirme="1", add=[defined.call])
    path = f"{SETTINGS}etiquettes/{defined.call}/fusionner"
    assert "1 dossier passera" in page(administrator, path)
    for bad in ({}, {"into": defined.call}, {"into": "inconnue"}):
        assert send(administrator, path, **bad).status_code == 422
    assert send(administrator, path, into=defined.vip).status_code == 303
    assert "VIP" in page(adviser, f"{LIST}{defined.durand}")
    assert administrator.get(f"{SETTINGS}champs/{defined.audit}/fusionner").status_code == 404
    assert adviser.get(f"{SETTINGS}champs").status_code == 403


def test_whoever_gives_a_file_away_sees_it_no_more(app: Flask, adviser: FlaskClient, people: People, defined: Defined) -> None:
    """CT-03: the form saves, and leads to the list."""
    answer = send(adviser, f"{LIST}{defined.durand}/modifier", **filled(people, principal=people.other))
    assert (answer.status_code, answer.headers["Location"]) == (303, LIST)
    assert adviser.get(f"{LIST}{defined.durand}").status_code == 404


def test_a_deceased_person_is_said_so_everywhere(adviser: FlaskClient, people: People, defined: Defined) -> None:
    """DO-01: in the head beside the protection, in the search; no age."""
    path = f"{LIST}{defined.durand}"
    values = filled(people, civility="MME", birth_date="14/03/1968", death_date="02/01/2024", protection="CURATELLE")
    assert send(adviser, f"{path}/modifier", **values).status_code == 303
    head = page(adviser, path).split('class="e-tabrow"')[0]
    assert "Décédée le 02/01/2024" in head
    assert "Curatelle" in head
    assert " ans" not in head
    assert "Décédée le 02/01/2024" in page(adviser, "/recherche/contacts/contacts?q=durand")
