"""AC-02: files of contacts: all faults of a line, categories and labels, what merges do to an undoing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import count
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func
from sqlalchemy import select

from core.app import create_app
from core.cabinets.models import AuditEntry
from core.config import Config
from core.contacts import categories
from core.contacts import labels
from core.contacts import merging
from core.contacts import services as contact_services
from core.contacts.models import Contact
from core.contacts.own_models import ContactCategory
from core.contacts.own_models import ContactLabel
from core.contacts.own_models import ContactLabelling
from core.contacts.schemas import NewContact
from core.db.errors import DomainError
from core.extensions import db
from core.imports import services
from core.imports.models import ImportLine
from tests import databases
from tests.conftest import People
from tests.conftest import add_people
from tests.conftest import make_config
from tests.core.imports import importers as imp
from tests.usual import adopt

HEADS = "Nom;Prénom;Date de naissance;E-mail;Catégorie;Étiquettes"
PLACES = {"ticks": ["places"]}
_numbers = count()


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
    """«Clients › Patrimoniaux», «Retraités» under two categories; the label «VIP»."""
    application, config = house
    adopt(application, config)
    people = add_people(application.extensions["encours_hub"], f"reprise-{next(_numbers)}")
    with db.session(people.cabinet_id) as session:
        clients = categories.add(session, "cli", {"name": "Clients", "is_default": True})
        others = categories.add(session, "cli", {"name": "Autres"})
        for name, parent in (("Patrimoniaux", clients), ("Retraités", clients), ("Retraités", others)):
            categories.add(session, "cli", {"name": name, "parent_id": parent})
        labels.add(session, "cli", {"name": "VIP", "color": "info"})
    return people


def placed(people: People, name: str) -> tuple[str | None, tuple[str, ...]]:
    """A contact's category and labels, by name."""
    contact = imp.contacts(people)[name]
    with db.session(people.cabinet_id, write=False) as session:
        borne = labels.of_contacts(session, [contact.id]).get(contact.id, ())
        return categories.path_of(session, contact.category_id), tuple(one.name for one in borne)


def told(people: People, import_id: str) -> list[tuple[str, str]]:
    """What the check shows of each line: its name, its reason."""
    row = imp.found(people, import_id)
    return [(one["name"], one["why"]) for one in row.tally["shown"]]


def test_all_faults_of_a_line_are_told_at_once_under_its_name(world: People) -> None:
    heads = "Nom;Prénom;Date de naissance;E-mail;Téléphone;Code postal;Ville;Conseiller;SIREN;Étiquettes"
    import_id = imp.received(world, f"{heads}\nDurand;;31/02/1999;pas-une-adresse;12;440;Nantes;Personne;1234;Rare\n;;;;;;;;;\n")
    imp.checked(world, import_id)
    [(name, why)] = told(world, import_id)
    assert name == "Durand"
    for said in ("calendrier", "prénom", "e-mail complète", "téléphone", "5 chiffres", "collaborateur", "SIREN", "étiquette"):
        assert said in why, (said, why)
    assert why.count("Date de naissance") == 1  # what could not be read is not told to be missing besides
    page = imp.found(world, import_id).tally["shown"][0]["values"]
    assert ["Nom", "Durand"] in page


def test_a_line_in_error_is_no_earlier_line_of_another(world: People) -> None:
    """A good line that repeats a bad one is created: the bad one never was."""
    row = imp.imported(world, f"{HEADS}\nDurand;Jean;31/02/1999;jean@ex.fr;;\nDurand;Jean;;jean@ex.fr;;\n")
    assert imp.tally(row) == (1, 0, 0, 1)


@pytest.mark.parametrize("name", ["clients.xlsx", "CLIENTS.XLSX"])
def test_text_called_a_workbook_is_told_to_be_none(name: str) -> None:
    with pytest.raises(DomainError, match="n'est pas un classeur Excel"):
        services.opened(name, "Nom;Prénom\n".encode())
    assert services.opened("clients.csv", b"Nom;Prenom\nA;B\n").table.count == 1


