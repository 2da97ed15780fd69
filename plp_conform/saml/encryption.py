"""PLP-120: an assertion encrypted to one certificate, and read again."""

from __future__ import annotations

import base64
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256

from plp_conform.saml import keys
from plp_conform.saml import names
from plp_conform.saml.keys import Pair
from plp_conform.saml.names import DS
from plp_conform.saml.names import XENC
from plp_conform.saml.names import XENC11
from plp_conform.saml.xml import Element
from plp_conform.saml.xml import attributes
from plp_conform.saml.xml import child
from plp_conform.saml.xml import text

_NONCE = 12


def wrap(secret: bytes, certificate: str) -> bytes:
    """RSA-OAEP with SHA-256, its mask with SHA-256 too."""
    return keys.public(certificate).encrypt(secret, padding.OAEP(padding.MGF1(SHA256()), SHA256(), None))


def encrypted(
    content: bytes, certificate: str, *, secret: bytes | None = None, nonce: bytes | None = None, wrapped: bytes | None = None
) -> str:
    """The EncryptedAssertion; `secret`, `nonce`, `wrapped` are given where the same bytes are due each time (vectors)."""
    secret, nonce = secret or os.urandom(32), nonce or os.urandom(_NONCE)
    cipher = nonce + AESGCM(secret).encrypt(nonce, content, None)
    key = wrapped or wrap(secret, certificate)
    return (
        f'<saml:EncryptedAssertion xmlns:saml="{names.ASSERTION}">'
        f'<xenc:EncryptedData xmlns:xenc="{XENC}"{attributes(Type=f"{XENC}Element")}>'
        f"<xenc:EncryptionMethod{attributes(Algorithm=names.AES256_GCM)}></xenc:EncryptionMethod>"
        f'<ds:KeyInfo xmlns:ds="{DS}"><xenc:EncryptedKey>'
        f"<xenc:EncryptionMethod{attributes(Algorithm=names.RSA_OAEP)}>"
        f"<ds:DigestMethod{attributes(Algorithm=names.SHA256)}></ds:DigestMethod>"
        f'<xenc11:MGF xmlns:xenc11="{XENC11}"{attributes(Algorithm=names.MGF1_SHA256)}></xenc11:MGF></xenc:EncryptionMethod>'
        f"<xenc:CipherData><xenc:CipherValue>{_text(key)}</xenc:CipherValue></xenc:CipherData></xenc:EncryptedKey></ds:KeyInfo>"
        f"<xenc:CipherData><xenc:CipherValue>{_text(cipher)}</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData>"
        "</saml:EncryptedAssertion>"
    )


def faults(element: Element) -> list[str]:
    """The algorithms of an EncryptedAssertion that are not PLP-120's."""
    try:
        data = child(element, XENC, "EncryptedData")
        method = child(child(child(data, DS, "KeyInfo"), XENC, "EncryptedKey"), XENC, "EncryptionMethod")
        found = {
            "Type": (data.get("Type"), f"{XENC}Element"),
            "contenu": (child(data, XENC, "EncryptionMethod").get("Algorithm"), names.AES256_GCM),
            "clé": (method.get("Algorithm"), names.RSA_OAEP),
            "condensat": (child(method, DS, "DigestMethod").get("Algorithm"), names.SHA256),
            "masque": (child(method, XENC11, "MGF").get("Algorithm"), names.MGF1_SHA256),
        }
    except ValueError as error:
        return [f"EncryptedAssertion illisible\u202f: {error}"]
    return [f"{name}\u202f: {given}" for name, (given, due) in found.items() if given != due]


def decrypted(element: Element, pair: Pair) -> bytes:
    """Raises `ValueError`."""
    data = child(element, XENC, "EncryptedData")
    wrapped = child(child(data, DS, "KeyInfo"), XENC, "EncryptedKey")
    secret = pair.key.decrypt(_bytes(wrapped), padding.OAEP(padding.MGF1(SHA256()), SHA256(), None))
    cipher = _bytes(data)
    try:
        return AESGCM(secret).decrypt(cipher[:_NONCE], cipher[_NONCE:], None)
    except InvalidTag as error:
        raise ValueError("another key or content") from error


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _bytes(parent: Element) -> bytes:
    return base64.b64decode("".join(text(child(child(parent, XENC, "CipherData"), XENC, "CipherValue")).split()))
