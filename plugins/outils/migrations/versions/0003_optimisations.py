"""Optimisations of a model's weights: what was asked, on which prices, what was found."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | None = None
depends_on: str | None = None

_STATES = ("waiting", "done", "refused")
_NAME = "outils_optimisation"


def upgrade() -> None:
    """Make it."""
    op.create_table(
        _NAME, sa.Column("cabinet_id", sa.Integer, nullable=False), sa.Column("id", sa.String(26), nullable=False),
        sa.Column("version_id", sa.String(26), nullable=False),
        sa.Column("state", sa.Enum(*_STATES, native_enum=False, length=8), nullable=False),
        sa.Column("why", sa.String(500), nullable=False), sa.Column("asked", sa.JSON, nullable=False),
        sa.Column("made", sa.JSON, nullable=False), sa.Column("said_by", sa.String(120), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("cabinet_id", "id", name=f"pk_{_NAME}"),
        sa.ForeignKeyConstraint(
            ["cabinet_id", "version_id"], ["outils_model_version.cabinet_id", "outils_model_version.id"],
            name=f"fk_{_NAME}_cabinet_id_version_id", ondelete="CASCADE",
        ),
    )  # fmt: skip
    op.create_index("ix_outils_optimisation_created", _NAME, ["cabinet_id", "created_at"])
    op.create_index("ix_outils_optimisation_version", _NAME, ["cabinet_id", "version_id"])


def downgrade() -> None:
    """Take it away."""
    op.drop_table(_NAME)
