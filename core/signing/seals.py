"""The cabinet's certificate, and the seal that it puts on a signed document: PAdES baseline B (ETSI EN 319 142-1).

The certificate is the cabinet's own, made here and signed by itself: a reader says that the document was not altered since,
and names the cabinet; that nobody else vouches for the name is why the level is told as «simple».
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC
from datetime import date
from datetime import datetime
from datetime import time
from datetime import timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from sqlalchemy import select

from core.cabinets import audit
from core.cabinets import vault
from core.cabinets.models import Cabinet
from core.db.clock import now
from core.db.clock import today
from core.db.model import new_id
from core.db.session import TenantSession
from core.signing.models import SignatureSeal

#: A certificate's life; another is made when less than `MARGIN` is left.
LIFE, MARGIN = timedelta(days=3 * 365), timedelta(days=60)
BITS = 3072
_FIELD = "private"


@dataclass(frozen=True, slots=True)
class Seal:
    """What seals: certificate and private key, in PEM. Never shown."""

    sha256: str
    certificate: bytes
    key: bytes

    def __repr__(self) -> str:
        return f"Seal({self.sha256[:16]})"


def current(session: TenantSession) -> Seal:
    """The cabinet's certificate in force, made at the first need and before it ends. For a session that writes."""
    wanted = select(SignatureSeal).where(SignatureSeal.until > today() + MARGIN).order_by(SignatureSeal.until.desc()).limit(1)
    row = session.scalar(wanted)
    if row is None:
        # one maker at a time: the cabinet's row is the lock where the database has row locks
        cabinet = session.scalars(select(Cabinet).where(Cabinet.id == session.require_cabinet()).with_for_update()).one()
        row = session.scalar(wanted) or _made(session, cabinet)
    key = vault.unseal(session, _owner(row), _FIELD)
    if key is None:
        raise vault.VaultError(f"la clé du certificat {row.sha256[:16]} n'est plus au coffre")
    return Seal(row.sha256, row.certificate.encode(), key)


def _made(session: TenantSession, cabinet: Cabinet) -> SignatureSeal:
    key = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    until = today() + LIFE
    said = [(NameOID.COMMON_NAME, f"{cabinet.name} - cachet des signatures"[:64]), (NameOID.ORGANIZATION_NAME, cabinet.name[:64])]
    if cabinet.siren:
        said.append((NameOID.ORGANIZATION_IDENTIFIER, f"SI:FR-{cabinet.siren}"))  # ETSI EN 319 412-1, 5.1.4
    name = x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "FR"), *(x509.NameAttribute(*one) for one in said)])
    usage = x509.KeyUsage(True, True, False, False, False, False, False, False, False)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now().replace(tzinfo=UTC) - timedelta(minutes=5))
        .not_valid_after(_end(until)).add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )  # the vault encrypts it
    digest = hashlib.sha256(made.public_bytes(serialization.Encoding.DER)).hexdigest()
    text = made.public_bytes(serialization.Encoding.PEM).decode()
    row = SignatureSeal(id=new_id(), certificate=text, sha256=digest, until=until)
    session.add(row)
    session.flush()
    vault.seal(session, _owner(row), _FIELD, private)
    audit.record(session, "system", "signature.seal_made", f"seal:{row.id}", {"sha256": digest, "until": until.isoformat()})
    return row


def sealed(pdf: bytes, seal: Seal, *, reason: str, at: datetime) -> bytes:
    """The same pages with the cabinet's seal, added after them (ISO 32000-2, 12.8). Raises ValueError for no PDF of ours."""
    return _apart(lambda: _sealed(pdf, seal, reason, at))


def _apart(work: Callable[[], bytes]) -> bytes:
    # pyHanko runs a loop of its own: the caller's thread may have one already
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(work).result()


def _sealed(pdf: bytes, seal: Seal, reason: str, at: datetime) -> bytes:
    from pyhanko.keys import load_certs_from_pemder_data
    from pyhanko.keys import load_private_key_from_pemder_data
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.sign import signers
    from pyhanko.sign.fields import SigSeedSubFilter
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    store: Any = SimpleCertificateStore
    certificate: Any = next(iter(load_certs_from_pemder_data(seal.certificate)))
    signer = signers.SimpleSigner(
        signing_cert=certificate, signing_key=load_private_key_from_pemder_data(seal.key, None),
        cert_registry=store(),
    )  # fmt: skip
    meta = signers.PdfSignatureMetadata(
        field_name=f"Cachet{at:%Y%m%d%H%M%S}", reason=reason, location="Encours", subfilter=SigSeedSubFilter.PADES,
        md_algorithm="sha256",
    )  # fmt: skip
    out = io.BytesIO()
    try:
        signers.PdfSigner(meta, signer).sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False), output=out)
    except PdfError as error:
        raise ValueError(str(error)) from error
    return out.getvalue()


def _owner(row: SignatureSeal) -> str:
    return f"signature-seal:{row.id}"


def _end(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
