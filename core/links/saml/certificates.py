"""The certificates with which the cabinet signs by SAML: RSA, two at a time, the next one shown a day before it serves (PLP-114).

They are apart from the JOSE keys: a partner knows them from the sheet only, so that none is renewed unless somebody hands
the new sheet over.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from datetime import timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from sqlalchemy import select

from core.cabinets import audit
from core.cabinets import services as cabinets
from core.cabinets import vault
from core.cabinets.models import Cabinet
from core.db.clock import PARIS
from core.db.clock import now
from core.db.errors import Conflict
from core.db.errors import NotFound
from core.db.session import TenantSession
from core.links.key_rotation import Standing
from core.links.models import Certificate
from core.links.saml import pem

#: PLP-114: from the sheet to the first use.
NOTICE = timedelta(hours=24)
#: It only carries a key that sheets and papers vouch for: long enough never to end by surprise.
LIFETIME = timedelta(days=3650)
_FIELD = "private"


def shown(session: TenantSession) -> list[Certificate]:
    """What sheet and metadata carry: the one in use, then the next one; none before the first partner by SAML."""
    at = now()
    found = select(Certificate).where(Certificate.withdrawn_at.is_(None)).order_by(Certificate.created_at, Certificate.id)
    return [row for row in session.scalars(found) if row.retired_at is None or row.retired_at > at]


def listed(session: TenantSession) -> list[Standing]:
    """The same for people, the next one first; `kid` is the fingerprint."""
    at = now()
    return [
        Standing(
            row.fingerprint, "next" if row.active_from is not None and row.active_from > at else "used",
            row.active_from or row.created_at, row.retired_at,
        )
        for row in reversed(shown(session))
    ]  # fmt: skip


def in_use(session: TenantSession) -> Certificate | None:
    """The one that signs now."""
    at = now()
    return next((row for row in reversed(shown(session)) if row.active_from is None or row.active_from <= at), None)


def private(session: TenantSession, fingerprint: str) -> rsa.RSAPrivateKey:
    """Its key. Raises `VaultError` where it was lost."""
    kept = vault.unseal(session, _owner(fingerprint), _FIELD)
    if kept is None:
        raise vault.VaultError(f"la clé privée du certificat {fingerprint[:16]} n'est plus au coffre")
    key = serialization.load_der_private_key(kept, password=None)
    assert isinstance(key, rsa.RSAPrivateKey), "made here"
    return key


def ensure(session: TenantSession, *, actor: str) -> None:
    """Make the first one, where there is none."""
    _alone(session)
    if in_use(session) is None:
        _add(session, None, actor=actor)


def renew(session: TenantSession, *, actor: str) -> datetime:
    """Make the next one; when it will begin to sign. Raises `NotFound` without a first one, `Conflict` while one waits."""
    _alone(session)
    current = in_use(session)
    if current is None:
        raise NotFound("Aucun partenaire de ce cabinet n'est relié par SAML : il n'a pas de certificat.")
    waits = next((row for row in shown(session) if row.id != current.id), None)
    if waits is not None and waits.active_from is not None:
        day = f"{waits.active_from.astimezone(PARIS):%d/%m/%Y à %H:%M}"
        raise Conflict(f"Un renouvellement est déjà en cours : le nouveau certificat servira à partir du {day}.")
    for over in session.scalars(select(Certificate).where(Certificate.retired_at <= now())):
        vault.forget(session, _owner(over.fingerprint))  # it signs nothing more
    at = now() + NOTICE
    _add(session, at, actor=actor)
    current.retired_at = at
    session.flush()
    return at


def withdraw(session: TenantSession, fingerprint: str, *, actor: str) -> None:
    """Take one away at once; the other signs from now on. Raises `NotFound`; `Conflict` for the only one."""
    _alone(session)
    known = shown(session)
    row = next((one for one in known if one.fingerprint == fingerprint), None)
    if row is None:
        raise NotFound("Ce certificat n'est pas, ou plus, un certificat du cabinet.")
    if len(known) == 1:
        raise Conflict(
            "C'est le seul certificat du cabinet : renouvelez-le d'abord, remettez la nouvelle fiche aux partenaires, puis "
            "retirez celui-ci."
        )
    row.withdrawn_at = now()
    for other in known:
        if other is not row:
            other.active_from, other.retired_at = None, None
    vault.forget(session, _owner(fingerprint))
    session.flush()
    audit.record(session, actor, "link.certificate_withdrawn", f"link-certificate:{fingerprint}", {"fingerprint": fingerprint})


def _add(session: TenantSession, active_from: datetime | None, *, actor: str) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=pem.RSA_BITS)
    certificate = self_signed(key, cabinets.cabinet_of(session).slug)
    fingerprint = pem.fingerprint(certificate)
    session.add(Certificate(fingerprint=fingerprint, pem=pem.encoded(certificate), active_from=active_from))
    der = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    vault.seal(session, _owner(fingerprint), _FIELD, der)
    audit.record(session, actor, "link.certificate_made", f"link-certificate:{fingerprint}", {"fingerprint": fingerprint})
    session.flush()


def self_signed(key: rsa.RSAPrivateKey, slug: str) -> x509.Certificate:
    """The certificate that carries a cabinet's key."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Encours SAML {slug}"[:64])])
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    return (
        x509.CertificateBuilder(subject_name=name, issuer_name=name, public_key=key.public_key())
        .serial_number(int.from_bytes(secrets.token_bytes(16), "big") >> 1)
        .not_valid_before(now() - timedelta(days=1))
        .not_valid_after(now() + LIFETIME)
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )


def _alone(session: TenantSession) -> None:
    """One change at a time: the cabinet's row is the lock where the database has row locks."""
    session.scalars(select(Cabinet.id).where(Cabinet.id == session.require_cabinet()).with_for_update()).one()


def _owner(fingerprint: str) -> str:
    return f"link-certificate:{fingerprint}"
