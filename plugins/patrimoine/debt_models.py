"""What people owe beside loans, as it is stored: taxes, family, others, and the sureties that they gave (domain.md §2.8)."""

from __future__ import annotations

from datetime import date
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Enum
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import String
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from core.api.db import Model
from core.api.db import Money
from core.api.db import Ratio
from core.api.db import belongs
from core.api.db import now
from plugins.patrimoine.asset_kinds import DEBT_KINDS


class Debt(Model):
    """A debt, owed from `since` (None: always) until `settled_on`. A surety (CAUTION) stands beside the balance sheet."""

    __tablename__ = "patrimoine_debt"
    __table_args__ = (
        belongs("asset_id", "patrimoine_asset"),
        Index("ix_patrimoine_debt_asset", "cabinet_id", "asset_id"),
    )

    kind: Mapped[str] = mapped_column(Enum(*DEBT_KINDS, native_enum=False, length=16))
    label: Mapped[str] = mapped_column(String(120))
    creditor: Mapped[str] = mapped_column(String(120))
    amount: Mapped[Decimal] = mapped_column(Money())
    #: The day that the amount is of.
    amount_on: Mapped[date]
    since: Mapped[date | None]
    due_on: Mapped[date | None]
    #: What it paid for.
    asset_id: Mapped[str | None] = mapped_column(String(26))
    remarks: Mapped[str] = mapped_column(String(1000), default="")
    settled_on: Mapped[date | None]
    said_by: Mapped[str] = mapped_column(String(120), default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)


class DebtOwner(Model):
    """Who owes a share of a debt. Two rows of one person, as a merge may leave, are read as their sum."""

    __tablename__ = "patrimoine_debt_owner"
    __table_args__ = (
        belongs("debt_id", "patrimoine_debt", ondelete="CASCADE"),
        belongs("contact_id", "contact"),
        Index("ix_patrimoine_debt_owner_contact", "cabinet_id", "contact_id"),
        Index("ix_patrimoine_debt_owner_debt", "cabinet_id", "debt_id"),
    )

    debt_id: Mapped[str] = mapped_column(String(26))
    contact_id: Mapped[str] = mapped_column(String(26))
    rank: Mapped[int] = mapped_column(Integer, default=1)
    share: Mapped[Decimal] = mapped_column(Ratio())
