"""What loans weigh in a balance sheet: what is owed on the day, by whom (PA-01, AU-01)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from core.api.db import session
from core.api.types import Ownership
from core.api.types import WealthItem
from plugins.patrimoine import loans


def items(contacts: Sequence[str], on: date) -> list[WealthItem]:
    """Each loan that runs on the day and that one of these people owes, whole, with all its borrowers."""
    made = []
    for one in loans.owed_by(session(), contacts, on):
        owed = one.owed(on)
        if owed.amount == 0:
            continue
        told = owed.origin == "DECLARE"
        made.append(
            WealthItem(
                key=one.id, label=f"{one.label}\u202f: {one.terms.purpose}", category="EMPRUNT", value=owed.amount,
                owners=tuple(Ownership(who.contact_id, who.share) for who in one.borrowers), as_of=owed.as_of,
                source=f"Solde communiqué par {one.terms.lender}" if told else "Échéancier du prêt", origin=owed.origin,
                acquired_on=one.terms.granted_on or one.begins, endpoint="p_patrimoine.loan_of_item",
            )
        )  # fmt: skip
    return made
