"""Sessions and the one OpenID provider's rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlalchemy import BigInteger
from sqlalchemy import ForeignKeyConstraint
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import String
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from core.db.clock import now
from core.db.model import Base
from core.db.model import Model
from core.db.model import new_id


class SessionRow(Base):
    """A browser's session. The cookie holds a random id; here lies its SHA-256 only."""

    __tablename__ = "session"
    __table_args__ = (Index("ix_session_expires", "expires_at"),)

    sid_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[str | None] = mapped_column(String(26))
    cabinet_id: Mapped[int | None] = mapped_column(Integer)
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    auth_time: Mapped[datetime | None]
    amr: Mapped[list[Any]] = mapped_column(JSON, default=list)
    ip: Mapped[str | None] = mapped_column(String(45))
    agent: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(default=now)
    seen_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]


class OidcClient(Base):
    """Who may ask us who someone is: `kind` is «partner» (one per cabinet and partner, PLP-012) or «application»."""

    __tablename__ = "oidc_client"

    client_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    cabinet_id: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(60))
    redirect_uris: Mapped[list[Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(default=now)


class OidcCode(Base):
    """An authorization code: its hash, what it stands for, used once, 60 s (PLP-072)."""

    __tablename__ = "oidc_code"

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    client_id: Mapped[str] = mapped_column(String(64))
    cabinet_id: Mapped[int] = mapped_column(Integer)
    user_id: Mapped[str] = mapped_column(String(26))
    redirect_uri: Mapped[str] = mapped_column(String(500))
    scope: Mapped[str] = mapped_column(String(100))
    nonce: Mapped[str] = mapped_column(String(256))
    challenge: Mapped[str] = mapped_column(String(128))
    subject: Mapped[str] = mapped_column(String(64))
    launch_id: Mapped[str | None] = mapped_column(String(64))
    auth_time: Mapped[int] = mapped_column(Integer)
    amr: Mapped[list[Any]] = mapped_column(JSON)
    sid: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class ReplayGuard(Base):
    """A `jti` seen once, kept until it may no longer be used (PLP-036, PLP-073)."""

    __tablename__ = "replay_guard"

    issuer: Mapped[str] = mapped_column(String(200), primary_key=True)
    jti: Mapped[str] = mapped_column(String(64), primary_key=True)
    until: Mapped[datetime]


class Attempts(Base):
    """Tries counted against a limit, for all workers: `key` says of whom and of what, hashed where it is an e-mail."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (Index("ix_sign_in_attempts_seen", "seen_at"),)

    key: Mapped[str] = mapped_column(String(160), primary_key=True)
    count: Mapped[int] = mapped_column(Integer, default=0)
    since: Mapped[datetime]
    blocked_until: Mapped[datetime | None]
    blocks: Mapped[int] = mapped_column(Integer, default=0)
    seen_at: Mapped[datetime]


class Device(Base):
    """A browser in which a person signed in: the hash of its long-lived cookie."""

    __tablename__ = "device"
    __table_args__ = (Index("ix_device_user", "user_id"),)

    mark_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    cabinet_id: Mapped[int] = mapped_column(Integer)
    label: Mapped[str] = mapped_column(String(80))
    ip: Mapped[str | None] = mapped_column(String(45))
    first_at: Mapped[datetime]
    seen_at: Mapped[datetime]


class PasswordReset(Base):
    """A one-time link to choose a new password: the hash of its token only."""

    __tablename__ = "password_reset"
    __table_args__ = (Index("ix_password_reset_user", "user_id"),)

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[str] = mapped_column(String(26))
    cabinet_id: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class ApiToken(Base):
    """A personal access token for the API: its hash only, and the first characters, by which its owner knows it again."""

    __tablename__ = "api_token"
    __table_args__ = (UniqueConstraint("token_hash"), Index("ix_api_token_user", "user_id"))

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    token_hash: Mapped[str] = mapped_column(String(64))
    prefix: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(60))
    user_id: Mapped[str] = mapped_column(String(26))
    cabinet_id: Mapped[int] = mapped_column(Integer)
    scopes: Mapped[list[Any]] = mapped_column(JSON)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class SecondFactor(Model):
    """A person's authenticator (TOTP, RFC 6238). Its secret lies in the vault; `last_step` keeps a code from serving twice."""

    __tablename__ = "second_factor"
    __table_args__ = (
        ForeignKeyConstraint(["cabinet_id", "user_id"], ["user_login.cabinet_id", "user_login.id"]),
        UniqueConstraint("cabinet_id", "user_id"),
    )

    user_id: Mapped[str] = mapped_column(String(26))
    last_step: Mapped[int] = mapped_column(BigInteger)
    confirmed_at: Mapped[datetime]


class RecoveryCode(Model):
    """One of the codes that stand in for a lost authenticator, once; its argon2 hash only."""

    __tablename__ = "recovery_code"
    __table_args__ = (
        ForeignKeyConstraint(["cabinet_id", "user_id"], ["user_login.cabinet_id", "user_login.id"]),
        Index("ix_recovery_code_user", "cabinet_id", "user_id"),
    )

    user_id: Mapped[str] = mapped_column(String(26))
    code_hash: Mapped[str] = mapped_column(String(120))
    used_at: Mapped[datetime | None]
