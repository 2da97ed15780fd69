"""Rotation statements (PLP-018): a key that is trusted says which are trusted from then on. Making and reading one."""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64decode
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from core.links.plp_json import parse

TYP = "plp-keys+jwt"
ALGORITHM = "ES256"
MAX_BYTES = 8 * 1024
#: PLP-016: a JWKS holds ten keys at most, hence a trusted set too.
MOST = 10
#: Seconds by which the other side's clock may be ahead (PLP-032).
LEEWAY = 30
_THUMBPRINT = re.compile(r"[A-Za-z0-9_-]{43}")
_POINT = {"kty", "crv", "x", "y"}
_HEADER = {"alg", "kid", "typ", "jwk"}


class Refused(ValueError):
    """This is no statement, or nobody trusted made it. The message is for the log: it quotes nothing of the statement."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What a genuine statement says. `jkt`: the whole trusted set from `iat` on (seconds, UTC)."""

    iss: str
    iat: int
    mandate: str
    jkt: tuple[str, ...]
    kid: str


def read(token: object, trusted: Collection[str], *, at: int) -> Statement:
    """Check a statement and its signature; `trusted`: the thumbprints believed before it, `at`: the time now.

    Raises `Refused`. Whose it must be (`iss`, `mandate`) and whether it is newer than the last one is the caller's to ask.
    """
    if not isinstance(token, str) or len(token) > MAX_BYTES:
        raise Refused("no compact JWS, or too long")
    try:
        protected = parse(urlsafe_b64decode(token.split(".")[0] + "=="))
    except ValueError as error:
        raise Refused("unreadable") from error
    if not isinstance(protected, dict) or set(protected) != _HEADER:
        raise Refused("another header")
    kid, jwk = protected["kid"], protected["jwk"]
    if (protected["alg"], protected["typ"]) != (ALGORITHM, TYP) or not isinstance(kid, str):
        raise Refused("another header")
    if kid not in trusted:
        raise Refused("its signer is not trusted")
    if not isinstance(jwk, dict) or not set(jwk) >= _POINT or "d" in jwk or (jwk["kty"], jwk["crv"]) != ("EC", "P-256"):
        raise Refused("no public key of P-256")
    try:
        key = ECKey.import_key({name: jwk[name] for name in _POINT})
        _ = key.public_key  # lazy otherwise: the point is checked here
        if key.thumbprint() != kid:
            raise Refused("kid is not the key's thumbprint")
        body = jws.deserialize_compact(token, key, algorithms=[ALGORITHM]).payload
        return _claims(parse(body), kid, at)
    except (JoseError, ValueError, TypeError) as error:
        raise Refused(str(error) if isinstance(error, Refused) else "signature, or content") from error


def _claims(claims: object, kid: str, at: int) -> Statement:
    if not isinstance(claims, dict):
        raise Refused("no object")
    iss, iat, mandate, jkt = (claims.get(name) for name in ("iss", "iat", "mandate", "jkt"))
    if not isinstance(iss, str) or not isinstance(mandate, str) or isinstance(iat, bool) or not isinstance(iat, int):
        raise Refused("claims of another type")
    if not 0 < iat <= at + LEEWAY:
        raise Refused("from the future")
    if not isinstance(jkt, list) or not 0 < len(jkt) <= MOST or len(set(map(str, jkt))) != len(jkt):
        raise Refused("no set of thumbprints")
    if not all(isinstance(one, str) and _THUMBPRINT.fullmatch(one) for one in jkt):
        raise Refused("no thumbprint")
    return Statement(iss, iat, mandate, tuple(jkt), kid)


def make(key: ECKey, *, iss: str, iat: int, mandate: str, jkt: Collection[str]) -> str:
    """A statement signed by `key`, its public part beside it."""
    public = key.as_dict(private=False)
    header: dict[str, Any] = {
        "alg": ALGORITHM, "kid": key.thumbprint(), "typ": TYP, "jwk": {name: public[name] for name in sorted(_POINT)},
    }  # fmt: skip
    claims = {"iss": iss, "iat": iat, "mandate": mandate, "jkt": list(jkt)}
    return jws.serialize_compact(header, json.dumps(claims, separators=(",", ":")).encode(), key, algorithms=[ALGORITHM])
