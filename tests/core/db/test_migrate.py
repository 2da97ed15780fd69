"""Upgrades on SQLite: the journal's triggers stand again after a migration that copies its tables (ADR 009)."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from core.cabinets import audit_proof
from core.cabinets.models import AuditEntry
from core.cabinets.models import AuditPayload
from core.db import migrate
from core.extensions import db
from tests.conftest import People

LATER = '''
import sqlalchemy as sa
from alembic import op
revision, down_revision, branch_labels, depends_on = "p1", None, None, None

def upgrade():
    with op.batch_alter_table("audit_payload", recreate="always") as batch:
        batch.add_column(sa.Column("note", sa.String(20)))
'''


def test_the_triggers_outlive_a_table_that_is_copied(people: People, tmp_path: Path) -> None:
    """SQLite changes a table by copying it, which takes its triggers away, and cannot rename what a trigger speaks of."""
    (tmp_path / "versions").mkdir()
    (tmp_path / "versions" / "p1.py").write_text(LATER, "utf-8")
    migrate.upgrade(db, [("tiers", tmp_path)])
    for model in (AuditEntry, AuditPayload):
        with pytest.raises(IntegrityError, match="journal"), db.session(people.cabinet_id) as session:
            session.execute(delete(model).execution_options(synchronize_session=False))
    with db.session(people.cabinet_id, write=False) as session:
        found = audit_proof.verify(session)
        assert (found.fault, found.purged) == (None, 0)
        assert found.entries > 0
