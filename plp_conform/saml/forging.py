"""Messages that an attacker makes of a right one: wrapped signatures, entities, spoilt ciphers.

Each takes the right, signed assertion and one of the attacker's own, without signature.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable

from plp_conform.saml import encryption
from plp_conform.saml import keys
from plp_conform.saml import names

_SIGNATURE = re.compile(r"<ds:Signature .*?</ds:Signature>", re.S)
_ID = re.compile(r' ID="([^"]+)"')
_ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 9))


def _parts(signed: str) -> tuple[str, str]:
    """The signature, and the assertion without it."""
    found = _SIGNATURE.search(signed)
    assert found is not None  # noqa: S101 - it was signed a moment ago
    return found.group(0), signed.replace(found.group(0), "", 1)


def _with(evil: str, signature: str) -> str:
    return evil.replace("</saml:Issuer>", f"</saml:Issuer>{signature}", 1)


def altered(signed: str, evil: str) -> str:
    """The right signature on other words, under the right ID."""
    signature, right = _parts(signed)
    return _with(_ID.sub(_ID.search(right).group(0), evil, count=1), signature)  # type: ignore[union-attr]


def in_object(signed: str, evil: str) -> str:
    """The right assertion in an Object of its own signature, which the evil one shows as if it were its own."""
    signature, right = _parts(signed)
    return _with(evil, signature.replace("</ds:Signature>", f"<ds:Object>{right}</ds:Object></ds:Signature>"))


def in_advice(signed: str, evil: str) -> str:
    """The right assertion, signed, in the Advice of one that has its ID."""
    found = _ID.search(signed)
    assert found is not None  # noqa: S101 - it has one
    return _ID.sub(found.group(0), evil, count=1).replace(
        "<saml:AuthnStatement", f"<saml:Advice>{signed}</saml:Advice><saml:AuthnStatement", 1
    )


def as_child(signed: str, evil: str) -> str:
    """The right assertion in the evil one, and its signature taken out to where a reader expects it."""
    signature, right = _parts(signed)
    return _with(evil, signature).replace("</saml:Assertion>", f"<saml:Advice>{right}</saml:Advice></saml:Assertion>", 1)


def in_extensions(signed: str, evil: str, carried: Callable[[str], str]) -> str:
    """The right assertion beside, where nobody reads; the evil one in its place, with its signature."""
    signature, _ = _parts(signed)
    return f"<samlp:Extensions>{signed}</samlp:Extensions>{carried(_with(evil, signature))}"


def bomb(response: str) -> str:
    """A few bytes that become a thousand million."""
    return f'<!DOCTYPE r [<!ENTITY e0 "ha">{_ENTITIES}]>{response.replace("</saml:Issuer>", "&e8;</saml:Issuer>", 1)}'


def outside(response: str) -> str:
    """A file of the reader's machine."""
    words = '<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
    return f"{words}{response.replace('</saml:Issuer>', '&e;</saml:Issuer>', 1)}"


def _flipped(markup: str) -> str:
    """One bit of the content's cipher is another."""
    before, mark, rest = markup.rpartition("<xenc:CipherValue>")
    value, after = rest.split("<", 1)
    raw = bytearray(base64.b64decode(value))
    raw[40] ^= 1
    return f"{before}{mark}{base64.b64encode(bytes(raw)).decode()}<{after}"


#: What, and the EncryptedAssertion of the signed assertion and the right certificate.
BROKEN: tuple[tuple[str, Callable[[str, str], str]], ...] = (
    ("chiffrée pour un autre certificat",
     lambda signed, _: encryption.encrypted(signed.encode(), keys.strangers().certificate)),
    ("un bit du contenu chiffré changé", lambda signed, to: _flipped(encryption.encrypted(signed.encode(), to))),
    ("annoncée en AES-CBC", lambda signed, to: encryption.encrypted(signed.encode(), to).replace(
        names.AES256_GCM, f"{names.XENC}aes256-cbc")),
    ("clé annoncée en PKCS#1 v1.5", lambda signed, to: encryption.encrypted(signed.encode(), to).replace(
        names.RSA_OAEP, f"{names.XENC}rsa-1_5")),
)  # fmt: skip
