"""Documents that were made for clients, and the cabinet's own templates, as they are kept (CO-01). Neither is ever changed."""

from __future__ import annotations

from datetime import date
from datetime import datetime
from typing import Any

from sqlalchemy import Enum
from sqlalchemy import Index
from sqlalchemy import String
from sqlalchemy import Text
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from core.api.db import Model
from core.api.db import belongs
from core.api.db import now
from core.api.db import of_cabinet
from plugins.conformite.papers.kinds import KINDS


class Paper(Model):
    """A document that was made for a contact, or filed once signed by hand. Where it stands is computed, never kept.

    `template`: which made it, «» for one that was filed; `texts`: what the adviser typed; `facts_sha256`: of the facts that it
    prints, which lie inside the PDF. `signed_on`: of one that was filed.
    """

    __tablename__ = "conformite_paper"
    __table_args__ = (
        belongs("contact_id", "contact"),
        belongs("document_id", "document"),
        UniqueConstraint("cabinet_id", "document_id"),
        Index("ix_conformite_paper_contact", "cabinet_id", "contact_id", "kind"),
    )

    contact_id: Mapped[str] = mapped_column(String(26))
    document_id: Mapped[str] = mapped_column(String(26))
    kind: Mapped[str] = mapped_column(Enum(*KINDS, native_enum=False, length=20))
    template: Mapped[str] = mapped_column(String(12), default="")
    texts: Mapped[dict[str, Any]]
    facts_sha256: Mapped[str] = mapped_column(String(64), default="")
    made_on: Mapped[date]
    signed_on: Mapped[date | None]
    valid_until: Mapped[date | None]
    made_by: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime] = mapped_column(default=now)


class PaperTemplate(Model):
    """A version of a template that the cabinet wrote; the last one of its kind is in force."""

    __tablename__ = "conformite_paper_template"
    __table_args__ = (of_cabinet(), UniqueConstraint("cabinet_id", "kind", "number"))

    kind: Mapped[str] = mapped_column(Enum(*KINDS, native_enum=False, length=20))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(String(300), default="")
    made_by: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime] = mapped_column(default=now)
