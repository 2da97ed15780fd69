"""PLP-120: an assertion that was encrypted to this company: AES-256-GCM, its key by RSA-OAEP with SHA-256 throughout."""

from __future__ import annotations

import base64
import binascii

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256

from .saml_xml import ENCRYPTION
from .saml_xml import SIGNATURE
from .saml_xml import Element
from .saml_xml import SamlRefused
from .saml_xml import only
from .saml_xml import refuse_unless
from .saml_xml import text_of

_ENCRYPTION_11 = "http://www.w3.org/2009/xmlenc11#"
_CONTENT = f"{_ENCRYPTION_11}aes256-gcm"
_KEY = f"{_ENCRYPTION_11}rsa-oaep"
_DIGEST = f"{ENCRYPTION}sha256"
_MASK = f"{_ENCRYPTION_11}mgf1sha256"
_KEY_BYTES, _NONCE_BYTES = 32, 12


def decrypted(encrypted: Element, key: rsa.RSAPrivateKey) -> bytes:
    """The content of an EncryptedAssertion. One answer for all that is wrong. Raises `SamlRefused`."""
    data = only(encrypted, ENCRYPTION, "EncryptedData")
    refuse_unless(data.get("Type") == f"{ENCRYPTION}Element", "type of EncryptedData")
    refuse_unless(_method(data).get("Algorithm") == _CONTENT, "content cipher")
    wrapped = only(only(data, SIGNATURE, "KeyInfo"), ENCRYPTION, "EncryptedKey")
    method = _method(wrapped)
    digest, mask = only(method, SIGNATURE, "DigestMethod"), only(method, _ENCRYPTION_11, "MGF")
    oaep = (method.get("Algorithm"), digest.get("Algorithm"), mask.get("Algorithm"))
    refuse_unless(oaep == (_KEY, _DIGEST, _MASK), "key cipher")
    try:
        secret = key.decrypt(_cipher(wrapped), padding.OAEP(padding.MGF1(SHA256()), SHA256(), None))
        refuse_unless(len(secret) == _KEY_BYTES, "decryption")
        content = _cipher(data)
        return AESGCM(secret).decrypt(content[:_NONCE_BYTES], content[_NONCE_BYTES:], None)
    except (ValueError, InvalidTag, binascii.Error) as error:
        raise SamlRefused("decryption") from error


def _method(parent: Element) -> Element:
    return only(parent, ENCRYPTION, "EncryptionMethod")


def _cipher(parent: Element) -> bytes:
    value = only(only(parent, ENCRYPTION, "CipherData"), ENCRYPTION, "CipherValue")
    return base64.b64decode("".join(text_of(value).split()), validate=True)
