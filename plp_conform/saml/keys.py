"""RSA keys and their certificates (PLP-114)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID

BITS = 3072


@dataclass(frozen=True)
class Pair:
    """A private key and its self-signed certificate (PEM)."""

    key: rsa.RSAPrivateKey
    certificate: str

    @classmethod
    def make(cls, name: str, *, bits: int = BITS, signs: bool = True) -> Pair:
        """A new one."""
        key = rsa.generate_private_key(65_537, bits)
        begins = datetime.now(UTC) - timedelta(days=1)
        return cls(key, certificate(key, name, begins, x509.random_serial_number(), signs=signs))

    @classmethod
    def from_pem(cls, private: str, certificate: str) -> Pair:
        """As it was kept. Raises `ValueError`."""
        key = serialization.load_pem_private_key(private.encode(), None)
        if not isinstance(key, rsa.RSAPrivateKey):
            raise ValueError("not an RSA key")
        return cls(key, certificate)

    def private_pem(self) -> str:
        """What only its owner keeps."""
        return self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode()

    def signature(self, content: bytes, *, sha1: bool = False) -> bytes:
        """PKCS#1 v1.5; with SHA-1 where that is what must be refused."""
        return self.key.sign(content, padding.PKCS1v15(), SHA1() if sha1 else SHA256())  # noqa: S303


def certificate(key: rsa.RSAPrivateKey, name: str, begins: datetime, serial: int, *, signs: bool = True) -> str:
    """Self-signed, ten years, for signatures alone or for keys alone."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    usage = x509.KeyUsage(
        digital_signature=signs, key_encipherment=not signs, content_commitment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    made = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key()).serial_number(serial)
        .not_valid_before(begins).not_valid_after(begins + timedelta(days=3650)).add_extension(usage, critical=True)
        .sign(key, SHA256())
    )  # fmt: skip
    return made.public_bytes(serialization.Encoding.PEM).decode()


def public(pem: str) -> rsa.RSAPublicKey:
    """The RSA key of a certificate. Raises `ValueError`."""
    found = x509.load_pem_x509_certificate(pem.encode()).public_key()
    if not isinstance(found, rsa.RSAPublicKey):
        raise ValueError("not an RSA key")
    return found


def curve(pem: str) -> ec.EllipticCurvePublicKey | None:
    """The P-256 key of a certificate, None where it has another kind of key. Raises `ValueError`."""
    found = x509.load_pem_x509_certificate(pem.encode()).public_key()
    known = isinstance(found, ec.EllipticCurvePublicKey) and isinstance(found.curve, ec.SECP256R1)
    return found if known and isinstance(found, ec.EllipticCurvePublicKey) else None


def body_of(pem: str) -> str:
    """A certificate as XML carries it: base64 without the lines around it."""
    return "".join(line for line in pem.splitlines() if "-----" not in line)


def fingerprint(pem: str) -> str:
    """SHA-256 of the certificate, in hexadecimal (PLP-114)."""
    return hashlib.sha256(x509.load_pem_x509_certificate(pem.encode()).public_bytes(serialization.Encoding.DER)).hexdigest()


@cache
def platforms() -> Pair:
    """Of all played platforms of a run: making one takes half a second."""
    return Pair.make("PLP conformite, plateforme")


@cache
def strangers() -> Pair:
    """On no sheet."""
    return Pair.make("PLP conformite, inconnu")
