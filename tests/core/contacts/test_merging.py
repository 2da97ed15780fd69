"""Two files become one, and come apart again: fields, rows, rights, what stands in the way (CT-02)."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Table
from sqlalchemy import select

from core.accounts.models import AccountRole
from core.cabinets.models import AuditEntry
from core.contacts import aliases
from core.contacts import channels
from core.contacts import history
from core.contacts import merging
from core.contacts import services as contacts
from core.contacts import twins
from core.contacts.merge_models import ContactMerge
from core.contacts.models import Contact
from core.contacts.models import ContactAdviser
from core.contacts.models import HouseholdMember
from core.contacts.schemas import NewContact
from core.db.errors import Conflict
from core.db.errors import DomainError
from core.db.errors import Forbidden
from core.db.errors import NotFound
from core.db.model import Base
from core.db.session import TenantSession
from core.documents.models import Document
from core.jobs.models import Job
from core.search.models import SearchWord
from core.shell.models import Notification
from tests import databases
from tests.core.accounts.book import Book

#: What a merge writes of itself, and what is made anew rather than put back.
OWN = ("audit_entry", "audit_payload", "contact_merge", "job", "search_word", "search_variant")
PERSON = {"kind": "PERSONNE_PHYSIQUE", "stage": "CLIENT"}
#: A process that dies in the middle of a merge: all is written, nothing is committed.
KILLED = """
import json, os, signal, sys
import core.app
from core.contacts import merging
from core.db.session import Database
from core.hooks.types import Adviser

url, who, kept, merged = sys.argv[1:]
told = json.loads(who)
by = Adviser(**{**told, "permissions": frozenset(told["permissions"])})
db = Database()
db.open(url, check=True)
merging.events.publish = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
with db.session(1) as session:
    merging.merge(session, by, kept, merged, {"principal": "kept"})
"""


def other(session: TenantSession, book: Book, **more: Any) -> str:
    """A second file of Jeanne Durand, of another adviser, that knows more."""
    known = {"birth_name": "Durand", "first_names": "Jeanne Marie", "birth_date": date(1961, 3, 22), "email": "jd@exemple.fr"}
    return contacts.create(session, book.claire, NewContact(**{**PERSON, **known, **more}))


def everything(session: TenantSession) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables of the cabinet but those that a merge writes of itself."""
    found = {}
    for mapper in Base.registry.mappers:
        table = mapper.local_table
        if isinstance(table, Table) and "cabinet_id" in table.columns and table.name not in OWN and table.name != "user_login":
            anew = {"updated_at", "id"} if table.name == "account_part" else {"updated_at"}  # parts are reckoned anew
            keys = [one.key for one in mapper.column_attrs if one.key not in anew]
            rows = session.scalars(select(mapper.class_).execution_options(populate_existing=True))
            found[table.name] = sorted(tuple(repr(getattr(row, key)) for key in keys) for row in rows)
    return found


def words(session: TenantSession) -> set[tuple[str, str]]:
    return set(session.execute(select(SearchWord.ref, SearchWord.word)))


def surroundings(session: TenantSession, book: Book, contact_id: str) -> None:
    """A row in every table of this floor that names the contact, some of which Jeanne has too."""
    for one, number in ((contact_id, "06 12 44 08 19"), (book.jeanne, "06 12 44 08 19"), (contact_id, "02 40 11 22 33")):
        channels.add(session, "cli", one, "phone", {"usage": "MOBILE", "number": number})
    channels.add(session, "cli", contact_id, "bank", {"usage": "COURANT", "iban": "FR7630006000011234567890189"})
    channels.add(session, "cli", contact_id, "address", {"usage": "DOMICILE", "city": "Nantes", "street": "12 rue Crébillon"})
    contacts.follow(session, "cli", contact_id, book.marc.user_id, "SECONDAIRE")
    contacts.join_household(session, "cli", book.household, contact_id)
    for who in (contact_id, book.jeanne):
        session.add(AccountRole(account_id=book.himalia, contact_id=who, role="BENEFICIAIRE", share=Decimal("0.5")))
    session.add(
        Document(owner_kind="contact", owner_id=contact_id, title="Pièce", filename="a.pdf", media_type="application/pdf",
                 size=1, sha256="0" * 64, category="IDENTITE", created_by=book.marc.user_id)
    )  # fmt: skip
    session.add(
        Notification(user_id=book.claire.user_id, kind="x", key="k", title="t", text="t", subject_kind="contact",
                     subject_id=contact_id)
    )  # fmt: skip
    session.flush()