def test_categories_and_labels_are_found_however_they_are_written(world: People) -> None:
    text = (
        f"{HEADS}\nUn;Jean;;;clients / patrimoniaux;vip\nDeux;Jean;;;Patrimoniaux;\n"
        "Trois;Jean;;;Clients > Retraités;\nQuatre;Jean;;;;\n"
    )
    assert imp.tally(imp.imported(world, text)) == (4, 0, 0, 0)
    assert placed(world, "Un Jean") == ("Clients › Patrimoniaux", ("VIP",))
    assert placed(world, "Deux Jean") == ("Clients › Patrimoniaux", ())
    assert placed(world, "Trois Jean")[0] == "Clients › Retraités"
    assert placed(world, "Quatre Jean")[0] == "Clients"  # the one that new contacts get
    contact = imp.contacts(world)["Un Jean"]
    with db.session(world.cabinet_id, write=False) as session:
        actions = set(session.scalars(select(AuditEntry.action).where(AuditEntry.subject == f"contact:{contact.id}")))
    assert {"contact.categorised", "contact.labelled"} <= actions


@pytest.mark.parametrize(
    ("cells", "said"),
    [("Inconnue;", "n'est pas une catégorie"), (";Rare", "n'est pas une étiquette"), ("Retraités;", "n'est pas une catégorie"),
     ("Inconnue;Rare", "n'est pas une catégorie")],
)  # fmt: skip
def test_what_the_cabinet_has_not_is_a_fault_of_the_line(world: People, cells: str, said: str) -> None:
    """«Retraités» is two: a name that tells nothing is none."""
    row = imp.imported(world, f"{HEADS}\nUn;Jean;;;{cells}\nDeux;Jean;;;;\n")
    assert imp.tally(row) == (1, 0, 0, 1)
    assert said in imp.reasons(world, row.id)[2]


def test_or_it_is_made_where_an_administrator_asks_for_it(world: People) -> None:
    text = f"{HEADS}\nUn;Jean;;;Clients › Nouveaux;\"VIP; Rare, Chasse\"\nDeux;Jean;;;Neuve › Fine;Rare\n"
    row = imp.imported(world, text, PLACES)
    assert imp.tally(row) == (0, 0, 0, 2)
    assert "Seul un administrateur" in imp.reasons(world, row.id)[2]
    row = imp.imported(world, text, PLACES, by=world.administrator)
    assert imp.tally(row) == (2, 0, 0, 0), imp.reasons(world, row.id)
    assert placed(world, "Un Jean") == ("Clients › Nouveaux", ("VIP", "Rare", "Chasse"))
    assert placed(world, "Deux Jean") == ("Neuve › Fine", ("Rare",))
    with db.session(world.cabinet_id, write=False) as session:
        counts = [session.scalar(select(func.count(one.id))) for one in (ContactLabel, ContactCategory)]
    assert counts == [3, 8]


def test_an_update_adds_labels_and_moves_only_where_one_replaces(world: People) -> None:
    imp.imported(world, f"{HEADS}\nUn;Jean;;un@ex.fr;Patrimoniaux;\n")
    text = f"{HEADS}\nUn;Jean;;un@ex.fr;Autres;VIP\n"
    row = imp.imported(world, text, {"known": "update"})
    assert imp.tally(row) == (0, 1, 0, 0)
    assert placed(world, "Un Jean") == ("Clients › Patrimoniaux", ("VIP",))
    second = imp.imported(world, text, {"known": "update", "fill": "all"})
    assert placed(world, "Un Jean") == ("Autres", ("VIP",))
    assert imp.tally(imp.imported(world, text, {"known": "update", "fill": "all"})) == (0, 0, 1, 0)
    imp.undone(world, second.id)
    assert placed(world, "Un Jean") == ("Clients › Patrimoniaux", ("VIP",))
    imp.undone(world, row.id)
    assert placed(world, "Un Jean") == ("Clients › Patrimoniaux", ())


def test_undone_a_new_contact_goes_with_its_labels(world: People) -> None:
    row = imp.imported(world, f"{HEADS}\nUn;Jean;;;Patrimoniaux;VIP\n")
    assert imp.undone(world, row.id).tally["kept"] == 0
    with db.session(world.cabinet_id, write=False) as session:
        assert session.scalar(select(func.count(ContactLabelling.id))) == 0
    assert imp.count(world) == 0


