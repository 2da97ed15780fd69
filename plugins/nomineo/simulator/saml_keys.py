"""This company's own RSA keys under SAML: one signs its requests, one has assertions encrypted to it (PLP-114, PLP-120)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from functools import lru_cache

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID

from .db import Connection
from .db import get_meta
from .db import set_meta

#: PLP-114.
BITS = 3072
_KEPT = "saml_keys"
_YEARS = 10


@dataclass(frozen=True, slots=True)
class Pair:
    """A private key and the certificate that stands on the sheet (PEM)."""

    key: rsa.RSAPrivateKey
    certificate: str


@dataclass(frozen=True, slots=True)
class Own:
    """Both pairs."""

    signing: Pair
    encryption: Pair


def create(connection: Connection, name: str, now: float) -> None:
    """Makes them once."""
    if get_meta(connection, _KEPT) is None:
        made = {use: _made(f"{name} SAML {use}", now, signs=use == "signing") for use in ("signing", "encryption")}
        set_meta(connection, _KEPT, json.dumps(made))


def own(connection: Connection) -> Own:
    """Raises `LookupError` before `init`."""
    kept = get_meta(connection, _KEPT)
    if kept is None:
        raise LookupError("aucune clé SAML\u202f: lancez d'abord init avec cette liaison")
    found = json.loads(kept)
    return Own(*(_read(found[use]["key"], found[use]["certificate"]) for use in ("signing", "encryption")))


def sign(pair: Pair, content: bytes) -> bytes:
    """By rsa-sha256."""
    return pair.key.sign(content, padding.PKCS1v15(), SHA256())


def acceptable(pem: object) -> bool:
    """Whether it is the certificate of an RSA key of 3072 bits or more (PLP-114)."""
    if not isinstance(pem, str):
        return False
    try:
        key = x509.load_pem_x509_certificate(pem.encode()).public_key()
    except ValueError:
        return False
    return isinstance(key, rsa.RSAPublicKey) and key.key_size >= BITS


def _made(name: str, now: float, *, signs: bool) -> dict[str, str]:
    key = rsa.generate_private_key(65_537, BITS)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])
    begins = datetime.fromtimestamp(now, UTC) - timedelta(days=1)
    usage = x509.KeyUsage(
        digital_signature=signs, key_encipherment=not signs, content_commitment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    certificate = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=365 * _YEARS)).add_extension(usage, critical=True).sign(key, SHA256())
    )  # fmt: skip
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return {"key": secret.decode(), "certificate": certificate.public_bytes(serialization.Encoding.PEM).decode()}


@lru_cache(8)
def _read(private: str, certificate: str) -> Pair:
    """Kept in memory: a key of this size is proved anew each time that it is loaded, for a tenth of a second."""
    key = serialization.load_pem_private_key(private.encode(), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return Pair(key, certificate)
