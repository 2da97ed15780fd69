"""Categories, labels, who follows, archive, stages, death, completeness of a contact's file (CT-03, DO-01)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.contacts import archive
from core.contacts import categories
from core.contacts import channels
from core.contacts import completeness
from core.contacts import history
from core.contacts import labels
from core.contacts import life
from core.contacts import services as contacts
from core.contacts import shelves
from core.contacts import team
from core.contacts.models import ContactPhone
from core.contacts.schemas import NewContact
from core.contacts.schemas import checked
from core.db.clock import today
from core.db.errors import Conflict
from core.db.errors import DomainError
from core.db.errors import Forbidden
from core.db.errors import NotFound
from core.db.session import TenantSession
from tests.core.accounts.book import Book


def lines(session: TenantSession, book: Book, field: str) -> list[tuple[str, str]]:
    """A field's history, the newest first: before, after."""
    found = history.of_contact(session, book.boss, book.jeanne, field=field)
    return [(line.before, line.after) for change in found for line in change.lines if line.name == field]


def test_categories_are_a_tree_of_two_levels(book: Book) -> None:
    """CT-03: ordered, one is that of new contacts, names are told apart; a third level and a loop are refused."""
    with book.db.session(1) as session:
        clients = categories.add(session, book.boss, {"name": "Particuliers", "is_default": True})
        retired = categories.add(session, book.boss, {"name": "Retraités", "parent_id": clients})
        firms = categories.add(session, book.boss, {"name": "Sociétés"})
        assert [one.path for one in categories.tree(session)] == ["Particuliers", "Particuliers › Retraités", "Sociétés"]
        shelves.order(session, book.boss, shelves.CATEGORIES, [firms, clients, retired])
        assert [one.name for one in categories.tree(session)] == ["Sociétés", "Particuliers", "Retraités"]
        for values in (
            {"name": "Seniors", "parent_id": retired}, {"name": "particuliers"}, {"name": "retraites", "parent_id": clients},
            {"name": "x", "parent_id": "inconnu"}, {"name": " "}, {"name": "x" * 81},
        ):
            with pytest.raises(DomainError):
                categories.add(session, book.boss, values)
        for parent in (clients, firms):
            with pytest.raises(DomainError):
                categories.change(session, book.boss, clients, {"parent_id": parent})
        with pytest.raises(Forbidden):
            categories.add(session, book.marc, {"name": "À moi"})
        made = contacts.create(session, book.boss, NewContact("PERSONNE_PHYSIQUE", birth_name="Neuf", first_names="Léa"))
        assert contacts.get_contact(session, book.boss, made).category_id == clients
    with book.db.session(2) as session:
        assert categories.tree(session) == ()


def test_a_category_is_given_to_all_or_to_none(book: Book) -> None:
    """CT-03: in bulk; the former ones are what takes it back; the history of the field has each change."""
    with book.db.session(1) as session:
        one, other = (categories.add(session, book.boss, {"name": name}) for name in ("Une", "Autre"))
        with pytest.raises(NotFound):
            categories.assign(session, book.marc, [book.jeanne, book.paul], one)
        assert contacts.get_contact(session, book.boss, book.jeanne).category_id is None
        assert categories.assign(session, book.boss, [book.jeanne, book.paul], one) == {book.jeanne: None, book.paul: None}
        assert categories.assign(session, book.boss, [book.jeanne, book.paul], one) == {}
        shelves.archive(session, book.boss, shelves.CATEGORIES, other)
        with pytest.raises(DomainError):
            categories.assign(session, book.boss, [book.jeanne], other)
        shelves.restore(session, book.boss, shelves.CATEGORIES, other)
        assert categories.merge(session, book.boss, one, other) == sorted([book.jeanne, book.paul])
        assert lines(session, book, "category") == [("Une", "Autre"), ("—", "Une")]
        assert [each.name for each in categories.tree(session)] == ["Autre"]
        with pytest.raises(DomainError):
            categories.merge(session, book.boss, other, one)
        with pytest.raises(Conflict):
            shelves.remove(session, book.boss, shelves.CATEGORIES, other, used=categories.get(session, other).used)


