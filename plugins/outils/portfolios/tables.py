"""Model portfolios as they are stored: versions that never change, their lines, and the accounts that follow (OU-01)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import Enum
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import String
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from core.api.db import Model
from core.api.db import Ratio
from core.api.db import belongs
from core.api.db import now

#: Investors' profiles, from the least risk to the most.
PROFILES = ("PRUDENT", "EQUILIBRE", "DYNAMIQUE", "OFFENSIF")


class ModelPortfolio(Model):
    """A model portfolio: its newest version is the one that holds."""

    __tablename__ = "outils_model"
    __table_args__ = (UniqueConstraint("cabinet_id", "name"),)

    name: Mapped[str] = mapped_column(String(120))
    archived_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)


class ModelVersion(Model):
    """What a model was at a time: written once. `said_by`: the author's name, which outlives his account."""

    __tablename__ = "outils_model_version"
    __table_args__ = (
        belongs("model_id", "outils_model", ondelete="CASCADE"),
        UniqueConstraint("cabinet_id", "model_id", "number"),
    )

    model_id: Mapped[str] = mapped_column(String(26))
    number: Mapped[int] = mapped_column(Integer)
    profile: Mapped[str] = mapped_column(Enum(*PROFILES, native_enum=False, length=12))
    remarks: Mapped[str] = mapped_column(String(500), default="")
    said_by: Mapped[str] = mapped_column(String(120), default="")
    created_at: Mapped[datetime] = mapped_column(default=now)


class ModelLine(Model):
    """A support of a version: its weight, and how far from it an account may be, as ratios: 0.6 is 60 %."""

    __tablename__ = "outils_model_line"
    __table_args__ = (
        belongs("version_id", "outils_model_version", ondelete="CASCADE"),
        belongs("support_id", "support"),
        UniqueConstraint("cabinet_id", "version_id", "support_id"),
        Index("ix_outils_model_line_support", "cabinet_id", "support_id"),
    )

    version_id: Mapped[str] = mapped_column(String(26))
    support_id: Mapped[str] = mapped_column(String(26))
    rank: Mapped[int] = mapped_column(Integer)
    weight: Mapped[Decimal] = mapped_column(Ratio())
    band: Mapped[Decimal] = mapped_column(Ratio())


class ModelFollower(Model):
    """An account that follows a model: one at a time."""

    __tablename__ = "outils_model_follower"
    __table_args__ = (
        belongs("account_id", "account", ondelete="CASCADE"),
        belongs("model_id", "outils_model", ondelete="CASCADE"),
        UniqueConstraint("cabinet_id", "account_id"),
        Index("ix_outils_model_follower_model", "cabinet_id", "model_id"),
    )

    account_id: Mapped[str] = mapped_column(String(26))
    model_id: Mapped[str] = mapped_column(String(26))
    said_by: Mapped[str] = mapped_column(String(120), default="")
    since: Mapped[datetime] = mapped_column(default=now)
