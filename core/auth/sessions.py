"""Server-side sessions: the cookie holds a random name, everything else lies in the table `session`.

They can be listed, ended, and rotated at sign-in; Flask's signed cookie could not.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from typing import Any

from flask import Flask
from flask import Request
from flask import Response
from flask import request as flask_request
from flask import session
from flask.sessions import SessionInterface
from flask.sessions import SessionMixin
from sqlalchemy import bindparam
from sqlalchemy import delete
from sqlalchemy import select

from core.auth.models import SessionRow
from core.cabinets.models import Cabinet
from core.cabinets.models import User
from core.config import Config
from core.db.clock import now
from core.db.scope import kept
from core.db.session import TenantSession
from core.extensions import db
from core.web import request as work

COOKIE = "encours_sid"
#: How long a session without a person (the sign-in page's token) is kept.
ANONYMOUS = timedelta(hours=1)
#: `seen_at` is written at most this often.
TOUCH = timedelta(seconds=60)
#: What a page asks by itself: it keeps nobody's session open (ASVS 5.0 §7.3.1).
BACKGROUND = frozenset({"live", "live_stream", "account.session_left"})
_KNOWN = kept(
    select(SessionRow, User, Cabinet)
    .outerjoin(User, User.id == SessionRow.user_id)
    .outerjoin(Cabinet, Cabinet.id == SessionRow.cabinet_id)
    .where(SessionRow.sid_hash == bindparam("sid"))
)


@dataclass(frozen=True, slots=True)
class Current:
    """The signed-in session of the request."""

    sid_hash: str
    user_id: str
    cabinet_id: int
    auth_time: datetime
    amr: tuple[str, ...]


class ServerSession(SessionMixin):
    """Flask's session, read at the first need: what never looks at it costs nothing."""

    def __init__(self, sid: str | None, config: Config) -> None:
        self.sid = sid
        self.config = config
        self.changed = False
        self.replaces: str | None = None
        self.known: Known | None = None
        self._data: dict[str, Any] | None = None

    @property
    def data(self) -> dict[str, Any]:
        if self._data is None:
            self.known = known(self.sid, self.config) if self.sid else None
            self._data = dict(self.known.row.data) if self.known else {}
        return self._data

    @property
    def row(self) -> SessionRow | None:
        """The row that it was read from."""
        return self.known.row if self.known else None

    @property
    def loaded(self) -> bool:
        return self._data is not None

    def __getitem__(self, key: str) -> Any:
        return self.data[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.data[key] = value
        self.changed = True

    def __delitem__(self, key: str) -> None:
        del self.data[key]
        self.changed = True

    def __iter__(self) -> Iterator[str]:
        return iter(self.data)

    def __len__(self) -> int:
        return len(self.data)

    def rotate(self) -> None:
        """A new name for the same content: at sign-in, so that a planted cookie is worth nothing."""
        _ = self.data
        self.replaces, self.sid, self.known, self.changed = self.sid, None, None, True


class Sessions(SessionInterface):
    """Flask's door to `ServerSession`."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.cookie = config.cookie(COOKIE)

    def open_session(self, app: Flask, request: Request) -> ServerSession:
        return ServerSession(request.cookies.get(self.cookie), self.config)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        assert isinstance(session, ServerSession)
        if not session.loaded:
            return
        stale = session.row is not None and now() - session.row.seen_at > TOUCH and flask_request.endpoint not in BACKGROUND
        if not session.changed and not stale:
            return
        # The view may have failed in a transaction that still holds the lock we need.
        work.end()
        with db.session(None) as writer:
            sid = self._write(writer, session)
        if sid != session.sid or session.replaces is not None:
            response.set_cookie(self.cookie, sid, httponly=True, samesite="Lax", secure=self.config.secure, path="/")

    def _write(self, writer: TenantSession, session: ServerSession) -> str:
        if session.replaces is not None:
            writer.execute(delete(SessionRow).where(SessionRow.sid_hash == hashed(session.replaces)))
        row = writer.get(SessionRow, hashed(session.sid)) if session.sid and session.row else None
        if row is None:
            session.sid = secrets.token_urlsafe(32)
            session.replaces = session.replaces or ""
            row = SessionRow(sid_hash=hashed(session.sid), created_at=now(), amr=[], data={})
            writer.add(row)
        row.data = {key: value for key, value in session.data.items() if not key.startswith("row:")}
        row.seen_at = now()
        if (signed := session.data.get("row:sign_in")) is not None:
            row.user_id, row.cabinet_id, row.amr = signed["user_id"], signed["cabinet_id"], signed["amr"]
            row.ip, row.agent = signed["ip"], signed["agent"]
            row.auth_time, row.created_at = signed["auth_time"] or now(), signed["created_at"] or now()
        row.expires_at = expiry(row, self.config)
        assert session.sid is not None
        return session.sid


def hashed(sid: str) -> str:
    """What the table knows of a session's name."""
    return hashlib.sha256(sid.encode()).hexdigest()


def expiry(row: SessionRow, config: Config) -> datetime:
    """When a session ends if nothing happens any more."""
    if row.user_id is None:
        return row.seen_at + ANONYMOUS
    idle = row.seen_at + timedelta(hours=config.session_idle_hours)
    return min(idle, row.created_at + timedelta(hours=config.session_hours))


@dataclass(frozen=True, slots=True)
class Known:
    """A session that has not ended, with its person and cabinet as they are now."""

    row: SessionRow
    user: User | None
    cabinet: Cabinet | None


def known(sid: str, config: Config) -> Known | None:
    """The session of this name, unless it ended: one query for all that a request is let in by."""
    with db.session(None, write=False) as reader:
        found = reader.execute(_KNOWN, {"sid": hashed(sid)}).first()
        return Known(*found) if found is not None and expiry(found[0], config) > now() else None


def sign_in(user_id: str, cabinet_id: int, *, amr: list[str], ip: str | None, agent: str | None) -> None:
    """Bind the request's session to a person, under a new name."""
    server = _server()
    server.rotate()
    server.data.clear()
    server["row:sign_in"] = {
        "user_id": user_id, "cabinet_id": cabinet_id, "amr": amr, "ip": ip, "agent": (agent or "")[:200],
        "auth_time": None, "created_at": None,
    }  # fmt: skip


def renew(*, amr: list[str] | None = None) -> None:
    """A new name for the same person's session, when what protects it changed; its absolute end stays."""
    server = _server()
    _ = server.data
    row = server.row
    assert row is not None
    assert row.user_id is not None
    server.rotate()
    server["row:sign_in"] = {
        "user_id": row.user_id, "cabinet_id": row.cabinet_id, "amr": amr or list(row.amr), "ip": row.ip,
        "agent": row.agent, "auth_time": row.auth_time if amr is None else None, "created_at": row.created_at,
    }  # fmt: skip


def rotate() -> None:
    """A new name for a session that belongs to nobody yet, between two steps of the sign-in."""
    _server().rotate()


def touch() -> None:
    """The person asked to stay: the idle time begins anew."""
    _server().changed = True


@dataclass(frozen=True, slots=True)
class Left:
    """How many seconds a session has: before it ends if nothing is done, and in any case."""

    idle: int
    absolute: int


def left(config: Config) -> Left | None:
    """What is left of the request's session; None where nobody is signed in."""
    server = _server()
    _ = server.data
    row = server.row
    if row is None or row.user_id is None:
        return None
    absolute = row.created_at + timedelta(hours=config.session_hours)
    # At the end of this very request `seen_at` is written anew, if it is old and the person asked.
    seen = now() if flask_request.endpoint not in BACKGROUND and now() - row.seen_at > TOUCH else row.seen_at
    idle = min(seen + timedelta(hours=config.session_idle_hours), absolute)
    return Left(*(max(0, int((end - now()).total_seconds())) for end in (idle, absolute)))


def whole(config: Config) -> Left:
    """What the session will have once `touch` is written."""
    found = left(config)
    absolute = found.absolute if found else 0
    return Left(min(int(config.session_idle_hours * 3600), absolute), absolute)


def listed(reader: TenantSession, user_id: str, config: Config) -> list[SessionRow]:
    """A person's sessions, the last used first."""
    rows = reader.scalars(select(SessionRow).where(SessionRow.user_id == user_id)).all()
    return sorted((row for row in rows if expiry(row, config) > now()), key=lambda row: row.seen_at, reverse=True)


def end_all(writer: TenantSession, user_id: str, *, but: str | None = None, only: str | None = None) -> int:
    """End a person's sessions: all, all but one, or one; how many there were."""
    found = select(SessionRow).where(SessionRow.user_id == user_id)
    if but is not None:
        found = found.where(SessionRow.sid_hash != but)
    if only is not None:
        found = found.where(SessionRow.sid_hash == only)
    rows = writer.scalars(found).all()
    for row in rows:
        writer.delete(row)
    return len(rows)


def sign_out() -> None:
    """End the request's session, here and in the table."""
    server = _server()
    server.rotate()
    server.data.clear()


def current() -> Current | None:
    """The request's signed-in session, or None; none where a program calls by its token, whatever cookie it sends."""
    if work.acting() is not None:
        return None
    server = _server()
    _ = server.data
    row = server.row
    if row is None or row.user_id is None or row.cabinet_id is None or row.auth_time is None:
        return None
    return Current(row.sid_hash, row.user_id, row.cabinet_id, row.auth_time, tuple(row.amr))


def person() -> Known | None:
    """The request's session with its person and cabinet, where somebody is signed in."""
    if work.acting() is not None:
        return None
    server = _server()
    _ = server.data
    return server.known if current() is not None else None


def _server() -> ServerSession:
    found = session._get_current_object()  # type: ignore[attr-defined]
    assert isinstance(found, ServerSession)
    return found


def purge(writer: TenantSession) -> int:
    """Delete ended sessions; how many there were."""
    ended = writer.scalars(select(SessionRow.sid_hash).where(SessionRow.expires_at < now())).all()
    writer.execute(delete(SessionRow).where(SessionRow.sid_hash.in_(ended)))
    return len(ended)