def test_merging_a_category_keeps_the_two_levels(book: Book) -> None:
    """CT-03: its sub-categories go along; not under a sub-category, nor beside one of their name."""
    with book.db.session(1) as session:
        one, other = (categories.add(session, book.boss, {"name": name}) for name in ("Une", "Autre"))
        under = categories.add(session, book.boss, {"name": "Dessous", "parent_id": one})
        deep = categories.add(session, book.boss, {"name": "Plus bas", "parent_id": other})
        with pytest.raises(DomainError, match="premier niveau"):
            categories.merge(session, book.boss, one, deep)
        with pytest.raises(DomainError):
            categories.merge(session, book.boss, one, under)
        categories.merge(session, book.boss, one, other)
        assert [each.path for each in categories.tree(session)] == ["Autre", "Autre › Dessous", "Autre › Plus bas"]


def test_labels_are_put_on_and_taken_off(book: Book) -> None:
    """CT-03: many on a contact, all or nothing in bulk, merged, archived; a colour is one of the design's."""
    with book.db.session(1) as session:
        call, vip = (labels.add(session, book.boss, {"name": name, "color": "info"}) for name in ("À rappeler", "VIP"))
        for values in ({"name": "a rappeler"}, {"name": "x", "color": "#ff0000"}, {"name": ""}):
            with pytest.raises(DomainError):
                labels.add(session, book.boss, values)
        with pytest.raises(NotFound):
            labels.put(session, book.marc, [book.jeanne, book.paul], add=[call])
        assert labels.of_contacts(session, [book.jeanne]) == {}
        assert set(labels.put(session, book.boss, [book.jeanne, book.paul], add=[call])) == {book.jeanne, book.paul}
        assert labels.put(session, book.boss, [book.jeanne, book.paul], add=[vip], remove=[call])[book.jeanne] == [call]
        assert [one.name for one in labels.of_contacts(session, [book.jeanne])[book.jeanne]] == ["VIP"]
        assert lines(session, book, "labels") == [("À rappeler", "VIP"), ("—", "À rappeler")]
        labels.put(session, book.boss, [book.jeanne], add=[call])
        assert sorted(labels.merge(session, book.boss, vip, call)) == sorted([book.jeanne, book.paul])
        assert [one.name for one in labels.of_contacts(session, [book.jeanne])[book.jeanne]] == ["À rappeler"]
        assert [one.name for one in labels.of_contacts(session, [book.paul])[book.paul]] == ["À rappeler"]
        assert [(one.name, one.used) for one in labels.every(session, counted=True)] == [("À rappeler", 2)]
        with pytest.raises(DomainError):
            labels.put(session, book.boss, [book.jeanne], add=[vip])


def test_who_follows_is_written_at_once(book: Book) -> None:
    """CT-03: principal, seconds, assistants; one role each, a principal always; all in the history with their names."""
    with book.db.session(1) as session:
        assert team.write(session, book.boss, book.jeanne, book.claire.user_id, [book.marc.user_id], [book.boss.user_id])
        card = contacts.get_contact(session, book.boss, book.jeanne)
        assert [(one.name, one.role) for one in card.line.followers] == [
            (book.claire.name, "PRINCIPAL"), (book.marc.name, "SECONDAIRE"), (book.boss.name, "ASSISTANT"),
        ]  # fmt: skip
        assert not team.write(session, book.boss, book.jeanne, book.claire.user_id, [book.marc.user_id], [book.boss.user_id])
        assert ("—", f"{book.claire.name}, conseiller principal") in lines(session, book, "followers")
        for principal, seconds, field in (
            (book.claire.user_id, [book.claire.user_id], "secondaries"), ("", [], "principal"), ("inconnu", [], "principal"),
            (book.claire.user_id, [book.stranger.user_id], "secondaries"),
        ):
            with pytest.raises(DomainError) as found:
                team.write(session, book.boss, book.jeanne, principal, seconds)
            assert found.value.field == field
        assert team.write(session, book.boss, book.jeanne, book.claire.user_id)
        assert (book.marc.name, "—") in lines(session, book, "followers")
        with pytest.raises(NotFound):
            team.write(session, book.marc, book.jeanne, book.marc.user_id)


