"""Statements made for several contacts at once. This history is the plugin's own: it begins here."""

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
        "portefeuille_statement_batch",
        sa.Column("cabinet_id", sa.Integer, nullable=False),
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("user_id", sa.String(26), nullable=False),
        sa.Column("on", sa.Date, nullable=False),
        sa.Column("since", sa.Date),
        sa.Column("parts", sa.JSON, nullable=False),
        sa.Column("format", sa.Enum("pdf", "xlsx", native_enum=False, length=8), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("cabinet_id", "id", name="pk_portefeuille_statement_batch"),
    )  # fmt: skip
    op.create_index(
        "ix_portefeuille_statement_batch_user", "portefeuille_statement_batch", ["cabinet_id", "user_id", "created_at"]
    )
    op.create_table(
        "portefeuille_statement_line",
        sa.Column("cabinet_id", sa.Integer, nullable=False),
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("batch_id", sa.String(26), nullable=False),
        sa.Column("contact_id", sa.String(26), nullable=False),
        sa.Column("state", sa.Enum("waiting", "done", "refused", native_enum=False, length=8), nullable=False),
        sa.Column("document_id", sa.String(26)),
        sa.Column("why", sa.String(300), nullable=False),
        sa.PrimaryKeyConstraint("cabinet_id", "id", name="pk_portefeuille_statement_line"),
        sa.UniqueConstraint(
            "cabinet_id", "batch_id", "contact_id", name="uq_portefeuille_statement_line_cabinet_id_batch_id_contact_id"
        ),
        sa.ForeignKeyConstraint(
            ["cabinet_id", "batch_id"], ["portefeuille_statement_batch.cabinet_id", "portefeuille_statement_batch.id"],
            name="fk_portefeuille_statement_line_cabinet_id_batch_id", ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["cabinet_id", "contact_id"], ["contact.cabinet_id", "contact.id"],
            name="fk_portefeuille_statement_line_cabinet_id_contact_id", ondelete="CASCADE",
        ),
    )  # fmt: skip
    op.create_index("ix_portefeuille_statement_line_contact", "portefeuille_statement_line", ["cabinet_id", "contact_id"])


def downgrade() -> None:
    """Take them away."""
    op.drop_table("portefeuille_statement_line")
    op.drop_table("portefeuille_statement_batch")
