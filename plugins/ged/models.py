"""Internal documents that everybody has to read, and who did (OU-08)."""

from __future__ import annotations

from datetime import date
from datetime import datetime

from sqlalchemy import String
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from core.api.db import Model
from core.api.db import belongs
from core.api.db import now


class Duty(Model):
    """An internal document whose reading is to be confirmed. `document_id`: its first version, whichever is in force."""

    __tablename__ = "ged_duty"
    __table_args__ = (belongs("document_id", "document"), UniqueConstraint("cabinet_id", "document_id"))

    document_id: Mapped[str] = mapped_column(String(26))
    due_on: Mapped[date | None]
    asked_by: Mapped[str] = mapped_column(String(26))
    asked_at: Mapped[datetime] = mapped_column(default=now)


class Reading(Model):
    """Somebody says that they read this very version."""

    __tablename__ = "ged_reading"
    __table_args__ = (belongs("document_id", "document"), UniqueConstraint("cabinet_id", "document_id", "user_id"))

    document_id: Mapped[str] = mapped_column(String(26))
    user_id: Mapped[str] = mapped_column(String(26))
    read_at: Mapped[datetime] = mapped_column(default=now)
