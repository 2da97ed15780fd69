"""Migrations under the owner's role, and who may start (architecture.md §3): each on a base of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner

from core.cli import cli
from core.config import ConfigError
from core.db import migrate
from core.db import roles
from core.db import walls
from core.db.session import Database
from core.extensions import db
from tests.conftest import make_config
from tests.postgres.cluster import APP
from tests.postgres.cluster import OWNER
from tests.postgres.cluster import SUPER
from tests.postgres.cluster import Cluster

#: A third party's migration: a table of cabinets, and a change of all cabinets' rows.
LATER = '''
import sqlalchemy as sa
from alembic import op
revision, down_revision, branch_labels, depends_on = "p1", None, None, None

def upgrade():
    op.create_table("tiers_note", sa.Column("cabinet_id", sa.Integer, primary_key=True, autoincrement=False),
                    sa.Column("id", sa.String(26), primary_key=True), sa.Column("text", sa.String(20)))
    op.execute("INSERT INTO tiers_note SELECT id, 'a', 'x' FROM cabinet")
    op.execute("UPDATE plugin_enabling SET position = 77")
'''


@pytest.fixture
def base(cluster: Cluster, migrated: str) -> Iterator[str]:
    """A migrated base with a row in each of two cabinets."""
    name = cluster.create(migrated)
    with psycopg.connect(cluster.dsn(name)) as connection:
        for number in (1, 2):
            connection.execute("INSERT INTO cabinet (id, slug, name, data_key, demo, created_at) "
                               "VALUES (%s, %s, 'x', '', false, now())", (number, f"c{number}"))  # fmt: skip
            connection.execute("INSERT INTO plugin_enabling (cabinet_id, id, plugin, enabled, position, changed_at) "
                               "VALUES (%s, 'x', 'x', true, 0, now())", (number,))  # fmt: skip
    yield name
    cluster.drop(name)


def opened(address: str) -> Database:
    made = Database()
    made.open(address, check=False)
    return made


@pytest.fixture
def later(tmp_path: Path) -> list[tuple[str, Path]]:
    """The plugin's folder of migrations."""
    (tmp_path / "versions").mkdir()
    (tmp_path / "versions" / "p1.py").write_text(LATER, "utf-8")
    return [("tiers", tmp_path)]


@pytest.mark.parametrize("bound", [False, True])
def test_a_plugins_table_is_behind_the_wall_at_once(
    cluster: Cluster, base: str, later: list[tuple[str, Path]], bound: bool
) -> None:
    """Nobody writes its policy; its migration sees every cabinet's rows, also under an owner that policies bind."""
    with psycopg.connect(cluster.dsn(base), autocommit=True) as connection:
        connection.execute(f"ALTER ROLE {OWNER} {'NOBYPASSRLS' if bound else 'BYPASSRLS'}".encode())
    owner = opened(cluster.url(base, OWNER))
    try:
        migrate.upgrade(owner, later, app_role=APP)
        migrate.upgrade(owner, later, app_role=APP)  # again: nothing to do, nothing breaks
    finally:
        owner.close()
        with psycopg.connect(cluster.dsn(base), autocommit=True) as connection:
            connection.execute(f"ALTER ROLE {OWNER} BYPASSRLS".encode())
    with psycopg.connect(cluster.dsn(base)) as connection:
        assert connection.execute("SELECT count(*) FROM plugin_enabling WHERE position = 77").fetchone() == (2,)
        unforced = connection.execute(walls.TABLES.encode()).fetchall()
        assert [row for row in walls.scoped(unforced) if not row[2]] == []  # type: ignore[arg-type]
    with psycopg.connect(cluster.dsn(base, APP)) as connection:
        assert connection.execute("SELECT * FROM tiers_note").fetchall() == []
        connection.execute("SELECT set_config('app.cabinet_id', '2', true)")
        assert connection.execute("SELECT cabinet_id FROM tiers_note").fetchall() == [(2,)]
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="alembic_version_tiers"):
            connection.execute("UPDATE alembic_version_tiers SET version_num = 'x'")


