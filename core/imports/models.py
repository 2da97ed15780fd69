"""Imports: one row each, one for each line that did something or failed, and what is remembered of a source."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import String
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from core.db.clock import now
from core.db.model import Model
from core.db.model import belongs
from core.db.model import of_cabinet


class ImportRun(Model):
    """A file on its way to rows. `position`: table lines that are done; `settings`: how it is read, mapped, ruled.

    `state` is one of `core.imports.states`; `tally` counts verdicts of the check, then what was done.
    """

    __tablename__ = "import_run"
    __table_args__ = (of_cabinet(), Index("ix_import_run_made", "cabinet_id", "created_at"))

    user_id: Mapped[str | None] = mapped_column(String(26))
    plugin: Mapped[str] = mapped_column(String(60))
    target: Mapped[str] = mapped_column(String(60))
    source: Mapped[str] = mapped_column(String(80), default="")
    filename: Mapped[str] = mapped_column(String(200))
    size: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str | None] = mapped_column(String(64))
    table_sha256: Mapped[str | None] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(12))
    settings: Mapped[dict[str, Any]]
    tally: Mapped[dict[str, Any]]
    count: Mapped[int] = mapped_column(Integer, default=0)
    position: Mapped[int] = mapped_column(Integer, default=0)
    stop: Mapped[bool] = mapped_column(default=False)
    trouble: Mapped[str] = mapped_column(String(300), default="")
    kept_until: Mapped[datetime]
    created_at: Mapped[datetime] = mapped_column(default=now)
    begun_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class ImportLine(Model):
    """What one line did: created or updated `ref`, or failed. `undone`: taken back; `why`: the fault, or why it was kept.

    `ref` stays as it was written: it does not follow a merge of contacts (ADR 025), whose fields and rows are two files' since.
    """

    __tablename__ = "import_line"
    __table_args__ = (
        belongs("import_id", "import_run"),
        UniqueConstraint("cabinet_id", "import_id", "number"),
    )

    import_id: Mapped[str] = mapped_column(String(26))
    number: Mapped[int] = mapped_column(Integer)
    action: Mapped[str] = mapped_column(String(8))
    ref: Mapped[str | None] = mapped_column(String(26))
    why: Mapped[str] = mapped_column(String(300), default="")
    content: Mapped[dict[str, Any]]
    undone: Mapped[bool] = mapped_column(default=False)

    @property
    def told(self) -> str:
        """All of the reason: of a line with many faults it is longer than its column."""
        return str(self.content.get("why") or self.why)


class ImportSource(Model):
    """How files of a source are mapped: found again by its name, or by the same heads."""

    __tablename__ = "import_source"
    __table_args__ = (
        of_cabinet(),
        UniqueConstraint("cabinet_id", "plugin", "target", "name"),
        Index("ix_import_source_heads", "cabinet_id", "heads"),
    )

    plugin: Mapped[str] = mapped_column(String(60))
    target: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(80))
    heads: Mapped[str] = mapped_column(String(64))
    mapping: Mapped[dict[str, Any]]
    rules: Mapped[dict[str, Any]]
    used_at: Mapped[datetime] = mapped_column(default=now)
