"""What a plugin says of a person's budget: what comes in, goes out, is put aside, a year. A leaf. Since 1.0."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

BudgetSide = Literal["REVENU", "CHARGE", "EPARGNE"]


@dataclass(frozen=True, slots=True)
class BudgetItem:
    """One line of somebody's budget, of a whole year."""

    contact_id: str  #: whose
    side: BudgetSide  #: what comes in, goes out, is put aside
    label: str  #: «Salaires», «Crédits»
    yearly: Decimal  #: euros a year, positive whatever the side
