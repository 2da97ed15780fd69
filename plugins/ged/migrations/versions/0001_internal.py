"""Internal documents to be read, and who read them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "ged_duty",
        sa.Column("cabinet_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("document_id", sa.String(26), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("asked_by", sa.String(26), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("cabinet_id", "id", name=op.f("pk_ged_duty")),
        sa.UniqueConstraint("cabinet_id", "document_id", name=op.f("uq_ged_duty_cabinet_id_document_id")),
        sa.ForeignKeyConstraint(
            ["cabinet_id", "document_id"], ["document.cabinet_id", "document.id"],
            name=op.f("fk_ged_duty_cabinet_id_document_id"),
        ),
    )  # fmt: skip
    op.create_table(
        "ged_reading",
        sa.Column("cabinet_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("document_id", sa.String(26), nullable=False),
        sa.Column("user_id", sa.String(26), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("cabinet_id", "id", name=op.f("pk_ged_reading")),
        sa.UniqueConstraint(
            "cabinet_id", "document_id", "user_id", name=op.f("uq_ged_reading_cabinet_id_document_id_user_id")
        ),
        sa.ForeignKeyConstraint(
            ["cabinet_id", "document_id"], ["document.cabinet_id", "document.id"],
            name=op.f("fk_ged_reading_cabinet_id_document_id"),
        ),
    )  # fmt: skip


def downgrade() -> None:
    """Take them away."""
    op.drop_table("ged_reading")
    op.drop_table("ged_duty")
