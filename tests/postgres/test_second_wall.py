"""The second wall of tenancy: row-level security under the application's own role (architecture.md §3).

Each wall is tried with the other one off: raw SQL has no first wall, a base whose policies were taken away no second.
"""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from flask import Flask
from psycopg.errors import ForeignKeyViolation
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import func
from sqlalchemy import make_url
from sqlalchemy import select
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core.config import Config
from core.contacts.models import Contact
from core.db import locks
from core.db import walls
from core.db.errors import NoCabinet
from core.db.model import INSTANCE_TABLES
from core.db.session import Database
from core.extensions import db
from tests.conftest import People
from tests.core.db.test_walls import contact
from tests.postgres.cluster import APP
from tests.postgres.cluster import OWNER
from tests.postgres.cluster import Cluster

#: A row of the cabinet of this number.
ADDED = (
    "INSERT INTO plugin_enabling (cabinet_id, id, plugin, enabled, position, changed_at) "
    "VALUES (%s, 'x', 'x', true, 0, now())"
)


@pytest.fixture
def name(config: Config) -> str:
    """The base of this test."""
    return str(make_url(config.database_url).database)


@pytest.fixture
def two(people: People, strangers: People) -> People:
    """One contact in each cabinet."""
    for cabinet, who in ((people.cabinet_id, "Durand"), (strangers.cabinet_id, "Secret")):
        with db.session(cabinet) as session:
            session.add(contact(who, "D-1"))
    return people


@pytest.fixture
def raw(cluster: Cluster, name: str, two: People) -> Iterator[psycopg.Connection]:
    """No session, no filter, no checker: the application's role at the database's prompt, in the first cabinet."""
    with psycopg.connect(cluster.dsn(name, APP)) as connection:
        connection.execute("SELECT set_config('app.cabinet_id', %s, true)", (str(two.cabinet_id),))
        yield connection
        connection.rollback()


def names(connection: psycopg.Connection) -> list[str]:
    return [row[0] for row in connection.execute("SELECT display_name FROM contact ORDER BY 1")]


# --- the first wall off: raw SQL ---------------------------------------------------------------------------------------


def test_no_cabinet_no_row(cluster: Cluster, name: str, two: People) -> None:
    """Unset, never set or emptied: nothing is seen, nothing is added, nothing is changed."""
    with psycopg.connect(cluster.dsn(name, APP)) as connection:
        assert names(connection) == []
        assert connection.execute("UPDATE contact SET city = 'x'").rowcount == 0
        connection.execute("SELECT set_config('app.cabinet_id', '', true)")
        assert names(connection) == []
        with pytest.raises(InsufficientPrivilege, match="row-level security"):
            connection.execute(ADDED, (1,))


def test_raw_sql_sees_its_own_rows(raw: psycopg.Connection, strangers: People) -> None:
    """Also counts, also when the other cabinet is asked for by its number."""
    assert names(raw) == ["Durand"]
    assert raw.execute("SELECT count(*) FROM contact").fetchone() == (1,)
    assert raw.execute("SELECT * FROM contact WHERE cabinet_id = %s", (strangers.cabinet_id,)).fetchall() == []


def test_foreign_rows_are_not_changed(raw: psycopg.Connection, strangers: People) -> None:
    """An UPDATE or a DELETE of them counts none."""
    them = (strangers.cabinet_id,)
    assert raw.execute("UPDATE contact SET city = 'x' WHERE cabinet_id = %s", them).rowcount == 0
    assert raw.execute("DELETE FROM notification WHERE cabinet_id = %s", them).rowcount == 0
    assert raw.execute("UPDATE contact SET city = 'x'").rowcount == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE contact SET cabinet_id = 2",
        ADDED % "2",
    ],
)
def test_no_row_goes_to_another_cabinet(raw: psycopg.Connection, statement: str) -> None:
    """Neither added there nor moved there."""
    with pytest.raises(InsufficientPrivilege, match="row-level security"):
        raw.execute(statement.encode())


