"""Files of producers that tell of supports: read, shown, applied, taken back (OU-09)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Enum
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import String
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from core.db.clock import now
from core.db.model import Model
from core.db.model import of_cabinet

#: Read and not written; written; taken back; not to be written, for what is wrong in it.
STATES: dict[str, str] = {"LU": "À appliquer", "APPLIQUE": "Appliqué", "ANNULE": "Annulé", "REFUSE": "Refusé"}


class SupportFile(Model):
    """A file as it was read: not its bytes, but what it says (`told`), what is wrong in it (`findings`), and what
    applying it changed (`done`), which is what taking it back needs."""

    __tablename__ = "support_file"
    __table_args__ = (of_cabinet(), Index("ix_support_file_sent", "cabinet_id", "sent_at"))

    name: Mapped[str] = mapped_column(String(120))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(Integer)
    version: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(Enum(*STATES, native_enum=False, length=8))
    told: Mapped[dict[str, Any]]
    findings: Mapped[dict[str, Any]]
    done: Mapped[dict[str, Any]]
    sent_by: Mapped[str] = mapped_column(String(120))
    sent_at: Mapped[datetime] = mapped_column(default=now)
    ended_at: Mapped[datetime | None]
