"""Regulatory documents and the cabinet's own templates of them (CO-01)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "conformite_paper",
        sa.Column("cabinet_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("contact_id", sa.String(26), nullable=False),
        sa.Column("document_id", sa.String(26), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("template", sa.String(12), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("facts_sha256", sa.String(64), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("made_by", sa.String(120), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("cabinet_id", "id", name="pk_conformite_paper"),
        sa.UniqueConstraint("cabinet_id", "document_id", name="uq_conformite_paper_cabinet_id_document_id"),
        sa.ForeignKeyConstraint(
            ["cabinet_id", "contact_id"], ["contact.cabinet_id", "contact.id"], name="fk_conformite_paper_cabinet_id_contact_id"
        ),
        sa.ForeignKeyConstraint(
            ["cabinet_id", "document_id"], ["document.cabinet_id", "document.id"],
            name="fk_conformite_paper_cabinet_id_document_id",
        ),
    )  # fmt: skip
    op.create_index("ix_conformite_paper_contact", "conformite_paper", ["cabinet_id", "contact_id", "kind"])
    op.create_table(
        "conformite_paper_template",
        sa.Column("cabinet_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("why", sa.String(300), nullable=False),
        sa.Column("made_by", sa.String(120), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("cabinet_id", "id", name="pk_conformite_paper_template"),
        sa.UniqueConstraint("cabinet_id", "kind", "number", name="uq_conformite_paper_template_cabinet_id_kind_number"),
        sa.ForeignKeyConstraint(["cabinet_id"], ["cabinet.id"], name="fk_conformite_paper_template_cabinet_id"),
    )


def downgrade() -> None:
    """Take them away."""
    op.drop_table("conformite_paper_template")
    op.drop_table("conformite_paper")
