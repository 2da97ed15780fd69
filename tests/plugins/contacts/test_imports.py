"""AC-02: contacts from files: what each line becomes, duplicates, updates, batches, resumption, undoing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func
from sqlalchemy import select

from core.app import create_app
from core.cabinets import audit_proof
from core.cabinets import services as cabinets
from core.cabinets.models import AuditEntry
from core.config import Config
from core.contacts import channels
from core.contacts import history
from core.contacts import search as contact_search
from core.contacts import services as contact_services
from core.contacts.models import Contact
from core.contacts.models import ContactAddress
from core.contacts.models import ContactAdviser
from core.contacts.models import ContactEmail
from core.contacts.models import ContactPhone
from core.contacts.schemas import NewContact
from core.db import faults
from core.db.errors import Conflict
from core.db.errors import Forbidden
from core.db.errors import NotFound
from core.extensions import db
from core.imports import report
from core.imports import services
from core.imports import targets
from core.imports import work
from core.search.models import SearchWord
from tests import databases
from tests.conftest import People
from tests.conftest import add_people
from tests.conftest import make_config
from tests.conftest import person
from tests.core.imports import importers as imp
from tests.usual import adopt

HEADS = "Nom;Prénom;Date de naissance;E-mail;Téléphone;Adresse;CP;Ville;Profession;Conseiller;Note"
_numbers = count()
LINE = "Lefèvre;Hélène;14/03/1968;helene@ex.fr;06 12 44 08 19;1 rue A;44000;Nantes;Notaire;{adviser};=1+1"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, Config]]:
    """One application for all; each test has a cabinet of its own in it."""
    config = make_config(tmp_path_factory.mktemp("imports"))
    databases.ready(config.database_url)
    application = create_app(config)
    yield application, config
    application.extensions["encours_hub"].close()
    db.close()


@pytest.fixture
def world(house: tuple[Flask, Config]) -> People:
    application, config = house
    adopt(application, config)
    return add_people(application.extensions["encours_hub"], f"cabinet-{next(_numbers)}")


def line(people: People) -> str:
    """A line that fills everything; a colleague is to follow it."""
    return LINE.format(adviser=f"autre@{people.slug}.example")


def test_a_line_becomes_what_the_services_would_have_made(world: People) -> None:
    """The rows, words and journal of a bulk write are those of `services.create` and `channels.add`."""
    row = imp.imported(world, f"{HEADS}\n{line(world)}\n")
    assert imp.tally(row) == (1, 0, 0, 0)
    with db.session(world.cabinet_id) as session:
        by = person(session, world.adviser)
        data = NewContact(
            kind="PERSONNE_PHYSIQUE", birth_name="Lefèvre", first_names="Hélène", birth_date=date(1968, 3, 14),
            profession="Notaire", remarks="=1+1", email="helene@ex.fr", phone="+33612440819", city="Nantes",
        )  # fmt: skip
        twin = contact_services.create(session, by, data, principal=world.other)
        for kind, changes in (("phone", {"usage": "DOMICILE"}), ("address", {"street": "1 rue A", "postal_code": "44000"})):
            one = channels.of_contact(session, by, twin)[kind][0]
            channels.change(session, by, twin, kind, one.id, {**one.values, "usage": one.usage, **changes})
    with db.session(world.cabinet_id, write=False) as session:
        made = session.scalars(select(Contact.id).where(Contact.id != twin)).one()
        for model, left in (
            (Contact, {"id", "file_code", "created_at", "updated_at"}), (ContactEmail, {"id", "contact_id", "created_at"}),
            (ContactPhone, {"id", "contact_id", "created_at"}), (ContactAddress, {"id", "contact_id", "created_at"}),
            (ContactAdviser, {"id", "contact_id"}),
        ):  # fmt: skip
            key = "id" if model is Contact else "contact_id"
            assert told(session, model, key, made, left) == told(session, model, key, twin, left), model.__name__
        assert words(session, made) - {"d00001", "00001", "1"} == words(session, twin) - {"d00002", "00002", "2"}
        wanted = select(AuditEntry.action).where(AuditEntry.subject == f"contact:{made}").order_by(AuditEntry.seq)
        # one link tells the dossier with its address and who follows it first
        assert list(session.scalars(wanted)) == ["contact.added", "contact.followed"]
        begun = {line.name: line.after for line in history.of_contact(session, by, made)[-1].lines}
        assert begun.items() >= {"street": "1 rue A", "postal_code": "44000", "city": "Nantes", "country": "France"}.items()
        assert begun["followers"].endswith("secondaire")
        audit_proof.verify(session)


def told(session: Any, model: Any, key: str, ref: str, left: set[str]) -> list[dict[str, Any]]:
    """Rows of one contact, without what differs from one to the next."""
    rows = session.scalars(select(model).where(getattr(model, key) == ref))
    names = [one.key for one in model.__mapper__.column_attrs if one.key not in left]
    return sorted(({name: getattr(row, name) for name in names} for row in rows), key=repr)


def words(session: Any, ref: str) -> set[str]:
    return set(session.scalars(select(SearchWord.word).where(SearchWord.kind == contact_search.KIND, SearchWord.ref == ref)))


def test_what_spreadsheets_do_to_numbers_is_undone(world: People) -> None:
    text = HEADS + "\nDurand;Jean;;;612345678;;;;;;\nMartin;Luc;;\"luc@ex.fr ; l2@ex.fr\";+33 (0)2 40 11 22 33;;1000;Bourg;;;\n"
    assert imp.tally(imp.imported(world, text)) == (2, 0, 0, 0)
    found = imp.contacts(world)
    assert found["Durand Jean"].phone == "+33612345678"
    assert (found["Martin Luc"].email, found["Martin Luc"].phone) == ("luc@ex.fr", "+33240112233")
    with db.session(world.cabinet_id, write=False) as session:
        assert session.scalars(select(ContactAddress.postal_code)).all() == ["01000"]
        assert set(session.scalars(select(ContactEmail.email))) == {"luc@ex.fr", "l2@ex.fr"}


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("Durand;;;;;;;;;;", "prénom"), ("Durand;Jean;31/02/1999;;;;;;;;", "calendrier"),
        ("Durand;Jean;;pas-une-adresse;;;;;;;", "e-mail"), ("Durand;Jean;;;12;;;;;;", "téléphone"),
        ("Durand;Jean;;;;1 rue A;;;;;", "ville"), ("Durand;Jean;;;;;440;Nantes;;;", "5 chiffres"),
        ("Durand;Jean;01/01/2999;;;;;;;;", "Date de naissance"), ("Durand;Jean;;;;;;;;Personne;", "collaborateur"),
        ("Du\x00rand;Jean;;;;;;;;;", "invisible"), ("Durand;" + "J" * 101 + ";;;;;;;;;", "trop long"),
    ],
)  # fmt: skip
def test_a_bad_line_is_told_and_leaves_the_others_alone(world: People, bad: str, said: str) -> None:
    row = imp.imported(world, f"{HEADS}\n{bad}\nBon;Jean;;;;;;;;;\n")
    assert imp.tally(row) == (1, 0, 0, 1)
    assert said in imp.reasons(world, row.id)[2]


COMPANY = "Société;Forme juridique;SIREN;Capital;E-mail;Nature\nAlpha;SARL;732 829 320;1 234,56;a@alpha.fr;Société\n"


def test_companies_with_amounts(world: People) -> None:
    more = "Bêta;SAS;44306184100047;1\u202f000\u00a0000,00 €;;PM\nGamma;SCI;123456789;;;\nDelta;SA;732829320;;;PM\n"
    row = imp.imported(world, COMPANY + more)
    assert imp.tally(row) == (2, 0, 1, 1), imp.reasons(world, row.id)
    alpha, beta = (imp.contacts(world)[name] for name in ("Alpha", "Bêta"))
    assert (alpha.siren, alpha.capital, alpha.kind) == ("732829320", Decimal("1234.56"), "PERSONNE_MORALE")
    assert (beta.siren, beta.capital) == ("443061841", Decimal(1_000_000))
    assert "SIREN" in imp.reasons(world, row.id)[4]
    assert imp.reasons(world, row.id)[5] == "répète la ligne 2\u202f: même SIREN"


OUTLOOK_FR = (
    "Titre,Prénom,Deuxième prénom,Nom,Société,Titre du poste,Rue (domicile),Ville (domicile),Code postal (domicile),"
    "Pays/Région (domicile),Téléphone (bureau),Téléphone (domicile),Tél. mobile,Anniversaire,Adresse de messagerie,Notes\n"
    'M.,Jean,Marie,Durand,ACME,Directeur,"12, rue A",Nantes,44000,France,02 40 11 22 33,,06 12 34 56 78,14/3/1968,jean@ex.fr,x\n'
)
OUTLOOK_EN = (
    "Title,First Name,Middle Name,Last Name,Company,Job Title,Home Street,Home City,Home Postal Code,Home Country/Region,"
    "Business Phone,Home Phone,Mobile Phone,Birthday,E-mail Address,Notes\n"
    'Mr.,Jean,Marie,Durand,ACME,Directeur,"12, rue A",Nantes,44000,France,02 40 11 22 33,,06 12 34 56 78,3/14/1968,jean@ex.fr,x\n'
    "Mrs.,Anne,,Martin,,,,,,,,,,5/20/1970,,\n"
)
GOOGLE = (
    "First Name,Middle Name,Last Name,Organization Name,Organization Title,Birthday,Notes,Labels,E-mail 1 - Label,"
    "E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value,Address 1 - Street,Address 1 - City,Address 1 - Postal Code,"
    "Address 1 - Country\n"
    'Jean,Marie,Durand,ACME,Directeur,1968-03-14,x,* myContacts,* Home,jean@ex.fr ::: j2@ex.fr,Mobile,+33 6 12 34 56 78,'
    '"12, rue A",'
    "Nantes,44000,France\n"
)
CARD = (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Durand;Jean;Marie;M.;\r\nFN:Jean Durand\r\nORG:ACME\r\nTITLE:Directeur\r\n"
    "TEL;type=CELL:06 12 34 56 78\r\nEMAIL;type=HOME:jean@ex.fr\r\nADR;type=HOME:;;12\\, rue A;Nantes;;44000;France\r\n"
    "BDAY:1968-03-14\r\nNOTE:x\r\nEND:VCARD\r\n"
)


@pytest.mark.parametrize(
    ("data", "name", "source"),
    [(OUTLOOK_FR.encode("cp1252"), "o.csv", "Outlook"), (OUTLOOK_EN.encode(), "o.csv", "Outlook"),
     (GOOGLE.encode(), "g.csv", "Google Contacts"), (CARD.encode(), "c.vcf", "Cartes de visite (vCard)")],
    ids=["outlook fr", "outlook en", "google", "vcard"],
)  # fmt: skip
def test_address_books_are_recognised_by_their_heads(world: People, data: bytes, name: str, source: str) -> None:
    row = imp.imported(world, data, name=name)
    assert row.tally["create"] >= 1, imp.reasons(world, row.id)
    found = imp.contacts(world)["Durand Jean Marie"]
    assert (found.birth_date, found.email, found.city) == (date(1968, 3, 14), "jean@ex.fr", "Nantes")
    assert (found.employer, found.profession, found.remarks) == ("ACME", "Directeur", "x")
    assert row.source == source
    with db.session(world.cabinet_id, write=False) as session:
        assert "+33612345678" in set(session.scalars(select(ContactPhone.number)))


TWICE = (
    "Nom;Prénom;Date de naissance;E-mail;Téléphone\nDurand;Jean;14/03/1968;;\nMartin;Luc;;luc@ex.fr;\nPetit;Zoé;;;0612345678\n"
    "Seul;Nom;;;\n"
)


def test_the_same_file_again_adds_nothing(world: People) -> None:
    for rules in ({}, {"known": "update"}, {"known": "update", "fill": "all"}, {"near": "create"}):
        row = imp.imported(world, TWICE, rules)
        assert imp.count(world) == 4
    assert imp.tally(row) == (0, 0, 4, 0)


def test_a_file_that_repeats_itself_makes_one(world: People) -> None:
    row = imp.imported(world, TWICE + "DURAND;jean;1968-03-14;;\nAutre;Paul;;luc@ex.fr;\n")
    assert imp.tally(row) == (4, 0, 2, 0)
    assert imp.reasons(world, row.id) == {
        6: "répète la ligne 2\u202f: même nom et même date de naissance", 7: "répète la ligne 3\u202f: même adresse e-mail",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("rules", "made"),
    [({}, (0, 0, 2, 0)), ({"near": "create"}, (1, 0, 1, 0)), ({"known": "create", "near": "create"}, (2, 0, 0, 0)),
     ({"known": "create"}, (1, 0, 1, 0))],
)  # fmt: skip
def test_what_is_known_is_the_persons_choice(world: People, rules: dict[str, str], made: tuple[int, int, int, int]) -> None:
    """Never a silent merge: skipped, completed, or created in spite of it. A shared e-mail is not an identity."""
    imp.imported(world, "Nom;Prénom;E-mail\nDurand;Jean;d@ex.fr\n")
    assert imp.tally(imp.imported(world, "Nom;Prénom;E-mail\nDurand;Jean;d@ex.fr\nDurand;Jeanne;d@ex.fr\n", rules)) == made
    assert imp.count(world) == 1 + made[0]


def test_an_update_completes_and_replaces_only_when_told(world: People) -> None:
    imp.imported(world, "Nom;Prénom;E-mail;Profession\nDurand;Jean;d@ex.fr;Notaire\n")
    fresh = "Nom;Prénom;E-mail;Profession;Téléphone;Note\nDurand;Jean;d@ex.fr;Avocat;0612345678;x\n"
    assert imp.tally(imp.imported(world, fresh, {"known": "update"})) == (0, 1, 0, 0)
    found = imp.contacts(world)["Durand Jean"]
    assert (found.profession, found.phone, found.remarks) == ("Notaire", "+33612345678", "x")
    over = imp.imported(world, fresh, {"known": "update", "fill": "all"})
    assert imp.tally(over) == (0, 1, 0, 0)
    assert imp.contacts(world)["Durand Jean"].profession == "Avocat"
    imp.undone(world, over.id)
    assert imp.contacts(world)["Durand Jean"].profession == "Notaire"


def test_what_one_may_not_see_is_not_told(world: People) -> None:
    """domain.md §3.6: a colleague's client is no duplicate that one hears of; his code is taken all the same."""
    imp.imported(world, "Nom;Prénom;E-mail;Code dossier\nDurand;Jean;d@ex.fr;X-1\n", by=world.other)
    row = imp.imported(world, "Nom;Prénom;E-mail;Code dossier\nDurand;Jean;d@ex.fr;\nMartin;Luc;;X-1\n")
    assert imp.tally(row) == (1, 0, 0, 1)
    assert "déjà pris" in imp.reasons(world, row.id)[3]
    with pytest.raises(NotFound), db.session(world.cabinet_id) as session:
        services.get(session, person(session, world.other), row.id)


