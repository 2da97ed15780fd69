"""Certificates as sheets carry them: a public key with a fingerprint. Nobody's word but the sheet's counts (PLP-114)."""

from __future__ import annotations

import re
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric import rsa

#: PLP-114: bits of an RSA key.
RSA_BITS = 3072
#: Characters of one certificate in PEM: one of 4096 bits has some 2 000.
MAX_CHARS = 8_000
_ONE = re.compile(r"\s*-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\s*")


class BadCertificate(ValueError):
    """Not one certificate with a key that PLP-114 takes. The text is French, for whoever brings the sheet."""


def read(value: object, *, at: datetime, only_rsa: bool = False) -> x509.Certificate:
    """The one certificate of a text, in force at that moment. `only_rsa`: for encryption. Raises `BadCertificate`."""
    if not isinstance(value, str) or len(value) > MAX_CHARS or not _ONE.fullmatch(value):
        raise BadCertificate("un certificat X.509 au format PEM, un seul")
    try:
        found = x509.load_pem_x509_certificate(value.encode())
        key = found.public_key()
    except (ValueError, UnsupportedAlgorithm) as error:
        raise BadCertificate("un certificat X.509 lisible") from error
    strong = isinstance(key, rsa.RSAPublicKey) and key.key_size >= RSA_BITS
    curve = isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1)
    if not strong and (only_rsa or not curve):
        other = "" if only_rsa else ", ou EC P-256"
        raise BadCertificate(f"une clé RSA de {RSA_BITS} bits au moins{other}")
    if found.not_valid_after_utc <= at:
        raise BadCertificate("un certificat encore valable (celui-ci a expiré)")
    return found


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of the certificate: 64 hexadecimal signs."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def spelled(fingerprint: str) -> str:
    """A fingerprint as paper shows it: pairs of capitals, between colons."""
    return ":".join(fingerprint[at : at + 2] for at in range(0, len(fingerprint), 2)).upper()


def bare(pem: str) -> str:
    """The base64 of a PEM in one line, as XML carries it."""
    return "".join(line for line in pem.split("\n") if not line.startswith("-----"))


def encoded(certificate: x509.Certificate) -> str:
    """A certificate in PEM."""
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def loaded(text: str) -> x509.Certificate:
    """A certificate that `read` took before."""
    return x509.load_pem_x509_certificate(text.encode())
