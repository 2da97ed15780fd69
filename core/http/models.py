"""The breaker's state: in the database, so that all workers agree (PLP-108, PLP-109)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Integer
from sqlalchemy import String
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from core.db.model import Base


class BreakerRow(Base):
    """The breaker of one operation of one plugin for one cabinet."""

    __tablename__ = "breaker"

    plugin: Mapped[str] = mapped_column(String(60), primary_key=True)
    cabinet_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    operation: Mapped[str] = mapped_column(String(60), primary_key=True)
    state: Mapped[str] = mapped_column(String(10), default="closed")
    failures: Mapped[int] = mapped_column(Integer, default=0)
    successes: Mapped[int] = mapped_column(Integer, default=0)
    opened_at: Mapped[datetime | None]
