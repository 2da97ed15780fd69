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
    """A pledge (nantissement) of an account. `amount` None: the whole account. It stands until `released_on` (mainlevée).

    `agreed_on`: the creditor wrote that acts may take from the account; until `agreed_until`, or for good.
    """

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
    agreed_on: Mapped[date | None]
    agreed_until: Mapped[date | None]
    released_on: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(default=now)

    def agreed(self, on: date) -> bool:
        """Whether the creditor's agreement stands on a day."""
        return self.agreed_on is not None and self.agreed_on <= on and (self.agreed_until is None or on <= self.agreed_until)
