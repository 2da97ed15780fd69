"""Rotation statements (PLP-018): a key that is trusted says which are trusted from then on."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from . import wire

_TYP = "plp-keys+jwt"
_POINT = ("kty", "crv", "x", "y")
_LONGEST = 8192
_LEEWAY_S = 30


@dataclass(frozen=True, slots=True)
class Statement:
    """A genuine one; whether its signer is trusted is for the chain to say."""

    iss: str
    iat: int
    mandate: str
    jkt: tuple[str, ...]
    kid: str


def make(key: ECKey, *, iss: str, iat: int, mandate: str, jkt: Collection[str]) -> str:
    """Signed by `key`, its public part in the header."""
    public = key.as_dict(private=False)
    header = {"alg": "ES256", "kid": key.thumbprint(), "typ": _TYP, "jwk": {name: public[name] for name in _POINT}}
    claims = {"iss": iss, "iat": iat, "mandate": mandate, "jkt": list(jkt)}
    return jws.serialize_compact(header, wire.dump(claims), key, algorithms=["ES256"])


def read(token: object, now: float) -> Statement:
    """Raises `ValueError` for what no key of its own header signed, or is no statement."""
    if not isinstance(token, str) or len(token) > _LONGEST or token.count(".") != 2:
        raise ValueError("no compact JWS")
    header = wire.parse_json(wire.b64url_decode(token.split(".")[0]))
    if not isinstance(header, dict) or set(header) != {"alg", "kid", "typ", "jwk"}:
        raise ValueError("header")
    kid, jwk = header["kid"], header["jwk"]
    if (header["alg"], header["typ"]) != ("ES256", _TYP) or not isinstance(kid, str) or not isinstance(jwk, dict):
        raise ValueError("header")
    if "d" in jwk or (jwk.get("kty"), jwk.get("crv")) != ("EC", "P-256"):
        raise ValueError("no public key of P-256")
    try:
        key = ECKey.import_key({name: str(jwk.get(name)) for name in _POINT})
        if key.thumbprint() != kid:
            raise ValueError("kid is not the key's thumbprint")
        claims = wire.parse_json(jws.deserialize_compact(token, key, algorithms=["ES256"]).payload)
    except (JoseError, TypeError) as error:
        raise ValueError("signature") from error
    return _claims(claims, kid, now)


def _claims(claims: Any, kid: str, now: float) -> Statement:
    if not isinstance(claims, dict):
        raise ValueError("no object")
    iss, iat, mandate, jkt = (claims.get(name) for name in ("iss", "iat", "mandate", "jkt"))
    if not isinstance(iss, str) or not isinstance(mandate, str) or not isinstance(iat, int) or isinstance(iat, bool):
        raise ValueError("types")
    if not isinstance(jkt, list) or not 0 < len(jkt) <= 10 or not all(isinstance(one, str) for one in jkt):
        raise ValueError("jkt")
    if not 0 < iat <= now + _LEEWAY_S:
        raise ValueError("time")
    return Statement(iss, iat, mandate, tuple(jkt), kid)