def test_no_key_crosses(raw: psycopg.Connection, two: People, cluster: Cluster, name: str) -> None:
    """security-reliability.md §2.4: checks of foreign keys pass by row-level security; composite keys do not."""
    with psycopg.connect(cluster.dsn(name)) as connection:
        (theirs,) = connection.execute("SELECT id FROM contact WHERE cabinet_id = 2").fetchall()[0]
    (ours,) = raw.execute("SELECT id FROM contact").fetchall()[0]
    with pytest.raises(ForeignKeyViolation):
        raw.execute("INSERT INTO household_member (cabinet_id, id, household_id, contact_id) VALUES (1, 'x', %s, %s)",
                    (ours, theirs))  # fmt: skip


@pytest.mark.parametrize(
    "statement",
    ["ALTER TABLE contact DISABLE ROW LEVEL SECURITY", "ALTER TABLE contact NO FORCE ROW LEVEL SECURITY",
     f"DROP POLICY {walls.POLICY} ON contact", "TRUNCATE contact CASCADE", "DROP TABLE live_event",
     "CREATE TABLE mine (x int)", f"SET ROLE {OWNER}", "ALTER ROLE CURRENT_USER BYPASSRLS",
     "UPDATE audit_entry SET action = 'x'", "DELETE FROM audit_payload", "DELETE FROM audit_purge",
     "UPDATE alembic_version SET version_num = '0'", "SET session_replication_role = replica"],
)  # fmt: skip
def test_the_role_cannot_lower_the_wall(raw: psycopg.Connection, statement: str) -> None:
    """It owns nothing and is member of nothing: rights over rows only, none to change the journal."""
    with pytest.raises(InsufficientPrivilege):
        raw.execute(statement.encode())


# --- the session tells the cabinet -------------------------------------------------------------------------------------


@pytest.fixture
def unchecked(config: Config, two: People) -> Iterator[Database]:
    """The product's sessions without the statement checker, one connection in the pool."""
    made = Database()
    made.open(config.database_url, check=False)
    yield made
    made.close()


def test_text_sees_its_own_rows(unchecked: Database, two: People, strangers: People) -> None:
    """What escapes the session's filter meets the policy."""
    for cabinet, own in ((two.cabinet_id, "Durand"), (strangers.cabinet_id, "Secret")):
        for write in (False, True):
            with unchecked.session(cabinet, write=write) as session:
                assert session.scalars(text("SELECT display_name FROM contact")).all() == [own]
                assert session.scalars(select(Contact.__table__.c.display_name)).all() == [own]


def test_a_pooled_connection_forgets_its_cabinet(unchecked: Database, two: People) -> None:
    """Transaction-local: after a commit, after a failure, and after a savepoint rolled back, the next one sees nothing."""
    def seen() -> tuple[int | None, str | None, int | None]:
        with unchecked.session(None, write=False) as session:
            pid = session.scalar(text("SELECT pg_backend_pid()"))
            setting = session.scalar(text("SELECT current_setting('app.cabinet_id', true)"))
            return pid, setting, session.scalar(text("SELECT count(*) FROM contact"))

    first = seen()[0]
    with unchecked.session(two.cabinet_id) as session:
        assert session.scalar(text("SELECT pg_backend_pid()")) == first
    assert seen() == (first, "", 0)
    with pytest.raises(DBAPIError), unchecked.session(two.cabinet_id) as session:
        session.execute(text("SELECT 1/0"))
    assert seen() == (first, "", 0)
    with unchecked.session(two.cabinet_id) as session:
        with session.begin_nested() as inner:
            inner.rollback()
        assert session.scalar(text("SELECT count(*) FROM contact")) == 1
    assert seen() == (first, "", 0)


def test_one_session_of_two_transactions_keeps_its_cabinet(unchecked: Database, two: People) -> None:
    """A request that commits and goes on: the second transaction names its cabinet too."""
    session = unchecked.new_session(two.cabinet_id)
    for _ in range(2):
        assert session.scalar(text("SELECT count(*) FROM contact")) == 1
        session.commit()
    session.close()


# --- the second wall off: the session's filter holds -------------------------------------------------------------------


