"""The cabinet's own fields: defined, filled, told in the history; client numbers (CT-03, DO-01)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from core.contacts import completeness
from core.contacts import custom
from core.contacts import custom_values
from core.contacts import history
from core.contacts import numbers
from core.contacts import search
from core.contacts import services as contacts
from core.contacts import shelves
from core.contacts.own_models import CustomValue
from core.contacts.schemas import NewContact
from core.db.errors import Conflict
from core.db.errors import DomainError
from core.db.errors import Forbidden
from core.db.errors import NotFound
from core.db.session import TenantSession
from tests.core.accounts.book import Book

#: Kind → what is written, what is kept, how it is said, what is refused.
VALUES: dict[str, tuple[Any, Any, str, tuple[Any, ...]]] = {
    "TEXT": ("  Voile  ", "Voile", "Voile", ("x" * 201, "a\x00b", 4)),
    "LONG_TEXT": ("Une\r\nligne", "Une\nligne", "Une\nligne", ("x" * 4001,)),
    "WHOLE": ("1\u202f250", 1250, "1\u202f250", ("1,5", "abc", 10**14, True)),
    "AMOUNT": ("1 234,5", Decimal("1234.50"), "1\u202f234,50\u00a0€", ("1,234", "abc", 1.5, "99999999999999")),
    "DATE": ("28/02/2026", date(2026, 2, 28), "28/02/2026", ("31/02/2026", "hier")),
    "YES_NO": ("OUI", True, "Oui", ("peut-être",)),
    "CHOICE": ("telephone", "telephone", "Téléphone", ("pigeon", 3)),
    "CHOICES": (["e_mail", "telephone"], ("telephone", "e_mail"), "Téléphone, E-mail", (["pigeon"], "telephone")),
}


def field(session: TenantSession, kind: str, **more: Any) -> custom.Field:
    options = {"options": ["Téléphone", "E-mail"]} if kind in custom.LISTED else {}
    return custom.get(session, custom.add(session, "cli", {"label": f"Champ {kind}", "kind": kind, **options, **more}))


@pytest.mark.parametrize("kind", VALUES)
def test_each_kind_keeps_what_it_is_told(book: Book, kind: str) -> None:
    """CT-03: read as people write, kept in the column of its kind, said in French, refused with a reason; all in the history."""
    written, kept, words, refused = VALUES[kind]
    with book.db.session(1) as session:
        one = field(session, kind)
        custom_values.write(session, book.marc, book.jeanne, {one.code: written})
        (answer,) = custom_values.of_contact(session, book.jeanne, "PERSONNE_PHYSIQUE")
        assert (answer.value, answer.said) == (kept, words)
        rows = session.execute(select(CustomValue.text, CustomValue.choice, CustomValue.number, CustomValue.day)).all()
        assert all(sum(value is not None for value in row) == 1 for row in rows)
        for bad in refused:
            with pytest.raises(DomainError) as found:
                custom_values.write(session, book.marc, book.jeanne, {one.code: bad})
            assert found.value.field == f"custom-{one.code}"
        custom_values.write(session, book.marc, book.jeanne, {one.code: None})
        assert session.scalars(select(CustomValue)).all() == []
        told = history.of_contact(session, book.marc, book.jeanne, field=custom_values.at(one.code))
        assert [(line.label, line.before, line.after) for change in told for line in change.lines] == [
            (one.label, words, "—"), (one.label, "—", words),
        ]  # fmt: skip
        assert told[0].who == book.marc.name


def test_what_a_day_that_does_not_exist_is_told(book: Book) -> None:
    """DO-01: 31/02/2026 says that the day does not exist."""
    with book.db.session(1) as session:
        one = field(session, "DATE")
        with pytest.raises(DomainError, match="31 février n'existe pas"):
            custom_values.write(session, book.marc, book.jeanne, {one.code: "31/02/2026"})


def test_a_mandatory_field_is_asked_for(book: Book) -> None:
    """CT-03: it may not be emptied, nor left out of a whole form; it counts in the file's completeness."""
    with book.db.session(1) as session:
        one = field(session, "TEXT", required=True)
        card = contacts.get_contact(session, book.marc, book.jeanne)
        answers = custom_values.of_contact(session, book.jeanne, "PERSONNE_PHYSIQUE")
        found = completeness.of(card, answers)
        assert found is not None
        assert [(each.field, each.why) for each in found.missing if each.key.startswith("custom-")] == [
            (f"custom-{one.code}", completeness.CABINET)
        ]
        with pytest.raises(DomainError, match="obligatoire"):
            custom_values.write(session, book.marc, book.jeanne, {}, complete=True)
        custom_values.write(session, book.marc, book.jeanne, {one.code: "oui"}, complete=True)
        with pytest.raises(DomainError, match="obligatoire"):
            custom_values.write(session, book.marc, book.jeanne, {one.code: " "})


