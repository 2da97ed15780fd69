"""A journey: one act that an adviser types here (BL-14). What is typed lies in the vault, never in this row."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import String
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from core.db.clock import now
from core.db.model import Model
from core.db.model import belongs


class Journey(Model):
    """`form`: the list's form that began it (a double click begins one). `name`: what the partner gets, its idempotency key.

    `state`: `core.journeys.states`. `sending`: the outbox item that carries it, of which there is a new one after a refusal.
    """

    __tablename__ = "journey"
    __table_args__ = (
        belongs("account_id", "account"),
        belongs("transaction_id", "transaction"),
        ForeignKeyConstraint(["cabinet_id", "user_id"], ["user_login.cabinet_id", "user_login.id"]),
        UniqueConstraint("cabinet_id", "form"),
        UniqueConstraint("cabinet_id", "name"),
        Index("ix_journey_transaction", "cabinet_id", "transaction_id"),
        Index("ix_journey_state", "cabinet_id", "state", "expires_at"),
    )

    form: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(64))
    plugin: Mapped[str] = mapped_column(String(60))
    act: Mapped[str] = mapped_column(String(60))
    act_label: Mapped[str] = mapped_column(String(100))
    nature: Mapped[str] = mapped_column(String(30))
    account_id: Mapped[str] = mapped_column(String(26))
    transaction_id: Mapped[str] = mapped_column(String(26))
    user_id: Mapped[str] = mapped_column(String(26))
    state: Mapped[str] = mapped_column(String(12), default="open")
    #: Why a local rule's warning was passed, as it was typed.
    reason: Mapped[str] = mapped_column(String(500), default="")
    sending: Mapped[str | None] = mapped_column(String(26))
    #: How often the partner was asked under this confirmation: from the first on, only its own word is a refusal.
    tries: Mapped[int] = mapped_column(Integer, default=0)
    #: How often the partner refused it.
    refusals: Mapped[int] = mapped_column(Integer, default=0)
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
