"""Dossier > Relations and Conjoint through their pages: added, proposed, ended, undone, drawn (DO-02)."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from core.contacts import channels
from core.contacts import relations
from core.contacts import services as contacts
from core.contacts.models import Contact
from core.contacts.models import ContactBank
from core.contacts.models import HouseholdMember
from core.contacts.relation_models import Relation
from core.contacts.schemas import NewContact
from core.db.clock import today
from core.extensions import db
from tests.conftest import People
from tests.conftest import csrf
from tests.plugins.contacts.test_writing import Desk


@pytest.fixture
def desk(adviser: FlaskClient) -> Desk:
    return Desk(adviser)


@pytest.fixture
def who(people: People) -> dict[str, str]:
    """Three persons and a company of the adviser's, and one that he does not see."""
    with db.session(people.cabinet_id) as session:
        found = {}
        for first in ("Jeanne", "Luc", "Anne"):
            data = NewContact("PERSONNE_PHYSIQUE", "CLIENT", birth_name="Durand", first_names=first)
            found[first] = contacts.create(session, "cli", data)
        found["firm"] = contacts.create(session, "cli", NewContact("PERSONNE_MORALE", "CLIENT", company_name="Tilleuls"))
        for one in found.values():
            contacts.follow(session, "cli", one, people.adviser)
        hidden = NewContact("PERSONNE_PHYSIQUE", birth_name="Durand", first_names="Caché")
        found["hidden"] = contacts.create(session, "cli", hidden)
        return found


def rows(people: People, model: type = Relation) -> list:  # type: ignore[type-arg]
    with db.session(people.cabinet_id, write=False) as session:
        return list(session.scalars(select(model)))


def person(people: People, one: str) -> Contact:
    with db.session(people.cabinet_id, write=False) as session:
        return session.scalars(select(Contact).where(Contact.id == one)).one()


def text(answer: TestResponse) -> str:
    return unescape(answer.get_data(as_text=True))


def test_a_union_is_asked_before_it_is_written(desk: Desk, people: People, who: dict[str, str]) -> None:
    """DO-02: the name typed is resolved, the change of both files is shown first, and only what stays ticked is written."""
    path = f"/p/contacts/{who['Jeanne']}/relations/ajouter"
    typed = {
        "role": "CONJOINT", "other": "durand", "since": "14/06/2005", "matrimonial_regime": "SEPARATION_DE_BIENS",
        **desk.hidden(path),
    }  # fmt: skip
    asked = desk.send(path, typed)
    assert asked.status_code == 422
    assert "Durand Luc" in text(asked)
    assert "Caché" not in text(asked)
    typed |= {"choix": who["Luc"], "pour": "durand"}
    proposed = desk.send(path, typed)
    assert (proposed.status_code, rows(people)) == (409, [])
    assert "Séparation de biens" in text(proposed)
    done = desk.send(path, typed, {"confirme": "1", "aligner": who["Jeanne"]})
    assert done.status_code == 303
    assert [(one.kind, one.since) for one in rows(people)] == [("CONJOINT", date(2005, 6, 14))]
    assert (person(people, who["Jeanne"]).situation, person(people, who["Luc"]).situation) == ("MARIE", None)
    spouse = text(desk.client.get(f"/p/contacts/{who['Luc']}/conjoint"))
    assert "Les deux dossiers ne disent pas la même chose" in spouse
    align = f"/p/contacts/{who['Luc']}/conjoint/accorder"
    desk.send(align, {"aligner": who["Luc"], "csrf_token": csrf(desk.client, path)})
    assert person(people, who["Luc"]).matrimonial_regime == "SEPARATION_DE_BIENS"


def test_a_divorce_is_proposed_and_kept(desk: Desk, people: People, who: dict[str, str]) -> None:
    """DO-02: ending a marriage proposes «ex-époux» and both situations."""
    with db.session(people.cabinet_id) as session:
        for one in ("Jeanne", "Luc"):
            contacts.update(session, "cli", who[one], {"situation": "MARIE"})
        tie = relations.add(session, "cli", who["Jeanne"], "CONJOINT", who["Luc"], since=date(2001, 1, 1))
    path = f"/p/contacts/{who['Jeanne']}/relations/{tie}/fin"
    typed = {"until": "05/05/2015", "how": "DIVORCE", **desk.hidden(path)}
    assert "noté décédé" in text(desk.send(path, {**typed, "how": "DECES"}))
    proposed = desk.send(path, typed)
    assert proposed.status_code == 409
    assert "ex-époux" in text(proposed)
    answer = desk.client.post(path, data={**typed, "confirme": "1", "aligner": ["ex", who["Jeanne"], who["Luc"]]})
    assert answer.status_code == 303
    assert {one.kind: one.until for one in rows(people)} == {"CONJOINT": date(2015, 5, 5), "EX_CONJOINT": None}
    assert {person(people, who[one]).situation for one in ("Jeanne", "Luc")} == {"DIVORCE"}


