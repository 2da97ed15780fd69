"""The tenant, its people, what it enabled, its journal."""

from __future__ import annotations

from datetime import date
from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlalchemy import Boolean
from sqlalchemy import ForeignKey
from sqlalchemy import ForeignKeyConstraint
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import LargeBinary
from sqlalchemy import String
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from core.db.clock import now
from core.db.model import Base
from core.db.model import Model
from core.db.model import belongs
from core.db.model import new_id
from core.db.model import of_cabinet


class Cabinet(Base):
    """An advisory firm. `data_key` is its data key, wrapped by the installation's (PLP-111)."""

    __tablename__ = "cabinet"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    slug: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    siren: Mapped[str | None] = mapped_column(String(9))
    orias: Mapped[str | None] = mapped_column(String(8))
    address: Mapped[str | None] = mapped_column(String(300))
    data_key: Mapped[bytes] = mapped_column(LargeBinary)
    demo: Mapped[bool] = mapped_column(Boolean, default=False)
    second_factor_required: Mapped[bool] = mapped_column(Boolean, default=False)
    created_at: Mapped[datetime] = mapped_column(default=now)
    #: Theme, colours, logos, layout of statements (`core.cabinets.brand.Worn`); None: nothing was chosen.
    brand: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class BrandLogo(Model):
    """A logo of the cabinet, drawn by us: a PNG for paper, a light picture for the screen. Its id is in its address, which
    anybody may read who has it: the sign-in page shows it. The former one is kept for undo, until the next comes."""

    __tablename__ = "brand_logo"
    __table_args__ = (of_cabinet(),)

    shade: Mapped[str] = mapped_column(String(5))
    image: Mapped[bytes] = mapped_column(LargeBinary)
    screen: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(default=now)


class User(Base):
    """A person who signs in. A login belongs to one cabinet; its e-mail is unique in the instance."""

    __tablename__ = "user_login"
    __table_args__ = (UniqueConstraint("cabinet_id", "id"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    cabinet_id: Mapped[int] = mapped_column(ForeignKey("cabinet.id"))
    email: Mapped[str] = mapped_column(String(254), unique=True)
    display_name: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(20))
    password_hash: Mapped[str] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    #: At work, E.164.
    phone: Mapped[str | None] = mapped_column(String(20))
    #: Whether single keys («/», «?») are shortcuts for this person (WCAG 2.1.4).
    single_keys: Mapped[bool] = mapped_column(Boolean, default=True)
    #: Which `UserPhoto`, where there is one: the name of its version, too.
    photo_id: Mapped[str | None] = mapped_column(String(26))

    @property
    def initials(self) -> str:
        """Two letters for the avatar."""
        words = self.display_name.split()
        return "".join(word[0] for word in (words[0], words[-1])).upper() if words else "?"


class UserPhoto(Model):
    """The photo of a person of the cabinet: a small square JPEG of our own making, seen by colleagues only."""

    __tablename__ = "user_photo"
    __table_args__ = (
        ForeignKeyConstraint(["cabinet_id", "user_id"], ["user_login.cabinet_id", "user_login.id"]),
        UniqueConstraint("cabinet_id", "user_id"),
    )

    user_id: Mapped[str] = mapped_column(String(26))
    image: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(default=now)


class Agency(Model):
    """A team of the cabinet («agence»). Its clients are those whom one of its members follows."""

    __tablename__ = "agency"
    __table_args__ = (of_cabinet(), UniqueConstraint("cabinet_id", "name"))

    name: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime] = mapped_column(default=now)


class AgencyMember(Model):
    """A person of an agency; one may be of several."""

    __tablename__ = "agency_member"
    __table_args__ = (
        belongs("agency_id", "agency"),
        ForeignKeyConstraint(["cabinet_id", "user_id"], ["user_login.cabinet_id", "user_login.id"]),
        UniqueConstraint("cabinet_id", "agency_id", "user_id"),
        Index("ix_agency_member_user", "cabinet_id", "user_id", "agency_id"),
    )

    agency_id: Mapped[str] = mapped_column(String(26))
    user_id: Mapped[str] = mapped_column(String(26))


class Profile(Model):
    """A named set of rights that the cabinet made; built-in ones are in `core.cabinets.permissions`."""

    __tablename__ = "profile"
    __table_args__ = (of_cabinet(), UniqueConstraint("cabinet_id", "code"))

    code: Mapped[str] = mapped_column(String(20))
    label: Mapped[str] = mapped_column(String(60))
    rights: Mapped[list[Any]] = mapped_column(JSON)
    changed_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)


class AccessLine(Model):
    """Somebody read a client's file. `slot` numbers quarters of an hour: one line in each for the same thing."""

    __tablename__ = "access_line"
    __table_args__ = (
        of_cabinet(),
        UniqueConstraint(
            "cabinet_id", "subject_id", "subject_kind", "user_id", "what", "slot", name="uq_access_line_once"
        ),
        Index("ix_access_line_at", "cabinet_id", "at"),
    )

    user_id: Mapped[str] = mapped_column(String(26))
    what: Mapped[str] = mapped_column(String(8))
    subject_kind: Mapped[str] = mapped_column(String(12))
    subject_id: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(default=now)
    slot: Mapped[int] = mapped_column(Integer)


