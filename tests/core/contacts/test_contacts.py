"""Contacts: who is seen, found, written (domain.md §2.1, ux.md §2.2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from datetime import date
from datetime import datetime

import pytest
from sqlalchemy import select

from core.cabinets.models import AuditEntry
from core.contacts import codes
from core.contacts import services as contacts
from core.contacts.schemas import NewContact
from core.contacts.schemas import checked
from core.contacts.schemas import file_frame
from core.db.clock import now
from core.db.clock import shifted
from core.db.errors import Conflict
from core.db.errors import DomainError
from core.db.errors import Forbidden
from core.db.errors import NotFound
from core.hooks.types import ContactSection
from tests.core.accounts.book import Book
from tests.core.accounts.book import Counter
from tests.core.accounts.book import listed
from tests.core.accounts.book import person


def test_one_sees_those_one_follows(book: Book) -> None:
    """CT-01, domain.md §3.6 lines 17 and 18: others, and other cabinets' people, do not exist."""
    with book.db.session(1) as session:
        assert contacts.get_contact(session, book.marc, book.jeanne).name == "Durand Jeanne"
        with pytest.raises(NotFound):
            contacts.get_contact(session, book.marc, book.paul)
        assert [line.name for line in listed(session, book.marc).items] == ["Durand Jeanne", "Famille Durand"]
        assert listed(session, book.boss).total == 3
        nobody = replace(book.boss, permissions=frozenset())
        assert listed(session, nobody).total == 0
    with book.db.session(2) as session:
        assert [line.name for line in listed(session, book.stranger).items] == ["Étranger Jeanne"]
        with pytest.raises(NotFound):
            contacts.get_contact(session, book.stranger, book.jeanne)


@pytest.mark.parametrize(
    ("search", "names"),
    [
        ("dur", ["Durand Jeanne", "Durand Paul", "Famille Durand"]),
        ("JEANNE  dur", ["Durand Jeanne"]),
        ("etrang", []),
        ("urand", []),
        ("d-00002", ["Durand Paul"]),
        ("%", ["Durand Jeanne", "Durand Paul", "Famille Durand"]),
        ("dur_nd", []),
    ],
)
def test_the_search_folds_and_starts_words(book: Book, search: str, names: list[str]) -> None:
    """ux.md §2.2: accents and case do not count; each word starts a word; wildcards are plain characters."""
    with book.db.session(1) as session:
        assert [line.name for line in listed(session, book.boss, search=search).items] == names


def test_filters(book: Book) -> None:
    """ux.md §2.2: kind, stage, adviser."""
    with book.db.session(1) as session:
        contacts.update(session, "cli", book.paul, {"stage": "ANCIEN_CLIENT"})

        def names(**asked: str) -> list[str]:
            return [line.name for line in listed(session, book.boss, **asked).items]  # type: ignore[arg-type]

        assert names(stage="ANCIEN_CLIENT") == ["Durand Paul"] == names(follower=book.claire.user_id)
        assert names(kind="FOYER") == ["Famille Durand"]
        assert [one.name for one in contacts.followers(session, book.boss)] == ["Claire Rivière", "Marc Diallo"]
        assert [one.name for one in contacts.followers(session, book.marc)] == ["Marc Diallo"]


def test_a_page_costs_two_queries(book: Book, statements: Counter) -> None:
    """performance.md, lists: no query a row; a page too far is the last."""
    with book.db.session(1) as session:
        for number in range(30):
            person(session, book.marc, f"Nom {number:02d}")
        statements.clear()
        page = listed(session, book.marc, size=20, number=99)
        assert (len(statements), page.number, page.pages, page.total, len(page.items)) == (2, 2, 2, 32, 12)
        assert page.items[-1].followers[0].initials == "MD"


def test_a_household_names_members_that_one_may_see(book: Book) -> None:
    """domain.md §2.1: a household groups people; a member whom one does not follow stays unseen."""
    with book.db.session(1) as session:
        seen = contacts.get_contact(session, book.marc, book.household)
        assert [tie.name for tie in seen.members] == ["Durand Jeanne"]
        every = contacts.get_contact(session, book.boss, book.household)
        assert [tie.name for tie in every.members] == ["Durand Jeanne", "Durand Paul"]
        assert [tie.id for tie in contacts.get_contact(session, book.marc, book.jeanne).households] == [book.household]
        with pytest.raises(DomainError):
            contacts.join_household(session, "cli", book.jeanne, book.paul)
        with pytest.raises(DomainError):
            contacts.join_household(session, "cli", book.household, book.household)
        contacts.leave_household(session, "cli", book.household, book.paul)
        with pytest.raises(NotFound):
            contacts.leave_household(session, "cli", book.household, book.paul)