def test_all_that_names_the_contact_follows_and_comes_back(book: Book) -> None:
    """CT-02: the kept file is completed, rows follow, what both had is there once; undone, every row is as it was."""
    with book.db.session(1) as session:
        twin = other(session, book)
        surroundings(session, book, twin)
        before, found = everything(session), words(session)
        seen = merging.compare(session, book.boss, book.jeanne, twin)
        states = {one.name: one.state for one in seen.fields}
        assert states["birth_date"] == states["email"] == states["city"] == "completed"
        assert {one.name for one in seen.undecided} == {"first_names", "principal"}
        done = merging.merge(session, book.boss, book.jeanne, twin, {"first_names": "merged", "principal": "kept"})
        card = contacts.get_contact(session, book.boss, book.jeanne)
        assert (card.name, card.birth_date, card.line.email, card.line.city) == (
            "Durand Jeanne Marie", date(1961, 3, 22), "jd@exemple.fr", "Nantes",
        )  # fmt: skip
        known = channels.of_contact(session, book.boss, book.jeanne)
        numbers = [(one.values["number"], one.is_primary) for one in known["phone"]]
        assert numbers == [("+33612440819", True), ("+33240112233", False)]
        assert len(known["bank"]) == len(known["address"]) == len(known["email"]) == 1
        following = session.scalars(select(ContactAdviser).where(ContactAdviser.contact_id == book.jeanne))
        roles = {one.user_id: one.role for one in following}
        assert roles == {book.marc.user_id: "PRINCIPAL", book.claire.user_id: "SECONDAIRE"}
        assert session.scalars(select(HouseholdMember.contact_id)).all().count(book.jeanne) == 1
        shares = session.scalars(select(AccountRole.share).where(AccountRole.role == "BENEFICIAIRE")).all()
        assert shares == [Decimal(1)]
        assert session.scalar(select(Document.owner_id)) == session.scalar(select(Notification.subject_id)) == book.jeanne
        assert session.scalar(select(Contact.id).where(Contact.id == twin)) is None
        assert not {ref for ref, _word in words(session)} & {twin}
        assert any(ref == book.jeanne and word == "marie" for ref, word in words(session))
        assert merging.undo(session, book.boss, done.id).again is False
        assert everything(session) == before
        assert words(session) == found
        assert merging.undo(session, book.boss, done.id).again is True


def test_it_is_told_and_written_down(book: Book) -> None:
    """CT-02: the journal says what moved; the history of both is the kept one's; plugins are told after commit."""
    with book.db.session(1) as session:
        twin = other(session, book, first_names="Jeanne")
        contacts.update(session, book.claire, twin, {"profession": "Notaire"})
        done = merging.merge(session, book.boss, book.jeanne, twin, {"principal": "kept"})
        told = history.of_contact(session, book.boss, book.jeanne)
        assert "Fusion d'un autre dossier dans celui-ci" in [one.action for one in told]
        assert any(line.name == "profession" and one.action == "Modification" for one in told for line in one.lines)
        entries = session.execute(select(AuditEntry.action, AuditEntry.subject).where(AuditEntry.action.like("contact.merged%")))
        assert set(entries) == {("contact.merged", f"contact:{book.jeanne}"), ("contact.merged_into", f"contact:{twin}")}
        merging.undo(session, book.boss, done.id)
        events = [job.payload for job in session.scalars(select(Job).where(Job.kind == "hooks.event"))]
        assert [one["type"] for one in events] == ["ContactMerged", "ContactUnmerged"]
        assert events[0]["data"] == {"contact_id": book.jeanne, "merged_id": twin, "merge_id": done.id}


