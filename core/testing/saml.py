"""A partner's end of SAML, for tests: its keys, its sheet's member, its signed request (PLP-115)."""

from __future__ import annotations

import base64
import secrets
import time
import zlib
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from functools import cached_property
from typing import Any
from urllib.parse import quote

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

_RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"


class SamlPartner:
    """The partner at `url`. One key signs its requests and opens what is encrypted to it; a real one has two."""

    def __init__(self, url: str) -> None:
        self.url = url

    @cached_property
    def key(self) -> rsa.RSAPrivateKey:
        """Made at the first need: it takes a while."""
        return rsa.generate_private_key(public_exponent=65537, key_size=3072)

    @cached_property
    def certificate(self) -> str:
        """Its certificate, PEM."""
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Partenaire d'essai")])
        at = datetime.now(UTC)
        made = (
            x509.CertificateBuilder(subject_name=name, issuer_name=name, public_key=self.key.public_key())
            .serial_number(secrets.randbits(64))
            .not_valid_before(at - timedelta(days=1))
            .not_valid_after(at + timedelta(days=30))
            .sign(self.key, hashes.SHA256())
        )
        return made.public_bytes(serialization.Encoding.PEM).decode()

    def sheet(self) -> dict[str, Any]:
        """What its registration sheet says instead of the members of `oidc-code`."""
        return {
            "binding": "saml2-sp", "initiate_login_uri": None, "redirect_uris": None, "target_link_uri": None,
            "saml": {
                "entity_id": f"{self.url}/saml", "acs_url": f"{self.url}/saml/acs", "launch_url": f"{self.url}/saml/entree",
                "signing_certs": [self.certificate], "encryption_cert": self.certificate,
            },
        }  # fmt: skip

    def request(self, sso_url: str, launch_id: str) -> str:
        """The address to which it sends the browser for that launch."""
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        text = (
            '<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" '
            f'xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_{secrets.token_hex(16)}" Version="2.0" IssueInstant="{at}" '
            f'Destination="{sso_url}" AssertionConsumerServiceURL="{self.url}/saml/acs" IsPassive="true" '
            'ProtocolBinding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST">'
            f"<saml:Issuer>{self.url}/saml</saml:Issuer>"
            '<samlp:NameIDPolicy Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"/></samlp:AuthnRequest>'
        )
        deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
        packed = base64.b64encode(deflate.compress(text.encode()) + deflate.flush()).decode()
        values = (("SAMLRequest", packed), ("RelayState", launch_id), ("SigAlg", _RSA_SHA256))
        covered = "&".join(f"{name}={quote(value, safe='')}" for name, value in values)
        signature = base64.b64encode(self.key.sign(covered.encode(), padding.PKCS1v15(), hashes.SHA256())).decode()
        return f"{sso_url}?{covered}&Signature={quote(signature, safe='')}"
