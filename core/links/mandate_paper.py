"""What pages and the printed form show of a mandate: frozen, read in a few queries, with no row inside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from datetime import datetime
from typing import Any

from sqlalchemy import select

from core.cabinets import rights
from core.cabinets import services as cabinets
from core.cabinets.models import User
from core.db.errors import NotFound
from core.db.session import TenantSession
from core.documents import services as documents
from core.hooks.types import Adviser
from core.links import enrolments
from core.links import keys
from core.links import mandate_book as book
from core.links import mandate_clock as clock
from core.links import mandate_code
from core.links import mandate_document
from core.links import mandate_machine as machine
from core.links import wording
from core.links.mandate_steps import OWNER
from core.links.models import Mandate
from core.links.saml import paper as saml_paper
from core.links.saml.paper import SamlPaper

rights.register(OWNER, "partners.manage")


@dataclass(frozen=True, slots=True)
class Paper:
    """All that the printed form says of the cabinet; what is None or empty is left to be filled."""

    reference: str
    partner: str
    cabinet: str
    siren: str | None
    orias: str | None
    address: str | None
    broker_code: str | None
    advisers: tuple[tuple[str, str | None], ...]
    acts: tuple[tuple[str, str], ...]
    chosen: frozenset[str]
    thumbprints: tuple[str, ...]
    delay: str
    form: dict[str, Any]
    #: Where the partner is reached by SAML: whose certificates, and how contract data travel.
    saml: SamlPaper | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the history. `kind` is the event's code."""

    at: datetime
    kind: str
    label: str
    who: str
    note: str | None
    document_id: str | None
    filename: str | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the cabinet's mandate at a partner stands. `seen` is the stamp that forms send back."""

    reference: str
    state: str
    label: str
    seen: str
    sent_on: date | None
    inspector_name: str | None
    inspector_email: str | None
    received_on: date | None
    active_from: datetime | None
    ended_at: datetime | None
    signed_at: datetime | None
    suspended_by: str | None
    code_expires_at: datetime | None
    code_usable: bool
    delay: clock.Delay
    progress: clock.Progress
    may: frozenset[str]
    may_with_proof: frozenset[str]
    reached: dict[str, datetime]
    lines: tuple[Line, ...]
    paper_id: str | None


def paper(session: TenantSession, plugin: str) -> Paper:
    """What the form is pre-filled with. Raises `NotFound` where the partner is not registered."""
    mandate, known = book.current(session, plugin), book.registration(session, plugin)
    if mandate is None or known is None:
        raise NotFound("Ce partenaire n'est pas encore enregistré pour votre cabinet.")
    cabinet = cabinets.cabinet_of(session)
    acts = mandate_document.acts(known.sheet)
    people = enrolments.listed(session, plugin)
    chosen = mandate.form.get("acts")
    return Paper(
        reference=mandate.reference, partner=str(known.sheet["name"]), cabinet=cabinet.name, siren=cabinet.siren,
        orias=cabinet.orias, address=cabinet.address, broker_code=known.broker_code,
        advisers=tuple((person.name, person.partner_code) for person in people if person.state == "enrolled"),
        acts=tuple(acts), chosen=frozenset(chosen if chosen is not None else (code for code, _ in acts)),
        thumbprints=tuple(keys.thumbprints(session)), delay=clock.delay(session, plugin).label,
        form=dict(mandate.form), saml=saml_paper.of(session, known),
    )  # fmt: skip


def standing(session: TenantSession, plugin: str) -> Standing | None:
    """Where the mandate stands today; None where the partner is not registered with the cabinet."""
    mandate = book.current(session, plugin)
    if mandate is None:
        return None
    events = book.history(session, mandate)
    kept = {row.id: row.filename for row in documents.of_owner(session, "system", OWNER, mandate.id)}
    who = _Names(session, book.partner_label(session, plugin))
    lines = tuple(
        Line(
            event.at, event.event, wording.event(plugin, event.event), who.of(event.actor), event.note,
            event.document_id, kept.get(event.document_id or ""),
        )
        for event in events
    )  # fmt: skip
    last, reached = book.last_event(session, mandate), dict[str, datetime]()
    for event in events:
        if event.event in machine.MOVES:
            reached[event.state] = event.at
    papers = [event.document_id for event in events if event.event in ("issue", "complete") and event.document_id]
    return Standing(
        reference=mandate.reference, state=mandate.state, label=wording.state(plugin, mandate.state),
        seen=last.id if last else "", sent_on=mandate.sent_on, inspector_name=mandate.inspector_name,
        inspector_email=mandate.inspector_email, received_on=mandate.received_on, active_from=mandate.active_from,
        ended_at=mandate.ended_at, signed_at=mandate.signed_at, suspended_by=mandate.suspended_by,
        code_expires_at=mandate.code_expires_at,
        code_usable=mandate_code.usable(mandate.code_hash, mandate.code_expires_at, mandate.code_tries),
        delay=clock.delay(session, plugin),
        progress=clock.progress_of(session, mandate), may=machine.allowed(mandate.state, "platform"),
        may_with_proof=machine.allowed(mandate.state, "proof"), reached=reached, lines=lines,
        paper_id=papers[-1] if papers else None,
    )  # fmt: skip


def file(session: TenantSession, by: Adviser | str, plugin: str, document_id: str) -> tuple[bytes, str, str]:
    """A file of the partner's mandates: (bytes, name, media type). Raises `NotFound`, also for any other document."""
    document = documents.get(session, by, document_id)
    owner = session.scalar(
        select(Mandate.id).where(Mandate.plugin == plugin, Mandate.id == document.owner_id)
    )
    if document.owner_kind != OWNER or owner is None:
        raise NotFound("Ce document n'existe pas, ou n'appartient pas à ce mandat.")
    return documents.read(session, document), document.filename, document.media_type


class _Names:
    """Who an actor is, for people."""

    def __init__(self, session: TenantSession, partner: str) -> None:
        people = session.execute(
            select(User.id, User.display_name).where(User.cabinet_id == session.require_cabinet())
        )
        self._people = dict(people.all())
        self._partner = partner

    def of(self, actor: str) -> str:
        """The name shown."""
        if actor.startswith("partner:"):
            return self._partner
        return {"system": "Encours", "cli": "Ligne de commande"}.get(actor) or self._people.get(actor, "Compte supprimé")
