"""This company's own keys (ES256): the one in use, the next one a day before it signs, the last one seven days after."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from joserfc import jws
from joserfc.jwk import ECKey

from . import wire
from .db import Connection
from .db import get_meta
from .db import set_meta

_KEPT = "signing_keys"
#: Where the only key stood before keys could be changed.
_FORMER = "signing_key"
#: PLP-020.
NOTICE_S = 24 * 3600.0
SHOWN_S = 7 * 86_400.0
_PUBLIC = ("kty", "crv", "x", "y")


@dataclass(frozen=True, slots=True)
class Own:
    """One key: from when it signs, and until when (None: no end is known)."""

    key: ECKey
    begins: float
    ends: float | None

    def shown(self, now: float) -> bool:
        """Whether the JWKS has it."""
        return self.ends is None or now < self.ends + SHOWN_S


def create(connection: Connection) -> None:
    """The first key, once."""
    if get_meta(connection, _KEPT) is None and get_meta(connection, _FORMER) is None:
        _keep(connection, [Own(ECKey.generate_key("P-256", private=True), 0.0, None)])


def current(connection: Connection, now: float) -> ECKey:
    """The key that signs. Raises `LookupError` before `init`."""
    begun = [one for one in _read(connection) if one.begins <= now]
    if not begun:
        raise LookupError("aucune clé de signature\u202f: lancez d'abord init")
    return begun[-1].key


def thumbprints(connection: Connection, now: float) -> list[str]:
    """The trusted set: what the JWKS shows, the one in use first (RFC 7638; also each `kid`)."""
    used = current(connection, now).thumbprint()
    return [used, *(one.key.thumbprint() for one in _read(connection) if one.shown(now) and one.key.thumbprint() != used)]


def jwks(connection: Connection, now: float) -> dict[str, Any]:
    """PLP-016."""
    shown = [one.key for one in _read(connection) if one.shown(now)]
    return {"keys": [{**_members(key), "kid": key.thumbprint(), "use": "sig", "alg": "ES256"} for key in shown]}


def sign(connection: Connection, claims: dict[str, Any], now: float) -> str:
    """A compact JWS of this company (PLP-073's client assertion)."""
    key = current(connection, now)
    header = {"alg": "ES256", "kid": key.thumbprint(), "typ": "JWT"}
    return jws.serialize_compact(header, wire.dump(claims), key, algorithms=["ES256"])


def follow(connection: Connection, now: float, notice: float) -> ECKey:
    """Make the next key; it signs after `notice` seconds. Raises `ValueError` while one waits."""
    found = _read(connection)
    if found[-1].begins > now:
        raise ValueError("une clé attend déjà son tour")
    made = Own(ECKey.generate_key("P-256", private=True), now + notice, None)
    before = Own(found[-1].key, found[-1].begins, made.begins)
    _keep(connection, [*(one for one in found[:-1] if one.shown(now)), before, made])
    return made.key


def _read(connection: Connection) -> list[Own]:
    kept = get_meta(connection, _KEPT)
    if kept is None:
        former = get_meta(connection, _FORMER)
        return [] if former is None else [Own(ECKey.import_key(json.loads(former)), 0.0, None)]
    return [Own(ECKey.import_key(one["key"]), one["begins"], one["ends"]) for one in json.loads(kept)]


def _keep(connection: Connection, found: Collection[Own]) -> None:
    rows = [{"key": one.key.as_dict(private=True), "begins": one.begins, "ends": one.ends} for one in found]
    set_meta(connection, _KEPT, json.dumps(rows))


def _members(key: ECKey) -> dict[str, str]:
    known = key.as_dict(private=False)
    return {name: str(known[name]) for name in _PUBLIC}
