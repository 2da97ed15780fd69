"""An AuthnRequest as it comes by HTTP-Redirect: unpacked, then its signature, over the octets of the query as sent (PLP-115)."""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from lxml import etree

from core.links.saml import pem
from core.links.saml import xml

#: Octets of a query: a request of some 1 000, its signature, a relay state.
MAX_QUERY = 8 * 1024
RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
ECDSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"
_SIGNED = ("SAMLRequest", "RelayState", "SigAlg")
_NAMES = frozenset({*_SIGNED, "Signature"})
_REQUIRED = frozenset({"SAMLRequest", "SigAlg", "Signature"})


class Unusable(Exception):
    """Nothing to answer to: not a signed request of a registered partner. The text is for our log."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A request that was not believed yet: `covered` are the octets that the signature is over."""

    root: etree._Element
    relay_state: str | None
    algorithm: str
    signature: bytes
    covered: bytes


def read(query: bytes) -> Signed:
    """Unpack a query. Raises `Unusable`."""
    sent = _parameters(query)
    covered = b"&".join(f"{name}=".encode() + sent[name] for name in _SIGNED if name in sent)
    relay = _text(sent["RelayState"]) if "RelayState" in sent else None
    try:
        root = xml.parse(_inflated(_decoded(sent["SAMLRequest"])))
    except xml.BadXml as error:
        raise Unusable(f"the request is {error}") from error
    return Signed(root, relay, _text(sent["SigAlg"]), _decoded(sent["Signature"]), covered)


def verify(signed: Signed, certificates: Sequence[str]) -> None:
    """Check the signature by the keys of the sheet, and by no other. Raises `Unusable`."""
    if signed.algorithm not in (RSA_SHA256, ECDSA_SHA256):
        raise Unusable("another algorithm than rsa-sha256 and ecdsa-sha256")
    if not any(_holds(signed, text) for text in certificates):
        raise Unusable("the signature does not hold")


def _holds(signed: Signed, text: str) -> bool:
    key = pem.loaded(text).public_key()
    try:
        if signed.algorithm == RSA_SHA256 and isinstance(key, rsa.RSAPublicKey):
            key.verify(signed.signature, signed.covered, padding.PKCS1v15(), hashes.SHA256())
        elif signed.algorithm == ECDSA_SHA256 and isinstance(key, ec.EllipticCurvePublicKey):
            half = (key.key_size + 7) // 8
            if len(signed.signature) != 2 * half:  # XML signatures are r and s side by side, not DER
                return False
            r, s = (int.from_bytes(part, "big") for part in (signed.signature[:half], signed.signature[half:]))
            key.verify(encode_dss_signature(r, s), signed.covered, ec.ECDSA(hashes.SHA256()))
        else:
            return False
    except InvalidSignature:
        return False
    return True


def _parameters(query: bytes) -> dict[str, bytes]:
    """The parameters with their values as sent: each once, these and no other."""
    if len(query) > MAX_QUERY:
        raise Unusable("the query is too long")
    found: dict[str, bytes] = {}
    for pair in query.split(b"&"):
        name, equals, value = pair.partition(b"=")
        known = name.decode("latin-1")
        if not equals or known not in _NAMES or known in found:
            raise Unusable("a parameter is repeated, or is none of the binding's")
        found[known] = value
    if not found.keys() >= _REQUIRED:
        raise Unusable("a parameter is missing")
    return found


def _text(value: bytes) -> str:
    try:
        return unquote_to_bytes(value.replace(b"+", b" ")).decode("ascii")
    except UnicodeDecodeError as error:
        raise Unusable("a parameter is not ASCII") from error


def _decoded(value: bytes) -> bytes:
    """Base64; blanks in it are taken, as RFC 2045 has line ends there."""
    try:
        return base64.b64decode("".join(_text(value).split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Unusable("a parameter is not base64") from error


def _inflated(packed: bytes) -> bytes:
    """Raw DEFLATE, one octet more than the limit at most: a bomb is never unpacked."""
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        raw = unpacker.decompress(packed, xml.MAX_BYTES + 1)
    except zlib.error as error:
        raise Unusable("the request is not DEFLATE") from error
    if len(raw) > xml.MAX_BYTES or not unpacker.eof or unpacker.unused_data:
        raise Unusable("the request is too long, or not whole")
    return raw
