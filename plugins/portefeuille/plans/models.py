"""Acts that come back as they are stored: their terms, and what was said of each of their days."""

from __future__ import annotations

from datetime import date
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON
from sqlalchemy import Enum
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import String
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from core.api.db import Model
from core.api.db import Money
from core.api.db import belongs
from core.api.db import now
from plugins.portefeuille.plans.dates import MONTHS

#: What may come back; each is an act of `core.transactions.typed_acts`.
ACTS = ("versement_complementaire", "rachat_partiel", "arbitrage")
FREQUENCIES = tuple(MONTHS)
STATES = ("ACTIF", "SUSPENDU", "TERMINE")
#: Of a day: its act was prepared; a person let it pass.
ANSWERS = ("PREPARE", "PASSE")


class Plan(Model):
    """An act that comes back. `next_on`: the first day that waits or comes, None for none; `told_on`: the last one told.

    `floor`, `pauses` ([[from, until]…]): see `dates.Terms`.
    """

    __tablename__ = "portefeuille_plan"
    __table_args__ = (
        belongs("account_id", "account"),
        Index("ix_portefeuille_plan_account", "cabinet_id", "account_id"),
        Index("ix_portefeuille_plan_next", "cabinet_id", "next_on"),
    )

    account_id: Mapped[str] = mapped_column(String(26))
    act: Mapped[str] = mapped_column(Enum(*ACTS, native_enum=False, length=30))
    frequency: Mapped[str] = mapped_column(Enum(*FREQUENCIES, native_enum=False, length=12))
    day: Mapped[int] = mapped_column(Integer)
    since: Mapped[date]
    until: Mapped[date | None]
    floor: Mapped[date | None]
    amount: Mapped[Decimal | None] = mapped_column(Money())
    legs: Mapped[list[Any]] = mapped_column(JSON, default=list)
    note: Mapped[str] = mapped_column(String(200), default="")
    reason: Mapped[str] = mapped_column(String(200), default="")
    state: Mapped[str] = mapped_column(Enum(*STATES, native_enum=False, length=10), default="ACTIF")
    suspended_on: Mapped[date | None]
    pauses: Mapped[list[Any]] = mapped_column(JSON, default=list)
    next_on: Mapped[date | None]
    told_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(Integer, default=1)
    made_by: Mapped[str] = mapped_column(String(26))
    made_at: Mapped[datetime] = mapped_column(default=now)


class PlanDay(Model):
    """What was said of one day; once."""

    __tablename__ = "portefeuille_plan_day"
    __table_args__ = (
        belongs("plan_id", "portefeuille_plan", ondelete="CASCADE"),
        belongs("transaction_id", "transaction", ondelete="CASCADE"),
        UniqueConstraint("cabinet_id", "plan_id", "on"),
    )

    plan_id: Mapped[str] = mapped_column(String(26))
    on: Mapped[date]
    answer: Mapped[str] = mapped_column(Enum(*ANSWERS, native_enum=False, length=8))
    transaction_id: Mapped[str | None] = mapped_column(String(26))
    said_by: Mapped[str] = mapped_column(String(26))
    said_at: Mapped[datetime] = mapped_column(default=now)
