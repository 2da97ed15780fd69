"""Ranges that a cabinet chooses (gammes), and the supports that each of its people keeps at hand (OU-04, OU-05)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import String
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from core.db.clock import now
from core.db.model import Model
from core.db.model import belongs
from core.db.model import of_cabinet


class SupportRange(Model):
    """A range: what a product of a company lets one choose from, or what the cabinet selects."""

    __tablename__ = "support_range"
    __table_args__ = (of_cabinet(), belongs("company_id", "company"), UniqueConstraint("cabinet_id", "name"))

    name: Mapped[str] = mapped_column(String(120))
    company_id: Mapped[str | None] = mapped_column(String(26))
    product: Mapped[str] = mapped_column(String(120), default="")
    remarks: Mapped[str] = mapped_column(String(500), default="")
    archived_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)


class SupportRangeLine(Model):
    """A support that is eligible in a range."""

    __tablename__ = "support_range_line"
    __table_args__ = (
        belongs("range_id", "support_range", ondelete="CASCADE"),
        belongs("support_id", "support", ondelete="CASCADE"),
        UniqueConstraint("cabinet_id", "range_id", "support_id"),
        Index("ix_support_range_line_support", "cabinet_id", "support_id"),
    )

    range_id: Mapped[str] = mapped_column(String(26))
    support_id: Mapped[str] = mapped_column(String(26))


class SupportFavourite(Model):
    """A support that somebody keeps at hand; `rank`: his own order, from 1."""

    __tablename__ = "support_favourite"
    __table_args__ = (
        belongs("user_id", "user_login", ondelete="CASCADE"),
        belongs("support_id", "support", ondelete="CASCADE"),
        UniqueConstraint("cabinet_id", "user_id", "support_id"),
    )

    user_id: Mapped[str] = mapped_column(String(26))
    support_id: Mapped[str] = mapped_column(String(26))
    rank: Mapped[int] = mapped_column(Integer)
