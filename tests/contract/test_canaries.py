"""Canary strings of the second cabinet in no output of the first, each wall alone down (issue 3, «How it is tried»).

`tests/postgres/test_walls_apart.py` does the same with row-level security alone.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from sqlalchemy import event
from sqlalchemy import select
from sqlalchemy import text

from core.app import create_app
from core.contacts.models import Contact
from core.db import checker
from core.db import scope
from core.db import session as sessions
from core.db.errors import NoCabinet
from core.db.session import TenantSession
from core.extensions import db
from core.shell import gate
from core.web.policy import Policy
from core.web.policy import policy_of
from tests import databases
from tests.conftest import make_config
from tests.contract import canaries
from tests.contract import rights_world
from tests.contract import two_cabinets as two
from tests.contract.rights_world import World
from tests.contract.test_rights_matrix import REACH
from tests.contract.test_rights_matrix import ROWS
from tests.contract.test_rights_matrix import WIDTH
from tests.contract.test_rights_matrix import ask
from tests.contract.test_rights_matrix import lists
from tests.contract.test_rights_matrix import rules
from tests.usual import adopt

pytestmark = pytest.mark.xdist_group("walls")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, object]]:
    config = make_config(tmp_path_factory.mktemp("canaries"))
    databases.ready(config.database_url)
    app = create_app(config)
    made = rights_world.build(app)
    canaries.plant(made)
    yield made, config
    app.extensions["encours_hub"].close()
    db.close()


@pytest.fixture
def world(built: tuple[World, object]) -> World:
    made, config = built
    adopt(made.app, config)  # type: ignore[arg-type]
    return made


def assert_none_sings(world: World, *, pages: int = 80) -> None:
    """Somebody of the first cabinet looks everywhere: no canary, and his own pages are there."""
    known, whole = canaries.ids(world), 0
    for asked, status, said, sent in canaries.walk(world):
        assert canaries.seen(said, known, sent=sent) == [], (asked, status)
        whole += status == 200
    assert whole > pages


def test_no_canary_in_any_answer_log_or_figure(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """Pages, fragments, search, live, errors, metrics; and the log of both cabinets' people at work."""
    caplog.set_level(logging.DEBUG)
    assert_none_sings(world)
    theirs = world.app.test_client()
    from tests.conftest import sign_in

    sign_in(theirs, "administrateur@second.example")
    foreign = world.clients["foreign"]
    own = [f"/p/contacts/{foreign.contact}", f"/p/portefeuille/comptes/{foreign.account}", "/p/contacts/"]
    own.append(f"/recherche?q={canaries.WORD}")
    assert all(canaries.WORD in theirs.get(path).get_data(as_text=True) for path in own)
    theirs.get(f"/p/contacts/{foreign.contact}/{canaries.WORD}")
    theirs.post(f"/p/contacts/{foreign.contact}/modifier", data={"birth_name": canaries.WORD})
    assert caplog.records
    # the reference of a row may be in a line of the log; a client's name, number or text may not
    assert canaries.seen(caplog.text, frozenset()) == []
    metrics = world.browser("ADMINISTRATEUR").get("/metrics").get_data(as_text=True)
    assert canaries.seen(metrics, canaries.ids(world)) == []


def test_without_the_statement_checker_the_session_holds(world: World) -> None:
    """The checker is on in tests and demo only: production has what this test has."""
    event.remove(db.engine, "before_cursor_execute", checker.check)
    with db.session(world.people.cabinet_id, write=False) as session:
        unscoped = 3 if databases.POSTGRESQL else 4  # it is off indeed; PostgreSQL's policies are a wall of their own
        assert session.scalars(text("SELECT count(*) FROM contact")).one() == unscoped
        assert len(session.scalars(select(Contact.id)).all()) == 3
    assert_none_sings(world)


def test_without_the_session_s_filter_the_checker_refuses(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A statement that lost its cabinet does not run: errors in place of another's data."""
    monkeypatch.setattr(scope, "of_cabinet", lambda statement, _cabinet_id: statement)
    event.remove(TenantSession, "do_orm_execute", sessions._scope)
    try:
        with db.session(world.people.cabinet_id, write=False) as session, pytest.raises(NoCabinet):
            session.scalars(select(Contact.display_name)).all()
        browser, known = world.browser("ADMINISTRATEUR"), frozenset({world.clients["foreign"].contact})
        world.app.config["PROPAGATE_EXCEPTIONS"] = False
        for path in ("/p/contacts/", "/p/portefeuille/comptes", f"/p/contacts/{world.clients['foreign'].contact}"):
            answer = browser.get(path)
            assert answer.status_code == 500, path
            assert canaries.seen(two.text_of(answer), known, sent=(path, world.clients["foreign"].contact)) == []
    finally:
        world.app.config["PROPAGATE_EXCEPTIONS"] = None
        event.listen(TenantSession, "do_orm_execute", sessions._scope)


@pytest.mark.parametrize("profile", ["RESPONSABLE_AGENCE", "CONSEILLER", "LECTEUR", "REGARD"])
def test_without_the_door_rights_in_sql_hold(world: World, profile: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The gate lets everybody in everywhere: what is not within reach is still not found, nor changed, nor named.

    Four profiles: one of each width, and the one whose rights are of two.
    """
    def open_door(view: object) -> Policy | None:
        declared = policy_of(view)  # type: ignore[arg-type]
        return Policy("session") if declared is not None and declared.kind == "permission" else declared

    monkeypatch.setattr(gate, "policy_of", open_door)
    token = two.token_of(world.browser(profile))
    for whose in rights_world.CLIENTS:
        world.new_account(whose)
        world.new_paper(whose)
        world.new_line(whose)  # what may be asked to be removed is there before the cabinet is looked at
    before = two.digest(world.people.cabinet_id)
    wrong = []
    for rule, method in rules(world.app):
        row = ROWS[rule.endpoint][method]
        if not row.client:
            continue
        inside = REACH.get(WIDTH[profile].get(row.reach or row.right, ""), ())
        for whose in ("own", "colleague", "other", "foreign"):
            if whose in inside:
                continue
            url, status = ask(world, rule, method, profile, whose, token)
            if status not in (403, 404):
                wrong.append(f"{method} {url} ({whose}): {status}")
    assert not wrong, "\n".join(wrong)
    assert two.digest(world.people.cabinet_id) == before
    for place, said in lists(world, profile).items():
        for whose in set(rights_world.CLIENTS) - set(REACH[WIDTH[profile]["contacts.view"]]):
            asked = place.rsplit(" ", 1)[-1]
            marks = {rights_world.CLIENTS[whose], rights_world.NUMBERS[whose], world.clients[whose].contact} - {asked}
            assert not [mark for mark in marks if mark in said], (place, whose)
