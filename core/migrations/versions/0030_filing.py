"""Documents have versions, an end of validity, tags, a hold and a way back; their text is kept for the search (AU-03)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.db.types

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

STATES = ("read", "scan", "encrypted", "broken", "late", "none")


def upgrade() -> None:
    """What is there is a first version, in force."""
    for column in (
        sa.Column("series", sa.String(26), nullable=True),
        sa.Column("number", sa.Integer(), server_default="1", nullable=False),
        sa.Column("current", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("tags", sa.String(300), server_default="", nullable=False),
        sa.Column("note", sa.String(1000), server_default="", nullable=False),
        sa.Column("hold", sa.String(200), server_default="", nullable=False),
        sa.Column("deleted_at", core.db.types.Instant(), nullable=True),
        sa.Column("deleted_by", sa.String(26), nullable=True),
    ):
        op.add_column("document", column)
    op.create_index("ix_document_series", "document", ["cabinet_id", "series"])
    op.create_table(
        "document_text",
        sa.Column("cabinet_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("document_id", sa.String(26), nullable=False),
        sa.Column("state", sa.Enum(*STATES, native_enum=False), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("read_at", core.db.types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("cabinet_id", "id", name=op.f("pk_document_text")),
        sa.UniqueConstraint("cabinet_id", "document_id", name=op.f("uq_document_text_cabinet_id_document_id")),
        sa.ForeignKeyConstraint(
            ["cabinet_id", "document_id"], ["document.cabinet_id", "document.id"],
            name=op.f("fk_document_text_cabinet_id_document_id"), ondelete="CASCADE",
        ),
    )  # fmt: skip


def downgrade() -> None:
    """Older versions become documents of their own; texts are read again after an upgrade."""
    op.drop_table("document_text")
    op.drop_index("ix_document_series", "document")
    for name in ("deleted_by", "deleted_at", "hold", "note", "tags", "expires_on", "current", "number", "series"):
        op.drop_column("document", name)
