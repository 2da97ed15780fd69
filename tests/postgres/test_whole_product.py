"""The whole product on PostgreSQL, as real processes: `encours demo` with another address of its database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import requests

from tests.postgres.cluster import APP
from tests.postgres.cluster import OWNER
from tests.postgres.cluster import Cluster
from tests.stage import Person
from tests.stage import Stage
from tests.stage import until


@pytest.fixture(scope="module")
def database(cluster: Cluster) -> str:
    """An empty database: the demonstration migrates and fills it."""
    return cluster.create()


@pytest.fixture(scope="module")
def running(cluster: Cluster, database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Web, worker, extranet, under the two roles; addresses are given without a driver, as an operator writes them."""
    made = Stage(
        tmp_path_factory.mktemp("stage-pg"), ENCOURS_DATABASE_URL=cluster.url(database, APP),
        ENCOURS_OWNER_URL=cluster.url(database, OWNER),
    )  # fmt: skip
    try:
        yield made.start()
    finally:
        made.stop()


def test_web_and_worker_are_well(running: Stage, cluster: Cluster, database: str) -> None:
    """interfaces.md, «HTTP»: `encours serve` and `encours worker` run on it, nothing is kept in SQLite beside."""
    answer = until(lambda: _well(running))
    assert (answer["database"], answer["worker"]) == ("ok", "ok")
    assert not list(Path(running.folder).glob("encours.sqlite*"))
    with psycopg.connect(cluster.dsn(database)) as connection:
        rows = connection.execute('SELECT count(*) FROM account').fetchone()
        assert rows is not None
        assert rows[0] > 500
        version = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        assert version


def _well(running: Stage) -> dict[str, str] | None:
    answer = requests.get(f"{running.web}/healthz", timeout=10)
    body: dict[str, str] = answer.json()
    return body if answer.status_code == 200 else None


def test_they_run_without_the_owners_rights(running: Stage, cluster: Cluster, database: str) -> None:
    """architecture.md §3: every connection of the product is the application's role; nobody else's address is known to it."""
    with psycopg.connect(cluster.dsn(database)) as connection:
        found = connection.execute(
            "SELECT DISTINCT usename FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()", (database,)
        ).fetchall()
    assert found == [(APP,)]
    for name in ("web", "worker"):
        pids = running.pids(name)
        assert pids
        for pid in pids:
            assert b"ENCOURS_OWNER_URL" not in Path(f"/proc/{pid}/environ").read_bytes(), name


def test_the_main_job_runs(running: Stage) -> None:
    """BL-08 to BL-13: list of acts, launch, act validated at the partner, its word here."""
    marc = Person(running)
    for page in ("/p/contacts/", "/p/portefeuille/comptes", "/p/nomineo/activation", "/notifications"):
        assert marc.get(page).status_code == 200, page
    account = marc.account("HIM0012345")
    acts = marc.tokens(marc.acts(account).text)
    assert "Arbitrage" in acts
    handover = marc.launch(acts["Arbitrage"])
    assert handover.status_code == 200
    marc.validate(marc.enter(handover.text))
    tab = f"/p/portefeuille/comptes/{account}/transactions"
    assert until(lambda: "En attente" in marc.get(tab).text)


def test_the_second_cabinet_sees_nothing_of_it(running: Stage) -> None:
    """architecture.md §3: the first wall stands on PostgreSQL too."""
    marc, paul = Person(running), Person(running, "administrateur@second.example")
    account = marc.account("HIM0012345")
    assert paul.get(f"/p/portefeuille/comptes/{account}").status_code == 404
    assert "HIM0012345" not in paul.get("/p/portefeuille/comptes").text


def test_lists_are_planned_by_what_is_there(running: Stage, cluster: Cluster, database: str) -> None:
    """performance.md, lists: the tables are counted once they are filled; until PostgreSQL's own round lists took seconds."""
    counted = "SELECT 1 FROM pg_stat_user_tables WHERE last_analyze IS NOT NULL AND relname IN ('account', 'contact_adviser')"
    with psycopg.connect(cluster.dsn(database), autocommit=True) as connection:
        until(lambda: len(connection.execute(counted).fetchall()) == 2, 10)
        sizes = connection.execute("SELECT reltuples FROM pg_class WHERE oid = 'account'::regclass").fetchone()
    assert sizes is not None
    assert sizes[0] > 500
