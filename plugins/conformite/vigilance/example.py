"""What an ordinary client and an ordinary operation answer: for the demonstration, and for whoever fills tables to try pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from core.api.db import today


def answers(**more: str) -> dict[str, str]:
    """What an ordinary client answers, otherwise where it is said."""
    usual = {
        "ppe": "NON", "canal": "PRESENT", "activite": "ORDINAIRE", "fonds": "EPARGNE", "justificatif": "VU", "pays_fonds": "FR",
        "especes": "NON", "coherence": "OUI", "gel": "AUCUN", "gel_le": (today() - timedelta(days=20)).isoformat(),
        "gel_source": "Registre national des gels, direction générale du Trésor",
    }  # fmt: skip
    return {**usual, **more}


def operation_answers(**more: str) -> dict[str, str]:
    """What an ordinary operation is said to be."""
    usual = {
        "nature": "VERSEMENT", "fonds": "IMMOBILIER", "justificatif": "VU", "pays_fonds": "FR", "especes": "NON",
        "tiers": "CLIENT", "coherence": "OUI",
    }  # fmt: skip
    return {**usual, **more}


def facts() -> dict[str, Any]:
    """The facts of an ordinary client about whom nothing is known besides."""
    return {
        "subject": "client", "company": False, "answers": answers(), "file": {}, "places": {}, "unknown": [], "envelopes": [],
        "lists": {}, "figures": {},
    }  # fmt: skip
