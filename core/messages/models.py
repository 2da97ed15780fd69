"""Messages to clients as they are stored: what was asked, what was said of it. The outbox's item of the same id carries it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Enum
from sqlalchemy import ForeignKeyConstraint
from sqlalchemy import Index
from sqlalchemy import String
from sqlalchemy import Text
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from core.db.clock import now
from core.db.model import Model
from core.db.model import belongs
from core.hooks import references
from core.hooks.declared import Ref

#: What a row says. The outbox's item says besides how often it was tried, and whether that was given up.
STATES = ("waiting", "sent", "failed")


class MessageRow(Model):
    """One message. `key`: what it is in its caller's words, so that it is written once. `part`, `url`: who shows it.

    `plugin`, `channel`, `label`, `address`: by which way it goes, chosen when it was asked for.
    """

    __tablename__ = "message"
    __table_args__ = (
        belongs("contact_id", "contact"),
        ForeignKeyConstraint(["cabinet_id", "asked_by"], ["user_login.cabinet_id", "user_login.id"]),
        UniqueConstraint("cabinet_id", "key"),
        Index("ix_message_contact", "cabinet_id", "contact_id", "asked_at"),
    )

    key: Mapped[str] = mapped_column(String(80))
    contact_id: Mapped[str] = mapped_column(String(26))
    plugin: Mapped[str] = mapped_column(String(60))
    channel: Mapped[str] = mapped_column(String(60))
    label: Mapped[str] = mapped_column(String(60))
    address: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    asked_by: Mapped[str] = mapped_column(String(26))
    asked_at: Mapped[datetime] = mapped_column(default=now)
    state: Mapped[str] = mapped_column(Enum(*STATES, native_enum=False, length=8), default="waiting")
    why: Mapped[str] = mapped_column(String(300), default="")
    reference: Mapped[str] = mapped_column(String(200), default="")
    ended_at: Mapped[datetime | None]
    part: Mapped[str] = mapped_column(String(80), default="")
    url: Mapped[str] = mapped_column(String(200), default="")


class MessageDocument(Model):
    """A document of the contact's file that goes with a message."""

    __tablename__ = "message_document"
    __table_args__ = (
        belongs("message_id", "message", ondelete="CASCADE"),
        belongs("document_id", "document"),
        UniqueConstraint("cabinet_id", "message_id", "document_id"),
        Index("ix_message_document_document", "cabinet_id", "document_id"),
    )

    message_id: Mapped[str] = mapped_column(String(26))
    document_id: Mapped[str] = mapped_column(String(26))


references.declare(
    Ref("message", "contact_id", to="contact"), Ref("message_document", "document_id", to="document")
)
