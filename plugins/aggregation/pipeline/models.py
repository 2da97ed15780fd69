"""Feeds as they are stored: the files that came, the accounts that sources name, what each file did to each account."""

from __future__ import annotations

from datetime import date
from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlalchemy import BigInteger
from sqlalchemy import Enum
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import String
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from core.api.db import Model
from core.api.db import belongs
from core.api.db import now
from core.api.db import of_cabinet

#: Of a file: being read; read, nothing written; refused as a whole; being written; written; being taken back; taken back;
#: put aside by a person, nothing written.
STATES = ("LECTURE", "LU", "REFUSE", "ECRITURE", "APPLIQUE", "REPRISE", "ANNULE", "ECARTE")
#: Of an account that a source names: nobody said yet which one it is; it is one of ours; a person wants nothing of it.
LINKS = ("A_RATTACHER", "RATTACHE", "IGNORE")
#: Of a source that is asked: never yet; being read; read whole; stopped half-way; nothing to ask for want of a mandate; a
#: server whose key nobody has confirmed.
SOURCES = ("JAMAIS", "EN_COURS", "A_JOUR", "ECHEC", "MANDAT", "CLE")
#: Of what a file tells of one account: not written, written, taken back.
STEPS = ("PREVU", "ECRIT", "REPRIS")


class FeedFile(Model):
    """A file that came, kept by its hash. `tally`: what was read, in numbers; `findings`: what is wrong or doubtful in it."""

    __tablename__ = "aggregation_file"
    __table_args__ = (
        of_cabinet(), UniqueConstraint("cabinet_id", "sha256"), Index("ix_aggregation_file_user", "cabinet_id", "user_id"),
    )  # fmt: skip

    sha256: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(200))
    size: Mapped[int] = mapped_column(Integer)
    #: Who deposited it, or in whose name it was taken.
    user_id: Mapped[str | None] = mapped_column(String(26))
    #: The module that asked a partner for it; empty for one that was deposited or left in the watched folder.
    source: Mapped[str] = mapped_column(String(60), default="")
    format: Mapped[str] = mapped_column(String(100), default="")
    state: Mapped[str] = mapped_column(Enum(*STATES, native_enum=False, length=10), default="LECTURE")
    trouble: Mapped[str] = mapped_column(String(500), default="")
    tally: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    findings: Mapped[list[Any]] = mapped_column(JSON, default=list)
    received_at: Mapped[datetime] = mapped_column(default=now)
    applied_at: Mapped[datetime | None]
    applied_by: Mapped[str | None] = mapped_column(String(60))


class FeedAccount(Model):
    """An account as a source names it, and which of ours it is. `key` is the source's own, the same in each of its files."""

    __tablename__ = "aggregation_account"
    __table_args__ = (
        of_cabinet(),
        belongs("account_id", "account", ondelete="CASCADE"),
        UniqueConstraint("cabinet_id", "origin", "key"),
        Index("ix_aggregation_account_account", "cabinet_id", "account_id"),
    )

    #: The source: its company's name, folded; the format's key where files of the format name none.
    origin: Mapped[str] = mapped_column(String(120))
    key: Mapped[str] = mapped_column(String(120))
    number: Mapped[str] = mapped_column(String(60))
    label: Mapped[str] = mapped_column(String(200), default="")
    company: Mapped[str] = mapped_column(String(120), default="")
    envelope: Mapped[str | None] = mapped_column(String(30))
    currency: Mapped[str] = mapped_column(String(3), default="")
    #: [[name, first names, birth date or ""]…]
    holders: Mapped[list[Any]] = mapped_column(JSON, default=list)
    state: Mapped[str] = mapped_column(Enum(*LINKS, native_enum=False, length=12), default="A_RATTACHER")
    account_id: Mapped[str | None] = mapped_column(String(26))
    #: What filled the account before it was attached: it does so again once it is detached.
    filled_before: Mapped[str] = mapped_column(String(16), default="")
    decided_by: Mapped[str | None] = mapped_column(String(60))
    decided_at: Mapped[datetime | None]
    #: The newest day that a file told of it, and what its cash was at the end of that day (for gaps between files).
    last_on: Mapped[date | None]
    closing: Mapped[str | None] = mapped_column(String(40))
    seen_at: Mapped[datetime] = mapped_column(default=now)