PERSON = NewContact("PERSONNE_PHYSIQUE", birth_name="Picard", first_names="Émile")
COMPANY = NewContact("PERSONNE_MORALE", company_name="Ateliers Le Goff")


@pytest.mark.parametrize(
    "data",
    [
        replace(PERSON, first_names=" "),
        replace(PERSON, birth_name=None),
        replace(PERSON, kind="ROBOT"),
        replace(PERSON, stage="AMI"),
        replace(PERSON, situation="COMPLIQUE"),
        replace(PERSON, vital="DECEDE"),
        replace(PERSON, death_date=date(2020, 1, 1)),
        replace(PERSON, vital="DECEDE", death_date=date(1990, 1, 1), birth_date=date(1991, 1, 1)),
        replace(PERSON, birth_date=date(2999, 1, 1)),
        replace(PERSON, protection="MINEUR", birth_date=date(1980, 1, 1)),
        replace(PERSON, siren="732829320"),
        replace(PERSON, email="emile"),
        replace(PERSON, phone="appeler le soir"),
        replace(COMPANY, siren="732829321"),
        replace(COMPANY, company_name=""),
        replace(COMPANY, protection="TUTELLE"),
        NewContact("FOYER"),
    ],
)
def test_what_the_rules_refuse(book: Book, data: NewContact) -> None:
    """domain.md §2.1: fields of persons and companies, death with its date, SIREN with its key."""
    with book.db.session(1) as session, pytest.raises(DomainError):
        contacts.create(session, "cli", data)


def test_what_is_made_on_creation(book: Book) -> None:
    """domain.md §1.1, §2.1: name, code, telephone; the creator becomes principal adviser; journalled."""
    with book.db.session(1) as session:
        key = contacts.create(session, book.marc, replace(PERSON, phone="06.12.44 08-19", birth_date=date(2010, 3, 2)))
        card = contacts.get_contact(session, book.marc, key)
        assert (card.name, card.line.file_code, card.line.phone) == ("Picard Émile", "D-00004", "+33612440819")
        assert [(one.name, one.role_label) for one in card.line.followers] == [("Marc Diallo", "Conseiller principal")]
        assert (card.age(date(2026, 3, 1)), card.age(date(2026, 3, 2))) == (15, 16)
        firm = contacts.create(session, "cli", replace(COMPANY, siren="732 829 320"))
        assert contacts.get_contact(session, book.boss, firm).siren == "732829320"
        last = list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq)))[-3:]
        assert last == ["contact.added", "contact.followed", "contact.added"]
        with pytest.raises(Conflict):
            contacts.create(session, "cli", replace(PERSON, file_code="d-00004"))


def test_numbers_go_on_from_the_highest(book: Book) -> None:
    """domain.md §1.1: six figures after five; a code of another form, or one typed lower, changes nothing."""
    with book.db.session(1) as session:
        made = []
        for typed in ("D-00077", "D-12", "E-99999", "D-ABCDE", "D-9999²", "D-99999", "D-00078"):
            contacts.create(session, "cli", replace(PERSON, file_code=typed))
            made.append(codes.made(codes.next_number(session)))
        assert made == ["D-00078", "D-00078", "D-00078", "D-00078", "D-00078", "D-100000", "D-100000"]
        contacts.create(session, "cli", replace(PERSON, file_code="D-1000000"))
        key = contacts.create(session, "cli", PERSON)
        assert contacts.get_contact(session, book.boss, key).line.file_code == "D-1000001"


def test_majority_counts_to_the_day() -> None:
    """domain.md §3.6, line 9: born on a 29 February, one is a minor on 28 February and of age on 1 March."""
    minor = replace(PERSON, protection="MINEUR", birth_date=date(2008, 2, 29))
    with shifted(datetime(2026, 2, 28, 12, tzinfo=UTC) - now()):
        assert checked(minor).protection == "MINEUR"
    with shifted(datetime(2026, 3, 1, 12, tzinfo=UTC) - now()), pytest.raises(DomainError):
        checked(minor)


