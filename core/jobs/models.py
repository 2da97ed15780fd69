"""Work to be done after the answer: the truth is these tables, written in the caller's transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import String
from sqlalchemy import Text
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from core.db.clock import now
from core.db.model import Base
from core.db.model import Model
from core.db.model import new_id
from core.db.model import of_cabinet


class Job(Base):
    """A piece of work. `key` makes it unique while it waits; `lock` keeps two of a kind apart."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_due", "state", "run_at"), UniqueConstraint("key"))

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    cabinet_id: Mapped[int | None] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(60))
    payload: Mapped[dict[str, Any]]
    key: Mapped[str | None] = mapped_column(String(160))
    lock: Mapped[str | None] = mapped_column(String(160))
    state: Mapped[str] = mapped_column(String(10), default="queued")
    run_at: Mapped[datetime] = mapped_column(default=now)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    worker: Mapped[str | None] = mapped_column(String(60))
    leased_until: Mapped[datetime | None]
    first_failed_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=now)


class Lease(Base):
    """Who leads: periodic work and the worker's heartbeat."""

    __tablename__ = "lease"
    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    holder: Mapped[str] = mapped_column(String(60))
    until: Mapped[datetime]


class OutboxItem(Model):
    """An effect outside: written with the change that wants it, carried out by a job, never lost."""

    __tablename__ = "outbox"
    __table_args__ = (of_cabinet(), Index("ix_outbox_state", "cabinet_id", "state"))

    kind: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(100))
    payload: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    last_error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=now)
    done_at: Mapped[datetime | None]
