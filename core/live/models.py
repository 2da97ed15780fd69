"""What changed, for open pages: written in the same transaction as the change."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import String
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from core.db.clock import now
from core.db.model import Model
from core.db.model import of_cabinet


class LiveEvent(Model):
    """One change: opaque ids only. `position` orders the cabinet's events (one more each time)."""

    __tablename__ = "live_event"
    __table_args__ = (of_cabinet(), Index("uq_live_event_position", "cabinet_id", "position", unique=True))

    position: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"))
    topic: Mapped[str] = mapped_column(String(40))
    user_id: Mapped[str | None] = mapped_column(String(26))
    data: Mapped[dict[str, Any]]
    # what of a client's file it is about: told to those only who may see that; None: to everybody
    subject_kind: Mapped[str | None] = mapped_column(String(12))
    subject_id: Mapped[str | None] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(default=now)
