"""Runs of proposals as they are stored: what was asked, and for each account its orders and what became of them (PF-09)."""

from __future__ import annotations

from datetime import date
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Boolean
from sqlalchemy import Enum
from sqlalchemy import Index
from sqlalchemy import String
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from core.api.db import Model
from core.api.db import Money
from core.api.db import belongs
from core.api.db import now

#: To be done; why not; prepared here or done at the partner, its end awaited; done; left aside with a reason.
STATES = ("todo", "excluded", "asked", "done", "skipped")


class ProposalRun(Model):
    """Proposals asked at once, as a worklist. `minimum`: of an order, in euros; `keep_euro`: funds in euros are not touched."""

    __tablename__ = "outils_run"
    __table_args__ = (Index("ix_outils_run_created", "cabinet_id", "created_at"),)

    said_by: Mapped[str] = mapped_column(String(120), default="")
    minimum: Mapped[Decimal] = mapped_column(Money())
    keep_euro: Mapped[bool] = mapped_column(Boolean, default=False)
    created_at: Mapped[datetime] = mapped_column(default=now)


class Proposal(Model):
    """An account of a run. `made`: its orders and the lines that are kept, as they were proposed; they never change.

    `value`, `on`: what its lines made, and when; `fee`: of the contract, on what is sold; None where it is not known.
    """

    __tablename__ = "outils_proposal"
    __table_args__ = (
        belongs("run_id", "outils_run", ondelete="CASCADE"),
        belongs("account_id", "account", ondelete="CASCADE"),
        belongs("version_id", "outils_model_version"),
        belongs("transaction_id", "transaction"),
        UniqueConstraint("cabinet_id", "run_id", "account_id"),
        Index("ix_outils_proposal_account", "cabinet_id", "account_id"),
    )

    run_id: Mapped[str] = mapped_column(String(26))
    account_id: Mapped[str] = mapped_column(String(26))
    version_id: Mapped[str] = mapped_column(String(26))
    state: Mapped[str] = mapped_column(Enum(*STATES, native_enum=False, length=8))
    why: Mapped[str] = mapped_column(String(500), default="")
    made: Mapped[dict[str, Any]]
    value: Mapped[Decimal | None] = mapped_column(Money())
    on: Mapped[date | None]
    fee: Mapped[Decimal | None] = mapped_column(Money())
    transaction_id: Mapped[str | None] = mapped_column(String(26))
    changed_by: Mapped[str] = mapped_column(String(120), default="")
    changed_at: Mapped[datetime | None]
