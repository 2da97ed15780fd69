"""A partner by SAML, made without the code under test: its keys, its requests, spoilt as a test says; its cabinet."""

from __future__ import annotations

import base64
import functools
import secrets
import zlib
from collections.abc import Mapping
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.x509.oid import NameOID

from core import config as configuration
from core.auth.sessions import Current
from core.auth.sessions import hashed
from core.cabinets import vault
from core.db.clock import now
from core.extensions import db
from core.links.saml import certificates
from core.links.saml import sso
from tests.core.auth.oidc_world import BASE
from tests.core.auth.oidc_world import KEK
from tests.core.auth.oidc_world import World
from tests.usual import leave

RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
ECDSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"
RSA_SHA1 = "http://www.w3.org/2000/09/xmldsig#rsa-sha1"
SITE = "http://localhost:8010"
ENTITY = f"{SITE}/saml"
ACS = f"{SITE}/saml/acs"
POST = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
Private = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


def certificate(key: Private, *, days: int = 30) -> str:
    """A self-signed one in PEM; with negative `days`, one that has expired."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "partenaire d'essai")])
    at = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(subject_name=name, issuer_name=name, public_key=key.public_key())
        .serial_number(secrets.randbits(64))
        .not_valid_before(at - timedelta(days=60))
        .not_valid_after(at + timedelta(days=days))
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM).decode()


@functools.cache
def keys() -> tuple[rsa.RSAPrivateKey, ec.EllipticCurvePrivateKey]:
    """The partner's keys, made once: what takes a second."""
    return rsa.generate_private_key(public_exponent=65537, key_size=3072), ec.generate_private_key(ec.SECP256R1())


def member(*, encrypted: bool = True) -> dict[str, Any]:
    """The member `saml` of the partner's sheet."""
    own, curve = keys()
    return {
        "entity_id": ENTITY, "acs_url": ACS, "launch_url": f"{SITE}/saml/launch",
        "signing_certs": [certificate(own), certificate(curve)], "encryption_cert": certificate(own) if encrypted else None,
    }  # fmt: skip


def request_xml(changes: Mapping[str, str | None] | None = None, *, inside: str = "") -> str:
    """An AuthnRequest as PLP-115 wants it. `changes`: attributes, and `Issuer`, `Format`; None leaves one out."""
    values: dict[str, str | None] = {
        "ID": f"_{secrets.token_hex(16)}", "Version": "2.0", "IssueInstant": f"{now():%Y-%m-%dT%H:%M:%SZ}",
        "Destination": f"{BASE}/plp/demo/saml/sso", "AssertionConsumerServiceURL": ACS, "ProtocolBinding": POST,
        "IsPassive": "true", **(changes or {}),
    }  # fmt: skip
    issuer, policy = values.pop("Issuer", ENTITY), values.pop("Format", PERSISTENT)
    attributes = " ".join(f'{name}="{value}"' for name, value in values.items() if value is not None)
    return (
        '<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" '
        f'xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" {attributes}><saml:Issuer>{issuer}</saml:Issuer>{inside}'
        + (f'<samlp:NameIDPolicy Format="{policy}"/>' if policy else "")
        + "</samlp:AuthnRequest>"
    )


def packed(text: str | bytes) -> str:
    """Raw DEFLATE, base64, as the binding has it."""
    raw = text.encode() if isinstance(text, str) else text
    deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return base64.b64encode(deflate.compress(raw) + deflate.flush()).decode()


def signed(request: str, relay_state: str | None, *, algorithm: str = RSA_SHA256, key: Private | None = None) -> bytes:
    """The query, its signature over its own octets."""
    own, curve = keys()
    parts = [f"SAMLRequest={quote(request, safe='')}"]
    if relay_state is not None:
        parts.append(f"RelayState={quote(relay_state, safe='')}")
    covered = "&".join([*parts, f"SigAlg={quote(algorithm, safe='')}"]).encode()
    if algorithm == ECDSA_SHA256:
        r, s = decode_dss_signature(curve.sign(covered, ec.ECDSA(hashes.SHA256())))
        value = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    else:
        signer = key or own
        assert isinstance(signer, rsa.RSAPrivateKey)
        hashing = hashes.SHA1() if algorithm == RSA_SHA1 else hashes.SHA256()  # noqa: S303 - to be refused
        value = signer.sign(covered, padding.PKCS1v15(), hashing)
    return covered + b"&Signature=" + quote(base64.b64encode(value).decode(), safe="").encode()


class SamlWorld(World):
    """The provider's world with its partner joined by SAML, and the cabinet's certificate made."""

    encrypted = False

    def __init__(self, folder: Path, monkeypatch: Any) -> None:
        super().__init__(folder, monkeypatch)
        with db.session(self.party.cabinet_id) as session:
            certificates.ensure(session, actor="cli")

    def enter(self) -> None:
        """This process's own again, as at each test's beginning; each test makes launches of its own."""
        leave()
        configuration.use(self.config)
        vault.configure(KEK)
        db.open(self.config.database_url, check=True)

    def sheet(self) -> dict[str, Any]:
        return {
            **super().sheet(), "name": "Partenaire d'essai", "binding": "saml2-sp", "initiate_login_uri": None,
            "redirect_uris": None, "target_link_uri": None, "launch_origins": ["http://localhost:8012"],
            "saml": member(encrypted=self.encrypted),
        }  # fmt: skip

    def current(self, sid: str, cabinet_id: int | None = None, amr: tuple[str, ...] = ("pwd",)) -> Current:
        """Who is signed in, as the request's session says."""
        cabinet = cabinet_id or self.party.cabinet_id
        return Current(hashed(sid), self.party.user_id, cabinet, now() - timedelta(minutes=5), amr)

    def answer(self, query: bytes, current: Current | None = None, *, nobody: bool = False) -> sso.Posted:
        """What goes back to the partner."""
        who = None if nobody else current or self.current(self.party.sid)
        with self.app.app_context():
            return sso.answer(self.party.cabinet_id, self.party.slug, query, who)
