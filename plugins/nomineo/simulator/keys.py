"""The platform's keys as its JWKS shows them (PLP-016); which of them are believed is `trust`'s word."""

from __future__ import annotations

import json
import logging

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from . import calls
from . import wire
from .world import World

log = logging.getLogger(__name__)

_PUBLIC = ("kty", "crv", "x", "y")
_MAX_KEYS = 10
_MAX_BYTES = 65_536
_FRESH_S = 900
_REFETCH_S = 60
_STALE_S = 24 * 3600


class KeysUnreachable(Exception):
    """The issuer's keys could not be had, and none are kept."""


def verify(token: str, key: ECKey) -> bool:
    """Whether `key` signed it, by ES256."""
    try:
        jws.deserialize_compact(token, key, algorithms=["ES256"])
    except (JoseError, ValueError):
        return False
    return True


def read_jwks(raw: bytes) -> dict[str, dict[str, str]]:
    """`kid` → public key. Raises `ValueError` for a document that PLP-016 refuses."""
    if len(raw) > _MAX_BYTES:
        raise ValueError("too large")
    document = wire.parse_json(raw)
    entries = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(entries, list) or not 0 < len(entries) <= _MAX_KEYS:
        raise ValueError("no list of keys")
    found: dict[str, dict[str, str]] = {}
    for entry in entries:
        if not isinstance(entry, dict) or "d" in entry or "k" in entry:
            raise ValueError("not a public key")
        if (entry.get("kty"), entry.get("crv"), entry.get("use"), entry.get("alg")) != ("EC", "P-256", "sig", "ES256"):
            raise ValueError("another kind of key")
        public = {name: str(entry.get(name)) for name in _PUBLIC}
        try:
            kid = ECKey.import_key(dict(public)).thumbprint()
        except (JoseError, ValueError, TypeError) as error:
            raise ValueError("no valid point") from error
        if entry.get("kid") != kid or kid in found:
            raise ValueError("kid is no thumbprint, or twice")
        found[kid] = public
    return found


def platform_key(world: World, iss: str, jwks_uri: str, kid: str) -> ECKey | None:
    """The issuer's key of that `kid`, None where its JWKS has none. Raises `KeysUnreachable`.

    The document is kept 900 s; a `kid` not in it leads to one refetch per 60 s at most; a document that cannot be
    had or is refused leaves the last good one in force for 24 h (PLP-016).
    """
    now = world.clock.now()
    with world.store.read() as connection:
        row = connection.execute(
            "SELECT jwks, jwks_good_at, jwks_tried_at FROM registrations WHERE iss = ?", (iss,)
        ).fetchone()
    known: dict[str, dict[str, str]] | None = None
    if row["jwks"] is not None and now - row["jwks_good_at"] <= _STALE_S:
        known = json.loads(row["jwks"])
    tried = row["jwks_tried_at"]
    waited = tried is None or not 0 <= now - tried < _REFETCH_S
    fresh = known is not None and 0 <= now - row["jwks_good_at"] < _FRESH_S
    if waited and (not fresh or (known is not None and kid not in known)):
        known = _fetch(world, iss, jwks_uri, now) or known
    if known is None:
        raise KeysUnreachable(iss)
    return ECKey.import_key(dict(known[kid])) if kid in known else None


def _fetch(world: World, iss: str, jwks_uri: str, now: float) -> dict[str, dict[str, str]] | None:
    with world.store.write() as connection:
        connection.execute("UPDATE registrations SET jwks_tried_at = ? WHERE iss = ?", (now, iss))
    try:
        answer = calls.call("GET", jwks_uri, seconds=3.0, cap=_MAX_BYTES, headers={"Accept": "application/json"})
        if answer.status != 200:
            raise ValueError(f"status {answer.status}")
        found = read_jwks(answer.body)
    except (calls.CallFailed, ValueError) as error:
        log.warning("keys of %s refused or unreachable: %s", iss, error)
        return None
    with world.store.write() as connection:
        connection.execute(
            "UPDATE registrations SET jwks = ?, jwks_good_at = ? WHERE iss = ?", (json.dumps(found), now, iss)
        )
    return found
