"""Statuses, natures and moves of a transaction, as data (interfaces.md «One vocabulary», partner-link.md §7).

No database, no clock: what may happen, not when.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from typing import Literal

Group = Literal["ours", "progress", "lost", "final"]
Word = Literal["progress", "final", "corrected"]
Kind = Literal["apply", "repeat", "stale", "refuse"]

#: Status → French label.
LABELS: dict[str, str] = {
    "initiated": "Préparée",
    "opened": "Ouverte chez le partenaire",
    "pending": "En attente",
    "validated": "Validé",
    "rejected": "Refusé",
    "cancelled": "Annulé",
    "abandoned": "Non aboutie",
    "unknown": "Statut non communiqué",
    "executed_here": "Exécutée",
}
#: Ours: never on the wire (PLP-086). `executed_here` is a person's word on what he typed here (ADR 033).
LOCAL = frozenset({"initiated", "opened", "abandoned", "unknown", "executed_here"})
#: The partner's own words that every sheet has; declared ones come on top.
PARTNER = frozenset({"pending", "validated", "rejected", "cancelled"})
FINAL = frozenset({"validated", "rejected", "cancelled"})

#: Where a transaction comes from. The first has a status (BL-13), and so has what was typed with all that it does (ADR 033).
ORIGINS: dict[str, str] = {"PARTENAIRE": "Chez le partenaire", "SAISIE": "Saisie ici", "IMPORT": "Importée"}

#: Nature → French label.
NATURES: dict[str, str] = {
    "arbitrage": "Arbitrage",
    "versement": "Versement",
    "versement_programme": "Versements programmés",
    "rachat": "Rachat",
    "rachat_programme": "Rachats programmés",
    "avance": "Avance",
    "beneficiaire": "Bénéficiaires",
    "other": "Autre",
}
ACT_NATURES: dict[str, str] = {
    "arbitrage": "arbitrage",
    "versement_complementaire": "versement",
    "versements_programmes_mise_en_place": "versement_programme",
    "versements_programmes_modification": "versement_programme",
    "versements_programmes_suspension": "versement_programme",
    "rachat_partiel": "rachat",
    "rachat_total": "rachat",
    "rachats_programmes_mise_en_place": "rachat_programme",
    "rachats_programmes_modification": "rachat_programme",
    "rachats_programmes_suspension": "rachat_programme",
    "avance": "avance",
    "clause_beneficiaire": "beneficiaire",
}
#: Status → look of its badge; a declared one waits, as «En attente» does.
_LOOKS: dict[str, str] = {
    "initiated": "neutral",
    "opened": "info",
    "pending": "warning",
    "validated": "success",
    "rejected": "danger",
    "cancelled": "neutral",
    "abandoned": "neutral",
    "unknown": "neutral",
    "executed_here": "success",
}

#: The partner's word, by where the transaction stands: the table at the end of partner-link.md §7.
#: A refused correction (PLP-100) is judged on its numbers, see `judge`.
TAKEN: dict[tuple[Group, Word], bool] = {
    ("ours", "progress"): True,
    ("ours", "final"): True,
    ("ours", "corrected"): True,
    ("progress", "progress"): True,
    ("progress", "final"): True,
    ("progress", "corrected"): True,
    ("lost", "progress"): True,
    ("lost", "final"): True,
    ("lost", "corrected"): True,
    ("final", "progress"): False,
    ("final", "final"): False,
    ("final", "corrected"): True,
}
#: Our own moves: target → groups or statuses from which it may come; anything else is left alone.
LOCAL_MOVES: dict[str, frozenset[str]] = {
    "opened": frozenset({"initiated"}),
    "abandoned": frozenset({"initiated", "opened"}),
    "unknown": frozenset({"progress"}),
}


@dataclass(frozen=True, slots=True)
class Event:
    """A partner's snapshot, as far as moves go. `corrected`: of the type transaction.corrected."""

    seq: int
    status: str
    corrected: bool = False
    corrects: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do with a snapshot: apply; repeat (its number is the last one's: compare); stale (store); refuse.

    `gap`: numbers are missing before it (PLP-097).
    """

    kind: Kind
    gap: bool = False


def group_of(status: str) -> Group:
    """Where a status stands in the table of moves; a declared one is in progress."""
    if status in FINAL:
        return "final"
    if status in ("initiated", "opened"):
        return "ours"
    return "lost" if status in LOCAL else "progress"


def nature_of(act: str, given: Any = None) -> str:
    """An act's nature: the partner's word where it is one of ours, else the vocabulary, else «other» (PLP-044)."""
    if given is not None:
        return given if isinstance(given, str) and given in NATURES else "other"
    return ACT_NATURES.get(act, "other")


def badge_kind(status: str) -> str:
    """The badge's look."""
    return _LOOKS.get(status, "warning")


def is_in_progress(status: str) -> bool:
    """Whether the partner is processing it: pending or declared. What is only ours blocks nothing (PLP-051)."""
    return group_of(status) == "progress"


def may_move(current: str, target: str) -> bool:
    """Whether one of our own moves is allowed from here."""
    sources = LOCAL_MOVES.get(target, frozenset())
    return current in sources or group_of(current) in sources


def judge(current: str, seq: int, event: Event) -> Verdict:
    """PLP-094 to PLP-097, PLP-100: `current` is our status, `seq` the last snapshot's number (0: none yet)."""
    if event.seq == seq:
        return Verdict("repeat")
    if event.seq < seq:
        return Verdict("stale")
    word: Word = "corrected" if event.corrected else "final" if event.status in FINAL else "progress"
    group = group_of(current)
    valid = event.corrects is not None and seq <= event.corrects < event.seq
    if not TAKEN[group, word] or (group == "final" and not valid):
        return Verdict("refuse")
    return Verdict("apply", gap=event.seq > seq + 1)
