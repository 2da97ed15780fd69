"""Declarations and estimates. This history is the plugin's own: it begins here."""

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
        "fiscalite_declaration",
        sa.Column("cabinet_id", sa.Integer, nullable=False),
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("contact_id", sa.String(26), nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("facts", sa.JSON, nullable=False),
        sa.Column("what_if", sa.JSON, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("cabinet_id", "id", name="pk_fiscalite_declaration"),
        sa.UniqueConstraint(
            "cabinet_id", "contact_id", "year", name="uq_fiscalite_declaration_cabinet_id_contact_id_year"
        ),
        sa.ForeignKeyConstraint(
            ["cabinet_id", "contact_id"], ["contact.cabinet_id", "contact.id"],
            name="fk_fiscalite_declaration_cabinet_id_contact_id", ondelete="CASCADE",
        ),
    )  # fmt: skip
    op.create_table(
        "fiscalite_estimate",
        sa.Column("cabinet_id", sa.Integer, nullable=False),
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("text", sa.String(300), nullable=False),
        sa.Column("program", sa.String(40), nullable=False),
        sa.Column("figures", sa.JSON, nullable=False),
        sa.Column("scale", sa.JSON, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("cabinet_id", "id", name="pk_fiscalite_estimate"),
        sa.UniqueConstraint("cabinet_id", "key", name="uq_fiscalite_estimate_cabinet_id_key"),
    )


def downgrade() -> None:
    """Take them away."""
    op.drop_table("fiscalite_estimate")
    op.drop_table("fiscalite_declaration")
