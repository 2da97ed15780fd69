"""XML Encryption of one element: AES-256-GCM, its key under RSA-OAEP with SHA-256 and MGF1 SHA-256 (PLP-120).

Written here because no maintained library does it (ADR 021); the ciphers are those of `cryptography`.
"""

from __future__ import annotations

import base64
import secrets

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from lxml import etree

from core.links.saml import pem
from core.links.saml.xml import DS
from core.links.saml.xml import SAML
from core.links.saml.xml import XENC
from core.links.saml.xml import XENC11
from core.links.saml.xml import named
from core.links.saml.xml import written

AES = f"{XENC11}aes256-gcm"
OAEP = f"{XENC11}rsa-oaep"
MGF = f"{XENC11}mgf1sha256"
SHA256 = f"{XENC}sha256"
#: Octets of the key (AES-256) and of the nonce that XML Encryption 1.1 puts before the ciphertext.
KEY_BYTES = 32
NONCE_BYTES = 12


def encrypted_assertion(assertion: etree._Element, certificate: str) -> etree._Element:
    """The `EncryptedAssertion` in an assertion's stead: only the holder of the certificate's key reads it."""
    receiver = pem.loaded(certificate).public_key()
    assert isinstance(receiver, rsa.RSAPublicKey), "checked with the sheet"
    key, nonce = secrets.token_bytes(KEY_BYTES), secrets.token_bytes(NONCE_BYTES)
    sealed = nonce + AESGCM(key).encrypt(nonce, written(assertion), None)  # the tag's 16 octets come last
    oaep = padding.OAEP(mgf=padding.MGF1(hashes.SHA256()), algorithm=hashes.SHA256(), label=None)

    made = etree.Element(named(SAML, "EncryptedAssertion"), nsmap={"saml": SAML})
    data = etree.SubElement(made, named(XENC, "EncryptedData"), Type=f"{XENC}Element", nsmap={"xenc": XENC})
    etree.SubElement(data, named(XENC, "EncryptionMethod"), Algorithm=AES)
    about = etree.SubElement(data, named(DS, "KeyInfo"), nsmap={"ds": DS})
    wrapped = etree.SubElement(about, named(XENC, "EncryptedKey"))
    method = etree.SubElement(wrapped, named(XENC, "EncryptionMethod"), Algorithm=OAEP)
    etree.SubElement(method, named(DS, "DigestMethod"), Algorithm=SHA256)
    etree.SubElement(method, named(XENC11, "MGF"), Algorithm=MGF, nsmap={"xenc11": XENC11})
    _value(wrapped, receiver.encrypt(key, oaep))
    _value(data, sealed)
    return made


def _value(parent: etree._Element, octets: bytes) -> None:
    data = etree.SubElement(parent, named(XENC, "CipherData"))
    etree.SubElement(data, named(XENC, "CipherValue")).text = base64.b64encode(octets).decode()