def test_either_side_may_be_taken_and_conflicts_are_asked(book: Book) -> None:
    """CT-02, domain.md §1.1: a value of the other file may replace the kept one's; without a choice nothing is done."""
    with book.db.session(1) as session:
        mine = {"profession": "Avocate", "remarks": "Préfère le mardi", "phone": "0240000001"}
        theirs = {"profession": "Notaire", "remarks": "A un chien", "phone": "0240000002", "stage": "PROSPECT"}
        contacts.update(session, book.marc, book.jeanne, mine)
        twin = other(session, book, first_names="Jeanne", **theirs)
        code = contacts.get_contact(session, book.boss, twin).line.file_code
        with pytest.raises(DomainError) as refused:
            merging.merge(session, book.boss, book.jeanne, twin, {})
        assert refused.value.field in ("profession", "phone", "remarks", "principal")
        chosen = {"profession": "merged", "remarks": "both", "phone": "merged", "principal": "merged", "file_code": "merged"}
        done = merging.merge(session, book.boss, book.jeanne, twin, chosen)
        card = contacts.get_contact(session, book.boss, book.jeanne)
        line = card.line
        assert (card.details.profession, line.phone, line.file_code, line.stage) == ("Notaire", "+33240000002", code, "CLIENT")
        assert card.details.remarks == "Préfère le mardi\n\nA un chien"
        assert card.line.followers[0].user_id == book.claire.user_id
        merging.undo(session, book.boss, done.id)
        back = contacts.get_contact(session, book.boss, book.jeanne)
        assert (back.details.profession, back.line.phone, back.details.remarks) == ("Avocate", "+33240000001", "Préfère le mardi")
        assert contacts.get_contact(session, book.boss, twin).line.file_code == code


def test_what_may_not_be_merged(book: Book) -> None:
    """CT-02: not without the right on both, not a person with a household, not with oneself, not over cabinets."""
    with book.db.session(1) as session:
        twin = other(session, book, first_names="Jeanne")
        with pytest.raises(NotFound):
            merging.merge(session, book.marc, book.jeanne, twin, {"principal": "kept"})
        contacts.follow(session, "cli", twin, book.marc.user_id, "SECONDAIRE")
        without = replace(book.marc, permissions=book.marc.permissions - {"contacts.merge"})
        with pytest.raises(Forbidden):
            merging.merge(session, without, book.jeanne, twin, {"principal": "kept"})
        for kept, gone in ((book.jeanne, book.household), (book.jeanne, book.jeanne)):
            with pytest.raises(DomainError) as refused:
                merging.merge(session, book.boss, kept, gone, {})
            assert refused.value.status == 422
    with book.db.session(2) as session, pytest.raises(NotFound):
        merging.merge(session, book.stranger, book.jeanne, twin, {})


def test_a_second_click_and_the_other_way_round_find_it_done(book: Book) -> None:
    """CT-02: two tabs that merge the same pair, both ways: one merge, and both lead to the file that was kept."""
    with book.db.session(1) as session:
        twin = other(session, book, first_names="Jeanne")
        first = merging.merge(session, book.boss, book.jeanne, twin, {"principal": "kept"}, once="01hk153x000000000000000abc")
    with book.db.session(1) as session:
        for kept, gone in ((book.jeanne, twin), (twin, book.jeanne)):
            again = merging.merge(session, book.boss, kept, gone, {"principal": "kept"}, once="01hk153x000000000000000abd")
            assert (again.id, again.kept_id, again.again) == (first.id, book.jeanne, True)
        assert len(session.scalars(select(ContactMerge)).all()) == 1


