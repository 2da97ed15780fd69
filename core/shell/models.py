"""The notification store, and what may still be taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

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
    # what of a client's file it tells: shown no more to whoever may not see that any more
    subject_kind: Mapped[str | None] = mapped_column(String(12))
    subject_id: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(default=now)
    read_at: Mapped[datetime | None]
    # kept so that the fact is not told again
    dismissed_at: Mapped[datetime | None]


class UndoOffer(Model):
    """What one person may still take back: the reverse command and what it needs. Used once; gone when its time is over."""

    __tablename__ = "undo_offer"
    __table_args__ = (
        ForeignKeyConstraint(["cabinet_id", "user_id"], ["user_login.cabinet_id", "user_login.id"]),
        Index("ix_undo_offer_expires", "cabinet_id", "expires_at"),
    )

    user_id: Mapped[str] = mapped_column(String(26))
    command: Mapped[str] = mapped_column(String(80))
    subject: Mapped[str] = mapped_column(String(100))
    payload: Mapped[dict[str, Any]]
    expires_at: Mapped[datetime]
