"""What is found by which word: one plain table for SQLite and PostgreSQL alike, scoped by cabinet as every other."""

from __future__ import annotations

from sqlalchemy import Index
from sqlalchemy import String
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from core.db.model import Model
from core.db.model import of_cabinet

#: Bytewise order on both databases: a prefix is then a range of the index.
WORD = String(60).with_variant(String(60, collation="C"), "postgresql")


class SearchWord(Model):
    """A folded word by which a thing is found. `kind` names what `ref` is the id of: contact, account, support."""

    __tablename__ = "search_word"
    __table_args__ = (
        of_cabinet(),
        UniqueConstraint("cabinet_id", "kind", "ref", "word"),
        Index("ix_search_word_word", "cabinet_id", "kind", "word", "ref"),
    )

    kind: Mapped[str] = mapped_column(String(12))
    ref: Mapped[str] = mapped_column(String(26))
    word: Mapped[str] = mapped_column(WORD)


class SearchVariant(Model):
    """A word of the cabinet's names with one letter left out, and the word: how a typing error finds its way."""

    __tablename__ = "search_variant"
    __table_args__ = (
        of_cabinet(),
        UniqueConstraint("cabinet_id", "kind", "variant", "word"),
        Index("ix_search_variant_word", "cabinet_id", "kind", "word"),
    )

    kind: Mapped[str] = mapped_column(String(12))
    variant: Mapped[str] = mapped_column(WORD)
    word: Mapped[str] = mapped_column(WORD)
