"""The mandate's rows: which one is current, what happened to it, and the one way to move it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from core.cabinets import audit
from core.db.clock import now
from core.db.errors import Conflict
from core.db.errors import NotFound
from core.db.session import TenantSession
from core.hooks import events
from core.hooks.happenings import MandateChanged
from core.links import mandate_document
from core.links import mandate_machine as machine
from core.links import wording
from core.links.models import Mandate
from core.links.models import MandateEvent
from core.links.models import Registration


def registration(session: TenantSession, plugin: str) -> Registration | None:
    """The partner's registration with the session's cabinet, if any."""
    return session.scalar(select(Registration).where(Registration.plugin == plugin))


def partner_label(session: TenantSession, plugin: str) -> str:
    """The partner's name for people: its sheet's, else the plugin's."""
    known = registration(session, plugin)
    return str(known.sheet.get("name") or plugin) if known else plugin.replace("_", " ").capitalize()


def current(session: TenantSession, plugin: str) -> Mandate | None:
    """The cabinet's newest mandate at the partner; None where the partner is not registered."""
    return session.scalar(
        select(Mandate)
        .where(Mandate.plugin == plugin)
        .order_by(Mandate.created_at.desc(), Mandate.id.desc())
        .limit(1)
    )


def locked(session: TenantSession, plugin: str, reference: str | None = None) -> Mandate:
    """The current mandate (or that of the reference), its row locked until the commit. Raises `NotFound`."""
    found = select(Mandate).where(Mandate.plugin == plugin)
    if reference is not None:
        found = found.where(Mandate.reference == reference)
    mandate = session.scalar(
        found.order_by(Mandate.created_at.desc(), Mandate.id.desc())
        .limit(1)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if mandate is None:
        raise NotFound("Ce partenaire n'est pas encore enregistré pour votre cabinet\u202f: importez d'abord sa fiche.")
    return mandate


def of_reference(session: TenantSession, reference: str) -> Mandate:
    """The mandate of this reference, whatever its partner. Raises `NotFound`."""
    mandate = session.scalar(select(Mandate).where(Mandate.reference == reference))
    if mandate is None:
        raise NotFound(f"Aucun mandat de ce cabinet ne porte la référence {reference}.")
    return mandate


def history(session: TenantSession, mandate: Mandate) -> Sequence[MandateEvent]:
    """What happened to the mandate, the oldest first."""
    return session.scalars(
        select(MandateEvent)
        .where(MandateEvent.mandate_id == mandate.id)
        .order_by(MandateEvent.at, MandateEvent.id)
    ).all()


def last_event(session: TenantSession, mandate: Mandate) -> MandateEvent | None:
    """The newest step of the history; its id is the `seen` stamp of forms.

    A mere note (the document was handed over, a code was mistyped) makes no form out of date.
    """
    return session.scalar(
        select(MandateEvent)
        .where(MandateEvent.mandate_id == mandate.id, MandateEvent.event.in_(machine.MOVES))
        .order_by(MandateEvent.at.desc(), MandateEvent.id.desc())
        .limit(1)
    )


def note(
    session: TenantSession, mandate: Mandate, event: str, *, actor: str, text: str | None = None,
    document_id: str | None = None,
) -> MandateEvent:  # fmt: skip
    """Add a line to the history and to the cabinet's journal, without moving the mandate."""
    line = MandateEvent(
        mandate_id=mandate.id, event=event, state=mandate.state, actor=actor, note=text[:300] if text else None,
        document_id=document_id, at=now(),
    )  # fmt: skip
    session.add(line)
    session.flush()
    payload = {"state": mandate.state, "note": line.note, "document": document_id}
    audit.record(session, actor, f"mandate.{event}", f"mandate:{mandate.reference}", payload)
    return line


def move(
    session: TenantSession, mandate: Mandate, event: str, by: machine.By, *, actor: str, text: str | None = None,
    document_id: str | None = None,
) -> None:  # fmt: skip
    """Move the mandate: state, history, journal, event for plugins, next version for the partner.

    Raises `Conflict` where the machine does not allow it (PLP-042's table).
    """
    target = machine.target(event, mandate.state, by)
    if target is None:
        label = wording.state(mandate.plugin, mandate.state)
        raise Conflict(
            f"Le mandat est à l'état «\u202f{label}\u202f»\u202f: cette étape n'est pas possible. "
            "Revenez à la page de l'activation pour voir où il en est."
        )
    before, mandate.state = mandate.state, target
    if target in machine.FINAL and mandate.ended_at is None:
        mandate.ended_at = now()
    note(session, mandate, event, actor=actor, text=text, document_id=document_id)
    if before != target:
        events.publish(session, MandateChanged(mandate.plugin, before, target))
    mandate_document.touch(session, mandate)
