"""Investor profiles as they are kept: what was answered, what came of it, what the adviser retained (domain.md §2.5)."""

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
from plugins.conformite.questionnaire import versions
from plugins.conformite.scoring import ESG
from plugins.conformite.scoring import HORIZONS
from plugins.conformite.scoring import KNOWLEDGE
from plugins.conformite.scoring import OBJECTIVES


class Profile(Model):
    """An established profile: never changed, a new one takes its place. `level`: what is retained; `computed`: what scoring says.

    The current one of a contact is the last by (`established_on`, `id`).
    """

    __tablename__ = "conformite_profile"
    __table_args__ = (
        belongs("contact_id", "contact"),
        Index("ix_conformite_profile_contact", "cabinet_id", "contact_id", "established_on"),
    )

    contact_id: Mapped[str] = mapped_column(String(26))
    version: Mapped[str] = mapped_column(Enum(*versions(), native_enum=False, length=12))
    answers: Mapped[dict[str, Any]]
    computed: Mapped[int] = mapped_column(info={"sample": 3})
    level: Mapped[int] = mapped_column(info={"sample": 3})
    reason: Mapped[str] = mapped_column(String(1000), default="")
    tolerance: Mapped[int] = mapped_column(info={"sample": 3})
    loss: Mapped[int] = mapped_column(info={"sample": 3})
    knowledge: Mapped[str] = mapped_column(Enum(*KNOWLEDGE, native_enum=False, length=10))
    horizon: Mapped[str] = mapped_column(Enum(*HORIZONS, native_enum=False, length=10))
    objective: Mapped[str] = mapped_column(Enum(*OBJECTIVES, native_enum=False, length=20))
    esg: Mapped[str] = mapped_column(Enum(*ESG, native_enum=False, length=10))
    established_on: Mapped[date]
    valid_until: Mapped[date]
    established_by: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime] = mapped_column(default=now)


class Draft(Model):
    """A questionnaire that was begun and made no profile yet: one a contact."""

    __tablename__ = "conformite_draft"
    __table_args__ = (belongs("contact_id", "contact"), UniqueConstraint("cabinet_id", "contact_id"))

    contact_id: Mapped[str] = mapped_column(String(26))
    version: Mapped[str] = mapped_column(String(12), info={"sample": "1"})
    answers: Mapped[dict[str, Any]]
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
