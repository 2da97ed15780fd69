"""Compact JWS by ES256, and the tokens that no proper library will make: those that must be refused."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from plp_conform import wire

_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@dataclass(frozen=True)
class Key:
    """A P-256 key of one side. `kid` is its RFC 7638 thumbprint (PLP-016)."""

    private: ec.EllipticCurvePrivateKey

    @classmethod
    def make(cls) -> Key:
        """A new one."""
        return cls(ec.generate_private_key(ec.SECP256R1()))

    @classmethod
    def from_phrase(cls, phrase: str) -> Key:
        """The same each time: for vectors, and never for anything else."""
        number = int.from_bytes(hashlib.sha512(phrase.encode()).digest(), "big") % (_ORDER - 1) + 1
        return cls(ec.derive_private_key(number, ec.SECP256R1()))

    @classmethod
    def from_jwk(cls, jwk: Mapping[str, Any]) -> Key:
        """Of a private JWK."""
        return cls(ec.derive_private_key(int.from_bytes(wire.b64url_read(jwk["d"]), "big"), ec.SECP256R1()))

    @property
    def kid(self) -> str:
        return thumbprint(self._point())

    def _point(self) -> dict[str, str]:
        numbers = self.private.public_key().public_numbers()
        x, y = (wire.b64url(value.to_bytes(32, "big")) for value in (numbers.x, numbers.y))
        return {"kty": "EC", "crv": "P-256", "x": x, "y": y}

    def public_jwk(self) -> dict[str, Any]:
        """As it stands in a JWKS."""
        return {**self._point(), "kid": self.kid, "use": "sig", "alg": "ES256"}

    def private_jwk(self) -> dict[str, Any]:
        """What only its owner keeps."""
        number = self.private.private_numbers().private_value
        return {**self._point(), "d": wire.b64url(number.to_bytes(32, "big")), "kid": self.kid}

    def signature(self, content: bytes, *, deterministic: bool = False) -> bytes:
        """64 bytes, r and s (RFC 7518 §3.4)."""
        made = self.private.sign(content, ec.ECDSA(SHA256(), deterministic_signing=deterministic))
        r, s = decode_dss_signature(made)
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def thumbprint(jwk: Mapping[str, Any]) -> str:
    """RFC 7638, SHA-256. Raises `KeyError` where a member is missing."""
    kept = {name: jwk[name] for name in ("crv", "kty", "x", "y")}
    return wire.sha256(json.dumps(kept, separators=(",", ":"), sort_keys=True).encode())


def encoded(part: Mapping[str, Any] | str) -> str:
    """Header or claims; a text goes as it is, so that it may name a member twice."""
    return wire.b64url((part if isinstance(part, str) else wire.dump(dict(part))).encode())


def sign(header: Mapping[str, Any] | str, claims: Mapping[str, Any] | str, key: Key, *, deterministic: bool = False) -> str:
    """A compact JWS by ES256, whatever its header says."""
    content = f"{encoded(header)}.{encoded(claims)}"
    return f"{content}.{wire.b64url(key.signature(content.encode(), deterministic=deterministic))}"


def unsigned(header: Mapping[str, Any], claims: Mapping[str, Any]) -> str:
    """`alg` none: an empty third part."""
    return f"{encoded({**header, 'alg': 'none'})}.{encoded(claims)}."


def signed_by_secret(header: Mapping[str, Any], claims: Mapping[str, Any], public: Mapping[str, Any]) -> str:
    """HS256 with the published key as the secret: the old confusion of key kinds."""
    content = f"{encoded({**header, 'alg': 'HS256'})}.{encoded(claims)}"
    mac = hmac.digest(wire.dump(dict(public)).encode(), content.encode(), "sha256")
    return f"{content}.{wire.b64url(mac)}"


def with_signature(token: str, signature: bytes) -> str:
    """The same content under another signature."""
    return f"{token.rpartition('.')[0]}.{wire.b64url(signature)}"


def as_der(token: str) -> str:
    """The same signature in ASN.1, which RFC 7518 does not allow."""
    raw = wire.b64url_read(token.rpartition(".")[2])
    return with_signature(token, encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")))


def read(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims, nothing verified. Raises `ValueError`."""
    parts = token.split(".")
    if len(parts) != 3:
        raise ValueError("not three parts")
    header, claims = (wire.parse(wire.b64url_read(part)) for part in parts[:2])
    if not isinstance(header, dict) or not isinstance(claims, dict):
        raise ValueError("not two objects")
    return header, claims


def verify(token: str, jwk: Mapping[str, Any]) -> bool:
    """Whether this public key signed it, by ES256 and in 64 bytes."""
    content, _, last = token.rpartition(".")
    try:
        raw = wire.b64url_read(last)
        x, y = (int.from_bytes(wire.b64url_read(jwk[name]), "big") for name in ("x", "y"))
        public = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
        if len(raw) != 64 or jwk.get("crv") != "P-256":
            return False
        made = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
        public.verify(made, content.encode(), ec.ECDSA(SHA256()))
    except (InvalidSignature, ValueError, KeyError, TypeError):
        return False
    return True