def test_an_upgrade_that_fails_leaves_all_as_it_was(cluster: Cluster, base: str, tmp_path: Path) -> None:
    """PL-05: one transaction a plugin: no table half made, and the wall, which was lowered for it, stands; core went on."""
    (tmp_path / "versions").mkdir()
    (tmp_path / "versions" / "p1.py").write_text(LATER + '    op.execute("SELECT 1/0")\n', "utf-8")
    line = LATER.count("\n") + 1
    with psycopg.connect(cluster.dsn(base), autocommit=True) as connection:
        connection.execute(f"ALTER ROLE {OWNER} NOBYPASSRLS".encode())
    owner = opened(cluster.url(base, OWNER))
    try:
        (failed,) = migrate.upgrade(owner, [("tiers", tmp_path)], app_role=APP)
        assert (failed.name, failed.text) == ("tiers", f"DataError : division by zero (p1.py, ligne {line})")
        assert migrate.behind(owner, [("tiers", tmp_path)]) == ["tiers"]
    finally:
        owner.close()
        with psycopg.connect(cluster.dsn(base), autocommit=True) as connection:
            connection.execute(f"ALTER ROLE {OWNER} BYPASSRLS".encode())
    with psycopg.connect(cluster.dsn(base)) as connection:
        assert connection.execute("SELECT to_regclass('tiers_note')").fetchone() == (None,)
        assert all(row[1] and row[2] for row in walls.scoped(connection.execute(walls.TABLES.encode())))  # type: ignore[arg-type]


@pytest.mark.parametrize(("role", "why"), [(APP, None), (OWNER, "SUPERUSER ou BYPASSRLS"), (SUPER, "SUPERUSER ou BYPASSRLS")])
def test_who_is_bound_by_the_wall(cluster: Cluster, base: str, role: str, why: str | None) -> None:
    """The application's role is; the owner's and the superuser's are refused, with what to do."""
    asked = opened(cluster.url(base, role))
    try:
        assert roles.name(asked) == role
        if why is None:
            roles.check(asked)
        else:
            with pytest.raises(ConfigError, match=why) as said:
                roles.check(asked)
            assert role in str(said.value)
            assert "ENCOURS_ONE_ROLE=1" in str(said.value)
    finally:
        asked.close()


def test_a_member_of_the_owner_is_refused(cluster: Cluster, base: str) -> None:
    """He could become the owner by SET ROLE, and lower the wall."""
    with psycopg.connect(cluster.dsn(base), autocommit=True) as connection:
        connection.execute(f"CREATE ROLE apprenti LOGIN IN ROLE {OWNER}".encode())
    asked = opened(cluster.url(base, "apprenti"))
    try:
        with pytest.raises(ConfigError, match="possède les tables"):
            roles.check(asked)
    finally:
        asked.close()
        with psycopg.connect(cluster.dsn(base), autocommit=True) as connection:
            connection.execute("DROP ROLE apprenti")


@pytest.mark.parametrize("full", [True, False])
def test_only_the_owner_migrates(
    cluster: Cluster, base: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, full: bool
) -> None:
    """`encours db upgrade`, and the demonstration started again, without the owner's address: a line that says what to give."""
    config = make_config(tmp_path)
    for name in ("var_dir", "secret_key", "kek", "base_url"):
        monkeypatch.setenv(f"ENCOURS_{name.upper()}", str(getattr(config, name)))
    name = base if full else cluster.create()
    monkeypatch.setenv("ENCOURS_DATABASE_URL", cluster.url(name, APP))
    done = CliRunner().invoke(cli, ["db", "upgrade"])
    db.close()
    assert isinstance(done.exception, ConfigError)
    assert "«encours_app»" in str(done.exception)
    assert "ENCOURS_OWNER_URL" in str(done.exception)
    monkeypatch.setenv("ENCOURS_OWNER_URL", cluster.url(name, OWNER))
    assert CliRunner().invoke(cli, ["db", "upgrade"]).exit_code == 0
    db.close()


@pytest.mark.parametrize("program", ["serve", "worker"])
def test_web_and_worker_do_not_start_unbound(
    cluster: Cluster, base: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    """A clear line, before anything listens or works; with ENCOURS_ONE_ROLE=1 it would (tried on the check's door)."""
    config = make_config(tmp_path)
    for name in ("var_dir", "secret_key", "kek", "base_url"):
        monkeypatch.setenv(f"ENCOURS_{name.upper()}", str(getattr(config, name)))
    monkeypatch.setenv("ENCOURS_DATABASE_URL", cluster.url(base, OWNER))
    done = CliRunner().invoke(cli, [program])
    assert isinstance(done.exception, ConfigError)
    assert "encours_owner" in str(done.exception)
    assert not make_config(tmp_path, testing=False).any_role
    assert make_config(tmp_path, testing=False, one_role=True).any_role


def test_the_owners_address_is_postgresqls(tmp_path: Path) -> None:
    """A slip of the configuration is said."""
    with pytest.raises(ConfigError, match="ENCOURS_OWNER_URL"):
        make_config(tmp_path, owner_url="sqlite:///x")
