"""What is known of a support, value by value: each with who says it, from where, as of when (OU-09, ADR 030)."""

from __future__ import annotations

from datetime import date
from datetime import datetime

from sqlalchemy import Enum
from sqlalchemy import Integer
from sqlalchemy import String
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from core.db.clock import now
from core.db.model import Model
from core.db.model import belongs

#: Who says a value, the strongest first: a person, a file of a producer, what the support was made with.
ORIGINS = ("SAISIE", "FICHIER", "DEPART")


class SupportFact(Model):
    """A value as one origin tells it. `value` is the text of `core.supports.facts`; empty: told to be unknown.

    `source`: a document or a file, in words; `line`: where in the file; `on`: the day that the value is of, where it is told.
    """

    __tablename__ = "support_fact"
    __table_args__ = (
        belongs("support_id", "support", ondelete="CASCADE"),
        UniqueConstraint("cabinet_id", "support_id", "key", "origin"),
    )

    support_id: Mapped[str] = mapped_column(String(26))
    key: Mapped[str] = mapped_column(String(24))
    origin: Mapped[str] = mapped_column(Enum(*ORIGINS, native_enum=False, length=8))
    value: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(String(200), default="")
    line: Mapped[int | None] = mapped_column(Integer)
    on: Mapped[date | None]
    said_by: Mapped[str] = mapped_column(String(120), default="")
    said_at: Mapped[datetime] = mapped_column(default=now)
