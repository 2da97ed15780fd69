"""Answers of an ordinary client and of an ordinary operation; lists of countries as somebody imports them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from core.db.clock import today
from core.db.session import TenantSession
from core.hooks.types import Adviser
from plugins.conformite.vigilance import lists
from plugins.conformite.vigilance import writes

MONTHS = {"RENFORCEE": 12, "STANDARD": 36, "SIMPLIFIEE": 60}
PLAIN = {
    "ppe": "NON", "canal": "PRESENT", "activite": "ORDINAIRE", "fonds": "EPARGNE", "justificatif": "VU", "pays_fonds": "FR",
    "especes": "NON", "coherence": "OUI", "gel": "AUCUN", "gel_le": "2026-11-02", "gel_source": "Registre national des gels",
}  # fmt: skip
COMPANY = {**PLAIN, "structure": "SIMPLE", "beneficiaires": "IDENTIFIES"}
SIMPLE_OPERATION = {
    "nature": "VERSEMENT", "fonds": "EPARGNE", "justificatif": "VU", "pays_fonds": "FR", "especes": "NON", "tiers": "CLIENT",
    "coherence": "OUI",
}  # fmt: skip
PPE = {**PLAIN, "ppe": "OUI", "ppe_detail": "Députée, France"}


def assess(session: TenantSession, by: Adviser, contact: str, answers: dict[str, str], days: int = 0, **more: Any) -> str:
    """An assessment made so many days ago."""
    on = today() - timedelta(days=days)
    return writes.assess(session, by, contact, answers, months=MONTHS, on=on, **more)


def bring_all(session: TenantSession, manager: Adviser, text: str = "IR, KP") -> None:
    """All lists of the rules, imported today."""
    for code in ("UE", "GAFI_NOIRE", "GAFI_GRISE", "FISCAL"):
        lists.bring(session, manager, code, dated_on=today(), source="Journal officiel", text=text)
