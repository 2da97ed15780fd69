"""Who read which client's file (security-reliability.md §2.2, «Reads of client sheets logged too»)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from click.testing import CliRunner
from flask import Flask
from flask import Response
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy import select
from sqlalchemy import true
from sqlalchemy.exc import OperationalError

from core.cabinets import access_log
from core.cabinets import audit_proof
from core.cabinets.models import AccessLine
from core.cabinets.models import AuditEntry
from core.cli import cli
from core.contacts.models import Contact
from core.db.clock import now
from core.db.clock import shifted
from core.extensions import db
from core.shell import reading
from core.web.policy import policy
from tests.conftest import People
from tests.plugins.portefeuille.conftest import Portfolio
from tests.plugins.portefeuille.conftest import portfolio

__all__ = ["portfolio"]


@pytest.fixture(autouse=True)
def _nothing_waits() -> Iterator[None]:
    access_log.forget()
    yield
    access_log.forget()


def lines(people: People) -> list[tuple[str, str, str, str]]:
    """What was written down, the newest first."""
    access_log.flush()
    with db.session(people.cabinet_id, write=False) as session:
        return [(line.who, line.what, line.kind, line.ref) for line in access_log.lines(session, true())]


def test_opening_a_file_leaves_a_line(adviser: FlaskClient, people: People, portfolio: Portfolio) -> None:
    """Contact, its portfolio, an account and its tabs, a list narrowed to a client: one line a thing, whatever is clicked."""
    for path in (
        f"/p/contacts/{portfolio.jeanne}", f"/p/contacts/{portfolio.jeanne}/coordonnees", f"/p/contacts/{portfolio.jeanne}",
        f"/p/portefeuille/contacts/{portfolio.jeanne}", f"/p/portefeuille/comptes/{portfolio.himalia}",
        f"/p/portefeuille/comptes/{portfolio.himalia}/mouvements", f"/p/portefeuille/comptes?contact={portfolio.household}",
        f"/p/portefeuille/comptes/{portfolio.himalia}/performance", f"/p/portefeuille/contacts/{portfolio.jeanne}/performance",
    ):
        assert adviser.get(path).status_code == 200, path
    who = "Conseiller Demo"
    assert sorted(lines(people)) == sorted(
        [
            (who, "read", "contact", portfolio.jeanne), (who, "read", "account", portfolio.himalia),
            (who, "read", "contact", portfolio.household),
        ]
    )  # fmt: skip


def test_what_was_not_shown_leaves_none(adviser: FlaskClient, people: People, portfolio: Portfolio) -> None:
    """Refused, unknown, redirected, typed as a parameter of another page, or a list of nobody in particular."""
    for path in (
        f"/p/contacts/{portfolio.paul}", "/p/contacts/inconnu", "/p/contacts/", f"/notifications?contact={portfolio.paul}",
        f"/p/portefeuille/comptes?contact={portfolio.paul}", "/recherche?q=durand",
        f"/p/portefeuille/contacts/{portfolio.jeanne}/comptes",
    ):
        adviser.get(path)
    assert lines(people) == []


def test_one_line_a_quarter_of_an_hour(people: People) -> None:
    """Also where another process noted the same: each process only knows its own."""
    def read(kind: str = "contact", who: str = people.adviser) -> None:
        access_log.note(people.cabinet_id, who, "read", kind, "c" * 26)

    start = timedelta(seconds=-(int(now().timestamp()) % access_log.SLOT))
    with shifted(start):
        read()
        read()
        assert len(lines(people)) == 1
        access_log.forget()  # another process
        read()
        read("account")
        read(who=people.other)
        assert len(lines(people)) == 3
    with shifted(start + timedelta(seconds=access_log.SLOT + 1)):
        read()
        assert len(lines(people)) == 4


def test_no_page_waits_for_it(adviser: FlaskClient, people: People, portfolio: Portfolio) -> None:
    """A page that notes a read runs the queries of one that does not, and none of the trace's table."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    path = f"/p/portefeuille/comptes/{portfolio.himalia}"
    adviser.get(path)
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        counts = []
        for again in (False, True):
            if not again:
                access_log.forget()  # the first is noted, the second is not: it was in this quarter of an hour
            seen.clear()
            assert adviser.get(path).status_code == 200
            counts.append(len(seen))
            assert not [one for one in seen if "access_line" in one]
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert counts[0] == counts[1]