class FeedStep(Model):
    """What a file tells of one account, and once written what was there before: enough to show it, and to take it back."""

    __tablename__ = "aggregation_step"
    __table_args__ = (
        belongs("file_id", "aggregation_file", ondelete="CASCADE"),
        belongs("feed_account_id", "aggregation_account", ondelete="CASCADE"),
        belongs("account_id", "account", ondelete="CASCADE"),
        UniqueConstraint("cabinet_id", "file_id", "rank"),
        Index("ix_aggregation_step_account", "cabinet_id", "account_id", "on"),
        Index("ix_aggregation_step_feed_account", "cabinet_id", "feed_account_id"),
    )

    file_id: Mapped[str] = mapped_column(String(26))
    feed_account_id: Mapped[str] = mapped_column(String(26))
    account_id: Mapped[str | None] = mapped_column(String(26))
    rank: Mapped[int] = mapped_column(Integer)
    on: Mapped[date | None]
    state: Mapped[str] = mapped_column(Enum(*STEPS, native_enum=False, length=8), default="PREVU")
    #: What is shown of it; figures as text, each with its place in the file.
    told: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    why: Mapped[str] = mapped_column(String(500), default="")


class FeedMovement(Model):
    """A movement that a feed brought: the same one in another file is known by its fingerprint."""

    __tablename__ = "aggregation_movement"
    __table_args__ = (
        belongs("file_id", "aggregation_file", ondelete="CASCADE"),
        belongs("account_id", "account", ondelete="CASCADE"),
        UniqueConstraint("cabinet_id", "account_id", "fingerprint"),
        Index("ix_aggregation_movement_file", "cabinet_id", "file_id"),
    )

    file_id: Mapped[str] = mapped_column(String(26))
    account_id: Mapped[str] = mapped_column(String(26))
    fingerprint: Mapped[str] = mapped_column(String(40))
    movement_id: Mapped[str] = mapped_column(String(26))
    place: Mapped[str] = mapped_column(String(200))


class FeedSource(Model):
    """A partner that tells the cabinet's portfolios by itself: how far its reading is, and how the last one ended.

    A reading is a chain of jobs, a page each; `run` names it: of a job that belongs to an older one nothing is done.
    """

    __tablename__ = "aggregation_source"
    __table_args__ = (of_cabinet(), UniqueConstraint("cabinet_id", "plugin"))

    plugin: Mapped[str] = mapped_column(String(60))
    state: Mapped[str] = mapped_column(Enum(*SOURCES, native_enum=False, length=10), default="JAMAIS")
    run: Mapped[str] = mapped_column(String(26), default="")
    asked_at: Mapped[datetime | None]
    #: When it was last read whole, and the day as of which it spoke then.
    answered_at: Mapped[datetime | None]
    on: Mapped[date | None]
    #: Of the reading under way: pages read, where the next one begins, the mark of its first page.
    pages: Mapped[int] = mapped_column(Integer, default=0)
    cursor: Mapped[str] = mapped_column(String(512), default="")
    marking: Mapped[str] = mapped_column(String(200), default="")
    #: The mark of the last reading that was whole.
    mark: Mapped[str] = mapped_column(String(200), default="")
    trouble: Mapped[str] = mapped_column(String(500), default="")
    remedy: Mapped[str] = mapped_column(String(500), default="")
    #: Of an SFTP server: which one (host and port) its key is of; the key that a person confirmed; another that it showed.
    host: Mapped[str] = mapped_column(String(300), default="")
    host_key: Mapped[str] = mapped_column(String(4000), default="")
    host_key_seen: Mapped[str] = mapped_column(String(4000), default="")


class FeedPulled(Model):
    """A file that was taken from the cabinet's SFTP server: the same name, size and time are not taken again."""

    __tablename__ = "aggregation_pulled"
    __table_args__ = (of_cabinet(), UniqueConstraint("cabinet_id", "host", "name", "size", "changed"))

    host: Mapped[str] = mapped_column(String(300))
    name: Mapped[str] = mapped_column(String(200))
    size: Mapped[int] = mapped_column(BigInteger)
    #: Its time of change, in seconds since 1970, as the server tells it.
    changed: Mapped[int] = mapped_column(BigInteger)
    #: Of its bytes; empty for one that was too large to be read.
    sha256: Mapped[str] = mapped_column(String(64))
    taken_at: Mapped[datetime] = mapped_column(default=now)
