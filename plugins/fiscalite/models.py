"""The module's tables: what a household declares for a year, and what the engine answered to a case."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Integer
from sqlalchemy import String
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from core.api.db import Model
from core.api.db import belongs
from core.api.db import now


class Declaration(Model):
    """What is declared for a year of income. `contact_id`: the household, or the person who is in none.

    `facts` and `what_if`: by field of the forms, amounts as decimal texts. `version` counts what was saved.
    """

    __tablename__ = "fiscalite_declaration"
    __table_args__ = (
        belongs("contact_id", "contact", ondelete="CASCADE"),
        UniqueConstraint("cabinet_id", "contact_id", "year"),
    )

    contact_id: Mapped[str] = mapped_column(String(26))
    year: Mapped[int] = mapped_column(Integer)
    facts: Mapped[dict[str, Any]]
    what_if: Mapped[dict[str, Any]] = mapped_column(default=dict)
    version: Mapped[int] = mapped_column(Integer, default=1)
    updated_at: Mapped[datetime] = mapped_column(default=now)


class Estimate(Model):
    """What the engine answered to a case, or why not yet. `key` is the case's: nothing here says whose it is."""

    __tablename__ = "fiscalite_estimate"
    __table_args__ = (UniqueConstraint("cabinet_id", "key"),)

    key: Mapped[str] = mapped_column(String(64))
    #: waiting, preparing, unavailable, refused, done
    state: Mapped[str] = mapped_column(String(12))
    text: Mapped[str] = mapped_column(String(300), default="")
    program: Mapped[str] = mapped_column(String(40), default="")
    figures: Mapped[dict[str, Any]] = mapped_column(default=dict)
    scale: Mapped[dict[str, Any]] = mapped_column(default=dict)
    asked_at: Mapped[datetime] = mapped_column(default=now)
    computed_at: Mapped[datetime | None]
