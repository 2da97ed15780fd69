"""Documents: what they are about; their bytes lie in the content-addressed store."""

from __future__ import annotations

from datetime import date
from datetime import datetime

from sqlalchemy import Enum
from sqlalchemy import ForeignKeyConstraint
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import String
from sqlalchemy import Text
from sqlalchemy import UniqueConstraint
from sqlalchemy import true
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from core.db.clock import now
from core.db.model import Model
from core.db.model import belongs
from core.db.model import of_cabinet

#: What the cabinet places, and through whom, as owners of documents: see `core.supports.directory`.
SHELVES = ("support", "product", "company")
#: What became of a document's text → as people read it. `scan`: pages that are pictures, with no text in them;
#: `ocr`: their letters were made out; `unclear`: none could be.
TEXT_STATES = {
    "read": "Texte lu",
    "ocr": "Texte lu (reconnaissance de caractères)",
    "scan": "Texte non lu\u202f: numérisation",
    "encrypted": "Texte non lu\u202f: fichier protégé par un mot de passe",
    "broken": "Texte non lu\u202f: fichier endommagé",
    "late": "Texte non lu\u202f: fichier trop lourd à lire",
    "none": "Image, sans texte",
    "unclear": "Texte non lu\u202f: aucun caractère reconnu",
}


class Document(Model):
    """One version of one document of an owner: a contact, an account, one of `SHELVES`, the cabinet, a mandate, a transaction."""

    __tablename__ = "document"
    __table_args__ = (
        of_cabinet(),
        Index("ix_document_owner", "cabinet_id", "owner_kind", "owner_id"),
        Index("ix_document_series", "cabinet_id", "series"),
    )

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
    #: The id of the first version; None where there was never another.
    series: Mapped[str | None] = mapped_column(String(26))
    number: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    #: Whether it is the version in force.
    current: Mapped[bool] = mapped_column(default=True, server_default=true())
    expires_on: Mapped[date | None]
    #: Between commas, so that one is found by «,tag,»: `labels` gives them apart.
    tags: Mapped[str] = mapped_column(String(300), default="", server_default="")
    note: Mapped[str] = mapped_column(String(1000), default="", server_default="")
    #: Why it must be kept whatever anybody wishes; «» where nothing holds it.
    hold: Mapped[str] = mapped_column(String(200), default="", server_default="")
    deleted_at: Mapped[datetime | None]
    deleted_by: Mapped[str | None] = mapped_column(String(26))

    @property
    def labels(self) -> tuple[str, ...]:
        """The tags, one by one."""
        return tuple(one for one in self.tags.split(",") if one)

    @property
    def chain(self) -> str:
        """What all versions of the document share."""
        return self.series or self.id


class DocumentCategory(Model):
    """A sub-category of the cabinet's own, under one of the house's (`core.documents.categories`). Documents keep its id."""

    __tablename__ = "document_category"
    __table_args__ = (of_cabinet(), UniqueConstraint("cabinet_id", "parent", "folded"))

    parent: Mapped[str] = mapped_column(String(60))
    label: Mapped[str] = mapped_column(String(80))
    #: The label without case and accents: two of a parent are never called alike.
    folded: Mapped[str] = mapped_column(String(80))
    position: Mapped[int] = mapped_column(Integer, default=0)
    #: No document is filed there any more; those that are stay.
    archived_at: Mapped[datetime | None]


class DocumentText(Model):
    """What a document says, read once by the worker: for the search (AU-03)."""

    __tablename__ = "document_text"
    __table_args__ = (
        belongs("document_id", "document", ondelete="CASCADE"),
        UniqueConstraint("cabinet_id", "document_id"),
    )

    document_id: Mapped[str] = mapped_column(String(26))
    state: Mapped[str] = mapped_column(Enum(*TEXT_STATES, native_enum=False))
    pages: Mapped[int] = mapped_column(Integer)
    text: Mapped[str] = mapped_column(Text)
    read_at: Mapped[datetime] = mapped_column(default=now)


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
