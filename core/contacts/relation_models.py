"""Relations between contacts: one row a pair, read from both ends (domain.md §2.1, DO-02)."""

from __future__ import annotations

from datetime import date
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Index
from sqlalchemy import String
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from core.db.clock import now
from core.db.model import Model
from core.db.model import belongs
from core.db.types import Ratio


class Relation(Model):
    """`a_id` is `kind` of `b_id` (`core.contacts.relation_types`). Of a symmetric kind, the smaller id is `a_id`.

    `until`: the day on which it had ended; it held the day before.
    """

    __tablename__ = "contact_relation"
    __table_args__ = (
        belongs("a_id", "contact"),
        belongs("b_id", "contact"),
        Index("ix_contact_relation_a", "cabinet_id", "a_id", "kind"),
        Index("ix_contact_relation_b", "cabinet_id", "b_id", "kind"),
    )

    a_id: Mapped[str] = mapped_column(String(26))
    b_id: Mapped[str] = mapped_column(String(26))
    kind: Mapped[str] = mapped_column(String(30))
    since: Mapped[date | None]
    until: Mapped[date | None]
    filiation: Mapped[str | None] = mapped_column(String(20))
    share: Mapped[Decimal | None] = mapped_column(Ratio())
    right: Mapped[str | None] = mapped_column(String(20))
    function: Mapped[str | None] = mapped_column(String(100))
    counsel: Mapped[str | None] = mapped_column(String(20))
    note: Mapped[str | None] = mapped_column(String(500))
    created_at: Mapped[datetime] = mapped_column(default=now)
