"""What becomes of a request: opened, signed, refused, cancelled, its way changed. Each in the caller's transaction."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import select

from core.cabinets import audit
from core.db.clock import now
from core.db.clock import today
from core.db.errors import DomainError
from core.db.errors import NotFound
from core.db.session import TenantSession
from core.documents.models import Document
from core.jobs import queue
from core.search.words import fold
from core.shell.notifications import notify
from core.signing import keeping
from core.signing import letters
from core.signing.models import SignatureRequest
from core.signing.models import SignatureSigner
from core.signing.states import CONSENT
from core.signing.states import OPEN

#: The job that seals.
JOB = "signing.close"
#: What is drawn: strokes apart by «;», points by blanks, in a box of 600 by 180.
STROKES = re.compile(r"(?:\d{1,3},\d{1,3}(?: \d{1,3},\d{1,3})*)(?:;\d{1,3},\d{1,3}(?: \d{1,3},\d{1,3})*)*")
MOST_STROKES = 20_000
ENDED = "Cette demande de signature est close\u202f: demandez au cabinet ce qu'il en est."


@dataclass(frozen=True, slots=True)
class Hand:
    """A signature as it was given. `witness`: on whose screen; `address`, `agent`: from where, by a link."""

    typed_name: str
    agreed: bool
    strokes: str = ""
    witness: str | None = None
    address: str = ""
    agent: str = ""


def seen(session: TenantSession, one: SignatureSigner, row: SignatureRequest) -> None:
    """The signer opened the document by his link."""
    if one.seen_at is not None or one.state not in ("INVITE", "CONSULTE"):
        return
    one.seen_at, one.state = now(), "CONSULTE"
    if row.state == "ENVOYE":
        row.state = "CONSULTE"
    session.flush()
    audit.record(session, "signer", "signature.opened", f"signature:{row.id}", {"signer": one.name})


def sign(session: TenantSession, one: SignatureSigner, hand: Hand) -> SignatureRequest:
    """Keep the signature of the one whose turn it is; the next is invited, or the document sealed by a job.

    Raises `DomainError`: not his turn, closed, a name that is not his, no agreement.
    """
    row = _open(session, one)
    if not hand.agreed:
        raise DomainError("Cochez la case pour dire que vous avez lu le document et le signez.", field="agreed")
    if _words(hand.typed_name) != _words(one.name):
        raise DomainError(f"Écrivez votre nom comme il est demandé\u202f: {one.name}.", field="typed_name")
    if hand.strokes and (len(hand.strokes) > MOST_STROKES or not STROKES.fullmatch(hand.strokes)):
        raise DomainError("Votre tracé n'a pas pu être lu\u202f: effacez-le et signez à nouveau.", field="strokes")
    one.state, one.ended_at, one.token_hash = "SIGNE", now(), None
    one.typed_name, one.strokes, one.consent = hand.typed_name.strip()[:200], hand.strokes, CONSENT
    one.witness, one.address, one.agent = hand.witness, hand.address[:45], hand.agent[:200]
    one.way = "PLACE" if hand.witness else "LIEN"
    row.state = "SIGNE_PARTIEL"
    session.flush()
    said = {"signer": one.name, "way": one.way, "rank": one.rank, "sha256": row.sha256}
    audit.record(session, hand.witness or "signer", "signature.signed", f"signature:{row.id}", said)
    if letters.turn(session, row.id) is None:
        queue.enqueue(session, JOB, {"request": row.id})
    else:
        letters.invite_next(session, row)
    return row


def refuse(session: TenantSession, one: SignatureSigner, why: str, *, actor: str = "signer") -> SignatureRequest:
    """The one whose turn it is does not sign: the request ends, whoever asked is told. Raises `DomainError`."""
    row = _open(session, one)
    if not why.strip():
        raise DomainError("Dites en quelques mots pourquoi vous ne signez pas.", field="why")
    one.state, one.ended_at, one.why, one.token_hash = "REFUSE", now(), why.strip()[:500], None
    _end(session, row, "REFUSE", one.why)
    said = {"signer": one.name, "reason": one.why}
    audit.record(session, actor, "signature.refused", f"signature:{row.id}", said)
    tell(session, row, f"{one.name} a refusé de signer", one.why, kind="warning")
    return row


def cancel(session: TenantSession, row: SignatureRequest, actor: str, why: str) -> None:
    """Give a request up: links open nothing any more. Raises `DomainError` for one that is closed."""
    if row.state not in OPEN or letters.turn(session, row.id) is None:
        raise DomainError(ENDED, code="signature-ended")
    _end(session, row, "ANNULE", why.strip()[:500])
    audit.record(session, actor, "signature.cancelled", f"signature:{row.id}", {"reason": row.why or None})


def expire(session: TenantSession, row: SignatureRequest) -> None:
    """Its time is over."""
    _end(session, row, "EXPIRE", "")
    audit.record(session, "system", "signature.expired", f"signature:{row.id}", {"until": row.expires_on.isoformat()})
    text = "Personne n'a signé à temps\u202f: demandez-la à nouveau."
    tell(session, row, "Une demande de signature a expiré", text, kind="warning")


def remind(session: TenantSession, row: SignatureRequest, actor: str) -> SignatureSigner:
    """Send the one whose turn it is another link. Raises `DomainError` where nobody signs by a link now."""
    one = letters.invite_next(session, row, again=True)
    if one is None:
        raise DomainError("Personne ne signe par un lien en ce moment.", code="nobody-invited")
    one.reminders += 1
    session.flush()
    audit.record(session, actor, "signature.reminded", f"signature:{row.id}", {"signer": one.name, "recipient": one.email})
    return one


def by_token(session: TenantSession, token_hash: str) -> tuple[SignatureRequest, SignatureSigner]:
    """The request and signer that a link opens. Raises `NotFound` for one that opens nothing, or nothing any more."""
    one = session.scalar(select(SignatureSigner).where(SignatureSigner.token_hash == token_hash))
    if one is None:
        raise NotFound("Ce lien ne sert plus.")
    row = session.get_one(SignatureRequest, (session.require_cabinet(), one.request_id))
    if row.state not in OPEN or row.expires_on < today():
        raise NotFound("Ce lien ne sert plus.")
    return row, one


def tell(session: TenantSession, row: SignatureRequest, title: str, text: str, *, kind: str = "info") -> None:
    """Whoever asked, where he still may see the document."""
    document = session.get_one(Document, (session.require_cabinet(), row.document_id))
    notify(
        session, [row.asked_by], kind=kind, key=f"signature:{row.id}:{row.state}", title=title,
        text=f"{row.title}\u202f: {text}" if text else row.title, url=f"/signatures/{row.id}",
        about=(document.owner_kind, document.owner_id),
    )  # fmt: skip


def _open(session: TenantSession, one: SignatureSigner) -> SignatureRequest:
    row = session.get_one(SignatureRequest, (session.require_cabinet(), one.request_id), with_for_update=True)
    session.refresh(one)
    first = letters.turn(session, row.id)
    if row.state not in OPEN or row.expires_on < today() or one.state in ("SIGNE", "REFUSE"):
        raise DomainError(ENDED, code="signature-ended")
    if first is None or first.id != one.id:
        raise DomainError("Ce n'est pas encore à cette personne de signer.", code="not-your-turn")
    return row


def _end(session: TenantSession, row: SignatureRequest, state: str, why: str) -> None:
    row.state, row.why, row.ended_at = state, why, now()
    keeping.release(session, row)
    wanted = select(SignatureSigner).where(SignatureSigner.request_id == row.id, SignatureSigner.token_hash.is_not(None))
    for one in session.scalars(wanted):
        one.token_hash = None
    session.flush()


def _words(name: str) -> list[str]:
    """A name as it is compared: whatever the case, the accents, the order of first and last name."""
    return sorted(fold(name).replace("-", " ").replace("'", " ").split())
