"""Requests for signatures as they are shown: those about documents that the adviser may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import func
from sqlalchemy import or_
from sqlalchemy import select

from core.cabinets import rights
from core.db.errors import NotFound
from core.db.session import TenantSession
from core.documents.models import Document
from core.documents.services import visible_documents
from core.hooks.types import Adviser
from core.signing.asking import EDIT
from core.signing.models import SignatureRequest
from core.signing.models import SignatureSigner
from core.signing.states import OPEN
from core.signing.states import SHELVES

_ITS = (Document.cabinet_id == SignatureRequest.cabinet_id) & (Document.id == SignatureRequest.document_id)


@dataclass(frozen=True, slots=True)
class SignerLine:
    """One signer. `turn`: whether it is for him to sign now."""

    id: str
    rank: int
    contact_id: str | None
    user_id: str | None
    name: str
    behalf: str
    email: str | None
    way: str
    state: str
    turn: bool
    invited_at: datetime | None
    seen_at: datetime | None
    ended_at: datetime | None
    why: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A request. `open`: somebody may still sign; `sealing`: all have signed, the document is being sealed."""

    id: str
    document_id: str
    title: str
    owner_kind: str
    owner_id: str
    state: str
    asked_by: str
    asked_at: datetime
    expires_on: date
    ended_at: datetime | None
    message: str
    why: str
    sha256: str
    signed_id: str | None
    proof_id: str | None
    open: bool
    sealing: bool
    signers: tuple[SignerLine, ...]

    @property
    def turn(self) -> SignerLine | None:
        """Whose turn it is."""
        return next((one for one in self.signers if one.turn), None)


def get(session: TenantSession, by: Adviser, request_id: str) -> Asked:
    """One request. Raises `NotFound`, also for what he may not see."""
    found = _read(session, by, SignatureRequest.id == request_id)
    if not found:
        raise NotFound("Cette demande de signature n'existe pas, ou n'est pas ouverte à votre profil.")
    return found[0]


def may_act(session: TenantSession, by: Adviser, asked: Asked) -> bool:
    """Whether the adviser may have it signed, cancel it, remind."""
    return rights.sees(session, by, asked.owner_kind, asked.owner_id, EDIT)


def of_documents(session: TenantSession, by: Adviser, document_ids: Sequence[str]) -> dict[str, list[Asked]]:
    """The requests for these documents, the newest first."""
    found: dict[str, list[Asked]] = {}
    for one in _read(session, by, SignatureRequest.document_id.in_(document_ids)):
        found.setdefault(one.document_id, []).append(one)
    return found


def is_outcome(session: TenantSession, document_id: str) -> bool:
    """Whether a document is what a request ended with: signed, or the proof of it. It is not put to the signature again."""
    wanted = select(SignatureRequest.id).where(
        or_(SignatureRequest.signed_id == document_id, SignatureRequest.proof_id == document_id)
    )
    return session.scalar(wanted.limit(1)) is not None


def of_owner(session: TenantSession, by: Adviser, owner_kind: str, owner_id: str) -> list[Asked]:
    """The requests for an owner's documents, the newest first."""
    return _read(session, by, Document.owner_kind == owner_kind, Document.owner_id == owner_id)


def counts(session: TenantSession, by: Adviser) -> dict[str, int]:
    """How many of those that the adviser may see lie on each shelf: one query."""
    wanted = (
        select(SignatureRequest.state, func.count()).join(Document, _ITS).where(visible_documents(by))
        .group_by(SignatureRequest.state)
    )  # fmt: skip
    found: dict[str, int] = dict(session.execute(wanted).all())
    return {shelf: sum(found.get(state, 0) for state in some) for shelf, (_label, some) in SHELVES.items()}


def page(session: TenantSession, by: Adviser, shelf: str, number: int, *, size: int) -> tuple[Asked, ...]:
    """A page of a shelf: of those under way, the first to end first; of others, the last asked first."""
    order = SignatureRequest.expires_on if shelf == "en-cours" else SignatureRequest.asked_at.desc()
    wanted = SignatureRequest.state.in_(SHELVES[shelf][1])
    return tuple(_read(session, by, wanted, order=(order, SignatureRequest.id), most=size, start=(number - 1) * size))


def following_id(
    session: TenantSession, by: Adviser, after: str | None, *, document_id: str | None, state: str | None, size: int
) -> list[Asked]:
    """Those that the adviser may see, in the order of their ids, from beyond one of them."""
    wanted: list[ColumnElement[bool]] = []
    if document_id is not None:
        wanted.append(SignatureRequest.document_id == document_id)
    if state is not None:
        wanted.append(SignatureRequest.state == state)
    if after is not None:
        wanted.append(SignatureRequest.id > after)
    return _read(session, by, *wanted, order=(SignatureRequest.id,), most=size)


def _read(
    session: TenantSession, by: Adviser, *wanted: ColumnElement[bool], order: tuple[Any, ...] = (SignatureRequest.id.desc(),),
    most: int = 200, start: int = 0,
) -> list[Asked]:  # fmt: skip
    rows = session.execute(
        select(SignatureRequest, Document.owner_kind, Document.owner_id)
        .join(Document, _ITS).where(visible_documents(by), *wanted).order_by(*order).limit(most).offset(start)
    ).all()  # fmt: skip
    signers: dict[str, list[SignatureSigner]] = {}
    ids = [row[0].id for row in rows]
    for one in session.scalars(
        select(SignatureSigner).where(SignatureSigner.request_id.in_(ids)).order_by(SignatureSigner.rank)
    ):
        signers.setdefault(one.request_id, []).append(one)
    return [_asked(row, kind, owner, signers.get(row.id, [])) for row, kind, owner in rows]


def _asked(row: SignatureRequest, owner_kind: str, owner_id: str, signers: Sequence[SignatureSigner]) -> Asked:
    is_open = row.state in OPEN
    first = next((one.id for one in signers if one.state != "SIGNE"), None) if is_open else None
    return Asked(
        row.id, row.document_id, row.title, owner_kind, owner_id, row.state, row.asked_by, row.asked_at, row.expires_on,
        row.ended_at, row.message, row.why, row.sha256, row.signed_id, row.proof_id, is_open and first is not None,
        is_open and first is None,
        tuple(
            SignerLine(
                one.id, one.rank, one.contact_id, one.user_id, one.name, one.behalf, one.email, one.way, one.state,
                one.id == first, one.invited_at, one.seen_at, one.ended_at, one.why,
            )
            for one in signers
        ),
    )  # fmt: skip
