"""The first wall has no other door (architecture.md §3): who may reach below it, and when the statement checker is on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy import text

from core.app import create_app
from core.contacts.models import Contact
from core.db.errors import NoCabinet
from core.db.model import INSTANCE_TABLES
from core.db.model import KEYED
from core.db.model import Base
from core.extensions import db
from tests import databases
from tests.conftest import make_config

ROOT = Path(__file__).parent.parent.parent
#: The three modules that may speak to the database without a cabinet's session: migrations, sessions, locks.
BELOW = frozenset({"core/db/migrate.py", "core/db/session.py", "core/db/locks.py"})
#: What reaches below the session's filter: raw SQL, the engine, a connection, a table instead of its model.
DOORS = re.compile(
    r"\bexec_driver_sql\b|(?<![\w.])text\(|\.engine\b|\braw_connection\b|\.connection\(\)|\b__table__\b|\bunscoped\b"
)
#: Words about code: what stands between backticks, or after a hash.
PROSE = re.compile(r"`[^`]*`|#.*")


def sources() -> list[Path]:
    """Core's and plugins' own modules; the simulated extranet is another program, with its own database."""
    found = [path for name in ("core", "plugins") for path in (ROOT / name).rglob("*.py")]
    return [path for path in found if not {"simulator", "migrations", "testing"} & set(path.parts)]


def test_three_modules_at_most_reach_below_the_wall() -> None:
    """A fourth is refused here: it goes through `db.session(cabinet)`, or says why and takes another's place."""
    reaching = {
        str(path.relative_to(ROOT))
        for path in sources()
        if any(DOORS.search(PROSE.sub("", line)) for line in path.read_text("utf-8").splitlines())
    }
    assert reaching <= BELOW, sorted(reaching - BELOW)
    assert len(BELOW) <= 3


def test_every_door_is_found_by_its_name() -> None:
    """The lint above sees what it is meant to see."""
    for line in ('session.execute(text("SELECT 1"))', "select(Contact.__table__)", "db.engine.connect()", "session.connection()"):
        assert DOORS.search(line), line
    assert not DOORS.search('request.form.get("text")')


@pytest.mark.usefixtures("app")
def test_what_has_no_cabinet_is_listed_once() -> None:
    """The tuple holds the instance's tables, each once; every other one is keyed by its cabinet."""
    assert len(INSTANCE_TABLES) == len(set(INSTANCE_TABLES))
    assert set(INSTANCE_TABLES) <= set(Base.metadata.tables)
    for name, table in Base.metadata.tables.items():
        begun = ["cabinet_id"] if name in KEYED else ["cabinet_id", "id"]
        owned = [column.name for column in table.primary_key.columns][: len(begun)] == begun
        assert owned is (name not in INSTANCE_TABLES), name
        if owned:
            crossing = [key for key in table.foreign_key_constraints if "cabinet_id" not in key.column_keys]
            assert not crossing, f"{name}: a foreign key without its cabinet"


@pytest.mark.parametrize(("settings", "on"), [({"testing": True}, True), ({"testing": False, "demo": True}, True),
                                              ({"testing": False, "demo": False}, False)])  # fmt: skip
def test_the_statement_checker_is_on_in_tests_and_demo(tmp_path: Path, settings: dict[str, bool], on: bool) -> None:
    """Statements that name no cabinet are refused there, so that none reaches production unseen."""
    app = create_app(make_config(tmp_path, **settings))
    databases.ready(str(db.engine.url))
    try:
        with db.session(1, write=False) as session:
            for statement in (text("SELECT id FROM contact"), select(Contact.__table__)):
                if on:
                    with pytest.raises(NoCabinet):
                        session.execute(statement)
                else:
                    assert session.execute(statement).all() == []
    finally:
        app.extensions["encours_hub"].close()
        db.close()
