"""Documents are produced of a template and the file's facts, or filed once signed by hand; each with its line in the journal.

`prepared` reads; `sheet.drawn` takes a second outside of any transaction; `keep` writes. Knows no Flask.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from core.api import Context
from core.api import audit
from core.api import contacts
from core.api import documents
from core.api import pdf
from core.api import rights
from core.api.db import DomainError
from core.api.db import Forbidden
from core.api.db import TenantSession
from core.api.db import today
from core.api.files import Sent
from core.api.finance import due_on
from core.api.types import Adviser
from plugins.conformite import profiles
from plugins.conformite.papers import facts as own_facts
from plugins.conformite.papers import kinds
from plugins.conformite.papers import sheet
from plugins.conformite.papers import status
from plugins.conformite.papers import templates
from plugins.conformite.papers.facts import Facts
from plugins.conformite.papers.facts import Worth
from plugins.conformite.papers.models import Paper
from plugins.conformite.papers.settings import months_field
from plugins.conformite.papers.templates import Template
from plugins.conformite.profiles import Established

VIEW, EDIT = "documents.view", "documents.edit"
#: Signs of one of the adviser's texts; the day before which no paper that is filed was signed.
LONGEST, OLDEST = 4000, date(1990, 1, 1)
#: Why a document that was signed by hand is kept, as `core.signing` says it of those that it sealed.
HOLD = "document réglementaire signé"
Gauge = Callable[[str], Worth]


@dataclass(frozen=True, slots=True)
class Prepared:
    """All that a document will print. `profile`: the one in force, or none; `lacking`: labels of what is not known."""

    card: contacts.ContactCard
    kind: kinds.Kind
    template: Template
    facts: Facts
    profile: Established | None
    on: date

    @property
    def lacking(self) -> tuple[str, ...]:
        """What is printed «à compléter»."""
        return self.facts.missing(self.template)


def owner(session: TenantSession, by: Adviser, contact_id: str) -> contacts.ContactCard:
    """The person or company whose documents may be made. Raises `NotFound`, `Forbidden`: also for a household."""
    card = contacts.get_contact(session, by, contact_id)
    if not rights.sees(session, by, "contact", contact_id, EDIT):
        raise Forbidden("Votre profil ne permet pas de produire un document dans ce dossier. Adressez-vous à qui suit ce client.")
    if card.line.kind == profiles.HOUSEHOLD:
        raise Forbidden("Chaque membre d'un foyer a ses documents\u202f: produisez-les au dossier de l'un d'eux.")
    return card


def prepared(
    session: TenantSession, by: Adviser, ctx: Context, contact_id: str, kind: str, typed: Mapping[str, str], gauge: Gauge,
    *, on: date | None = None,
) -> Prepared:  # fmt: skip
    """What the document would print. `typed`: the adviser's texts; `gauge`: what gives a contact's balance sheet and budget;
    `on`: another day that it bears.

    Raises `NotFound`, `Forbidden`, and `DomainError` without the profile that the document is made of.
    """
    known, day = templates.known(kind), on or today()
    card = owner(session, by, contact_id)
    profile = profiles.current(session, by, [contact_id]).get(contact_id)
    if known.profiled and profile is None:
        raise DomainError("Aucun profil investisseur n'est établi\u202f: établissez-le d'abord.", code="profile-missing")
    worth = gauge(contact_id) if kind == kinds.RECORD else None
    found = own_facts.gather(session, by, ctx, card, kind, typed, profile=profile, worth=worth, on=day)
    return Prepared(card, known, templates.current(session, kind), found, profile, day)


def checked(kind: str, typed: Mapping[str, str]) -> dict[str, str]:
    """The adviser's texts of a kind. Raises `DomainError` with the field for one that lacks or is too long."""
    texts = {}
    for ask in kinds.KINDS[kind].asks:
        text = str(typed.get(ask.key) or "").strip()
        if not text and ask.missing:
            raise DomainError(str(ask.missing), field=ask.key)
        if text and ask.options and text not in ask.options:
            raise DomainError("Choisissez une réponse de la liste.", field=ask.key)
        if len(text) > LONGEST:
            raise DomainError(f"{LONGEST} caractères au plus.", field=ask.key)
        texts[ask.key] = text
    return texts


def free(session: TenantSession, by: Adviser, contact_id: str, kind: str) -> None:
    """Raise `DomainError` while a document of this kind is out to be signed: two would be about."""
    if status.standing(session, by, contact_id, today())[kind].open:
        text = "Ce document est à la signature\u202f: suivez cette demande, ou annulez-la, avant d'en produire un autre."
        raise DomainError(text, code="signature-open")


