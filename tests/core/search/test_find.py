"""What the quick search finds, for whom (RE-01 to RE-03)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.accounts import services as accounts
from core.accounts.reindex import missing
from core.accounts.reindex import reindex
from core.contacts import services as contacts
from core.contacts.schemas import NewContact
from core.search.models import SearchWord
from core.supports import search as supports
from core.supports import services
from tests.core.accounts.book import Book


@pytest.fixture
def jerome(book: Book) -> str:
    """A person with a telephone and an address."""
    data = NewContact(
        "PERSONNE_PHYSIQUE", "CLIENT", birth_name="Lefèvre-Castelnau", first_names="Jérôme", phone="+33612440819",
        email="J.Lefevre@example.org",
    )  # fmt: skip
    with book.db.session(1) as session:
        return contacts.create(session, book.marc, data)


@pytest.mark.parametrize(
    "typed",
    ["jerome", "JÉRÔME lef", "castelnau", "06 12", "+33 6 12 44", "0819", "j.lefevre@ex", "lefevre example", "jeröme", "jerom"],
)
def test_a_contact_is_found(book: Book, jerome: str, typed: str) -> None:
    """RE-01: by any word's beginning, any writing of the number, the address."""
    with book.db.session(1) as session:
        lines, how = contacts.found(session, book.marc, typed, limit=5)
    assert [line.id for line in lines] == [jerome]
    assert how.near == ()


@pytest.mark.parametrize(("typed", "near"), [("durnad", "durand"), ("duramd jeanne", "durand"), ("jeannne", "jeanne")])
def test_a_typing_error_is_forgiven(book: Book, typed: str, near: str) -> None:
    """RE-01: and it is said which word was taken."""
    with book.db.session(1) as session:
        lines, how = contacts.found(session, book.marc, typed, limit=5)
    assert "Durand Jeanne" in [line.name for line in lines]
    assert near in how.near


def test_nobody_is_found_who_may_not_be_seen(book: Book, jerome: str) -> None:
    """RE-01, domain.md §3.6 lines 17, 18: others' clients, another cabinet's; corrections neither."""
    with book.db.session(1) as session:
        assert contacts.found(session, book.claire, "jerome", limit=5)[0] == ()
        assert contacts.found(session, book.claire, "jerone", limit=5)[0] == ()
        assert [line.name for line in contacts.found(session, book.boss, "jeanne", limit=5)[0]] == ["Durand Jeanne"]
        nobody = replace(book.boss, permissions=frozenset())
        assert contacts.found(session, nobody, "jeanne", limit=5)[0] == ()
    with book.db.session(2) as session:
        assert contacts.found(session, book.stranger, "jerome", limit=5)[0] == ()


def test_words_follow_their_thing(book: Book, jerome: str) -> None:
    """RE-01: what is changed is found under its new words, and no more under the old ones."""
    with book.db.session(1) as session:
        contacts.update(session, book.marc, jerome, {"birth_name": "Martin", "phone": None})
    with book.db.session(1) as session:
        assert contacts.found(session, book.marc, "castelnau", limit=5)[0] == ()
        assert contacts.found(session, book.marc, "06 12", limit=5)[0] == ()
        assert [line.id for line in contacts.found(session, book.marc, "mart jer", limit=5)[0]] == [jerome]


@pytest.mark.parametrize("typed", ["him0012345", "HIM 001 234-5", "00 1234-5", "12345", "himalia"])
def test_an_account_is_found(book: Book, typed: str) -> None:
    """RE-02: by number, however it is spelled, and by title."""
    with book.db.session(1) as session:
        accounts.update(session, "cli", book.himalia, {"number": "HIM0012345"})
        refs, _ = accounts.found(session, book.marc, typed, limit=5)
        assert [ref.id for ref in refs] == [book.himalia]
        assert accounts.found(session, book.claire, typed, limit=5)[0] == []


def test_a_support_is_found_and_a_bad_isin_is_said(book: Book) -> None:
    """RE-03: by ISIN or label; a wrong ISIN says which character is wrong."""
    with book.db.session(1) as session:
        made = services.support_for(session, isin="FR0010135103", label="Carmignac Patrimoine A EUR", type="OPCVM")
        assert supports.found(session, "fr00101351", limit=5).refs == (made,)
        assert supports.found(session, "patrim carm", limit=5).refs == (made,)
        assert supports.found(session, "carmignca", limit=5).refs == (made,)
    assert supports.isin_fault("FR0010135103") is None
    assert supports.isin_fault("FR00 1013 5104") == (
        "La clé de ce code ISIN (12e caractère) devrait être 3, pas 4 : vérifiez la saisie."
    )
    assert supports.isin_fault("FR001013510X") == (
        "Le dernier caractère d'un code ISIN est un chiffre\u202f: «X» n'en est pas un."
    )
    assert supports.isin_fault("Durand Jeanne") is None


def test_the_index_is_made_anew(book: Book, jerome: str) -> None:
    """After a load or a restore: the same words as the services write."""
    with book.db.session(1) as session:
        before = sorted((row.kind, row.ref, row.word) for row in session.query(SearchWord))
        session.query(SearchWord).delete()
        assert missing(session)
        reindex(session)
        assert sorted((row.kind, row.ref, row.word) for row in session.query(SearchWord)) == before
        assert not missing(session)