def test_both_ways_at_once_is_one_merge(book: Book) -> None:
    """CT-02: two tabs, each keeping the other file, at the same moment: one wins, the other finds it done, nothing is lost."""
    with book.db.session(1) as session:
        twin = other(session, book, first_names="Jeanne")
        surroundings(session, book, twin)
        before = everything(session)
    ready = threading.Barrier(2)

    def click(pair: tuple[str, str]) -> merging.Done:
        ready.wait()
        with book.db.session(1) as session:
            return merging.merge(session, book.boss, *pair, {"principal": "kept"})

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(click, [(book.jeanne, twin), (twin, book.jeanne)]))
    assert {one.again for one in found} == {False, True}
    assert len({one.id for one in found}) == 1
    with book.db.session(1) as session:
        assert len(session.scalars(select(ContactMerge)).all()) == 1
        merging.undo(session, book.boss, found[0].id)
        assert everything(session) == before


def test_killed_in_the_middle_nothing_has_happened(book: Book, book_url: str) -> None:
    """CT-02: kill -9 once rows moved and the file went, before the commit: both files are whole, and the merge can be made."""
    with book.db.session(1) as session:
        twin = other(session, book, first_names="Jeanne")
        surroundings(session, book, twin)
        before = everything(session)
    program = [sys.executable, "-c", KILLED, book_url, json.dumps(asdict(book.boss), default=list), book.jeanne, twin]
    assert subprocess.run(program, check=False, timeout=120).returncode == -signal.SIGKILL
    with book.db.session(1) as session:
        assert everything(session) == before
        assert not session.scalars(select(ContactMerge)).all()
        assert merging.merge(session, book.boss, book.jeanne, twin, {"principal": "kept"}).again is False


def test_what_was_done_since_is_said(book: Book) -> None:
    """CT-02: a field that the merge set and somebody changed, a kept file merged on, stand in the way, and are named."""
    with book.db.session(1) as session:
        twin = other(session, book, first_names="Jeanne", profession="Notaire")
        third = other(session, book, first_names="Jeanne", birth_date=date(1961, 3, 22), email=None)
        code = contacts.get_contact(session, book.boss, twin).line.file_code
        done = merging.merge(session, book.boss, book.jeanne, twin, {"principal": "kept"})
        contacts.update(session, book.boss, book.jeanne, {"profession": "Juge", "employer": "Tribunal de Nantes"})
        with pytest.raises(Conflict, match=r"Profession.*Juge"):
            merging.undo(session, book.boss, done.id)
        with pytest.raises(Conflict, match="déjà pris"):
            contacts.update(session, book.boss, third, {"file_code": code})
        on = merging.merge(session, book.boss, third, book.jeanne, {"principal": "kept"})
        assert aliases.kept(session, twin) == third
        with pytest.raises(Conflict, match="défaites d'abord"):
            merging.undo(session, book.boss, done.id)
        merging.undo(session, book.boss, on.id)
        contacts.update(session, book.boss, book.jeanne, {"profession": "Notaire"})
        contacts.update(session, book.boss, book.jeanne, {"sector": "Justice"})
        added = channels.add(session, "cli", book.jeanne, "phone", {"usage": "BUREAU", "number": "0240000009"})
        merging.undo(session, book.boss, done.id)
        card = contacts.get_contact(session, book.boss, book.jeanne)
        assert (card.details.profession, card.details.sector, card.details.employer) == (None, "Justice", "Tribunal de Nantes")
        assert channels.of_contact(session, book.boss, book.jeanne)["phone"][0].id == added
        assert aliases.kept(session, twin) is None


