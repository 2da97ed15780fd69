"""A document that was signed by hand: its scan ends the request (CO-01)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from core.cabinets import audit
from core.db.clock import day_of
from core.db.clock import now
from core.db.errors import DomainError
from core.db.session import TenantSession
from core.documents import services as documents
from core.documents import uploads
from core.documents.models import Document
from core.documents.uploads import Sent
from core.hooks.types import Adviser
from core.signing import acting
from core.signing import keeping
from core.signing import letters
from core.signing.models import SignatureRequest
from core.signing.models import SignatureSigner
from core.signing.states import OPEN

SCAN = uploads.rule("signing.scan", permission="documents.edit")


def take(session: TenantSession, row: SignatureRequest, by: Adviser, scan: Sent, on: date) -> Document:
    """Keep the scan of what was signed by hand that day; all signers have signed. No seal: what it proves is on the paper.

    Raises `DomainError` for a request that is closed, a day before it was asked, a file that is not what it says.
    """
    if row.state not in OPEN or letters.turn(session, row.id) is None:
        raise DomainError(acting.ENDED, code="signature-ended")
    if on < day_of(row.asked_at):
        raise DomainError("Cette date précède la demande de signature\u202f: vérifiez-la.", field="on")
    original = session.get_one(Document, (session.require_cabinet(), row.document_id))
    kept = documents.store(
        session, owner_kind=original.owner_kind, owner_id=original.owner_id, category=original.category,
        title=f"{row.title} (signé sur papier)", filename=scan.filename, data=scan.data, media_type=scan.media_type,
        created_by=by.user_id,
    )  # fmt: skip
    kept.hold = keeping.SIGNED
    keeping.release(session, row)
    for one in session.scalars(select(SignatureSigner).where(SignatureSigner.request_id == row.id)):
        if one.state != "SIGNE":
            one.state, one.way, one.ended_at, one.token_hash, one.witness = "SIGNE", "PAPIER", now(), None, by.user_id
    row.state, row.ended_at, row.signed_id = "SIGNE", now(), kept.id
    session.flush()
    said = {"document": kept.id, "sha256": kept.sha256, "on": on.isoformat()}
    audit.record(session, by.user_id, "signature.on_paper", f"signature:{row.id}", said)
    return kept