def kept(people: People, import_id: str) -> list[str]:
    with db.session(people.cabinet_id, write=False) as session:
        return [one.why for one in services.kept(session, import_id)]


def made(people: People, **more: Any) -> str:
    with db.session(people.cabinet_id) as session:
        return contact_services.create(session, "cli", NewContact("PERSONNE_PHYSIQUE", "CLIENT", **more))


def merged(people: People, into: str, gone: str) -> str:
    with db.session(people.cabinet_id) as session:
        both = merging.compare(session, "cli", into, gone)
        return merging.merge(session, "cli", into, gone, {one.name: "kept" for one in both.undecided}).id


def test_a_created_contact_that_was_merged_since_stays_merged(world: People) -> None:
    """The line keeps the id that it wrote: neither the kept file nor anything of it is undone."""
    row = imp.imported(world, f"{HEADS}\nDurand;Jean;14/03/1968;jean@ex.fr;;\n")
    there = made(world, birth_name="Durand", first_names="Jean", birth_date=date(1968, 3, 14), profession="Notaire")
    merge = merged(world, there, imp.contacts_by_email(world)["jean@ex.fr"])
    with db.session(world.cabinet_id, write=False) as session:
        ref = session.scalars(select(ImportLine.ref)).one()
    assert ref != there
    assert imp.undone(world, row.id).tally["kept"] == 1
    assert "fusionné depuis dans «\u202fDurand Jean\u202f»" in kept(world, row.id)[0]
    assert imp.count(world) == 1
    with db.session(world.cabinet_id) as session:
        merging.undo(session, "cli", merge)
    assert imp.count(world) == 2


def test_a_contact_of_the_import_into_which_another_was_merged_is_kept(world: People) -> None:
    row = imp.imported(world, f"{HEADS}\nDurand;Jean;14/03/1968;jean@ex.fr;;\n")
    merged(world, imp.contacts(world)["Durand Jean"].id, made(world, birth_name="Durand", first_names="Jean"))
    assert imp.undone(world, row.id).tally["kept"] == 1
    assert imp.count(world) == 1


def test_fields_of_a_file_that_took_another_in_are_left_alone(world: People) -> None:
    """What the import wrote may be the other's by now: «Notaire» is both files' word."""
    there = made(world, birth_name="Durand", first_names="Jean", email="jean@ex.fr")
    with db.session(world.cabinet_id) as session:
        contact_services.follow(session, "cli", there, world.adviser)
    text = "Nom;Prénom;E-mail;Profession\nDurand;Jean;jean@ex.fr;Notaire\n"
    row = imp.imported(world, text, {"known": "update"})
    assert imp.tally(row) == (0, 1, 0, 0)
    merge = merged(world, there, made(world, birth_name="Durand", first_names="Jean", profession="Notaire"))
    imp.undone(world, row.id)
    assert imp.contacts(world)["Durand Jean"].profession == "Notaire"
    assert "y a été fusionné depuis" in kept(world, row.id)[0]
    with db.session(world.cabinet_id) as session:
        merging.undo(session, "cli", merge)
        assert session.scalars(select(Contact.profession).where(Contact.id == there)).one() == "Notaire"


def test_once_the_merge_is_undone_so_may_the_import_be(world: People) -> None:
    there = made(world, birth_name="Durand", first_names="Jean", email="jean@ex.fr")
    with db.session(world.cabinet_id) as session:
        contact_services.follow(session, "cli", there, world.adviser)
    row = imp.imported(world, "Nom;Prénom;E-mail;Profession\nDurand;Jean;jean@ex.fr;Notaire\n", {"known": "update"})
    merge = merged(world, made(world, birth_name="Durand", first_names="Jean", birth_date=date(1968, 3, 14)), there)
    with db.session(world.cabinet_id) as session:
        merging.undo(session, "cli", merge)
    assert imp.undone(world, row.id).tally["kept"] == 0
    with db.session(world.cabinet_id, write=False) as session:
        assert session.scalars(select(Contact.profession).where(Contact.id == there)).one() is None
