"""Contacts that became one, and those that are known not to be the same (CT-02)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy import String
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from core.db.clock import now
from core.db.model import Model
from core.db.model import belongs
from core.db.model import of_cabinet


class ContactMerge(Model):
    """One merge: which file went into which, and all that is needed to take it back (`record`).

    The ids have no foreign key: the merged contact is no more, and the kept one may be merged into another later.
    """

    __tablename__ = "contact_merge"
    __table_args__ = (
        of_cabinet(),
        Index("ix_contact_merge_merged", "cabinet_id", "merged_id"),
        Index("ix_contact_merge_kept", "cabinet_id", "kept_id"),
        Index("ix_contact_merge_code", "cabinet_id", "file_code"),
    )

    kept_id: Mapped[str] = mapped_column(String(26))
    merged_id: Mapped[str] = mapped_column(String(26))
    merged_name: Mapped[str] = mapped_column(String(200))
    #: The merged contact's: it is not given to another while the merge may be taken back.
    file_code: Mapped[str] = mapped_column(String(20))
    record: Mapped[dict[str, Any]]
    merged_by: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime] = mapped_column(default=now)
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None] = mapped_column(String(60))


class ContactApart(Model):
    """Somebody said that these two are not the same. The smaller id comes first, but for what a merge moved since."""

    __tablename__ = "contact_apart"
    __table_args__ = (
        belongs("first_id", "contact", ondelete="CASCADE"),
        belongs("second_id", "contact", ondelete="CASCADE"),
        UniqueConstraint("cabinet_id", "first_id", "second_id"),
        Index("ix_contact_apart_second", "cabinet_id", "second_id"),
    )

    first_id: Mapped[str] = mapped_column(String(26))
    second_id: Mapped[str] = mapped_column(String(26))
    said_by: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime] = mapped_column(default=now)