def test_a_mapping_is_remembered_by_its_heads(world: People) -> None:
    data = "Col1;Col2;Col3\nDurand;Jean;x\n"
    first = imp.received(world, data)
    imp.checked(world, first, {"known": "update", "stage": "CLIENT"}, {"birth_name": 0, "first_names": 1})
    imp.begun(world, first)
    imp.carried(world, first)
    assert imp.contacts(world)["Durand Jean"].stage == "CLIENT"
    again = imp.found(world, imp.received(world, "Col3;Col2;Col1\nx;Luc;Martin\n", "autre.csv"))
    assert again.settings["mapping"] == {"birth_name": 2, "first_names": 1}
    assert again.settings["rules"] == {"known": "update", "stage": "CLIENT"}
    assert again.source == "essai"


class Killed(BaseException):
    """The process is gone."""


@pytest.mark.parametrize("point", ["import:batch", "import:committed", "commit:before", "commit:after"])
def test_killed_in_the_middle_it_is_finished_and_nothing_is_there_twice(
    world: People, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    monkeypatch.setattr(work, "BATCH", 3)
    lines = "".join(f"Nom{number};Jean;;n{number}@ex.fr;;;;;;;\n" for number in range(10)) + "Bad;;;;;;;;;;\n"
    import_id = imp.received(world, f"{HEADS}\n{lines}")
    imp.checked(world, import_id)
    imp.begun(world, import_id)
    deaths = 0
    while imp.found(world, import_id).state == "running":
        passed = []

        def die(name: str, passed: list[str] = passed) -> None:
            if threading.current_thread() is not threading.main_thread():
                return  # whoever notes hooks' times commits too, when it comes to it
            passed.append(name)
            if name == point and passed.count(point) == 2:
                raise Killed

        monkeypatch.setattr(faults, "point", die)
        try:
            imp.carried(world, import_id)
        except Killed:
            deaths += 1
        monkeypatch.setattr(faults, "point", lambda _name: None)
        row = imp.found(world, import_id)
        # nothing half: as many contacts as lines that say so, and the place after them
        assert imp.count(world) == row.tally.get("create", 0) == len([1 for n in range(row.position) if n < 10])
    assert deaths
    assert imp.tally(imp.found(world, import_id)) == (10, 0, 0, 1)
    assert imp.count(world) == 10


def test_stopped_resumed_and_undone(world: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "BATCH", 2)
    before = sums(world)
    import_id = imp.received(world, HEADS + "\n" + "".join(f"Nom{n};Jean;;;;;;;;;\n" for n in range(5)))
    imp.checked(world, import_id)
    imp.begun(world, import_id)
    batch = work._write

    def then_stop(session: Any, row: Any, *more: Any) -> None:
        batch(session, row, *more)
        row.stop = True

    monkeypatch.setattr(work, "_write", then_stop)
    assert imp.carried(world, import_id).state == "cancelled"
    monkeypatch.setattr(work, "_write", batch)
    assert (imp.count(world), imp.found(world, import_id).position) == (2, 2)
    imp.begun(world, import_id)
    assert imp.carried(world, import_id).state == "done"
    assert imp.tally(imp.found(world, import_id)) == (5, 0, 0, 0)
    assert imp.undone(world, import_id).state == "undone"
    assert sums(world) == before


def sums(people: People) -> list[int]:
    """Counts of all tables that an import of contacts writes, but the journal and the variants of words."""
    with db.session(people.cabinet_id, write=False) as session:
        tables = (Contact, ContactAdviser, ContactEmail, ContactPhone, ContactAddress, SearchWord)
        return [session.scalar(select(func.count()).select_from(one)) or 0 for one in tables]


def test_undoing_keeps_what_was_touched_since_and_tells_it(world: People) -> None:
    row = imp.imported(world, f"{HEADS}\n{line(world)}\nUn;Changé;;;;;;;;;\nUn;Foyer;;;;;;;;;\nUn;Joint;;;;;;;;;\n")
    found = imp.contacts(world)
    with db.session(world.cabinet_id) as session:
        contact_services.update(session, "cli", found["Un Changé"].id, {"profession": "Notaire"})
        household = contact_services.create(session, "cli", NewContact(kind="FOYER", display_name="Famille Un"))
        contact_services.join_household(session, "cli", household, found["Un Foyer"].id)
        channels.add(session, "cli", found["Un Joint"].id, "email", {"usage": "AUTRE", "email": "j@ex.fr"})
    undone = imp.undone(world, row.id)
    assert undone.tally["kept"] == 3
    assert set(imp.contacts(world)) == {"Un Changé", "Un Foyer", "Un Joint", "Famille Un"}
    with db.session(world.cabinet_id, write=False) as session:
        assert [one.number for one in services.kept(session, row.id)] == [3, 4, 5]
        assert "foyer" in services.kept(session, row.id)[1].why
        audit_proof.verify(session)
    with pytest.raises(Conflict), db.session(world.cabinet_id) as session:
        services.undo(session, person(session, world.adviser), row.id)


def test_an_update_undone_keeps_the_fields_that_a_person_changed(world: People) -> None:
    imp.imported(world, "Nom;Prénom;E-mail\nDurand;Jean;d@ex.fr\n")
    fresh = "Nom;Prénom;E-mail;Profession;Note;Téléphone\nDurand;Jean;d@ex.fr;Avocat;x;0612345678\n"
    row = imp.imported(world, fresh, {"known": "update"})
    ref = imp.contacts(world)["Durand Jean"].id
    with db.session(world.cabinet_id) as session:
        contact_services.update(session, "cli", ref, {"profession": "Juge"})
    imp.undone(world, row.id)
    found = imp.contacts(world)["Durand Jean"]
    assert (found.profession, found.remarks, found.phone) == ("Juge", None, None)
    with db.session(world.cabinet_id, write=False) as session:
        assert "profession" in services.kept(session, row.id)[0].why


def test_the_report_has_each_line_as_it_came_and_why(world: People) -> None:
    """A cell that a spreadsheet would take for a formula is exported inert."""
    row = imp.imported(world, "Nom;Prénom;Note\nDurand;;=1+1\nMartin;Luc;=cmd\nMartin;Luc;@x\n")
    with db.session(world.cabinet_id, write=False) as session, report.written(session, imp.found(world, row.id)) as file:
        lines = file.read().decode("utf-8-sig").splitlines()
    assert lines[0] == "Ligne;Résultat;Motif;Nom;Prénom;Note"
    assert lines[1].endswith("prénom.;Durand;;'=1+1")
    assert lines[2].startswith("4;Ignorée;")
    assert lines[2].endswith(";Martin;Luc;'@x")
    assert imp.contacts(world)["Martin Luc"].remarks == "=cmd"


def test_the_file_is_let_go_after_its_time(world: People, monkeypatch: pytest.MonkeyPatch) -> None:
    row = imp.imported(world, f"{HEADS}\n{line(world)}\nBad;;;;;;;;;;\n")
    with db.session(world.cabinet_id) as session:
        assert len(services.purge(session)) == 2
        session.get_one(type(row), (world.cabinet_id, row.id)).kept_until = row.created_at
        assert services.purge(session) == set()
    with db.session(world.cabinet_id, write=False) as session, report.written(session, imp.found(world, row.id)) as file:
        assert file.read().decode("utf-8-sig").splitlines()[1].startswith("3;En erreur;")


def test_who_has_left_or_lost_the_right_imports_no_more(world: People) -> None:
    import_id = imp.received(world, f"{HEADS}\n{line(world)}\n")
    imp.checked(world, import_id)
    imp.begun(world, import_id)
    with db.session(world.cabinet_id) as session:
        cabinets.set_profile(session, world.adviser, "LECTEUR", actor="cli")
    row = imp.carried(world, import_id)
    assert (row.state, imp.count(world)) == ("failed", 0)
    assert "profil" in row.trouble
    with pytest.raises(Forbidden), db.session(world.cabinet_id) as session:
        targets.find("contacts", ["contacts"], person(session, world.adviser))
