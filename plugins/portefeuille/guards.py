"""Local rules on acts, from the account's facts alone: they may only grey, or ask for a reason (BL-10, BL-11)."""

from __future__ import annotations

from collections.abc import Mapping

from core.api.accounts import ENDED_STATES
from core.api.accounts import STATES
from core.api.types import AccountRef
from core.api.types import Guard

#: Natures that take money out, or borrow against it: a creditor has his word (domain.md §2.4).
CREDITORS_WORD = frozenset({"rachat", "rachat_programme", "avance"})
BLOCKS: dict[str, str] = {"OPPOSITION": "une opposition", "SUCCESSION": "une succession en cours"}


def judge(account: AccountRef, acts: Mapping[str, str]) -> dict[str, Guard]:
    """The guard of each act; acts that nothing stands against are left out. `acts` maps act code → nature."""
    block = _block(account)
    if block is not None:
        return dict.fromkeys(acts, block)
    if not account.pledged:
        return {}
    warning = Guard(
        "warn", "contract_pledged", "Ce contrat est nanti : l'accord du créancier est requis avant cet acte.",
        "Obtenez l'accord du créancier ou la mainlevée du nantissement.",
    )  # fmt: skip
    return {act: warning for act, nature in acts.items() if nature in CREDITORS_WORD}


def _block(account: AccountRef) -> Guard | None:
    if account.archived:
        return Guard(
            "block", "local_policy", "Ce compte est archivé\u202f: rien ne s'y fait.", "Sortez-le des archives, puis recommencez."
        )
    if account.state in ENDED_STATES:
        state = STATES[account.state].lower()
        return Guard(
            "block", "contract_closed", f"Ce contrat est {state} : plus aucun acte n'y est possible.",
            "Vérifiez l'état du contrat auprès de la compagnie s'il vous paraît inexact.",
        )  # fmt: skip
    dead = next((holder for holder in account.holders if holder.vital == "DECEDE"), None)
    if dead is not None:
        return Guard(
            "block", "deceased", f"{dead.name}, titulaire de ce contrat, est décédé.",
            "Suivez la procédure de dénouement par décès de la compagnie.",
        )  # fmt: skip
    if account.blocked:
        why = BLOCKS.get(account.blocked.upper(), "une décision du cabinet ou de la compagnie")
        return Guard(
            "block", "local_policy", f"Ce compte est bloqué par {why}.",
            "Faites lever le blocage, puis mettez la fiche du compte à jour.",
        )  # fmt: skip
    return None
