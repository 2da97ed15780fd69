"""Batches of statements as they are stored: what was asked, and each contact with what became of theirs."""

from __future__ import annotations

from datetime import date
from datetime import datetime
from typing import Any

from sqlalchemy import Enum
from sqlalchemy import Index
from sqlalchemy import String
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from core.api.db import Model
from core.api.db import belongs
from core.api.db import now

FORMATS = ("pdf", "xlsx")
STATES = ("waiting", "done", "refused")


class StatementBatch(Model):
    """Statements of several contacts, asked at once by one person. `parts`: under «shown», those of the pages."""

    __tablename__ = "portefeuille_statement_batch"
    __table_args__ = (
        Index("ix_portefeuille_statement_batch_user", "cabinet_id", "user_id", "created_at"),
    )

    user_id: Mapped[str] = mapped_column(String(26))
    on: Mapped[date]
    since: Mapped[date | None]
    parts: Mapped[dict[str, Any]]
    format: Mapped[str] = mapped_column(Enum(*FORMATS, native_enum=False, length=8))
    created_at: Mapped[datetime] = mapped_column(default=now)


class StatementLine(Model):
    """One contact of a batch. `document_id`: the statement that was kept; `why`: what was in its way.

    `unsent`: why nothing was sent to the contact when that was last asked.
    """

    __tablename__ = "portefeuille_statement_line"
    __table_args__ = (
        belongs("batch_id", "portefeuille_statement_batch", ondelete="CASCADE"),
        belongs("contact_id", "contact", ondelete="CASCADE"),
        UniqueConstraint("cabinet_id", "batch_id", "contact_id"),
        Index("ix_portefeuille_statement_line_contact", "cabinet_id", "contact_id"),
    )

    batch_id: Mapped[str] = mapped_column(String(26))
    contact_id: Mapped[str] = mapped_column(String(26))
    state: Mapped[str] = mapped_column(Enum(*STATES, native_enum=False, length=8), default="waiting")
    document_id: Mapped[str | None] = mapped_column(String(26))
    why: Mapped[str] = mapped_column(String(300), default="")
    unsent: Mapped[str] = mapped_column(String(300), default="", server_default="")
