"""Statuses, natures and moves of a transaction, as data (interfaces.md «One vocabulary», partner-link.md §7)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from typing import Literal

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
}
#: Ours: never on the wire (PLP-086).
LOCAL = frozenset({"initiated", "opened", "abandoned", "unknown"})
#: The partner's own words that every sheet has; declared ones come on top.
PARTNER = frozenset({"pending", "validated", "rejected", "cancelled"})
FINAL = frozenset({"validated", "rejected", "cancelled"})

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
_KINDS: dict[str, str] = {
    "initiated": "neutral",
    "opened": "info",
    "pending": "warning",
    "validated": "success",
    "rejected": "danger",
    "cancelled": "neutral",
    "abandoned": "neutral",
    "unknown": "neutral",
}


def nature_of(act: str, given: Any = None) -> str:
    """An act's nature: the partner's word where it is one of ours, else the vocabulary, else «other» (PLP-044)."""
    if given is not None:
        return given if given in NATURES else "other"
    return ACT_NATURES.get(act, "other")


def badge_kind(status: str) -> str:
    """The badge's look; a declared status waits, as «En attente» does."""
    return _KINDS.get(status, "warning")


def is_in_progress(status: str) -> bool:
    """Whether the partner is processing it: pending or declared. What is only ours blocks nothing (PLP-051)."""
    return status not in LOCAL and status not in FINAL


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do with a snapshot: apply, same (known), stale (stored only), refuse (conflict)."""

    kind: Literal["apply", "same", "stale", "refuse"]
    gap: bool = False


def judge(status: str, last: int, seq: int, *, same: bool, corrects: int | None) -> Verdict:
    """PLP-094 to PLP-097, PLP-100: `last` is the last snapshot's number, `same` whether its content is equal.

    `corrects` is None for a plain change; for a correction, the number of the snapshot corrected.
    """
    if seq == last:
        return Verdict("same" if same else "refuse")
    if seq < last:
        return Verdict("stale")
    if status in FINAL and (corrects is None or not last <= corrects < seq):
        return Verdict("refuse")
    if corrects is not None and not corrects < seq:
        return Verdict("refuse")
    return Verdict("apply", gap=seq > last + 1)