class Enabling(Model):
    """A plugin that a cabinet turned on or off. No row: the plugin's default at the cabinet's creation."""

    __tablename__ = "plugin_enabling"
    __table_args__ = (of_cabinet(), UniqueConstraint("cabinet_id", "plugin"))

    plugin: Mapped[str] = mapped_column(String(60))
    enabled: Mapped[bool] = mapped_column(Boolean)
    position: Mapped[int] = mapped_column(Integer, default=0)
    changed_at: Mapped[datetime] = mapped_column(default=now)
    #: When it was turned on for the first time: since when the cabinet has it, whatever was done since.
    first_at: Mapped[datetime | None]


class PluginSettings(Model):
    """A plugin's settings for a cabinet. `secrets` tells who kept which secret when; the vault holds what it is."""

    __tablename__ = "plugin_settings"
    __table_args__ = (of_cabinet(), UniqueConstraint("cabinet_id", "plugin"))

    plugin: Mapped[str] = mapped_column(String(60))
    version: Mapped[int] = mapped_column(Integer, default=1)
    values: Mapped[dict[str, Any]] = mapped_column(default=dict)
    secrets: Mapped[dict[str, Any]] = mapped_column(default=dict)


class PluginUserSettings(Model):
    """What a person set otherwise than the cabinet, of a plugin's settings that a person may set."""

    __tablename__ = "plugin_user_settings"
    __table_args__ = (
        ForeignKeyConstraint(["cabinet_id", "user_id"], ["user_login.cabinet_id", "user_login.id"]),
        UniqueConstraint("cabinet_id", "user_id", "plugin"),
    )

    user_id: Mapped[str] = mapped_column(String(26))
    plugin: Mapped[str] = mapped_column(String(60))
    version: Mapped[int] = mapped_column(Integer, default=1)
    values: Mapped[dict[str, Any]] = mapped_column(default=dict)
    secrets: Mapped[dict[str, Any]] = mapped_column(default=dict)


class PluginHealth(Model):
    """What went wrong in a plugin's hook: counts that every worker shares."""

    __tablename__ = "plugin_health"
    __table_args__ = (of_cabinet(), UniqueConstraint("cabinet_id", "plugin", "hook"))

    plugin: Mapped[str] = mapped_column(String(60))
    hook: Mapped[str] = mapped_column(String(60))
    failures: Mapped[int] = mapped_column(Integer, default=0)
    consecutive: Mapped[int] = mapped_column(Integer, default=0)
    overruns: Mapped[int] = mapped_column(Integer, default=0)
    paused_until: Mapped[datetime | None]
    last_at: Mapped[datetime | None]
    last_kind: Mapped[str | None] = mapped_column(String(60))
    last_text: Mapped[str | None] = mapped_column(String(300))
    last_trace: Mapped[str | None] = mapped_column(String(40))


class PluginTiming(Model):
    """How long a plugin's guarded hook took on a day: step (`core.hooks.timings`) → calls, of all workers."""

    __tablename__ = "plugin_timing"
    __table_args__ = (of_cabinet(), UniqueConstraint("cabinet_id", "plugin", "hook", "on"))

    plugin: Mapped[str] = mapped_column(String(60))
    hook: Mapped[str] = mapped_column(String(60))
    on: Mapped[date]
    steps: Mapped[dict[str, Any]] = mapped_column(default=dict)


class AuditEntry(Model):
    """One link of the cabinet's chain: ids, action, actor, and the hash of a salted payload."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        of_cabinet(), UniqueConstraint("cabinet_id", "seq"), Index("ix_audit_entry_subject", "cabinet_id", "subject"),
    )  # fmt: skip

    seq: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(60))
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(100))
    payload_hash: Mapped[str] = mapped_column(String(64))
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class AuditPayload(Model):
    """What changed (before, after). Kept apart, because retention may purge it; the chain stays."""

    __tablename__ = "audit_payload"
    __table_args__ = (belongs("entry_id", "audit_entry"), UniqueConstraint("cabinet_id", "entry_id"))

    entry_id: Mapped[str] = mapped_column(String(26))
    salt: Mapped[str] = mapped_column(String(32))
    payload: Mapped[dict[str, Any]]


class AuditPurge(Model):
    """A certificate: the payloads of these links were purged. Writing it is what purges them (`core.db.walls`)."""

    __tablename__ = "audit_purge"
    __table_args__ = (belongs("entry_id", "audit_entry"), UniqueConstraint("cabinet_id", "entry_id"))

    entry_id: Mapped[str] = mapped_column(String(26))
    first_seq: Mapped[int] = mapped_column(Integer)
    last_seq: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(default=now)


class Secret(Model):
    """An encrypted value: AES-256-GCM under the cabinet's data key (PLP-111)."""

    __tablename__ = "secret"
    __table_args__ = (of_cabinet(), UniqueConstraint("cabinet_id", "owner", "field"))

    owner: Mapped[str] = mapped_column(String(120))
    field: Mapped[str] = mapped_column(String(60))
    key_version: Mapped[int] = mapped_column(Integer, default=1)
    nonce: Mapped[bytes] = mapped_column(LargeBinary)
    ciphertext: Mapped[bytes] = mapped_column(LargeBinary)
