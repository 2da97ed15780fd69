"""Investor profiles and drafts. This history is the plugin's own: it begins here."""

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
        "conformite_profile",
        sa.Column("cabinet_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("contact_id", sa.String(26), nullable=False),
        sa.Column("version", sa.String(12), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("computed", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(1000), nullable=False),
        sa.Column("tolerance", sa.Integer(), nullable=False),
        sa.Column("loss", sa.Integer(), nullable=False),
        sa.Column("knowledge", sa.String(10), nullable=False),
        sa.Column("horizon", sa.String(10), nullable=False),
        sa.Column("objective", sa.String(20), nullable=False),
        sa.Column("esg", sa.String(10), nullable=False),
        sa.Column("established_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("established_by", sa.String(120), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("cabinet_id", "id", name="pk_conformite_profile"),
        sa.ForeignKeyConstraint(
            ["cabinet_id", "contact_id"], ["contact.cabinet_id", "contact.id"], name="fk_conformite_profile_cabinet_id_contact_id"
        ),
    )
    op.create_index("ix_conformite_profile_contact", "conformite_profile", ["cabinet_id", "contact_id", "established_on"])
    op.create_table(
        "conformite_draft",
        sa.Column("cabinet_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("contact_id", sa.String(26), nullable=False),
        sa.Column("version", sa.String(12), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("cabinet_id", "id", name="pk_conformite_draft"),
        sa.UniqueConstraint("cabinet_id", "contact_id", name="uq_conformite_draft_cabinet_id_contact_id"),
        sa.ForeignKeyConstraint(
            ["cabinet_id", "contact_id"], ["contact.cabinet_id", "contact.id"], name="fk_conformite_draft_cabinet_id_contact_id"
        ),
    )


def downgrade() -> None:
    """Take them away."""
    op.drop_table("conformite_draft")
    op.drop_table("conformite_profile")