def test_notes_wait_while_the_database_does_not_answer(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is lost; what can never be written holds up nothing."""
    def down(*_: object) -> None:
        raise OperationalError("INSERT", {}, Exception("locked"))

    access_log.note(people.cabinet_id, people.adviser, "read", "contact", "c" * 26)
    with monkeypatch.context() as patch:
        patch.setattr(access_log, "_write", down)
        access_log.flush()
    assert len(lines(people)) == 1
    access_log.note(99, people.adviser, "read", "contact", "c" * 26)  # a cabinet that is gone
    access_log.note(people.cabinet_id, people.adviser, "read", "contact", "d" * 26)
    assert len(lines(people)) == 2


def test_an_export_is_noted_by_its_type(app: Flask, people: People) -> None:
    """A list that leaves as a table: who, which list; a table of one client: whose."""
    def table(contact_id: str = "") -> Response:
        return Response("a;b", mimetype="text/csv")

    app.add_url_rule("/essai.csv", "essai", policy("session")(table))
    app.add_url_rule("/essai/<contact_id>.csv", "essai_of", policy("session")(table))
    from tests.conftest import sign_in

    client = app.test_client()
    sign_in(client, "conseiller@demo.example")
    client.get("/essai.csv")
    client.get("/essai/abc.csv")
    assert sorted(lines(people)) == [
        ("Conseiller Demo", "export", "contact", "abc"), ("Conseiller Demo", "export", "list", "essai"),
    ]  # fmt: skip


def test_every_argument_that_names_a_client_s_thing_is_noted(app: Flask) -> None:
    """A new argument of a URL is either something of a client's file, or known to be none."""
    none = {
        "plugin", "path", "version", "name", "kind", "channel_id", "form", "slug", "endpoint_id", "key", "step", "user_id",
        "support_id", "filename", "number", "chapter", "tutorial", "upload_id", "view_id", "mark",
        "agency_id", "profile_id", "entry_id", "token_id", "journey_id", "partner", "noun", "kid", "shade",
        "what", "defined_id", "field_id", "category_id", "label_id", "number_id",  # the last beside its contact's
        "relation_id", "member_id",
        "import_id", "target", "feed_id", "feed_account_id", "file_id", "range_id", "batch_id",
        "model_id", "run_id", "proposal_id", "optimisation_id",
        "merge_id", "year",
        "asset_id", "value_id", "rent_id", "debt_id",  # likewise
        "field_name", "day", "movement_id", "act",  # beside its account's
        "loan_id", "item_id", "event_id", "pledge_id", "line_id",  # beside contact_id in pages; programs' views say
        "statement_id",  # beside contact_id
        "plan_id",  # its views say its account
        "signature_id",  # its views say its document
        "past_id", "project_id", "section",  # beside contact_id in pages; programs' views say
        "assessment_id", "operation_id",  # likewise
        "internal_id", "list_id", "shelf", "owner_id", "shelved_id", "own_category_id",  # the cabinet's own
        "paper",  # a kind of document
    }  # fmt: skip
    found = {name for rule in app.url_map.iter_rules() for name in rule.arguments}
    assert found - none == set(reading.SUBJECTS)


def test_the_command_tells_who_read_a_client_s_file(
    adviser: FlaskClient, people: People, strangers: People, portfolio: Portfolio, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`encours access-log --contact`: the file, and the accounts he holds; another client's not."""
    for path in (f"/p/contacts/{portfolio.jeanne}", f"/p/portefeuille/comptes/{portfolio.himalia}"):
        adviser.get(path)
    access_log.note(people.cabinet_id, people.other, "read", "contact", portfolio.paul)
    access_log.flush()
    with db.session(people.cabinet_id, write=False) as session:
        code = session.scalars(select(Contact.file_code).where(Contact.id == portfolio.jeanne)).one()
    for module in ("core.cli.accounts", "core.cli.rights"):
        monkeypatch.setattr(f"{module}.create_app", lambda: None)
    said = CliRunner().invoke(cli, ["access-log", "--cabinet", "demo", "--contact", code]).output
    assert said.count("Conseiller Demo  consultation") == 2
    assert "consultation, dossier" in said
    assert "consultation, compte" in said
    assert "Autre" not in said
    assert CliRunner().invoke(cli, ["access-log", "--cabinet", "second", "--contact", code]).exit_code != 0


def test_the_trace_is_purged(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    """By age every day; by hand with a line of the journal, whose chain stays whole."""
    for days in (400, 10):
        with shifted(timedelta(days=-days)):
            access_log.note(people.cabinet_id, people.adviser, "read", "contact", "c" * 26)
            access_log.flush()
    from core.auth.jobs import purge_reads

    purge_reads(people.cabinet_id)
    assert len(lines(people)) == 1
    monkeypatch.setattr("core.cli.rights.create_app", lambda: None)
    done = CliRunner().invoke(cli, ["purge-access-log", "--cabinet", "demo", "--until", f"{now() - timedelta(days=9):%Y-%m-%d}"])
    assert done.output == "1 consultations effacées.\n"
    with db.session(people.cabinet_id, write=False) as session:
        assert session.scalars(select(AccessLine.id)).all() == []
        assert session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq.desc())).first() == "access.purged"
        assert audit_proof.verify(session).fault is None
