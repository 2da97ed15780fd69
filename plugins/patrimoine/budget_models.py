"""Lines of a budget as they are stored: one amount that comes in, goes out or is put aside at a rhythm (domain.md §2.8)."""

from __future__ import annotations

from datetime import date
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Enum
from sqlalchemy import Index
from sqlalchemy import String
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from core.api.db import Model
from core.api.db import Money
from core.api.db import belongs
from core.api.db import now
from plugins.patrimoine.budget_kinds import KINDS
from plugins.patrimoine.budget_kinds import PERIODS


class BudgetLine(Model):
    """A line of a person's budget; a household has none of its own. `certain`: an income that will last.

    `since` and `until` are the first and the last day of it; what comes once falls on `since`. `shared`: with whom.
    """

    __tablename__ = "patrimoine_budget_line"
    __table_args__ = (
        belongs("contact_id", "contact"),
        Index("ix_patrimoine_budget_line_contact", "cabinet_id", "contact_id"),
    )

    contact_id: Mapped[str] = mapped_column(String(26))
    kind: Mapped[str] = mapped_column(Enum(*KINDS, native_enum=False, length=20))
    label: Mapped[str] = mapped_column(String(120), default="")
    amount: Mapped[Decimal] = mapped_column(Money())
    period: Mapped[str] = mapped_column(Enum(*PERIODS, native_enum=False, length=12))
    since: Mapped[date | None]
    until: Mapped[date | None]
    certain: Mapped[bool] = mapped_column(default=True)
    shared: Mapped[str] = mapped_column(String(120), default="")
    remarks: Mapped[str] = mapped_column(String(1000), default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
