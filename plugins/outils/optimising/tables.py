"""Optimisations as they are stored: what was asked with the prices that were used, and what was found (PF-09)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Enum
from sqlalchemy import Index
from sqlalchemy import String
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from core.api.db import Model
from core.api.db import belongs
from core.api.db import now

STATES = ("waiting", "done", "refused")


class OptimisationRow(Model):
    """An optimisation. `asked`: the wish and the days and prices on which it is reckoned; written once, as `made` is.

    `version_id`: the model's version that held when it was asked; `why`: of one that was refused.
    """

    __tablename__ = "outils_optimisation"
    __table_args__ = (
        belongs("version_id", "outils_model_version", ondelete="CASCADE"),
        Index("ix_outils_optimisation_created", "cabinet_id", "created_at"),
        Index("ix_outils_optimisation_version", "cabinet_id", "version_id"),
    )

    version_id: Mapped[str] = mapped_column(String(26))
    state: Mapped[str] = mapped_column(Enum(*STATES, native_enum=False, length=8), default="waiting")
    why: Mapped[str] = mapped_column(String(500), default="")
    asked: Mapped[dict[str, Any]]
    made: Mapped[dict[str, Any]] = mapped_column(default=dict)
    said_by: Mapped[str] = mapped_column(String(120), default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
