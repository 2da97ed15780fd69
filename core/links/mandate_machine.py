"""The mandate's states as data (partner-link.md §4, PLP-042; domain.md §3.1): no database, no clock, no Flask.

No transition is set by time but `expire`: a mandate is never active because days went by (BL-05).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

By = Literal["platform", "partner", "proof", "clock"]

LABELS: dict[str, str] = {
    "none": "Non demandé",
    "issued": "Mandat généré",
    "completed": "Mandat rempli",
    "sent": "Transmis",
    "received": "Reçu par la compagnie",
    "active": "Actif",
    "returned": "Renvoyé incomplet",
    "refused": "Refusé",
    "suspended": "Suspendu",
    "revoked": "Révoqué",
    "expired": "Expiré",
}
STATES: tuple[str, ...] = tuple(LABELS)
#: A new mandate, with a new reference, is needed after these.
FINAL: frozenset[str] = frozenset({"refused", "revoked", "expired"})
#: Under way: the icon says «activation en cours».
PENDING: frozenset[str] = frozenset({"issued", "completed", "sent", "received", "returned"})
#: Our own states that forbid every call and launch, whatever the partner says (PLP-042).
BLOCKING: frozenset[str] = frozenset({"suspended", "revoked", "expired"})
#: The only words a partner says on the wire (PLP-041).
PARTNER_WORDS: tuple[str, ...] = ("received", "active", "returned", "refused", "suspended", "revoked")

EVENT_LABELS: dict[str, str] = {
    "issue": "Mandat généré",
    "complete": "Mandat rempli",
    "send": "Mandat transmis",
    "receive": "Réception par la compagnie",
    "activate": "Activation",
    "return": "Renvoyé incomplet par la compagnie",
    "refuse": "Refusé par la compagnie",
    "suspend": "Suspendu",
    "resume": "Suspension levée",
    "revoke": "Révoqué",
    "expire": "Expiré",
    "request": "Nouveau mandat demandé",
    "wrong_code": "Code d'activation erroné",
    "code_locked": "Code d'activation bloqué",
    "put": "Document transmis à la compagnie",
    "put_refused": "Document refusé par la compagnie",
}


@dataclass(frozen=True, slots=True)
class Transition:
    """One move: what happens, from which states, to which, and who may say so.

    `proof` is a person of the cabinet with a file of the partner that shows it.
    """

    event: str
    sources: frozenset[str]
    target: str
    by: frozenset[By]


def _move(event: str, sources: str, target: str, *by: By) -> Transition:
    return Transition(event, frozenset(sources.split()), target, frozenset(by))


TRANSITIONS: tuple[Transition, ...] = (
    # From `received` and `returned` too: a new paper is the way out where the printed code is dead (PLP-020).
    _move("issue", "none issued completed sent received returned", "issued", "platform"),
    _move("complete", "issued completed returned", "completed", "platform"),
    _move("send", "completed sent", "sent", "platform"),
    _move("receive", "completed sent received", "received", "proof"),
    _move("receive", "none issued completed sent received returned", "received", "partner"),
    _move("activate", "sent received", "active", "proof"),
    _move("activate", "none issued completed sent received returned active", "active", "partner"),
    _move("return", "issued completed sent received returned", "returned", "partner"),
    _move("refuse", "issued completed sent received returned", "refused", "partner"),
    _move("suspend", "active suspended", "suspended", "platform", "partner"),
    _move("resume", "suspended", "active", "platform", "partner"),
    _move("revoke", "issued completed sent received returned active suspended", "revoked", "platform", "partner"),
    _move("expire", "active suspended", "expired", "clock"),
)

#: The events that move a mandate; the history also holds others.
MOVES: frozenset[str] = frozenset(move.event for move in TRANSITIONS)


def target(event: str, state: str, by: By) -> str | None:
    """The state after `event`, or None where it is not allowed from `state` for `by`."""
    for move in TRANSITIONS:
        if move.event == event and state in move.sources and by in move.by:
            return move.target
    return None


def allowed(state: str, by: By) -> frozenset[str]:
    """The events that `by` may cause from `state`."""
    return frozenset(move.event for move in TRANSITIONS if state in move.sources and by in move.by)


def event_of_word(word: str, state: str) -> str:
    """The event that the partner's word is, seen from our state: `active` ends a suspension, or activates."""
    if word == "active":
        return "resume" if state == "suspended" else "activate"
    return {
        "received": "receive",
        "returned": "return",
        "refused": "refuse",
        "suspended": "suspend",
        "revoked": "revoke",
    }[word]
