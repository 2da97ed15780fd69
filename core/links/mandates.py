"""The mandate, for the rest of the program: may this adviser go to this partner now (PLP-042), and each step.

The parts: `mandate_machine` (states as data), `mandate_book` (rows and history), `mandate_document` (what the partner
gets), `mandate_steps` (people's steps), `mandate_views` (the partner's word), `mandate_clock`, `mandate_sender`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from core.db.clock import now
from core.db.session import TenantSession
from core.hooks.declared import of_name
from core.links import mandate_machine as machine
from core.links import mandate_sender as _sender
from core.links import places
from core.links import wording
from core.links.mandate_book import current
from core.links.mandate_book import history
from core.links.mandate_book import last_event
from core.links.mandate_book import of_reference
from core.links.mandate_book import partner_label
from core.links.mandate_book import registration
from core.links.mandate_clock import Delay
from core.links.mandate_clock import Progress
from core.links.mandate_clock import delay
from core.links.mandate_clock import due_on
from core.links.mandate_clock import progress
from core.links.mandate_clock import progress_of
from core.links.mandate_code import new_code
from core.links.mandate_code import printed
from core.links.mandate_document import acts
from core.links.mandate_document import listed_advisers
from core.links.mandate_document import touch
from core.links.mandate_paper import Line
from core.links.mandate_paper import Paper
from core.links.mandate_paper import Standing
from core.links.mandate_paper import file
from core.links.mandate_paper import paper
from core.links.mandate_paper import standing
from core.links.mandate_steps import activate
from core.links.mandate_steps import activate_by_hand
from core.links.mandate_steps import complete
from core.links.mandate_steps import issue
from core.links.mandate_steps import receive
from core.links.mandate_steps import renew
from core.links.mandate_steps import resume
from core.links.mandate_steps import revoke
from core.links.mandate_steps import send
from core.links.mandate_steps import suspend
from core.links.mandate_views import ViewOutcome
from core.links.mandate_views import apply_view
from core.links.mandate_views import ask_again
from core.links.models import Enrolment
from core.links.models import Mandate
from core.web.formats import day

__all__ = [
    "Blocked", "Delay", "Line", "Paper", "Progress", "Standing", "ViewOutcome", "activate", "activate_by_hand", "acts",
    "apply_view", "ask_again", "complete", "current", "delay", "due_on", "file", "history", "in_force", "issue", "last_event",
    "listed_advisers", "new_code", "of_reference", "paper", "partner_label", "printed", "progress", "progress_of",
    "receive", "registration", "renew", "resume", "revoke", "send", "standing", "suspend", "touch", "usable",
]  # fmt: skip

#: Importing this module registers them: the periodic clock, the reading, the sender.
REGISTERED = (_sender,)


@dataclass(frozen=True, slots=True)
class Blocked:
    """Why no call and no launch may be made. `reason` is a code of interfaces.md; `remedy` says who can do what."""

    reason: str
    text: str
    remedy: str
    url: str | None = None


def usable(session: TenantSession, plugin: str, user_id: str, at: datetime | None = None) -> Mandate | Blocked:
    """The mandate where this adviser may go to the partner at that moment (PLP-042), else what is missing (BL-05b).

    Reads our own tables only; calls nobody.
    """
    mandate = in_force(session, plugin, at)
    if isinstance(mandate, Blocked):
        return mandate
    return _enrolled(session, mandate, user_id, partner_label(session, plugin)) or mandate


def in_force(session: TenantSession, plugin: str, at: datetime | None = None) -> Mandate | Blocked:
    """The same for what the cabinet asks by itself, in no adviser's name."""
    moment = at or now()
    mandate = current(session, plugin)
    label = partner_label(session, plugin)
    url = places.address(plugin)
    if mandate is None or mandate.state == "none":
        text = f"{label} n'est pas activé pour votre cabinet."
        return Blocked("mandate_inactive", text, f"Demandez à un administrateur du cabinet d'activer {label}.", url)
    if mandate.state in machine.PENDING:
        return _pending(session, mandate, label, url)
    if mandate.state in machine.FINAL:
        return _ended(mandate, label, url)
    if mandate.state == "suspended" or mandate.partner_state != "active":
        return _suspended(mandate, label, url)
    if mandate.active_from is None or moment < mandate.active_from:
        text = f"Le mandat {label} prend effet le {day(mandate.active_from)}."
        return Blocked("mandate_pending", text, "Attendez cette date\u202f: il n'y a rien d'autre à faire.", url)
    if mandate.expires_at is not None and moment >= mandate.expires_at:
        return _ended(mandate, label, url)
    return mandate


def _pending(session: TenantSession, mandate: Mandate, label: str, url: str) -> Blocked:
    if mandate.state == "received":
        due = progress_of(session, mandate).due
        until = f", activation attendue au plus tard le {day(due)}" if due else ""
        text = f"Activation {of_name(label)} en cours\u202f: mandat reçu par la compagnie le {day(mandate.received_on)}{until}."
        return Blocked("mandate_pending", text, "Un administrateur du cabinet suit l'activation.", url)
    state, who = wording.state(mandate.plugin, mandate.state).lower(), wording.words(mandate.plugin)
    text = f"Activation {of_name(label)} en cours\u202f: {state}."
    todo = {
        "issued": "de remplir et de signer le mandat",
        "completed": f"de transmettre le mandat {who.to_contact}",
        "sent": f"de relancer {who.the_contact}\u202f: la date de réception par la compagnie n'est pas connue",
        "returned": "de compléter le mandat renvoyé par la compagnie",
    }[mandate.state]
    return Blocked("mandate_pending", text, f"Demandez à un administrateur du cabinet {todo}.", url)


def _ended(mandate: Mandate, label: str, url: str) -> Blocked:
    word = {"refused": "a été refusé par la compagnie", "revoked": "a été révoqué"}.get(mandate.state, "a expiré")
    remedy = "Demandez à un administrateur du cabinet de demander un nouveau mandat."
    return Blocked("mandate_inactive", f"Le mandat {label} de votre cabinet {word}.", remedy, url)


def _suspended(mandate: Mandate, label: str, url: str) -> Blocked:
    if mandate.suspended_by == "platform":
        text = f"Le mandat {label} est suspendu par votre cabinet."
        return Blocked("mandate_inactive", text, "Demandez à un administrateur du cabinet de le rétablir.", url)
    text = f"Le mandat {label} est suspendu par la compagnie."
    who = wording.words(mandate.plugin).the_contact
    remedy = f"Demandez à un administrateur du cabinet de contacter {who} de la compagnie."
    return Blocked("mandate_inactive", text, remedy, url)


def _enrolled(session: TenantSession, mandate: Mandate, user_id: str, label: str) -> Blocked | None:
    row = session.execute(
        select(Enrolment.state, Enrolment.handle).where(
            Enrolment.plugin == mandate.plugin, Enrolment.user_id == user_id
        )
    ).first()
    url = places.address(mandate.plugin, "conseillers")
    if row is not None and row.state == "suspended":
        text = f"Votre habilitation chez {label} est suspendue."
        return Blocked(
            "adviser_not_enrolled", text, "Demandez à un administrateur du cabinet de rétablir votre habilitation.", url
        )
    listed = {item.get("sub") for item in mandate.content.get("advisers", ())}
    if row is not None and row.state == "enrolled" and row.handle in listed:
        return None
    text = f"Vous n'êtes pas habilité chez {label}."
    return Blocked("adviser_not_enrolled", text, "Demandez à un administrateur du cabinet de vous habiliter.", url)
