"""Words of the search without an id: their key is what they say, two trees a row instead of four (AC-02, RE-01)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

WORD = sa.String(60).with_variant(sa.String(60, collation="C"), "postgresql")


def _keyed(table: str, unique: str, key: list[str]) -> None:
    """SQLite copies the table into one that is its key; PostgreSQL changes it where it stands, its policy with it."""
    with op.batch_alter_table(table, table_kwargs={"sqlite_with_rowid": False}) as batch:
        batch.drop_constraint(op.f(unique), type_="unique")
        batch.drop_constraint(op.f(f"pk_{table}"), type_="primary")
        batch.drop_column("id")
        batch.create_primary_key(op.f(f"pk_{table}"), key)


def upgrade() -> None:
    op.drop_index("ix_search_word_word", "search_word")
    _keyed("search_word", "uq_search_word_cabinet_id_kind_ref_word", ["cabinet_id", "kind", "word", "ref"])
    op.create_index("ix_search_word_ref", "search_word", ["cabinet_id", "kind", "ref", "word"])
    _keyed("search_variant", "uq_search_variant_cabinet_id_kind_variant_word", ["cabinet_id", "kind", "variant", "word"])


def downgrade() -> None:
    """The words are made from the book of record: `encours db upgrade` fills the tables from what there is."""
    for table in ("search_word", "search_variant"):
        op.drop_table(table)
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
