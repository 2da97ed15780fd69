"""Partners that are asked for portfolios, and the files that they gave (AGG-01)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | None = None
depends_on: str | None = None

SOURCES = ("JAMAIS", "EN_COURS", "A_JOUR", "ECHEC", "MANDAT")


def upgrade() -> None:
    """Make them."""
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "aggregation_source",
        sa.Column("cabinet_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("plugin", sa.String(60), nullable=False),
        sa.Column("state", sa.Enum(*SOURCES, native_enum=False, length=10), nullable=False),
        sa.Column("run", sa.String(26), nullable=False),
        sa.Column("asked_at", instant, nullable=True),
        sa.Column("answered_at", instant, nullable=True),
        sa.Column("on", sa.Date(), nullable=True),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("cursor", sa.String(512), nullable=False),
        sa.Column("marking", sa.String(200), nullable=False),
        sa.Column("mark", sa.String(200), nullable=False),
        sa.Column("trouble", sa.String(500), nullable=False),
        sa.Column("remedy", sa.String(500), nullable=False),
        sa.PrimaryKeyConstraint("cabinet_id", "id", name=op.f("pk_aggregation_source")),
        sa.ForeignKeyConstraint(["cabinet_id"], ["cabinet.id"], name=op.f("fk_aggregation_source_cabinet_id")),
        sa.UniqueConstraint("cabinet_id", "plugin", name=op.f("uq_aggregation_source_cabinet_id_plugin")),
    )
    op.create_index("ix_aggregation_step_feed_account", "aggregation_step", ["cabinet_id", "feed_account_id"])
    with op.batch_alter_table("aggregation_file") as batch:
        batch.add_column(sa.Column("source", sa.String(60), nullable=False, server_default=""))


def downgrade() -> None:
    """Take them away."""
    with op.batch_alter_table("aggregation_file") as batch:
        batch.drop_column("source")
    op.drop_index("ix_aggregation_step_feed_account", "aggregation_step")
    op.drop_table("aggregation_source")
