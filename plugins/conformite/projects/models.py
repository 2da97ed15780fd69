"""Allocations that suit a profile, as the cabinet says them, and investment projects, as they are kept (CO-03, CO-04)."""

from __future__ import annotations

from datetime import date
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Enum
from sqlalchemy import Index
from sqlalchemy import String
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from core.api.db import Model
from core.api.db import Money
from core.api.db import Ratio
from core.api.db import belongs
from core.api.db import now
from plugins.conformite.projects import kinds


class TargetVersion(Model):
    """A version of the cabinet's target allocations: written once. `levels`: level → class → weight, as decimal texts."""

    __tablename__ = "conformite_target"
    __table_args__ = (UniqueConstraint("cabinet_id", "number"),)

    number: Mapped[int]
    levels: Mapped[dict[str, Any]]
    remarks: Mapped[str] = mapped_column(String(500), default="")
    said_by: Mapped[str] = mapped_column(String(120), default="")
    created_at: Mapped[datetime] = mapped_column(default=now)


class Project(Model):
    """A project of a person or a company; `co_contact_id` invests with them. Amounts in euros, costs as ratios."""

    __tablename__ = "conformite_project"
    __table_args__ = (
        belongs("contact_id", "contact"), belongs("co_contact_id", "contact"), belongs("account_id", "account"),
        Index("ix_conformite_project_contact", "cabinet_id", "contact_id"),
        Index("ix_conformite_project_co_contact", "cabinet_id", "co_contact_id"),
        Index("ix_conformite_project_account", "cabinet_id", "account_id"),
    )  # fmt: skip

    contact_id: Mapped[str] = mapped_column(String(26))
    co_contact_id: Mapped[str | None] = mapped_column(String(26))
    kind: Mapped[str] = mapped_column(Enum(*kinds.KINDS, native_enum=False, length=20))
    title: Mapped[str] = mapped_column(String(120))
    goal: Mapped[str] = mapped_column(Enum(*kinds.GOALS, native_enum=False, length=20))
    amount: Mapped[Decimal] = mapped_column(Money())
    origin: Mapped[str] = mapped_column(Enum(*kinds.ORIGINS, native_enum=False, length=20))
    origin_note: Mapped[str] = mapped_column(String(200), default="")
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    initial: Mapped[Decimal] = mapped_column(Money())
    monthly: Mapped[Decimal] = mapped_column(Money())
    entry_cost: Mapped[Decimal] = mapped_column(Ratio())
    yearly_cost: Mapped[Decimal] = mapped_column(Ratio())
    allocation: Mapped[str] = mapped_column(Enum(*kinds.ALLOCATIONS, native_enum=False, length=10))
    account_id: Mapped[str | None] = mapped_column(String(26))
    provider: Mapped[str] = mapped_column(String(120), default="")
    remarks: Mapped[str] = mapped_column(String(1000), default="")
    archived_at: Mapped[datetime | None]
    said_by: Mapped[str] = mapped_column(String(120), default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)


class ProjectLine(Model):
    """A line of a project's allocation: a class or a support, and its weight, a ratio."""

    __tablename__ = "conformite_project_line"
    __table_args__ = (
        belongs("project_id", "conformite_project", ondelete="CASCADE"), belongs("support_id", "support"),
        UniqueConstraint("cabinet_id", "project_id", "rank"),
        Index("ix_conformite_project_line_support", "cabinet_id", "support_id"),
    )  # fmt: skip

    project_id: Mapped[str] = mapped_column(String(26))
    rank: Mapped[int]
    asset_class: Mapped[str | None] = mapped_column(String(20))
    support_id: Mapped[str | None] = mapped_column(String(26))
    weight: Mapped[Decimal] = mapped_column(Ratio())
