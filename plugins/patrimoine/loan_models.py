"""Loans as they are stored: their terms, who borrows and is insured, what happened to them (domain.md §2.8)."""

from __future__ import annotations

from datetime import date
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Enum
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import String
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from core.api.db import Model
from core.api.db import Money
from core.api.db import Ratio
from core.api.db import belongs
from core.api.db import now
from core.api.db import of_cabinet
from plugins.patrimoine import asset_models as asset_models  # a loan's table names an asset's
from plugins.patrimoine.loan_terms import EVENTS
from plugins.patrimoine.loan_terms import KINDS


class Loan(Model):
    """A loan. Those without a schedule (revolving credit, leasing) have a capital and declared balances only."""

    __tablename__ = "patrimoine_loan"
    __table_args__ = (
        of_cabinet(),
        belongs("asset_id", "patrimoine_asset"),
        Index("ix_patrimoine_loan_asset", "cabinet_id", "asset_id"),
    )

    kind: Mapped[str] = mapped_column(Enum(*KINDS, native_enum=False, length=14))
    purpose: Mapped[str] = mapped_column(String(200))
    lender: Mapped[str] = mapped_column(String(120))
    number: Mapped[str] = mapped_column(String(60), default="")
    principal: Mapped[Decimal] = mapped_column(Money())
    annual_rate: Mapped[Decimal] = mapped_column(Ratio())
    variable: Mapped[bool] = mapped_column(default=False)
    months: Mapped[int | None] = mapped_column(Integer)
    granted_on: Mapped[date | None]
    first_due: Mapped[date | None]
    every: Mapped[int] = mapped_column(Integer, default=1)
    deferred_months: Mapped[int] = mapped_column(Integer, default=0)
    deferred_kind: Mapped[str] = mapped_column(String(8), default="")
    #: [[instalments, payment as text], …]: the stretches of a loan by steps.
    steps: Mapped[list[Any]] = mapped_column(default=list)
    insurance_kind: Mapped[str] = mapped_column(String(8), default="")
    insurance_rate: Mapped[Decimal | None] = mapped_column(Ratio())
    insurance_amount: Mapped[Decimal | None] = mapped_column(Money())
    fees: Mapped[Decimal] = mapped_column(Money(), default=Decimal(0))
    guarantees: Mapped[list[Any]] = mapped_column(default=list)
    #: The asset that it paid for.
    asset_id: Mapped[str | None] = mapped_column(String(26))
    remarks: Mapped[str] = mapped_column(String(1000), default="")
    closed_on: Mapped[date | None]
    closed_why: Mapped[str] = mapped_column(String(12), default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)


class LoanBorrower(Model):
    """Who owes a share of a loan, and at what quota the insurance covers him (0: not insured)."""

    __tablename__ = "patrimoine_loan_borrower"
    __table_args__ = (
        belongs("loan_id", "patrimoine_loan", ondelete="CASCADE"),
        belongs("contact_id", "contact"),
        UniqueConstraint("cabinet_id", "loan_id", "contact_id"),
        Index("ix_patrimoine_loan_borrower_contact", "cabinet_id", "contact_id"),
    )

    loan_id: Mapped[str] = mapped_column(String(26))
    contact_id: Mapped[str] = mapped_column(String(26))
    rank: Mapped[int] = mapped_column(Integer, default=1)
    share: Mapped[Decimal] = mapped_column(Ratio())
    insured: Mapped[Decimal] = mapped_column(Ratio(), default=Decimal(0))


class LoanEvent(Model):
    """What happened to a loan on a day. `kind`: TAUX (a new rate), REMBOURSEMENT (an early one), SOLDE (what the lender says).

    `amount`: repaid (None: all) or owed. `mode` and `indemnity` («PLAFOND»: the legal cap) are an early repayment's.
    """

    __tablename__ = "patrimoine_loan_event"
    __table_args__ = (
        belongs("loan_id", "patrimoine_loan", ondelete="CASCADE"),
        Index("ix_patrimoine_loan_event_loan", "cabinet_id", "loan_id", "on"),
    )

    loan_id: Mapped[str] = mapped_column(String(26))
    kind: Mapped[str] = mapped_column(Enum(*EVENTS, native_enum=False, length=14))
    on: Mapped[date]
    rate: Mapped[Decimal | None] = mapped_column(Ratio())
    amount: Mapped[Decimal | None] = mapped_column(Money())
    mode: Mapped[str] = mapped_column(String(8), default="")
    indemnity_kind: Mapped[str] = mapped_column(String(8), default="")
    indemnity: Mapped[Decimal | None] = mapped_column(Money())
    created_at: Mapped[datetime] = mapped_column(default=now)
