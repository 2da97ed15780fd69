"""Reading a partner's list of acts (partner-link.md §5): strict on the whole, lenient on one item, never enabling."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.db.clock import now
from core.hooks.errors import ProtocolError
from core.hooks.types import AccountAction
from core.transactions.machine import nature_of

_log = logging.getLogger("encours.links")
_CODE = re.compile(r"^[a-z0-9_.]{1,60}$")
MOST = 100

#: Reason code → what would open the act, in our words (NX-03); the partner's own words come first.
REMEDIES: dict[str, str] = {
    "pending_same_kind": "Attendez la fin de cette transaction\u202f: l'acte se rouvrira.",
    "product_not_eligible": "Le contrat ne prévoit pas cet acte.",
    "holder_type_not_eligible": "Cet acte n'est pas ouvert à ce type de titulaire.",
    "contract_closed": "Le contrat est clos\u202f: plus aucun acte n'y est possible.",
    "contract_pledged": "Obtenez l'accord du créancier ou la mainlevée du nantissement.",
    "minor_or_protected_person": "Adressez la demande avec l'accord du représentant légal ou du juge.",
    "adviser_not_mandated": "Demandez à un administrateur du cabinet de vous ajouter au mandat.",
    "mandate_inactive": "Voyez où en est le mandat dans la page d'activation.",
    "act_not_mandated": "Demandez à un administrateur du cabinet d'étendre le mandat à cet acte.",
    "kyc_incomplete": "Complétez le dossier de connaissance du client.",
    "signature_pending": "Faites signer le document en attente.",
    "market_closed": "Recommencez à l'ouverture des marchés.",
    "amount_limits": "Les montants possibles sont hors des limites du contrat.",
    "maintenance": "Réessayez après l'interruption.",
    "accepted_beneficiary": "Obtenez l'accord écrit du bénéficiaire acceptant.",
    "advance_running": "Remboursez d'abord l'avance en cours.",
    "deceased": "Suivez la procédure de dénouement par décès de la compagnie.",
    "renunciation_period": "Attendez la fin du délai de renonciation.",
    "other": "Contactez votre interlocuteur chez le partenaire.",
}
_ALIASES = {"legal_person_not_eligible": "holder_type_not_eligible"}
ICONS: dict[str, str] = {
    "arbitrage": "arrows-exchange",
    "versement": "plus",
    "versement_programme": "calendar-repeat",
    "rachat": "coin-euro",
    "rachat_programme": "calendar-repeat",
    "avance": "coin-euro",
    "beneficiaire": "user-heart",
    "other": "file-text",
}


@dataclass(frozen=True, slots=True)
class Capabilities:
    """A partner's answer: its acts in its order, and when it evaluated them."""

    actions: tuple[AccountAction, ...]
    evaluated_at: datetime


def read(answer: Mapping[str, Any], *, account_ref: str, partner: str, scopes: frozenset[str]) -> Capabilities:
    """The acts of a capability answer. Raises `ProtocolError` for an answer that cannot be trusted (PLP-049)."""
    items = answer.get("actions")
    if _folded(answer.get("account_ref")) != _folded(account_ref):
        raise ProtocolError("Le partenaire a répondu pour un autre contrat.")
    if not isinstance(items, list) or len(items) > MOST:
        raise ProtocolError("La liste d'actes du partenaire est illisible.")
    codes = [item.get("code") for item in items if isinstance(item, dict)]
    if len(codes) != len(set(map(str, codes))):
        raise ProtocolError("Le partenaire a nommé deux fois le même acte.")
    decision = answer.get("decision_id")
    actions = [_action(item, decision if isinstance(decision, str) else None, partner, scopes) for item in items]
    return Capabilities(tuple(action for action in actions if action), _evaluated(answer.get("evaluated_at")))


def _action(item: Any, decision: str | None, partner: str, scopes: frozenset[str]) -> AccountAction | None:
    code, label = (item.get("code"), item.get("label")) if isinstance(item, dict) else (None, None)
    if not isinstance(code, str) or not _CODE.fullmatch(code) or not isinstance(label, str) or not label.strip():
        _log.warning("%s: an act without a valid code or label was dropped", partner)
        return None
    nature = nature_of(code, item.get("nature"))
    state = item.get("state")
    enabled, reason_code, reason, retry = state == "allowed", None, None, state == "unavailable"
    if not enabled:
        reason_code, reason = _reason(item.get("reason"), partner)
    elif f"launch:{code}" not in scopes and code != "consultation":
        enabled, reason_code = False, "act_not_mandated"
        reason = "Cet acte n'est pas prévu par le mandat de votre cabinet."
    return AccountAction(
        key=code, label=label.strip()[:100], icon=ICONS.get(nature, "file-text"), enabled=enabled, reason=reason,
        remedy=None if enabled else _remedy(reason_code, item.get("reason")), reason_code=reason_code,
        nature=nature, decision_id=decision, accepts_prefill=item.get("accepts_prefill") is True,
        acr=item.get("acr") if isinstance(item.get("acr"), str) else None, retry=retry,
    )  # fmt: skip


def _reason(reason: Any, partner: str) -> tuple[str, str]:
    """The partner's words first, ours where it gave none: never a bare grey."""
    given = reason if isinstance(reason, dict) else {}
    code = str(given.get("code") or "other")
    code = _ALIASES.get(code, code)
    code = code if code in REMEDIES else "other"
    text = given.get("text")
    if isinstance(text, str) and text.strip():
        return code, text.strip()[:200]
    return code, f"Non disponible sur ce compte selon {partner}."


def _remedy(code: str | None, reason: Any) -> str | None:
    """What would open the act. «other» with the partner's own words says it all: nothing vague is added to them."""
    if code == "other" and isinstance(reason, dict) and str(reason.get("text") or "").strip():
        return None
    return REMEDIES.get(code or "other", REMEDIES["other"])


def _evaluated(value: Any) -> datetime:
    """PLP-050: a moment ahead of ours is now."""
    try:
        moment = datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    except ValueError:
        return now()
    return min(moment, now()) if moment.tzinfo else now()


def _folded(ref: Any) -> str:
    return re.sub(r"[\s.\-]", "", str(ref)).upper()
