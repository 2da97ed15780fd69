"""The words by which contacts, accounts and supports are found."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

WORD = sa.String(60).with_variant(sa.String(60, collation="C"), "postgresql")


def upgrade() -> None:
    """Two tables; `encours db upgrade` fills them from what there is."""
    op.create_table(
        "search_word",
        sa.Column("cabinet_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("ref", sa.String(26), nullable=False),
        sa.Column("word", WORD, nullable=False),
        sa.ForeignKeyConstraint(["cabinet_id"], ["cabinet.id"], name=op.f("fk_search_word_cabinet_id")),
        sa.PrimaryKeyConstraint("cabinet_id", "id", name=op.f("pk_search_word")),
        sa.UniqueConstraint("cabinet_id", "kind", "ref", "word", name=op.f("uq_search_word_cabinet_id_kind_ref_word")),
    )
    op.create_index("ix_search_word_word", "search_word", ["cabinet_id", "kind", "word", "ref"])
    op.create_table(
        "search_variant",
        sa.Column("cabinet_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("variant", WORD, nullable=False),
        sa.Column("word", WORD, nullable=False),
        sa.ForeignKeyConstraint(["cabinet_id"], ["cabinet.id"], name=op.f("fk_search_variant_cabinet_id")),
        sa.PrimaryKeyConstraint("cabinet_id", "id", name=op.f("pk_search_variant")),
        sa.UniqueConstraint(
            "cabinet_id", "kind", "variant", "word", name=op.f("uq_search_variant_cabinet_id_kind_variant_word")
        ),
    )
    op.create_index("ix_search_variant_word", "search_variant", ["cabinet_id", "kind", "word"])


def downgrade() -> None:
    """Nothing is lost: the words are made from the book of record."""
    op.drop_table("search_variant")
    op.drop_table("search_word")
