"""Pledges as they are stored: an account given as security to a creditor."""

from __future__ import annotations

from datetime import date
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import String
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from core.api.db import Model
from core.api.db import Money
from core.api.db import belongs
from core.api.db import now


class Pledge(Model):
    """A pledge (nantissement) of an account. `amount` None: the whole account. It stands until `released_on` (mainlevée)."""

    __tablename__ = "patrimoine_pledge"
    __table_args__ = (
        belongs("account_id", "account"),
        belongs("loan_id", "patrimoine_loan"),
        Index("ix_patrimoine_pledge_account", "cabinet_id", "account_id"),
        Index("ix_patrimoine_pledge_loan", "cabinet_id", "loan_id"),
    )

    account_id: Mapped[str] = mapped_column(String(26))
    loan_id: Mapped[str | None] = mapped_column(String(26))
    creditor: Mapped[str] = mapped_column(String(120))
    amount: Mapped[Decimal | None] = mapped_column(Money())
    rank: Mapped[int] = mapped_column(Integer, default=1)
    pledged_on: Mapped[date]
    released_on: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
