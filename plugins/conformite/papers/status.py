"""Where documents stand: computed from the document and its signature request, never typed (domain.md §2.5).

`standing` says it of the papers of a contact; `state` is the SQL of what counts, beside the contact: for
guards, situations and requests.
"""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from datetime import date
from datetime import timedelta
from typing import Any

from sqlalchemy import and_
from sqlalchemy import case
from sqlalchemy import or_
from sqlalchemy import select

from core.api import book
from core.api import documents
from core.api import rights
from core.api import signing
from core.api.db import TenantSession
from core.api.db import day_of
from core.api.types import Adviser
from plugins.conformite.papers.kinds import KINDS
from plugins.conformite.papers.models import Paper
from plugins.conformite.papers.templates import named

TO_MAKE, READY, SENT, SEEN, PARTLY, SIGNED = "A_PREPARER", "PRET", "ENVOYE", "CONSULTE", "SIGNE_PARTIEL", "SIGNE"
REFUSED, EXPIRED, CANCELLED, REPLACED = "REFUSE", "EXPIRE", "ANNULE", "REMPLACE"
STATES: dict[str, str] = {
    TO_MAKE: "À préparer", READY: "Prêt", SENT: "Envoyé", SEEN: "Consulté", PARTLY: "Signé en partie", SIGNED: "Signé",
    REFUSED: "Refusé", EXPIRED: "Expiré", CANCELLED: "Annulé", REPLACED: "Remplacé",
}  # fmt: skip
#: In requests: what a contact has of a kind.
VALID, OVER, UNDER_WAY, NONE = "VALABLE", "EXPIRE", "EN_COURS", "ABSENT"
HELD: dict[str, str] = {
    VALID: "Signé et valable", OVER: "Expiré", UNDER_WAY: "Produit, pas signé", NONE: "Pas produit",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A document that was made or filed. `shown_id`: the document to look at, the signed one once there is one.

    `late`: asked for, and nobody signed in time, which is not the end of its validity.
    """

    id: str
    kind: str
    state: str
    document_id: str
    shown_id: str
    template: str
    made_on: date
    made_by: str
    signed_on: date | None
    valid_until: date | None
    request: signing.Asked | None = None
    late: bool = False

    @property
    def template_name(self) -> str:
        """«modèle Encours, version 1»; «» of one that was filed."""
        return named(self.template) if self.template else ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a contact stands with a kind. `last`: the newest document; `valid`: the signed one that holds; `past`: the others."""

    kind: str
    state: str
    last: Line | None = None
    valid: Line | None = None
    past: tuple[Line, ...] = ()

    @property
    def label(self) -> str:
        """«Document d'entrée en relation»."""
        return KINDS[self.kind].label

    @property
    def open(self) -> bool:
        """Whether it is out to be signed."""
        return self.last is not None and self.last.request is not None and (self.last.request.open or self.last.request.sealing)

    def soon(self, on: date, notice: int) -> bool:
        """Whether the one that holds ends within so many days."""
        until = self.valid.valid_until if self.valid else None
        return until is not None and on + timedelta(days=notice) > until


def standing(session: TenantSession, by: Adviser, contact_id: str, on: date) -> dict[str, Standing]:
    """Each kind of a contact, in their order. Rights are those of documents. Three queries."""
    return among(session, by, [contact_id], on)[contact_id]


def among(session: TenantSession, by: Adviser, ids: Collection[str], on: date) -> dict[str, dict[str, Standing]]:
    """The same of several contacts: the members of a household. Three queries."""
    document = documents.Document
    rows = session.execute(
        select(Paper, document.deleted_at)
        .join(document, and_(document.cabinet_id == Paper.cabinet_id, document.id == Paper.document_id))
        .where(
            Paper.contact_id.in_(sorted(ids)), rights.on(Paper.contact_id, by, "contact", "documents.view"),
        )
        .order_by(Paper.created_at.desc(), Paper.id.desc())
    ).all()  # fmt: skip
    asked = signing.of_documents(session, by, [row.document_id for row, _deleted in rows])
    lines = [(row.contact_id, _line(row, deleted is not None, asked.get(row.document_id, ()), on)) for row, deleted in rows]
    return {
        who: {kind: _standing(kind, [one for key, one in lines if key == who and one.kind == kind]) for kind in KINDS}
        for who in ids
    }


def state(kind: str, on: date) -> Any:
    """A code of `HELD`, as SQL beside the contact."""
    signed = _signed(kind)
    holds = _exists(signed, or_(Paper.valid_until.is_(None), Paper.valid_until >= on))
    made = _exists(Paper.kind == kind, documents.Document.deleted_at.is_(None))
    return case((holds, VALID), (_exists(signed), OVER), (made, UNDER_WAY), else_=NONE)


def held(session: TenantSession, ids: Iterable[str], wanted: Sequence[str], on: date) -> dict[str, dict[str, str]]:
    """Contact → kind → code of `HELD`, whoever asks: what a guard goes by. One query."""
    if not wanted:
        return {}
    columns = [state(kind, on).label(kind) for kind in wanted]
    rows = session.execute(select(book.Contact.id, *columns).where(book.Contact.id.in_(sorted(ids)))).mappings()
    return {row["id"]: {kind: row[kind] for kind in wanted} for row in rows}


def early(mine: Mapping[str, Standing]) -> dict[str, str]:
    """Kind → the document that the law has given before it and that is not signed yet."""
    return {
        one.code: KINDS[one.after].label for one in KINDS.values()
        if one.after and mine and mine[one.after].valid is None and mine[one.code].valid is None
    }  # fmt: skip


def texts(session: TenantSession, by: Adviser, contact_id: str, kind: str) -> dict[str, Any]:
    """What was typed for the newest document of a kind that was made here; nothing where there is none."""
    wanted = (
        select(Paper.texts)
        .where(
            Paper.contact_id == contact_id, Paper.kind == kind, Paper.template != "",
            rights.on(Paper.contact_id, by, "contact", "documents.view"),
        )
        .order_by(Paper.created_at.desc(), Paper.id.desc()).limit(1)
    )  # fmt: skip
    return dict(session.scalar(wanted) or {})

def _signed(kind: str) -> Any:
    # what was sealed is held, and counts whatever became of the pages that were shown
    filed = and_(Paper.signed_on.is_not(None), documents.Document.deleted_at.is_(None))
    return and_(Paper.kind == kind, or_(filed, signing.signed(Paper.document_id)))


def _exists(*conditions: Any) -> Any:
    document = documents.Document
    return (
        select(Paper.id)
        .join(document, and_(document.cabinet_id == Paper.cabinet_id, document.id == Paper.document_id))
        .where(Paper.contact_id == book.Contact.id, *conditions)
        .correlate(book.Contact)
        .exists()
    )


def _standing(kind: str, lines: Sequence[Line]) -> Standing:
    """`lines`: the newest first. A newer one takes the place of what was not signed, and of what was once it is signed itself."""
    told: list[Line] = []
    newer_signed = newer = False
    for one in lines:
        signed = one.state in (SIGNED, EXPIRED) and not one.late
        if one.state != CANCELLED and (newer_signed if signed else newer):
            told.append(replace(one, state=REPLACED))
            continue
        told.append(one)
        if one.state not in (CANCELLED, REFUSED) and not one.late:
            newer, newer_signed = True, newer_signed or signed
    there = [one for one in told if one.state != REPLACED]
    last = next((one for one in there if one.document_id), None)
    valid = next((one for one in there if one.state == SIGNED), None)
    past = tuple(one for one in told if one is not last and one is not valid)
    return Standing(kind, last.state if last else TO_MAKE, last, valid, past)


def _line(row: Paper, deleted: bool, asked: Sequence[signing.Asked], on: date) -> Line:
    request = next((one for one in asked if one.state == SIGNED), asked[0] if asked else None)
    code, late, signed_on = READY, False, row.signed_on
    if row.signed_on is not None:
        code = SIGNED
    elif request is not None:
        code, late = request.state, request.state == EXPIRED
        if code == SIGNED:
            deleted, signed_on = False, day_of(request.ended_at or request.asked_at)
    if code == SIGNED and row.valid_until is not None and row.valid_until < on:
        code = EXPIRED
    shown = request.signed_id if request and request.signed_id else row.document_id
    return Line(
        row.id, row.kind, CANCELLED if deleted else code, "" if deleted else row.document_id, "" if deleted else shown,
        row.template, row.made_on, row.made_by, signed_on, row.valid_until, request, late,
    )  # fmt: skip