def test_a_file_is_put_away_and_taken_back(book: Book) -> None:
    """DO-01: marked in the file and in what the search finds; reversible; said in the history."""
    with book.db.session(1) as session:
        assert archive.archive(session, book.marc, book.jeanne, " Parti à l'étranger ")
        assert not archive.archive(session, book.marc, book.jeanne)
        card = contacts.get_contact(session, book.marc, book.jeanne)
        assert (card.line.archived_at is not None, card.archived_reason) == (True, "Parti à l'étranger")
        (hit,), _how = contacts.found(session, book.marc, "durand jeanne", limit=1)
        assert hit.archived_at is not None
        with pytest.raises(DomainError):
            archive.archive(session, book.boss, book.paul, "x" * 201)
        with pytest.raises(NotFound):
            archive.archive(session, book.marc, book.paul)
        assert archive.restore(session, book.marc, book.jeanne)
        assert contacts.get_contact(session, book.marc, book.jeanne).line.archived_at is None
        assert lines(session, book, "archived") == [("—", "Parti à l'étranger")]


def test_each_stage_keeps_its_day(book: Book) -> None:
    """DO-01: prospect, client, former client; today where nothing else is said, and the day that is said where it is."""
    with book.db.session(1) as session:
        long_ago = today() - timedelta(days=4000)
        data = NewContact("PERSONNE_PHYSIQUE", birth_name="Neuf", first_names="Léa", prospect_since=long_ago)
        key = contacts.create(session, book.boss, data)
        contacts.update(session, book.boss, key, {"stage": "CLIENT"})
        card = contacts.get_contact(session, book.boss, key)
        assert (card.details.prospect_since, card.since) == (long_ago, today())
        left = today() - timedelta(days=1)
        contacts.update(session, book.boss, key, {"stage": "ANCIEN_CLIENT", "former_since": left})
        card = contacts.get_contact(session, book.boss, key)
        assert (card.details.client_since, card.since) == (today(), left)
        with pytest.raises(DomainError) as found:
            contacts.update(session, book.boss, key, {"client_since": today() + timedelta(days=1)})
        assert found.value.field == "client_since"


def test_what_follows_from_a_death(book: Book) -> None:
    """DO-01: one place says it; nobody is solicited any more, nothing is celebrated, the protection is still known."""
    with book.db.session(1) as session:
        data = NewContact("PERSONNE_PHYSIQUE", "CLIENT", birth_name="Roy", first_names="Ève", civility="MME",
                          birth_date=date(1940, 2, 29), protection="TUTELLE", phone="0612440819")  # fmt: skip
        key = contacts.create(session, book.boss, data)
        for phone in session.scalars(select(ContactPhone).where(ContactPhone.contact_id == key)):
            phone.opt_in = True
        card = contacts.get_contact(session, book.boss, key)
        assert card.line.life == life.Life(deceased=False, mark=None, solicited=True, celebrated=True)
        assert life.birthday(card.line, card.birth_date, 2027) == date(2027, 3, 1)
        died = today() - timedelta(days=3)
        contacts.update(session, book.boss, key, {"vital": "DECEDE", "death_date": died})
        card = contacts.get_contact(session, book.boss, key)
        assert card.line.life.mark == f"Décédée le {died:%d/%m/%Y}"
        assert (card.line.life.solicited, card.line.life.celebrated) == (False, False)
        assert life.birthday(card.line, card.birth_date, 2027) is None
        assert card.protection == "TUTELLE"
        (hit,), _how = contacts.found(session, book.boss, "roy", limit=1)
        assert hit.life == card.line.life
        every = channels.of_contact(session, book.boss, key)
        assert [one.opt_in for some in every.values() for one in some] == [False]
        assert history.of_contact(session, book.boss, key, field="opt_in")[0].action == "Sollicitations closes après le décès"
        with pytest.raises(DomainError, match="décédée"):
            life.check_opt_in(card.line, opt_in=True)
        asked = completeness.of(card)
        assert asked is not None
        assert not {"id_number", "reach", "profession"} & {one.key for one in asked.missing}


