"""Each wall alone switched off on PostgreSQL, under the application's role: the others hold (issue 3, «How it is tried»).

Somebody of the first cabinet looks everywhere for the second's canaries, as `tests/contract/test_canaries.py` does.
"""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import event
from sqlalchemy import select
from sqlalchemy import text

from core.app import create_app
from core.config import Config
from core.contacts.models import Contact
from core.db import checker
from core.db import scope
from core.db import session as sessions
from core.db import walls
from core.db.session import TenantSession
from core.extensions import db
from tests.conftest import make_config
from tests.contract import canaries
from tests.contract import rights_world
from tests.contract.rights_world import World
from tests.contract.test_canaries import assert_none_sings
from tests.postgres.cluster import Cluster
from tests.usual import adopt

NAMES = text("SELECT count(*) FROM contact")


@pytest.fixture(scope="module")
def built(cluster: Cluster, migrated: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, Config, str]]:
    name = cluster.create(migrated)
    config = make_config(tmp_path_factory.mktemp("walls"), database_url=cluster.url(name))
    app = create_app(config)
    made = rights_world.build(app)
    canaries.plant(made)
    yield made, config, name
    app.extensions["encours_hub"].close()
    db.close()
    cluster.drop(name)


@pytest.fixture
def world(built: tuple[World, Config, str]) -> World:
    adopt(built[0].app, built[1])
    return built[0]


def seen(world: World) -> tuple[int, int]:
    """How many contacts raw SQL and the session see of the four that there are."""
    with db.session(world.people.cabinet_id, write=False) as session:
        return session.scalars(NAMES).one(), len(session.scalars(select(Contact.id)).all())


def test_without_the_session_s_filter_the_policies_hold(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the filter nor the checker: every statement runs without its cabinet, the database adds it."""
    monkeypatch.setattr(scope, "of_cabinet", lambda statement, _cabinet_id: statement)
    event.remove(db.engine, "before_cursor_execute", checker.check)
    event.remove(TenantSession, "do_orm_execute", sessions._scope)
    try:
        ran: list[str] = []
        event.listen(db.engine, "before_cursor_execute", lambda _c, _k, statement, *_: ran.append(statement))
        assert seen(world) == (3, 3)
        assert [one for one in ran if "FROM contact" in one and "WHERE" in one] == []  # it is off indeed
        assert_none_sings(world)
    finally:
        event.listen(TenantSession, "do_orm_execute", sessions._scope)


def test_without_the_policies_the_filter_holds(world: World, built: tuple[World, Config, str], cluster: Cluster) -> None:
    """Row-level security off on every table: what the product's own code asks for stays the cabinet's."""
    def turn(word: str) -> None:
        with psycopg.connect(cluster.dsn(built[2])) as connection:
            for name, *_ in walls.scoped(connection.execute(walls.TABLES).fetchall()):  # type: ignore[arg-type]
                connection.execute(f'ALTER TABLE "{name}" {word} ROW LEVEL SECURITY'.encode())

    turn("DISABLE")
    try:
        with psycopg.connect(cluster.dsn(built[2], "encours_app")) as connection:
            assert connection.execute("SELECT count(*) FROM contact").fetchone() == (4,)  # it is off indeed
        assert_none_sings(world)
    finally:
        turn("ENABLE")


def test_without_the_checker_both_hold(world: World) -> None:
    """As production runs: raw SQL meets the policies, the rest the filter first."""
    event.remove(db.engine, "before_cursor_execute", checker.check)
    assert seen(world) == (3, 3)
    assert_none_sings(world)
