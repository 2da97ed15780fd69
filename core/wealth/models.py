"""What is reckoned of wealth and kept, so that lists of a hundred thousand go by an index."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import Index
from sqlalchemy import String
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from core.db.model import Model
from core.db.model import belongs
from core.db.types import Money
from core.db.types import Ratio


class AccountPart(Model):
    """A holder's part of an account, by its roles and the ages of usufructuaries; kept by `core.wealth.totals` alone.

    `amount`: that part of its value, where it counts in totals: open, in euros, valued.
    """

    __tablename__ = "account_part"
    __table_args__ = (
        belongs("account_id", "account"),
        belongs("contact_id", "contact", ondelete="CASCADE"),
        UniqueConstraint("cabinet_id", "account_id", "contact_id"),
        Index("ix_account_part_contact", "cabinet_id", "contact_id", "account_id"),
    )

    account_id: Mapped[str] = mapped_column(String(26))
    contact_id: Mapped[str] = mapped_column(String(26))
    part: Mapped[Decimal] = mapped_column(Ratio())
    amount: Mapped[Decimal | None] = mapped_column(Money())
