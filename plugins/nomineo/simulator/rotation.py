"""This company changes its own keys, and tells every platform (PLP-018 to PLP-020)."""

from __future__ import annotations

from . import mandates
from . import outbox
from . import own_keys
from . import statements
from .db import Connection
from .settings import Settings


def rotate(connection: Connection, settings: Settings, now: float, notice: float) -> list[str]:
    """The next key, stated by the one in use; the trusted set. Raises `ValueError` while one waits."""
    own_keys.follow(connection, now, notice)
    return state(connection, settings, now)


def state(connection: Connection, settings: Settings, now: float) -> list[str]:
    """States what is trusted now, to every mandate: after a rotation, and once an old key is shown no more."""
    key, jkt = own_keys.current(connection, now), own_keys.thumbprints(connection, now)
    last = connection.execute("SELECT max(iat) AS iat FROM own_statements").fetchone()["iat"] or 0
    iat = max(int(now), last + 1)  # PLP-018: one a second
    for one in mandates.everyone(connection):
        if one.state in ("refused", "revoked"):
            continue
        token = statements.make(key, iss=settings.partner_id, iat=iat, mandate=one.mandate, jkt=jkt)
        connection.execute("INSERT INTO own_statements (mandate, iat, token) VALUES (?, ?, ?)", (one.mandate, iat, token))
        data = {"mandate": one.mandate, "jwks_uri": f"{settings.url}/jwks.json", "statement": token}
        outbox.queue(connection, iss=one.iss, subject=one.mandate, kind="keys.rotated", data=data, now=now)
    return jkt


def stated(connection: Connection, mandate: str) -> list[str]:
    """PLP-019, oldest first."""
    rows = connection.execute("SELECT token FROM own_statements WHERE mandate = ? ORDER BY iat", (mandate,))
    return [str(row["token"]) for row in rows]
