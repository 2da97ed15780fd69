"""What people keep of lists: named views, and each person's columns and usual view."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy import Index
from sqlalchemy import String
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from core.db.clock import now
from core.db.model import Model
from core.db.model import belongs


class SavedView(Model):
    """A list as somebody wants to find it again: its address's parameters under a name. `shared`: with the cabinet."""

    __tablename__ = "saved_view"
    __table_args__ = (
        ForeignKeyConstraint(["cabinet_id", "owner_id"], ["user_login.cabinet_id", "user_login.id"]),
        Index("ix_saved_view_list", "cabinet_id", "list_key"),
    )

    list_key: Mapped[str] = mapped_column(String(60))
    owner_id: Mapped[str] = mapped_column(String(26))
    name: Mapped[str] = mapped_column(String(80))
    query: Mapped[str] = mapped_column(String(2000))
    shared: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)


class ListPreference(Model):
    """A person's own way of one list: the columns chosen last, the view that it opens with."""

    __tablename__ = "list_preference"
    __table_args__ = (
        ForeignKeyConstraint(["cabinet_id", "user_id"], ["user_login.cabinet_id", "user_login.id"]),
        belongs("view_id", "saved_view"),
        UniqueConstraint("cabinet_id", "user_id", "list_key"),
        Index("ix_list_preference_view", "cabinet_id", "view_id"),
    )

    user_id: Mapped[str] = mapped_column(String(26))
    list_key: Mapped[str] = mapped_column(String(60))
    columns: Mapped[str | None] = mapped_column(String(1000))
    view_id: Mapped[str | None] = mapped_column(String(26))