def test_a_change_makes_the_name_anew(book: Book) -> None:
    """ux.md §2.2: a name made from the others follows them; one that was typed stays."""
    with book.db.session(1) as session:
        contacts.update(session, book.marc, book.jeanne, {"usage_name": "Lefèvre"})
        assert contacts.get_contact(session, book.marc, book.jeanne).name == "Lefèvre Jeanne"
        assert listed(session, book.marc, search="lefev").total == 1
        contacts.update(session, book.marc, book.jeanne, {"display_name": "Jeannette"})
        contacts.update(session, book.marc, book.jeanne, {"first_names": "Jeanne Marie"})
        assert contacts.get_contact(session, book.marc, book.jeanne).name == "Jeannette"
        with pytest.raises(DomainError):
            contacts.update(session, book.marc, book.jeanne, {"kind": "FOYER"})
        with pytest.raises(Conflict):
            contacts.update(session, book.marc, book.jeanne, {"file_code": "D-00002"})


def test_only_those_who_may_write_do(book: Book) -> None:
    """domain.md §3.6, lines 17 and 28."""
    reader = replace(book.marc, permissions=frozenset({"contacts.view"}))
    with book.db.session(1) as session:
        with pytest.raises(Forbidden):
            contacts.update(session, reader, book.jeanne, {"city": "Nantes"})
        with pytest.raises(NotFound):
            contacts.update(session, book.claire, book.jeanne, {"city": "Nantes"})


def test_a_contact_keeps_a_principal_adviser(book: Book) -> None:
    """domain.md §1.1, «Organisation»: at least one; a replacement first."""
    with book.db.session(1) as session:
        with pytest.raises(Conflict):
            contacts.unfollow(session, "cli", book.jeanne, book.marc.user_id)
        contacts.follow(session, "cli", book.jeanne, book.claire.user_id)
        contacts.unfollow(session, "cli", book.jeanne, book.marc.user_id)
        with pytest.raises(NotFound):
            contacts.get_contact(session, book.marc, book.jeanne)
        with pytest.raises(NotFound):
            contacts.follow(session, "cli", book.jeanne, book.stranger.user_id)


@pytest.mark.parametrize(
    ("civility", "situation", "said"),
    [("MME", "MARIE", "mariée"), ("M", "VEUF", "veuf"), ("MME", "VEUF", "veuve"), (None, "MARIE", "marié(e)"),
     ("MME", "CONCUBIN", "en concubinage"), ("M", None, None)],
)  # fmt: skip
def test_a_situation_is_said_of_the_person(book: Book, civility: str | None, situation: str | None, said: str | None) -> None:
    """ux.md §2.3: the head of a file speaks French, and does not guess a civility that is not known."""
    data = NewContact("PERSONNE_PHYSIQUE", birth_name="Le Goff", first_names="élodie", civility=civility, situation=situation)
    with book.db.session(1) as session:
        key = contacts.create(session, "cli", data)
        contacts.follow(session, "cli", key, book.marc.user_id)
        found = contacts.get_contact(session, book.marc, key)
    assert (found.situation_said, found.initials) == (said, "ÉL")


def test_the_file_shows_rubrics_that_have_a_page() -> None:
    """ux.md §2.3: rubrics in their order, pages by weight, those that one may not open left out."""
    sections = [
        ContactSection("comptes", "Comptes", "portefeuille", "x", weight=20),
        ContactSection("general", "Général", "dossier", "x"),
        ContactSection("secret", "Secret", "conformite", "x", permission="administration"),
        ContactSection("portefeuille", "Portefeuille", "portefeuille", "x", weight=10),
        ContactSection("divers", "Divers", "inconnue", "x"),
    ]
    frame = file_frame(sections, active="comptes", url=lambda section: f"/{section.key}", can=lambda _name: False)
    assert frame.rubrics == (
        ("Dossier", "/general", False), ("Portefeuille", "/portefeuille", True), ("Autres", "/divers", False),
    )  # fmt: skip
    assert frame.pages == (("Portefeuille", "/portefeuille", False), ("Comptes", "/comptes", True))
    assert frame.home == "/general"
