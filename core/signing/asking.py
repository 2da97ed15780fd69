"""Asking people to sign a document (CO-01): who, in which order, how, until when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from datetime import timedelta

from sqlalchemy import select

from core import pdf
from core.cabinets import audit
from core.cabinets import rights
from core.cabinets import services as cabinets
from core.contacts import relations
from core.db.clock import today
from core.db.errors import DomainError
from core.db.errors import Forbidden
from core.db.model import new_id
from core.db.session import TenantSession
from core.documents import services as documents
from core.documents.models import Document
from core.hooks.types import Adviser
from core.mail import smtp
from core.signing import keeping
from core.signing import letters
from core.signing.candidates import spoken
from core.signing.models import SignatureRequest
from core.signing.models import SignatureSigner
from core.signing.states import OPEN
from core.web import inputs

#: Signers of one document; days that they have, and the most they may have.
MOST, DAYS, LONGEST = 8, 30, 180
EDIT = "documents.edit"
#: Room that the pages of evidence and the seal may take in the signed document.
PROOF = 5 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Wanted:
    """One who is to sign: `kind` «contact» or «user» and its id; `way`: PLACE, or LIEN with an e-mail address.

    `name`: of the person who signs for a company.
    """

    kind: str
    ref: str
    way: str = "PLACE"
    email: str = ""
    name: str = ""


def ask(
    session: TenantSession, by: Adviser, document_id: str, signers: Sequence[Wanted], *, until: date | None = None,
    message: str = "",
) -> SignatureRequest:  # fmt: skip
    """Ask for these signatures, in this order; those by a link are invited when their turn comes. In the caller's transaction.

    Raises `NotFound`, `Forbidden`, and `DomainError` for what cannot be signed or signers who cannot be asked.
    """
    document = signable(session, by, document_id)
    until = until or today() + timedelta(days=DAYS)
    if not today() < until <= today() + timedelta(days=LONGEST):
        raise DomainError(f"Choisissez une date à venir, dans les {LONGEST} jours.", field="until")
    if not 0 < len(signers) <= MOST:
        raise DomainError(f"Choisissez de 1 à {MOST} signataires.", field="signers")
    if len({(one.kind, one.ref) for one in signers}) < len(signers):
        raise DomainError("Une même personne ne signe qu'une fois\u202f: retirez le doublon.", field="signers")
    row = SignatureRequest(
        id=new_id(), document_id=document.id, sha256=document.sha256, title=document.title, message=message.strip()[:1000],
        asked_by=by.user_id, expires_on=until,
    )  # fmt: skip
    session.add(row)
    session.flush()
    people = [_signer(session, by, row.id, rank, one) for rank, one in enumerate(signers, 1)]
    session.add_all(people)
    session.flush()
    said = {"document": document.id, "sha256": document.sha256, "until": until.isoformat(),
            "signers": [f"{one.name} ({one.way})" for one in people]}  # fmt: skip
    audit.record(session, by.user_id, "signature.asked", f"signature:{row.id}", said)
    keeping.keep(document)
    letters.invite_next(session, row)
    return row


def signable(session: TenantSession, by: Adviser, document_id: str) -> Document:
    """The document, where `by` may have it signed. Raises `NotFound`, `Forbidden`, `DomainError`."""
    document = documents.get(session, by, document_id)
    if not rights.sees(session, by, document.owner_kind, document.owner_id, EDIT):
        raise Forbidden("Votre profil ne permet pas de faire signer ce document. Demandez ce droit à un administrateur.")
    if not document.current:
        raise DomainError("Une version plus récente est en vigueur\u202f: faites signer celle-là.", code="not-in-force")
    if document.media_type != "application/pdf":
        raise DomainError("Seul un document PDF peut être signé\u202f: enregistrez-le d'abord en PDF.", code="not-a-pdf")
    if document.size > documents.MAX_BYTES - PROOF:
        raise DomainError("Ce PDF est trop lourd pour être signé\u202f: 20 Mio au plus. Réduisez-le.", code="file-too-large")
    there = select(SignatureRequest.id).where(SignatureRequest.document_id == document.id, SignatureRequest.state.in_(OPEN))
    if session.scalar(there) is not None:
        text = "Ce document est déjà à la signature\u202f: suivez cette demande, ou annulez-la d'abord."
        raise DomainError(text, code="signature-open")
    return document


def readable(document: Document, data: bytes) -> None:
    """Raise `DomainError` for a PDF that cannot be signed: protected, broken, too heavy. It takes a second: before the write."""
    try:
        pdf.inspect(data)
    except pdf.PdfError as error:
        text = "Ce PDF est protégé ou illisible\u202f: enregistrez-en une copie sans protection, puis faites-la signer."
        raise DomainError(text, code="pdf-unreadable") from error


def _signer(session: TenantSession, by: Adviser, request_id: str, rank: int, one: Wanted) -> SignatureSigner:
    row = SignatureSigner(id=new_id(), request_id=request_id, rank=rank, way=one.way, email=None)
    if one.kind == "user":
        if one.ref not in cabinets.principals(session, [one.ref]):
            raise DomainError("Cette personne n'est plus du cabinet\u202f: choisissez-en une autre.", field="signers")
        row.user_id, row.name, row.way = one.ref, cabinets.person(session, one.ref).display_name, "PLACE"
        return row
    contact = relations.contact(session, by, one.ref)
    if contact.kind == "FOYER":
        raise DomainError("Un foyer ne signe pas\u202f: choisissez ses membres.", field="signers")
    if contact.vital == "DECEDE":
        raise DomainError(f"{contact.display_name} est décédé(e)\u202f: retirez cette personne des signataires.", field="signers")
    row.contact_id, row.name = contact.id, spoken(contact)
    if contact.kind == "PERSONNE_MORALE":
        row.name, row.behalf = " ".join(one.name.split())[:200], contact.display_name
        if not row.name:
            said = f"Écrivez le nom de la personne qui signe pour {contact.display_name}."
            raise DomainError(said, field="signers")
    if one.way == "LIEN":
        row.email = _address(one.email or contact.email or "", contact.display_name)
    elif one.way != "PLACE":
        raise DomainError("Choisissez comment cette personne signe.", field="signers")
    return row


def _address(text: str, name: str) -> str:
    if not smtp.is_configured():
        raise DomainError(
            "Cette installation n'envoie pas d'e-mail\u202f: faites signer sur cet écran, ou demandez à l'exploitant de "
            "configurer un serveur de messagerie.", field="signers",
        )  # fmt: skip
    try:
        return inputs.email(text)
    except ValueError as error:
        said = f"Écrivez une adresse e-mail complète pour {name}, ou faites signer sur cet écran."
        raise DomainError(said, field="signers") from error
