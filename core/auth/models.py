"""Sessions and the one OpenID provider's rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import String
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from core.db.clock import now
from core.db.model import Base


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
