"""A tax household as it is declared: who, and what was earned, spent and owned in a year. Amounts are in euros.

Pure. The kinds of amounts are codes of ours; `core.taxes.case` says which variable of the engine each one is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from decimal import Decimal
from typing import Literal

Situation = Literal["CELIBATAIRE", "MARIE", "DIVORCE", "VEUF"]


@dataclass(frozen=True, slots=True)
class Adult:
    """One of those who sign the declaration. `amounts`: by kind, a key of `case.ADULT`."""

    birth_year: int | None = None
    amounts: Mapping[str, Decimal] = field(default_factory=dict)
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Household:
    """What is declared for one year of income. `amounts`: of the household, by kind, a key of `case.FOYER`.

    `MARIE` stands for a PACS too: taxed together, two adults; the others have one. Children in shared custody are not among
    `children`; `disabled_children` are among them, `disabled_shared` among the shared ones.
    """

    year: int
    situation: Situation
    adults: tuple[Adult, ...]
    children: int = 0
    shared: int = 0
    of_age: int = 0  #: attached, unmarried, without children of their own
    disabled_children: int = 0
    disabled_shared: int = 0
    disabled_others: int = 0  #: other disabled people who live there
    lone_parent: bool = False
    raised_alone: bool = False  #: lives alone and raised a child alone for five years
    by_scale: bool = False  #: income of capital by the scale rather than at the flat rate
    amounts: Mapping[str, Decimal] = field(default_factory=dict)
    #: What is taxed by the IFI, net; None: the IFI is not asked for.
    property_base: Decimal | None = None

    @property
    def couple(self) -> bool:
        """Whether two people are taxed together."""
        return self.situation == "MARIE"
