"""The first wall of tenancy: filter, refusal, composite keys, statement checker."""

from __future__ import annotations

from datetime import UTC
from datetime import datetime
from decimal import Decimal

import pytest
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import text
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import aliased

from core.contacts.models import Contact
from core.contacts.models import HouseholdMember
from core.db.errors import NoCabinet
from core.db.model import INSTANCE_TABLES
from core.db.model import KEYED
from core.db.model import Base
from core.db.types import Money
from core.extensions import db
from tests.conftest import People


def contact(name: str, code: str) -> Contact:
    return Contact(kind="PERSONNE_PHYSIQUE", file_code=code, display_name=name, sort_name=name.lower())


@pytest.fixture
def two(people: People, strangers: People) -> People:
    """One contact in each cabinet."""
    for cabinet, name in ((people.cabinet_id, "Durand"), (strangers.cabinet_id, "Secret")):
        with db.session(cabinet) as session:
            session.add(contact(name, "D-1"))
    return people


def test_every_table_has_a_cabinet_or_is_listed() -> None:
    """architecture.md §3: the list of instance tables is whole."""
    whole = {"cabinet_id", "id"}
    keys = {name: table.primary_key.columns.keys() for name, table in Base.metadata.tables.items()}
    assert {name for name, key in keys.items() if not whole <= set(key)} == {*INSTANCE_TABLES, *KEYED}
    assert all(keys[name][0] == "cabinet_id" for name in KEYED)


def test_the_session_sees_its_cabinet_only(two: People) -> None:
    """Select, count, alias, bulk update: none reaches the other cabinet."""
    with db.session(two.cabinet_id) as session:
        assert session.scalars(select(Contact.display_name)).all() == ["Durand"]
        assert session.scalar(select(func.count()).select_from(Contact)) == 1
        other = aliased(Contact)
        assert session.scalars(select(other.display_name)).all() == ["Durand"]
        changed = session.execute(update(Contact).values(city="Nantes"))
        assert changed.rowcount == 1


def test_no_cabinet_no_query(two: People) -> None:
    """A session without a cabinet raises on a cabinet's table."""
    with db.session(None) as session, pytest.raises(NoCabinet):
        session.scalars(select(Contact)).all()
    with pytest.raises(NoCabinet), db.session(None) as session:
        session.add(contact("Perdu", "D-9"))


def test_what_escapes_the_filter_is_refused(two: People) -> None:
    """The statement checker stops text() and Core selects that name no cabinet."""
    with db.session(two.cabinet_id) as session:
        for statement in (text("SELECT * FROM contact"), select(Contact.__table__)):
            with pytest.raises((NoCabinet, StatementError)):
                session.execute(statement)


def test_a_row_never_points_to_another_cabinet(two: People, strangers: People) -> None:
    """Composite foreign keys: the database itself refuses."""
    with db.session(strangers.cabinet_id) as session:
        theirs = session.scalars(select(Contact.id)).one()
    with db.session(two.cabinet_id) as session:
        ours = session.scalars(select(Contact.id)).one()
    with pytest.raises(IntegrityError), db.session(two.cabinet_id) as session:
        session.add(HouseholdMember(household_id=ours, contact_id=theirs))
    with pytest.raises(NoCabinet), db.session(two.cabinet_id) as session:
        session.add(
            Contact(cabinet_id=strangers.cabinet_id, kind="FOYER", file_code="X", display_name="X", sort_name="x")
        )


def test_money_is_exact_or_refused() -> None:
    """Four decimals, never a float, never rounded."""
    column, dialect = Money(), db.engine.dialect if db._engine else None
    from sqlalchemy.dialects import sqlite

    dialect = sqlite.dialect()
    assert column.process_bind_param(Decimal("84210.55"), dialect) == 842105500
    assert column.process_result_value(842105500, dialect) == Decimal("84210.55")
    for wrong in (1.5, Decimal("0.00001"), Decimal("NaN")):
        with pytest.raises(ValueError, match="decimal"):
            column.process_bind_param(wrong, dialect)  # type: ignore[arg-type]


def test_sums_are_exact(two: People) -> None:
    """A sum made by SQLite comes back as the same type."""
    from core.accounts.models import Account

    with db.session(two.cabinet_id) as session:
        assert session.scalar(select(func.sum(Account.value))) is None


def test_instants_are_aware() -> None:
    """A naive moment is refused."""
    from core.db.types import Instant

    with pytest.raises(ValueError, match="naive"):
        Instant().process_bind_param(datetime(2026, 1, 1), db)  # type: ignore[arg-type]  # noqa: DTZ001
    assert Instant().process_result_value(datetime(2026, 1, 1), db).tzinfo is UTC  # type: ignore[arg-type, union-attr]  # noqa: DTZ001