def test_whom_a_field_concerns_and_who_may_define_it(book: Book) -> None:
    """CT-03: companies' fields are no person's; advisers fill them, administrators define them; a file beyond sight has none."""
    with book.db.session(1) as session:
        one = field(session, "WHOLE", subject="COMPANIES")
        assert custom_values.of_contact(session, book.jeanne, "PERSONNE_PHYSIQUE") == ()
        with pytest.raises(DomainError, match="n'existe pas"):
            custom_values.write(session, book.marc, book.jeanne, {one.code: 3})
        with pytest.raises(NotFound):
            custom_values.write(session, book.marc, book.paul, {})
        with pytest.raises(Forbidden):
            custom.add(session, book.marc, {"label": "Golf", "kind": "YES_NO"})
        custom.add(session, book.boss, {"label": "Golf", "kind": "YES_NO"})
    with book.db.session(2) as session:
        assert custom.every(session) == ()


def test_a_field_that_serves_is_archived_and_its_words_stay(book: Book) -> None:
    """CT-03: an option that is renamed keeps its code, one taken out is archived where it is used; nothing used is deleted."""
    with book.db.session(1) as session:
        one = field(session, "CHOICE")
        custom_values.write(session, book.marc, book.jeanne, {one.code: "e_mail"})
        custom.change(session, "cli", one.id, {"options": ["Téléphone fixe", "E-mail"]})
        assert [(each.code, each.label) for each in custom.get(session, one.id).options] == [
            ("telephone", "Téléphone fixe"), ("e_mail", "E-mail"),
        ]  # fmt: skip
        custom.change(session, "cli", one.id, {"options": ["Téléphone fixe", "Courrier", "Visite"]})
        assert [each.code for each in custom.get(session, one.id).options if each.archived] == ["e_mail"]
        (answer,) = custom_values.of_contact(session, book.jeanne, "PERSONNE_PHYSIQUE")
        assert answer.said == "E-mail"
        with pytest.raises(Conflict, match="garde sa sorte"):
            custom.change(session, "cli", one.id, {"kind": "TEXT"})
        with pytest.raises(Conflict):
            shelves.remove(session, "cli", shelves.FIELDS, one.id, used=custom.get(session, one.id).used)
        shelves.archive(session, "cli", shelves.FIELDS, one.id)
        assert custom.of_kind(session, "PERSONNE_PHYSIQUE") == ()
        assert [each.said for each in custom_values.of_contact(session, book.jeanne, "PERSONNE_PHYSIQUE")] == ["E-mail"]
        other = field(session, "TEXT")
        kept = shelves.remove(session, "cli", shelves.FIELDS, other.id, used=0)
        shelves.again(session, "cli", shelves.FIELDS, kept)
        assert custom.get(session, other.id).code == other.code


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"label": " ", "kind": "TEXT"}, "nom"), ({"label": "x" * 81, "kind": "TEXT"}, "80"),
        ({"label": "A", "kind": "?"}, "sorte"),
        ({"label": "A", "kind": "CHOICE", "options": [" "]}, "au moins un choix"),
        ({"label": "A", "kind": "CHOICE", "options": ["Été", "ete"]}, "deux fois"),
        ({"label": "A", "kind": "CHOICES", "options": ["x" * 81, "b"]}, "80"),
        ({"label": "A", "kind": "TEXT", "subject": "ROBOTS"}, "concerne"), ({"label": "Déjà là", "kind": "TEXT"}, "déjà"),
    ],
)  # fmt: skip
def test_what_no_field_may_be(book: Book, values: dict[str, Any], said: str) -> None:
    """CT-03, bad input: each refusal says what is wrong."""
    with book.db.session(1) as session:
        custom.add(session, "cli", {"label": "deja la", "kind": "TEXT"})
        with pytest.raises(DomainError, match=said):
            custom.add(session, "cli", values)


