"""Who is signed in: by a launch, or directly. Kept in the database by the hash of the cookie."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from . import passwords
from . import wire
from .db import Connection
from .ledger import Who

#: PLP-080: the partner's session is its own.
IDLE_S = 20 * 60
_TOUCH_S = 30


@dataclass(frozen=True, slots=True)
class Session:
    """`return_url`, `interaction_id`: of the launch that opened it last; None after a direct sign-in."""

    sid: str
    csrf: str
    adviser: str
    display: str
    broker_code: str
    return_url: str | None
    interaction_id: str | None
    expires: float

    @property
    def who(self) -> Who:
        """As the ledger names him."""
        return Who(self.adviser, self.display, self.broker_code)


def find(connection: Connection, cookie: str | None, now: float) -> Session | None:
    """The session of a cookie, unexpired."""
    if not cookie:
        return None
    row = connection.execute(
        """SELECT sid, csrf, adviser, display, broker_code, return_url, interaction_id, expires
           FROM sessions WHERE sid = ? AND expires > ?""",
        (wire.sha256(cookie.encode()), now),
    ).fetchone()
    return None if row is None else Session(**dict(row))


def needs_touch(session: Session, now: float) -> bool:
    """Whether its idle time is worth a write."""
    return session.expires < now + IDLE_S - _TOUCH_S


def touch(connection: Connection, session: Session, now: float) -> None:
    """It was used."""
    connection.execute("UPDATE sessions SET expires = ? WHERE sid = ?", (now + IDLE_S, session.sid))


def start(
    connection: Connection, who: Who, now: float, *, cookie: str | None, return_url: str | None = None,
    interaction_id: str | None = None, iss: str | None = None, mandate: str | None = None,
) -> str:  # fmt: skip
    """A new cookie value. The same adviser's session goes on under it, so that two launches run side by side;
    another adviser's is replaced (PLP-063)."""
    made = secrets.token_urlsafe(24)
    old = find(connection, cookie, now)
    csrf = old.csrf if old is not None and old.adviser == who.key else secrets.token_urlsafe(24)
    if old is not None:
        connection.execute("DELETE FROM sessions WHERE sid = ?", (old.sid,))
    connection.execute("DELETE FROM sessions WHERE expires < ?", (now,))
    connection.execute(
        """INSERT INTO sessions (sid, csrf, adviser, display, broker_code, iss, mandate, return_url, interaction_id,
               expires) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            wire.sha256(made.encode()), csrf, who.key, who.display, who.broker_code, iss, mandate, return_url,
            interaction_id, now + IDLE_S,
        ),
    )  # fmt: skip
    return made


def end(connection: Connection, session: Session) -> None:
    """Signed out."""
    connection.execute("DELETE FROM sessions WHERE sid = ?", (session.sid,))


def check_password(connection: Connection, identifier: str, password: str) -> Who | None:
    """An adviser who comes directly; the same time whether the identifier exists or not."""
    row = connection.execute(
        "SELECT password, broker_code, display FROM logins WHERE identifier = ?", (identifier.strip().upper(),)
    ).fetchone()
    right = passwords.matches(password, row["password"] if row else passwords.NOBODY)
    if row is None or not right:
        return None
    return Who(f"login:{identifier.strip().upper()}", row["display"], row["broker_code"])