def test_a_page_that_is_out_of_date_does_nothing(book: Book) -> None:
    """CT-02: what was compared and what is merged are the same."""
    with book.db.session(1) as session:
        twin = other(session, book, first_names="Jeanne")
        seen = merging.compare(session, book.boss, book.jeanne, twin).stamp
        contacts.update(session, book.claire, twin, {"profession": "Notaire"})
        with pytest.raises(Conflict) as refused:
            merging.merge(session, book.boss, book.jeanne, twin, {"principal": "kept"}, seen=seen)
        assert refused.value.code == "stale"


def test_what_nobody_declared_stops_the_merge_whole(book: Book, book_url: str) -> None:
    """CT-02: rows that a module left behind keep the file where it is; nothing is half done."""
    with book.db.session(1) as session:
        twin = other(session, book, first_names="Jeanne")
    with databases.below(book_url) as connection:
        connection.execute(
            "CREATE TABLE oublie_note (id INTEGER, cabinet_id INTEGER, contact_id VARCHAR(26), "
            "FOREIGN KEY (cabinet_id, contact_id) REFERENCES contact (cabinet_id, id))"
        )
        connection.execute("INSERT INTO oublie_note VALUES (1, 1, ?)", (twin,))
    with pytest.raises(Conflict, match="plus installé"), book.db.session(1) as session:
        merging.merge(session, book.boss, book.jeanne, twin, {"principal": "kept"})
    with book.db.session(1) as session:
        assert contacts.get_contact(session, book.boss, twin).name == "Durand Jeanne"
        assert not session.scalars(select(ContactMerge)).all()


def test_twins_are_found_and_explained(book: Book) -> None:
    """CT-02: accents, order, either surname, one letter, shared channels; a couple is not a pair; what is set apart stays so."""
    born = date(1961, 3, 22)
    with book.db.session(1) as session:
        def add(name: str, first: str, **more: Any) -> str:
            return contacts.create(session, "cli", NewContact(**{**PERSON, "birth_name": name, "first_names": first, **more}))

        one = add("Lefèvre", "Marie Anne", birth_date=born, phone="0240000001")
        two = add("Lefevre", "Anne Marie", birth_date=born)
        three = add("Martin", "Marie Anne", birth_date=born, usage_name="Lefèvre")
        couple = add("Lefèvre", "Paul", birth_date=date(1960, 1, 2), phone="0240000001")
        typed = add("Rousseaux", "Hélène", birth_date=date(1970, 5, 6), email="h@exemple.fr")
        mistyped = add("Rousseau", "Hélène", birth_date=date(1970, 6, 5), email="H@exemple.fr")
        firm = contacts.create(session, "cli", NewContact("PERSONNE_MORALE", company_name="SARL Atlantique", siren="732829320"))
        renamed = contacts.create(session, "cli", NewContact("PERSONNE_MORALE", company_name="Atlantique", siren="732829320"))
        found = {frozenset((pair.first.id, pair.second.id)): pair for pair in twins.of_cabinet(session, book.boss).pairs}
        expected = [(one, two), (one, three), (two, three), (typed, mistyped), (firm, renamed)]
        assert set(found) == {frozenset(each) for each in expected}, found
        assert "mêmes prénoms dans un autre ordre" in found[frozenset((one, two))].reasons
        assert "nom de naissance et nom d'usage croisés" in found[frozenset((one, three))].reasons
        assert {"noms à une lettre près", "même adresse e-mail"} <= set(found[frozenset((typed, mistyped))].reasons)
        assert found[frozenset((firm, renamed))].reasons == ("même SIREN",)
        assert couple not in {ref for pair in found for ref in pair}
        assert twins.of_cabinet(session, book.marc).total == 0  # none of them is his
        twins.set_apart(session, book.boss, two, one)
        left = {frozenset((pair.first.id, pair.second.id)) for pair in twins.of_cabinet(session, book.boss).pairs}
        assert left == {frozenset(each) for each in expected} - {frozenset((one, two))}
        twins.take_apart_back(session, book.boss, one, two)
        assert twins.of_cabinet(session, book.boss).total == len(expected)
