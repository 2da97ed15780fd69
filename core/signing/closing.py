"""All have signed: the document with its evidence is sealed and kept (CO-01). A job: another run finds it done."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from core import pdf
from core.cabinets import audit
from core.cabinets.models import Cabinet
from core.cabinets.models import User
from core.db.clock import now
from core.documents import services as documents
from core.documents.models import Document
from core.extensions import db
from core.jobs import queue
from core.signing import acting
from core.signing import keeping
from core.signing import letters
from core.signing import proof
from core.signing import seals
from core.signing.models import SignatureRequest
from core.signing.models import SignatureSigner

#: What the evidence is filed as; the signed document is filed as the one that was shown.
EVIDENCE = "PREUVE"


@queue.handler(acting.JOB, transaction=False)
def close(cabinet_id: int, payload: dict[str, Any]) -> None:
    """Make the signed document and its evidence, then write both with the request's end in one transaction."""
    with db.session(cabinet_id) as session:
        row = session.get(SignatureRequest, (cabinet_id, payload["request"]))
        if row is None or row.state != "SIGNE_PARTIEL" or letters.turn(session, row.id) is not None:
            return
        seal = seals.current(session)
    with db.session(cabinet_id, write=False) as session:
        row = session.get_one(SignatureRequest, (cabinet_id, payload["request"]))
        signers = session.scalars(
            select(SignatureSigner).where(SignatureSigner.request_id == row.id).order_by(SignatureSigner.rank)
        ).all()
        cabinet = session.get_one(Cabinet, cabinet_id)
        document = session.get_one(Document, (cabinet_id, row.document_id))
        asked_by = session.scalar(select(User.display_name).where(User.id == row.asked_by)) or ""
        original = documents.content_store().get(row.sha256)
        # the moment of the last signature: a second run makes the same pages
        at = max(one.ended_at for one in signers if one.ended_at is not None)
        told = (row, signers, cabinet, seal.sha256, at, asked_by)
        html, said = proof.sheet(*told), proof.facts(*told)
        names = ", ".join(one.name for one in signers)
        evidence = proof.file(html, said, at)
        pages = pdf.joined([original, pdf.render(html)])
        signed = seals.sealed(pages, seal, reason=f"Signé par {names}"[:200], at=at)
        owner_kind, owner_id, title, filed = document.owner_kind, document.owner_id, row.title, document.category
        stem = document.filename.rpartition(".")[0]
    with db.session(cabinet_id) as session:
        row = session.get_one(SignatureRequest, (cabinet_id, payload["request"]), with_for_update=True)
        if row.state != "SIGNE_PARTIEL":
            return
        kept = [
            documents.store(
                session, owner_kind=owner_kind, owner_id=owner_id, category=category, title=name, filename=f"{stem}{end}.pdf",
                data=data, media_type="application/pdf", created_by=row.asked_by,
            )
            for category, name, end, data in (
                (filed, f"{title} (signé)", "-signe", signed), (EVIDENCE, f"{title} (preuve de signature)", "-preuve", evidence),
            )
        ]  # fmt: skip
        for one in kept:
            one.hold = keeping.SIGNED
        keeping.release(session, row)
        row.state, row.ended_at, row.signed_id, row.proof_id = "SIGNE", now(), kept[0].id, kept[1].id
        session.flush()
        said = {"document": kept[0].id, "sha256": kept[0].sha256, "proof": kept[1].id, "certificate": seal.sha256}
        audit.record(session, "system", "signature.sealed", f"signature:{row.id}", said)
        acting.tell(session, row, "Un document est signé", names, kind="success")
