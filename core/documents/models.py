"""Documents: what they are about; their bytes lie in the content-addressed store."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import String
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from core.db.clock import now
from core.db.model import Model
from core.db.model import of_cabinet


class Document(Model):
    """One version of one document of an owner (a contact, an account, the cabinet, a mandate)."""

    __tablename__ = "document"
    __table_args__ = (of_cabinet(), Index("ix_document_owner", "cabinet_id", "owner_kind", "owner_id"))

    owner_kind: Mapped[str] = mapped_column(String(20))
    owner_id: Mapped[str] = mapped_column(String(64))
    category: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(200))
    filename: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64))
    created_by: Mapped[str | None] = mapped_column(String(26))
    created_at: Mapped[datetime] = mapped_column(default=now)


class Upload(Model):
    """A file that was sent ahead of the form that it belongs to: one person's, until the form takes it or its time is over."""

    __tablename__ = "upload"
    __table_args__ = (
        ForeignKeyConstraint(["cabinet_id", "user_id"], ["user_login.cabinet_id", "user_login.id"]),
        Index("ix_upload_user", "cabinet_id", "user_id"),
        Index("ix_upload_expires", "cabinet_id", "expires_at"),
    )

    user_id: Mapped[str] = mapped_column(String(26))
    rule: Mapped[str] = mapped_column(String(60))
    filename: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[datetime]
