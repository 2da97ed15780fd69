"""The key of the cabinet's SFTP server, and the files that were taken from it (AGG-01)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | None = None
depends_on: str | None = None

KEYS = (("host", 300), ("host_key", 4000), ("host_key_seen", 4000))


def upgrade() -> None:
    """Make them."""
    with op.batch_alter_table("aggregation_source") as batch:
        for name, length in KEYS:
            batch.add_column(sa.Column(name, sa.String(length), nullable=False, server_default=""))
    op.create_table(
        "aggregation_pulled",
        sa.Column("cabinet_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("host", sa.String(300), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("changed", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("cabinet_id", "id", name=op.f("pk_aggregation_pulled")),
        sa.ForeignKeyConstraint(["cabinet_id"], ["cabinet.id"], name=op.f("fk_aggregation_pulled_cabinet_id")),
        sa.UniqueConstraint(
            "cabinet_id", "host", "name", "size", "changed",
            name=op.f("uq_aggregation_pulled_cabinet_id_host_name_size_changed"),
        ),
    )


def downgrade() -> None:
    """Take them away."""
    op.drop_table("aggregation_pulled")
    with op.batch_alter_table("aggregation_source") as batch:
        for name, _length in reversed(KEYS):
            batch.drop_column(name)
