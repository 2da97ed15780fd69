"""The states of a journey, as data: what each is called, what may be done in it. No database, no clock."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

State = Literal["open", "refused", "sending", "sent", "abandoned", "expired"]

#: State → French name. The transaction's own status stands beside it (interfaces.md).
LABELS: dict[str, str] = {
    "open": "Saisie en cours",
    "refused": "À corriger",
    "sending": "Transmission en cours",
    "sent": "Transmise",
    "abandoned": "Abandonnée",
    "expired": "Expirée",
}
#: What can be typed, confirmed, given up.
TYPED = frozenset({"open", "refused"})
#: State → those that may follow.
MOVES: dict[str, frozenset[str]] = {
    "open": frozenset({"sending", "abandoned", "expired"}),
    "refused": frozenset({"sending", "abandoned", "expired"}),
    "sending": frozenset({"sent", "refused", "expired"}),
    "sent": frozenset(),
    "abandoned": frozenset(),
    "expired": frozenset(),
}
#: How long what is typed is kept since it was last touched: as long as a launch without a word (PLP-105).
KEPT = timedelta(hours=72)
#: And what is being transmitted: the tries of the outbox, then the time to send it again by hand.
KEPT_SENDING = timedelta(hours=75) + KEPT


def may_move(current: str, target: str) -> bool:
    """Whether this move is allowed from here."""
    return target in MOVES.get(current, frozenset())
