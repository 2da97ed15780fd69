"""Notes of suspicion: on the authorised screen and in the authorised answer, and nowhere else (CO-05, «no tipping-off»)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from core.auth import api_scopes
from core.cabinets.models import AuditEntry
from core.cabinets.models import AuditPayload
from core.cabinets.models import Secret
from core.cabinets.permissions import PERMISSIONS
from core.contacts import merging
from core.contacts.merge_models import ContactMerge
from core.contacts.models import Contact
from core.db.errors import Forbidden
from core.db.errors import NotFound
from core.db.model import Base
from core.extensions import db
from core.rest.operations import Operation
from plugins.conformite.vigilance import suspicions
from plugins.conformite.vigilance.models import Suspicion
from tests.conftest import People
from tests.conftest import person
from tests.contract.test_api_twins import operations
from tests.core.rest.desk import Program
from tests.core.rest.desk import token_of
from tests.plugins.conformite.conftest import Home
from tests.plugins.conformite.conftest import plain
from tests.plugins.conformite.vigil import PPE
from tests.plugins.conformite.vigil import assess

WORD = "canari9c41e7"
PAGE = "p_conformite.suspicions"
#: Answers that never end.
STREAMS = {"live_stream", "live"}
ANSWER = "conformite_suspicions_listed"


@pytest.fixture
def noted(app: Flask, home: Home, people: People) -> Home:
    """Jeanne, with an assessment and a note that an administrator wrote."""
    with db.session(home.cabinet_id) as session:
        assess(session, person(session, home.adviser), home.jeanne, PPE)
        suspicions.write(session, person(session, people.administrator), home.jeanne, f"Virements en miroir, {WORD}.")
    return home


def arguments(home: Home) -> dict[str, str]:
    return {"contact_id": home.jeanne, "account_id": home.account}


def pages(app: Flask, home: Home) -> Iterator[tuple[str, str]]:
    """Every page that is read: endpoint and address, Jeanne's where it is somebody's."""
    known = arguments(home)
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint != "static":
            path = re.sub(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>", lambda one: known.get(one.group(1), "0" * 26), rule.rule)
            yield rule.endpoint, path


def answers(app: Flask, home: Home) -> Iterator[tuple[Operation, str]]:
    """Every read of the API."""
    for one in operations(app).values():
        if one.method == "GET":
            path = one.path
            for name in one.arguments:
                path = path.replace(f"{{{name}}}", arguments(home).get(name, "0" * 26))
            yield one, path + ("?q=virements" if one.name == "search_found" else "")


def tells(answer: TestResponse) -> bool:
    """Whether an answer holds the canary; a workbook is opened."""
    data = answer.get_data()
    if data[:2] == b"PK":
        with ZipFile(BytesIO(data)) as book:
            data = b"".join(book.read(name) for name in book.namelist())
    return WORD.encode() in data


def test_the_canary_is_on_no_page_but_the_authorised_one(
    app: Flask, adviser: FlaskClient, administrator: FlaskClient, noted: Home
) -> None:
    """CO-05: every GET of every page, of the adviser who follows Jeanne and of an administrator; its words are searched too."""
    for who, client in (("adviser", adviser), ("administrator", administrator)):
        found, seen = set(), 0
        for endpoint, path in pages(app, noted):
            if endpoint in STREAMS:
                continue
            seen += 1
            if tells(client.get(f"{path}?q=virements&search=virements")):
                found.add(endpoint)
        assert seen > 100
        assert found == ({PAGE} if who == "administrator" else set()), (who, found)
    assert WORD in plain(administrator.get(f"/p/conformite/contacts/{noted.jeanne}/vigilance/soupcons"))
    assert adviser.get(f"/p/conformite/contacts/{noted.jeanne}/vigilance/soupcons").status_code == 403
    own = adviser.get(f"/p/conformite/contacts/{noted.jeanne}/vigilance").get_data(as_text=True)
    assert "soup" not in own.lower()
    assert "Notes de soupçon" in administrator.get(f"/p/conformite/contacts/{noted.jeanne}/vigilance").get_data(as_text=True)


def test_the_canary_is_in_no_answer_but_to_a_token_with_the_right(app: Flask, noted: Home, people: People) -> None:
    """CO-05, PL-09: every GET of the API with all that an adviser, then an administrator, may give a token; an administrator's
    token without the scope is refused; a POST does not repeat what was written."""
    for user, wanted in ((noted.adviser, set()), (people.administrator, {ANSWER})):
        program = Program(app, token_of(noted.cabinet_id, user))
        found = set()
        for one, path in answers(app, noted):
            if tells(program.call("GET", path, Accept="*/*")):
                found.add(one.name)
        assert found == wanted
    path = f"/p/conformite/contacts/{noted.jeanne}/suspicions"
    bare = Program(app, token_of(noted.cabinet_id, people.administrator, ["contacts:read", "administration:read"]))
    assert bare.call("GET", path).status_code == 403
    boss = Program(app, token_of(noted.cabinet_id, people.administrator))
    made = boss.call("POST", path, {"text": f"Seconde {WORD}"})
    assert (made.status_code, WORD in made.get_data(as_text=True)) == (201, False)
    assert [one["text"].split()[0] for one in boss.call("GET", path).json["items"]] == ["Virements", "Seconde"]


def test_nothing_of_it_lies_in_clear(app: Flask, administrator: FlaskClient, noted: Home, people: People) -> None:
    """CO-05: written by the page and by a program, it is in no row of the database but encrypted; the journal says that a note
    was written, of nobody, without a word of it."""
    page = administrator.get(f"/p/conformite/contacts/{noted.jeanne}/vigilance/soupcons").get_data(as_text=True)
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    path = f"/p/conformite/contacts/{noted.jeanne}/vigilance/soupcons"
    for _twice in range(2):
        assert administrator.post(path, data={**hidden, "text": f"Par la page, {WORD}"}).status_code == 303
    assert administrator.post(path, data={**hidden, "text": " "}).status_code == 422
    Program(app, token_of(noted.cabinet_id, people.administrator)).call(
        "POST", f"/p/conformite/contacts/{noted.jeanne}/suspicions", {"text": f"Par un programme, {WORD}"}
    )
    with db.session(noted.cabinet_id, write=False) as session:
        for model in (one.class_ for one in Base.registry.mappers):
            for row in session.scalars(select(model)):
                kept = [getattr(row, one.key) for one in model.__mapper__.column_attrs]
                assert not any(WORD.encode() in (one if isinstance(one, bytes) else str(one).encode()) for one in kept), model
        assert len(session.scalars(select(Suspicion)).all()) == 3
        assert len(session.scalars(select(Secret).where(Secret.owner.like("conformite:suspicion:%"))).all()) == 3
        told = session.execute(
            select(AuditEntry.subject, AuditPayload.payload)
            .join(AuditPayload, AuditPayload.entry_id == AuditEntry.id)
            .where(AuditEntry.action == "conformite.suspicion_noted")
        ).all()  # fmt: skip
        assert len(told) == 3
        for subject, payload in told:
            assert noted.jeanne not in subject + str(payload)
            assert set(payload) <= {"via"}


def test_who_may_and_whose(noted: Home, people: People) -> None:
    """CO-05: the right alone opens them, of contacts that one sees; a `repr` tells nothing."""
    with db.session(noted.cabinet_id) as session:
        by, boss = person(session, noted.adviser), person(session, people.administrator)
        for act in (
            lambda: suspicions.of_contact(session, by, noted.jeanne), lambda: suspicions.write(session, by, noted.jeanne, "Rien"),
        ):  # fmt: skip
            with pytest.raises(Forbidden):
                act()
        with pytest.raises(NotFound):
            suspicions.of_contact(session, boss, "0" * 26)
        (note,) = suspicions.of_contact(session, boss, noted.jeanne)
        assert WORD in note.text
        assert WORD not in repr(note)


def test_administrators_alone_have_the_rights_at_first() -> None:
    """CO-05: of the built-in profiles, one has them; no scope but its own opens a token to them."""
    for right in (suspicions.RIGHT, "vigilance.validate"):
        assert [role for role, rights in PERMISSIONS.items() if right in rights] == ["ADMINISTRATEUR"]
    assert [code for code, one in api_scopes.SCOPES.items() if one.right == suspicions.RIGHT] == [
        "suspicions:read", "suspicions:write",
    ]  # fmt: skip


def test_a_merge_moves_them_without_a_word(app: Flask, adviser: FlaskClient, noted: Home, people: People) -> None:
    """CO-05, CT-02: after a merge they are the kept contact's; neither journal nor the merge's pages count or name them; undone,
    they are back."""
    with db.session(noted.cabinet_id) as session:
        by, boss = person(session, noted.adviser), person(session, people.administrator)
        suspicions.write(session, boss, noted.paul, f"Autre note, {WORD}.")
        choices = {one.name: "kept" for one in merging.compare(session, by, noted.jeanne, noted.paul).fields}
        done = merging.merge(session, by, noted.jeanne, noted.paul, choices)
        assert len(suspicions.of_contact(session, boss, noted.jeanne)) == 2
        row = session.scalars(select(ContactMerge).where(ContactMerge.id == done.id)).one()
        assert "conformite_suspicion.contact_id" in row.record["rows"]["moved"]
        assert merging.rows_told(row) == sum(
            len(ids) for place, ids in row.record["rows"]["moved"].items() if not place.startswith("conformite_suspicion")
        ) + len(row.record["rows"]["dropped"])
        told = session.scalars(select(AuditPayload.payload)).all()
        assert "suspicion" not in str(told)
    page = plain(adviser.get(f"/p/contacts/fusions/{done.id}/defaire"))
    assert "uspicion" not in page
    with db.session(noted.cabinet_id) as session:
        by, boss = person(session, noted.adviser), person(session, people.administrator)
        merging.undo(session, by, done.id)
        assert len(suspicions.of_contact(session, boss, noted.paul)) == 1
        assert "suspicion" not in str(session.scalars(select(AuditPayload.payload)).all())
        assert session.scalar(select(Contact.id).where(Contact.id == noted.paul))
