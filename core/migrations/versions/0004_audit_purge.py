"""Purges of the journal's payloads, each written down; the journal's triggers are raised by `core.db.migrate`."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.db.types

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_purge",
        sa.Column("cabinet_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("entry_id", sa.String(length=26), nullable=False),
        sa.Column("first_seq", sa.Integer(), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("at", core.db.types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cabinet_id", "entry_id"], ["audit_entry.cabinet_id", "audit_entry.id"],
            name=op.f("fk_audit_purge_cabinet_id_entry_id"),
        ),
        sa.PrimaryKeyConstraint("cabinet_id", "id", name=op.f("pk_audit_purge")),
        sa.UniqueConstraint("cabinet_id", "entry_id", name=op.f("uq_audit_purge_cabinet_id_entry_id")),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("audit_purge")
