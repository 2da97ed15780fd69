"""The notification store."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy import Index
from sqlalchemy import String
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from core.db.clock import now
from core.db.model import Model


class Notification(Model):
    """Something a person should know. `key` keeps one fact from being told twice."""

    __tablename__ = "notification"
    __table_args__ = (
        ForeignKeyConstraint(["cabinet_id", "user_id"], ["user_login.cabinet_id", "user_login.id"]),
        UniqueConstraint("cabinet_id", "user_id", "key"),
        Index("ix_notification_user", "cabinet_id", "user_id", "read_at"),
        Index("ix_notification_recent", "cabinet_id", "user_id", "created_at"),
    )

    user_id: Mapped[str] = mapped_column(String(26))
    kind: Mapped[str] = mapped_column(String(30))
    key: Mapped[str] = mapped_column(String(160))
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(String(600))
    url: Mapped[str | None] = mapped_column(String(300))
    created_at: Mapped[datetime] = mapped_column(default=now)
    read_at: Mapped[datetime | None]