def test_without_policies_the_session_still_filters(
    app: Flask, config: Config, cluster: Cluster, two: People, strangers: People, name: str
) -> None:
    """architecture.md §3: the first wall alone: select, count, refusal without a cabinet, no row of another's."""
    with psycopg.connect(cluster.dsn(name)) as connection:
        connection.execute("ALTER TABLE contact DISABLE ROW LEVEL SECURITY")
    try:
        with psycopg.connect(cluster.dsn(name, APP)) as connection:
            assert names(connection) == ["Durand", "Secret"]  # it is off indeed
        with db.session(two.cabinet_id) as session:
            assert session.scalars(select(Contact.display_name)).all() == ["Durand"]
            assert session.scalar(select(func.count()).select_from(Contact)) == 1
            with pytest.raises(NoCabinet):
                session.scalars(text("SELECT display_name FROM contact"))
        with pytest.raises(NoCabinet), db.session(None) as session:
            session.scalars(select(Contact)).all()
        with pytest.raises(NoCabinet), db.session(two.cabinet_id) as session:
            session.add(Contact(cabinet_id=strangers.cabinet_id, kind="FOYER", file_code="X", display_name="X", sort_name="x"))
    finally:
        with psycopg.connect(cluster.dsn(name)) as connection:
            connection.execute("ALTER TABLE contact ENABLE ROW LEVEL SECURITY")


def test_the_new_cabinet_is_named_to_the_database(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """`cabinet add` begins without one: the session adopts it, else the policy refuses its first line of the journal."""
    from core.cabinets import services

    with db.session(None) as session:
        services.add_cabinet(session, slug="nouveau", name="Nouveau")
    monkeypatch.setattr(locks, "enter", lambda *args, **more: None)
    with pytest.raises(DBAPIError, match="row-level security"), db.session(None) as session:
        services.add_cabinet(session, slug="encore", name="Encore")


# --- the catalogue -----------------------------------------------------------------------------------------------------


def test_every_table_of_cabinets_is_behind_the_wall(cluster: Cluster, name: str) -> None:
    """The catalogue, not the models: row-level security on, forced, one policy for all commands, both ways."""
    with psycopg.connect(cluster.dsn(name)) as connection:
        found = connection.execute(
            """SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity, p.polname, p.polcmd::text, p.polroles = '{0}',
                      pg_get_expr(p.polqual, c.oid), pg_get_expr(p.polwithcheck, c.oid), p.polpermissive
               FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'cabinet_id'
               LEFT JOIN pg_policy p ON p.polrelid = c.oid
               WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace"""
        ).fetchall()
        views = connection.execute(
            "SELECT relname FROM pg_class WHERE relkind IN ('v', 'm') AND relnamespace = 'public'::regnamespace"
        ).fetchall()
    scoped = [row for row in found if row[0] not in INSTANCE_TABLES]
    assert len(scoped) > 25
    for table, *wall in scoped:
        own = "(cabinet_id = (NULLIF(current_setting('app.cabinet_id'::text, true), ''::text))::integer)"
        assert wall == [True, True, walls.POLICY, "*", True, own, own, True], table
    assert views == []  # a view sees with its owner's eyes: one that comes needs security_invoker


def test_every_role_of_the_operators_page_is_as_it_says(cluster: Cluster, name: str) -> None:
    """docs/operator.md: the application's role owns nothing, is member of nothing and is bound by policies."""
    with psycopg.connect(cluster.dsn(name)) as connection:
        bound = connection.execute(
            "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname LIKE 'encours\\_%' ORDER BY 1"
        ).fetchall()
        owned = connection.execute("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'").fetchall()
        rights = connection.execute(
            "SELECT DISTINCT privilege_type FROM information_schema.role_table_grants WHERE grantee = %s", (APP,)
        ).fetchall()
    assert bound == [(APP, False, False, False), (OWNER, False, True, False)]
    assert owned == [(OWNER,)]
    assert {row[0] for row in rights} == {"SELECT", "INSERT", "UPDATE", "DELETE"}
