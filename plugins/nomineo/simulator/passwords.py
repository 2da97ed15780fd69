"""Passwords of the advisers who come directly."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from . import wire

_COST = 2**14


def digest(password: str) -> str:
    """Salted scrypt."""
    salt = secrets.token_bytes(16)
    return f"{wire.b64url(salt)}.{wire.b64url(_scrypt(password, salt))}"


def matches(password: str, kept: str) -> bool:
    """In constant time."""
    salt, _, expected = kept.partition(".")
    return hmac.compare_digest(_scrypt(password, wire.b64url_decode(salt)), wire.b64url_decode(expected))


def _scrypt(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=_COST, r=8, p=1, dklen=32)


#: Compared with when the identifier is unknown, so that it takes the same time.
NOBODY = digest(secrets.token_urlsafe(16))
