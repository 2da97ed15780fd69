"""Documents that signatures keep from being deleted: the one that is out to be signed, then what came of it."""

from __future__ import annotations

from sqlalchemy import select

from core.db.session import TenantSession
from core.documents import filing
from core.documents.models import Document
from core.signing.models import SignatureRequest

#: Why a document is kept: while it is out to be signed, once it was.
WAITING, SIGNED = "à la signature", "document signé"


def keep(document: Document) -> None:
    """It is out to be signed; a reason that a person gave stands."""
    document.hold = document.hold or WAITING


def release(session: TenantSession, row: SignatureRequest) -> None:
    """Nobody is to sign it any more: it and versions that came meanwhile are kept no longer for that."""
    document = session.scalar(select(Document).where(Document.id == row.document_id))
    for one in filing.chain(session, document) if document is not None else ():
        if one.hold == WAITING:
            one.hold = ""