def _person(**more: Any) -> NewContact:
    return NewContact("PERSONNE_PHYSIQUE", birth_name="Roy", first_names="Ève", **more)


@pytest.mark.parametrize(
    ("more", "field", "said"),
    [
        ({"birth_date": date(1860, 1, 1)}, "birth_date", "âge de"),
        ({"birth_date": date(1990, 1, 2), "vital": "DECEDE", "death_date": date(1990, 1, 1)}, "death_date", "précède"),
        ({"birth_date": date(1990, 1, 2), "id_issued_on": date(1989, 1, 1)}, "id_issued_on", "avant la naissance"),
        ({"nationality": "FR", "other_nationality": "FR"}, "other_nationality", "deux fois"),
        ({"nationality": "FR", "more_nationalities": ("BE", "FR")}, "more_nationalities", "deux fois"),
        ({"more_nationalities": ("BE", "ZZ")}, "more_nationalities", "pays"),
        ({"prescriber": True}, "prescriber_profession", "profession"),
        ({"prescriber_profession": "NOTAIRE"}, "prescriber_profession", "prescripteur"),
        ({"csp": "ROI"}, "csp", "inconnue"),
    ],
)  # fmt: skip
def test_what_no_person_is(more: dict[str, Any], field: str, said: str) -> None:
    """DO-01, bad input: ages over 120, a birth after a death, the same nationality twice: said beside the field."""
    with pytest.raises(DomainError, match=said) as found:
        checked(_person(**more))
    assert found.value.field == field


def test_as_many_nationalities_as_one_has(book: Book) -> None:
    """DO-01, domain.md §2.1: kept in order, each found by the database."""
    with book.db.session(1) as session:
        data = _person(nationality="FR", other_nationality="BE", more_nationalities=("CH", "LU", "CA"), csp="CADRE")
        key = contacts.create(session, book.boss, data)
        found = contacts.get_contact(session, book.boss, key)
        assert (found.details.more_nationalities, found.details.csp) == (("CH", "LU", "CA"), "CADRE")
        contacts.update(session, book.boss, key, {"more_nationalities": ()})
        assert contacts.get_contact(session, book.boss, key).details.more_nationalities == ()
        change = history.of_contact(session, book.boss, key, field="more_nationalities")[0]
        assert [(line.before, line.after) for line in change.lines] == [("Suisse, Luxembourg, Canada", "—")]


def test_a_file_that_knows_all_is_complete(book: Book) -> None:
    """DO-01: what is missing shrinks as the file grows; a hundred percent only where nothing is missing."""
    with book.db.session(1) as session:
        card = contacts.get_contact(session, book.marc, book.jeanne)
        before = completeness.of(card)
        assert before is not None
        assert 0 < before.percent < 50
        contacts.update(session, book.marc, book.jeanne, {
            "civility": "MME", "birth_date": date(1961, 3, 22), "birth_city": "Nantes", "birth_country": "FR",
            "nationality": "FR",
            "id_kind": "CNI", "id_number": "X1", "id_expires_on": today() + timedelta(days=1), "tax_country": "FR", "tax_id": "1",
            "us_person": "NON", "situation": "MARIE", "work_status": "RETRAITE", "csp": "RETRAITE", "city": "Nantes",
            "phone": "0612440819",
        })  # fmt: skip
        card = contacts.get_contact(session, book.marc, book.jeanne)
        found = completeness.of(card)
        assert found is not None
        assert [one.key for one in found.missing] == ["matrimonial_regime"]
        late = replace(card, details=replace(card.details, id_expires_on=today() - timedelta(days=1)))
        expired = completeness.of(late)
        assert expired is not None
        assert [one.key for one in expired.missing] == ["id_expires_on", "matrimonial_regime"]
        whole = completeness.of(replace(card, details=replace(card.details, matrimonial_regime="SEPARATION_DE_BIENS")))
        assert whole is not None
        assert whole.percent == 100
