"""What the mandate's paper says where the partner is reached by SAML (PLP-114, PLP-120)."""

from __future__ import annotations

from dataclasses import dataclass

from core.db.session import TenantSession
from core.links.models import Registration
from core.links.saml import certificates
from core.links.saml import pem
from core.links.saml.sheet import BINDING


@dataclass(frozen=True, slots=True)
class SamlPaper:
    """SHA-256 fingerprints as people compare them: the cabinet's certificates, the partner's; whether contract data are
    encrypted on their way through the browser."""

    cabinet: tuple[str, ...]
    partner: tuple[str, ...]
    encrypted: bool


def of(session: TenantSession, registration: Registration) -> SamlPaper | None:
    """None for another binding."""
    if registration.sheet["binding"] != BINDING:
        return None
    saml = registration.sheet["saml"]
    encryption = saml.get("encryption_cert")
    theirs = [*saml["signing_certs"], *([encryption] if encryption is not None else [])]
    found = dict.fromkeys(pem.spelled(pem.fingerprint(pem.loaded(one))) for one in theirs)
    ours = tuple(pem.spelled(row.fingerprint) for row in certificates.shown(session))
    return SamlPaper(ours, tuple(found), encryption is not None)