def test_a_spouse_and_a_child_are_made_on_the_way(desk: Desk, people: People, who: dict[str, str]) -> None:
    """DO-02: without leaving the page: the person, the tie, the household, the address; the other parent too; once."""
    with db.session(people.cabinet_id) as session:
        home = {"usage": "DOMICILE", "street": "3 rue du Port", "postal_code": "44000", "city": "Nantes"}
        channels.add(session, "cli", who["Jeanne"], "address", home)
    path = f"/p/contacts/{who['Jeanne']}/relations/nouveau-conjoint"
    typed = {
        "civility": "M", "first_names": "Karim", "birth_name": "Benali", "role": "PARTENAIRE_PACS", "pacs_regime": "SEPARATION",
        "since": "01/02/2020", "joins": "1", "same_home": "1", **desk.hidden(path),
    }  # fmt: skip
    assert desk.send(path, typed).status_code == 409
    assert desk.send(path, typed, {"confirme": "1", "aligner": who["Jeanne"]}).status_code == 303
    assert person(people, who["Jeanne"]).pacs_regime == "SEPARATION"
    made = desk.client.post(f"/p/contacts/{who['Jeanne']}/foyer/creer", data={
        "once": "m" * 26, "csrf_token": csrf(desk.client, path),
    })  # fmt: skip
    assert made.status_code == 303
    path = f"/p/contacts/{who['Jeanne']}/relations/nouvel-enfant"
    born = today().replace(year=today().year - 4, day=1)
    child = {
        "first_names": "Lou", "birth_name": "Durand", "birth_date": f"{born:%d/%m/%Y}", "both": "1", "joins": "1",
        "same_home": "1", **desk.hidden(path),
    }  # fmt: skip
    for _twice in range(2):
        assert desk.send(path, child).status_code == 303
    kinds = sorted(one.kind for one in rows(people))
    assert kinds == ["PARENT", "PARENT", "PARTENAIRE_PACS"]
    assert len(rows(people, HouseholdMember)) == 3
    page = text(desk.client.get(f"/p/contacts/{who['Jeanne']}/relations"))
    assert "<svg" in page
    assert "Durand Lou" in page
    assert re.search(r'<a href="/p/contacts/\w+/relations"><rect [^>]+/><text [^>]+>Benali Karim ', page)
    home_page = text(desk.client.get(made.headers["Location"]))
    assert home_page.count("celle du foyer") == 3


def test_shares_are_drawn_and_a_relation_comes_back(desk: Desk, people: People, who: dict[str, str]) -> None:
    """DO-02: a third of a company as it is typed; removal with «Annuler»; a refusal keeps all that was typed."""
    path = f"/p/contacts/{who['firm']}/relations/ajouter"
    typed = {"role": "ASSOCIE", "other": "Durand Anne", "share": "33,3333", "right": "NUE_PROPRIETE", **desk.hidden(path)}
    assert desk.send(path, typed).status_code == 303
    assert [one.share for one in rows(people)] == [Decimal("0.333333")]
    again = {**typed, **desk.hidden(path), "other": "Durand Luc", "share": "70", "right": "PLEINE_PROPRIETE"}
    refused = desk.send(path, again)
    assert refused.status_code == 422
    assert "Il reste 66,6667" in text(refused)
    assert 'value="Durand Luc"' in text(refused)
    page = text(desk.client.get(f"/p/contacts/{who['firm']}/relations"))
    assert "33,3333\u00a0% NP" in page
    assert "à déclarer" in page
    tie = rows(people)[0].id
    gone = f"/p/contacts/{who['Anne']}/relations/{tie}/retirer"
    answer = desk.client.post(gone, data={"csrf_token": csrf(desk.client, path)}, follow_redirects=True)
    token = re.search(r'name="undo" value="([^"]+)"', answer.get_data(as_text=True))
    assert token is not None
    assert rows(people) == []
    back = {"undo": unescape(token[1]), "next": "/", "csrf_token": csrf(desk.client, path)}
    desk.client.post("/annuler", data=back)
    assert [one.id for one in rows(people)] == [tie]


def test_channels_are_verified_and_an_iban_is_masked(desk: Desk, people: People, who: dict[str, str], app) -> None:  # type: ignore[no-untyped-def]
    """DO-02: «vérifié le … par …» until it changes; the day of an agreement; a SIRET of the company alone; the IBAN masked."""
    with db.session(people.cabinet_id) as session:
        bank = channels.add(session, "cli", who["firm"], "bank", {"usage": "COURANT", "iban": "FR7630006000011234567890189"})
        mail = channels.add(session, "cli", who["firm"], "email", {
            "usage": "BUREAU", "email": "a@exemple.fr", "opt_in": True, "opt_in_source": "RENDEZ_VOUS",
        })  # fmt: skip
    here = f"/p/contacts/{who['firm']}/coordonnees"
    desk.client.post(f"{here}/bank/{bank}/verifier", data={"csrf_token": csrf(desk.client, f"{here}/bank/{bank}")})
    page = text(desk.client.get(here))
    assert f"vérifié le {today():%d/%m/%Y} par Conseiller Demo" in page
    assert f"depuis le {today():%d/%m/%Y}, en rendez-vous" in page
    assert "FR76 3000 6000 0112 3456 7890 189" in page
    with db.session(people.cabinet_id) as session:
        channels.change(session, "cli", who["firm"], "bank", bank, {"usage": "COURANT", "iban": "FR7610107001011234567890129"})
        assert session.scalars(select(ContactBank.verified_on)).one() is None
        channels.change(session, "cli", who["firm"], "email", mail, {"usage": "BUREAU", "email": "a@exemple.fr"})
    path = f"{here}/address/ajouter"
    wrong = {"usage": "SIEGE", "city": "Nantes", "country": "FR", "siret": "73282932000075", **desk.hidden(path)}
    assert "La clé de ce SIRET est fausse" in text(desk.send(path, wrong))
    assert desk.send(path, {**wrong, "siret": "732 829 320 00074"}).status_code == 303
    person_page = f"/p/contacts/{who['Anne']}/coordonnees/address/ajouter"
    assert 'name="siret"' not in text(desk.client.get(person_page))