def keep(
    session: TenantSession, by: Adviser, ctx: Context, what: Prepared, texts: Mapping[str, str], data: bytes, *,
    key: str | None = None,
) -> Paper:  # fmt: skip
    """Put the PDF among the contact's documents, with what it was made of. `key`: the form's, a second arrival finds the first.

    Raises `DomainError` while one is out to be signed. The caller commits."""
    if key and (row := session.scalar(select(Paper).where(Paper.id == key, Paper.contact_id == what.card.id))):
        return row
    free(session, by, what.card.id, what.kind.code)
    made, on = what.template, what.on
    document = documents.store(
        session, owner_kind="contact", owner_id=what.card.id, category=what.kind.code,
        title=f"{made.title} du {on:%d/%m/%Y}", filename=f"{made.title} {on:%Y-%m-%d}.pdf", data=data,
        media_type="application/pdf", created_by=by.user_id,
    )  # fmt: skip
    snapshot = own_facts.digest(what.facts.snapshot(made))
    row = Paper(
        contact_id=what.card.id, document_id=document.id, kind=what.kind.code, template=made.ref, texts=dict(texts),
        facts_sha256=snapshot, made_on=on, valid_until=until(ctx, what.kind, on, what.profile), made_by=by.name,
    )  # fmt: skip
    if key:
        row.id = key
    session.add(row)
    session.flush()
    said = {
        "document": document.id, "paper": row.kind, "version": row.template, "sha256": document.sha256,
        "facts_sha256": snapshot, "missing": list(what.lacking), "valid_until": _iso(row.valid_until),
    }  # fmt: skip
    audit.record(session, by.user_id, "conformite.paper_made", f"contact:{row.contact_id}", said)
    return row


def file(
    session: TenantSession, by: Adviser, ctx: Context, contact_id: str, kind: str, sent: Sent, signed_on: date, *,
    key: str | None = None,
) -> Paper:  # fmt: skip
    """File a document that was signed by hand, made here or not: it counts from the day it was signed. It is held.

    Raises `NotFound`, `Forbidden`, `DomainError` with the field."""
    known = templates.known(kind)
    owner(session, by, contact_id)
    if key and (row := session.scalar(select(Paper).where(Paper.id == key, Paper.contact_id == contact_id))):
        return row
    if signed_on > today():
        raise DomainError("Cette date est dans le futur\u202f: vérifiez-la.", field="on")
    if signed_on < OLDEST:
        raise DomainError("Cette date est trop ancienne\u202f: vérifiez-la.", field="on")
    title = f"{known.label} du {signed_on:%d/%m/%Y} (signé sur papier)"
    # the same bytes are not kept twice in one file: a scan that was filed before becomes the paper
    filed = documents.filing.add(session, by, ("contact", contact_id), documents.filing.Facts(title, kind), [sent])
    document = filed.made[0] if filed.made else filed.twins[0][1]
    if session.scalar(select(Paper.id).where(Paper.document_id == document.id)) is not None:
        raise DomainError("Ce fichier compte déjà parmi les documents réglementaires\u202f: joignez-en un autre.", field="file")
    document.hold = document.hold or HOLD
    row = Paper(
        contact_id=contact_id, document_id=document.id, kind=kind, texts={}, made_on=signed_on, signed_on=signed_on,
        valid_until=until(ctx, known, signed_on, None), made_by=by.name,
    )  # fmt: skip
    if key:
        row.id = key
    session.add(row)
    session.flush()
    said = {"document": document.id, "paper": kind, "sha256": document.sha256, "on": signed_on.isoformat(),
            "valid_until": _iso(row.valid_until)}  # fmt: skip
    audit.record(session, by.user_id, "conformite.paper_filed", f"contact:{contact_id}", said)
    return row


def until(ctx: Context, kind: kinds.Kind, on: date, profile: Established | None) -> date | None:
    """Until when a document of that day holds: what was made of a profile no longer than it; None without end."""
    if kind.code == kinds.PROFILE:
        return profile.valid_until if profile is not None else due_on(on, int(ctx.settings["validity"]))
    months = int(ctx.settings[months_field(kind.code)])
    return due_on(on, months) if months else None


def drawn(what: Prepared, head: pdf.Letterhead) -> bytes:
    """The PDF of what was prepared (a second, reads nothing). Raises `PdfError`."""
    return sheet.drawn(what.template, what.facts, head, what.on)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
