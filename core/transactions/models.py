"""Transactions: instructions with a life cycle, and the history of their status (domain.md §2.4, §3.5)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON
from sqlalchemy import BigInteger
from sqlalchemy import Boolean
from sqlalchemy import Enum
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import String
from sqlalchemy import UniqueConstraint
from sqlalchemy import column
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from core.db.clock import now
from core.db.model import Model
from core.db.model import belongs
from core.db.types import Money

#: Of a movement and an act: the act wrote it here; a person said that it is the act's; a person said that it is not.
MATCHES = ("ECRIT", "CONFIRME", "REFUSE")
_STANDS = column("state") != "REFUSE"


class Transaction(Model):
    """One act. `reference` is its name on the wire (PLP-004); `seq` the partner's last snapshot applied.

    `plugin` is the partner link it went through; None for what was typed here or imported: no status then.
    """

    __tablename__ = "transaction"
    __table_args__ = (
        belongs("account_id", "account"),
        UniqueConstraint("cabinet_id", "reference"),
        Index("ix_transaction_account", "cabinet_id", "account_id", "created_at"),
        Index("ix_transaction_open", "cabinet_id", "status", "next_poll_at"),
    )

    account_id: Mapped[str] = mapped_column(String(26))
    reference: Mapped[str] = mapped_column(String(64))
    plugin: Mapped[str | None] = mapped_column(String(60))
    origin: Mapped[str] = mapped_column(String(16))
    act: Mapped[str] = mapped_column(String(60))
    act_label: Mapped[str] = mapped_column(String(100))
    nature: Mapped[str] = mapped_column(String(30))
    status: Mapped[str | None] = mapped_column(String(60))
    status_label: Mapped[str | None] = mapped_column(String(100))
    status_at: Mapped[datetime | None]
    reason_code: Mapped[str | None] = mapped_column(String(60))
    reason_text: Mapped[str | None] = mapped_column(String(200))
    partner_ref: Mapped[str | None] = mapped_column(String(64))
    seq: Mapped[int] = mapped_column(BigInteger, default=0)
    gap: Mapped[bool] = mapped_column(Boolean, default=False)
    amount: Mapped[Decimal | None] = mapped_column(Money())
    currency: Mapped[str] = mapped_column(String(3), default="EUR")
    instructions: Mapped[list[Any] | None] = mapped_column(JSON)
    initiated_by: Mapped[str | None] = mapped_column(String(26))
    created_at: Mapped[datetime] = mapped_column(default=now)
    next_poll_at: Mapped[datetime | None]


class TransactionEvent(Model):
    """One line of a transaction's history. Partner snapshots keep their `data` for comparison (PLP-099)."""

    __tablename__ = "transaction_event"
    __table_args__ = (
        belongs("transaction_id", "transaction"),
        Index("ix_transaction_event_tx", "cabinet_id", "transaction_id", "id"),
    )

    transaction_id: Mapped[str] = mapped_column(String(26))
    seq: Mapped[int | None] = mapped_column(BigInteger)
    status: Mapped[str] = mapped_column(String(60))
    status_label: Mapped[str] = mapped_column(String(100))
    source: Mapped[str] = mapped_column(String(20))
    applied: Mapped[bool] = mapped_column(Boolean, default=True)
    corrected: Mapped[bool] = mapped_column(Boolean, default=False)
    effective_at: Mapped[datetime]
    received_at: Mapped[datetime] = mapped_column(default=now)
    reason_code: Mapped[str | None] = mapped_column(String(60))
    reason_text: Mapped[str | None] = mapped_column(String(200))
    data: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class MovementMatch(Model):
    """Which act a movement is of (PF-05). `aside`: movements that the act had written and that this one replaces, whole."""

    __tablename__ = "movement_match"
    __table_args__ = (
        belongs("transaction_id", "transaction", ondelete="CASCADE"),
        belongs("movement_id", "movement", ondelete="CASCADE"),
        UniqueConstraint("cabinet_id", "transaction_id", "movement_id"),
        # one movement is of one act at most
        Index(
            "ix_movement_match_movement", "cabinet_id", "movement_id", unique=True, sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
    )  # fmt: skip

    transaction_id: Mapped[str] = mapped_column(String(26))
    movement_id: Mapped[str] = mapped_column(String(26))
    state: Mapped[str] = mapped_column(Enum(*MATCHES, native_enum=False, length=8))
    score: Mapped[int] = mapped_column(Integer, default=0)
    #: [[code, words, points]…], as they were when the word was given.
    reasons: Mapped[list[Any]] = mapped_column(JSON, default=list)
    aside: Mapped[list[Any]] = mapped_column(JSON, default=list)
    decided_by: Mapped[str] = mapped_column(String(60))
    decided_at: Mapped[datetime] = mapped_column(default=now)