def test_client_numbers(book: Book) -> None:
    """DO-01: one contact has several; of one company a number is one contact's; it is found by the quick search."""
    with book.db.session(1) as session:
        first = numbers.add(session, book.marc, book.jeanne, {"company": "Generali Patrimoine", "number": "GP-447 1208"})
        assert numbers.add(session, book.marc, book.jeanne, {"company": "x", "number": "1"}, number_id=first) == first
        numbers.add(session, book.marc, book.jeanne, {"company": "AXA", "number": "GP4471208"})
        assert [(one.company, one.number) for one in numbers.of_contact(session, book.jeanne)] == [
            ("AXA", "GP4471208"), ("Generali Patrimoine", "GP-447 1208"),
        ]  # fmt: skip
        with pytest.raises(Conflict, match="ce dossier"):
            numbers.add(session, book.marc, book.jeanne, {"company": "GENERALI  patrimoine", "number": "gp4471208"})
        with pytest.raises(Conflict, match="Durand Jeanne"):
            numbers.add(session, book.boss, book.paul, {"company": "AXA", "number": "GP 4471208"})
        assert search.found(session, book.marc, "4471208", limit=5).refs == (book.jeanne,)
        search.rebuild(session)
        assert search.found(session, book.marc, "gp4471208", limit=5).refs == (book.jeanne,)
        kept = numbers.remove(session, book.marc, book.jeanne, first)
        numbers.add(session, book.marc, book.jeanne, kept)
        told = history.of_contact(session, book.marc, book.jeanne, field="client_numbers")
        lines = [line for change in told for line in change.lines]
        assert lines[1].before == "Generali Patrimoine\u202f: GP-447 1208"
        for bad in ({"company": "AXA", "number": " "}, {"company": "", "number": "1"}, {"company": "A", "number": "x" * 41}):
            with pytest.raises(DomainError):
                numbers.add(session, book.marc, book.jeanne, bad)
        with pytest.raises(NotFound):
            numbers.add(session, book.marc, book.paul, {"company": "AXA", "number": "1"})


def test_somebody_else_s_number_tells_nothing_of_him(book: Book) -> None:
    """domain.md §3.6, line 17: a number that is a contact's beyond sight is taken, and no more is said."""
    with book.db.session(1) as session:
        numbers.add(session, book.boss, book.paul, {"company": "AXA", "number": "77"})
        with pytest.raises(Conflict) as found:
            numbers.add(session, book.marc, book.jeanne, {"company": "AXA", "number": "77"})
        assert "Paul" not in found.value.text


def test_a_company_is_asked_for_its_own(book: Book) -> None:
    """DO-01: a company's completeness has its own rules, and each missing thing its reason."""
    with book.db.session(1) as session:
        data = NewContact("PERSONNE_MORALE", "CLIENT", company_name="Ateliers Le Goff", siren="732829320")
        card = contacts.get_contact(session, book.boss, contacts.create(session, book.boss, data))
        found = completeness.of(card)
        assert found is not None
        keys = {one.key for one in found.missing}
        assert {"legal_form", "capital", "founded_on", "address"} <= keys
        assert not {"siren", "company_name", "birth_date"} & keys
        assert all(one.why.endswith(".") for one in found.missing)
        home = contacts.get_contact(session, book.boss, book.household)
        assert completeness.of(home) is None
