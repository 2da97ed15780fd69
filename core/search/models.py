"""What is found by which word: one plain table for SQLite and PostgreSQL alike, scoped by cabinet as every other.

There are more of these rows than of all others together, some thirteen a contact, and nothing names one: they have no
`id`, and on SQLite the table is its key. Two trees a row are kept so, not four: an import writes half as much.
"""

from __future__ import annotations

from sqlalchemy import Index
from sqlalchemy import PrimaryKeyConstraint
from sqlalchemy import String
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from core.db.model import Owned
from core.db.model import of_cabinet

#: Bytewise order on both databases: a prefix is then a range of the index.
WORD = String(60).with_variant(String(60, collation="C"), "postgresql")


class SearchWord(Owned):
    """A folded word by which a thing is found. `kind` names what `ref` is the id of: contact, account, support."""

    __tablename__ = "search_word"
    __table_args__ = (
        of_cabinet(),
        PrimaryKeyConstraint("cabinet_id", "kind", "word", "ref"),
        Index("ix_search_word_ref", "cabinet_id", "kind", "ref", "word"),
        {"sqlite_with_rowid": False},
    )

    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    ref: Mapped[str] = mapped_column(String(26), primary_key=True)
    word: Mapped[str] = mapped_column(WORD, primary_key=True)


class SearchVariant(Owned):
    """A word of the cabinet's names with one letter left out, and the word: how a typing error finds its way."""

    __tablename__ = "search_variant"
    __table_args__ = (
        of_cabinet(),
        PrimaryKeyConstraint("cabinet_id", "kind", "variant", "word"),
        Index("ix_search_variant_word", "cabinet_id", "kind", "word"),
        {"sqlite_with_rowid": False},
    )

    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    variant: Mapped[str] = mapped_column(WORD, primary_key=True)
    word: Mapped[str] = mapped_column(WORD, primary_key=True)
