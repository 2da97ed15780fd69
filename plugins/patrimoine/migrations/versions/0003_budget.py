"""Lines of budgets."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.api.db import Money

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | None = None
depends_on: str | None = None

TABLE = "patrimoine_budget_line"


def upgrade() -> None:
    """Make them."""
    op.create_table(
        TABLE,
        sa.Column("cabinet_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("contact_id", sa.String(26), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("label", sa.String(120), nullable=False),
        sa.Column("amount", Money(), nullable=False),
        sa.Column("period", sa.String(12), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("certain", sa.Boolean(), nullable=False),
        sa.Column("shared", sa.String(120), nullable=False),
        sa.Column("remarks", sa.String(1000), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("cabinet_id", "id", name=op.f(f"pk_{TABLE}")),
        sa.ForeignKeyConstraint(
            ["cabinet_id", "contact_id"], ["contact.cabinet_id", "contact.id"], name=op.f(f"fk_{TABLE}_cabinet_id_contact_id")
        ),
    )
    op.create_index("ix_patrimoine_budget_line_contact", TABLE, ["cabinet_id", "contact_id"])


def downgrade() -> None:
    """Take them away."""
    op.drop_table(TABLE)
