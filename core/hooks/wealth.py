"""What a plugin says of a person's wealth: things owned and owed, whole, and who has which right on them. A leaf.

Core values the rights, splits what is a couple's, adds up (`core.wealth`): a plugin gives facts, never a part of its own
reckoning. Since 1.0.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

Right = Literal["PLEINE_PROPRIETE", "NUE_PROPRIETE", "USUFRUIT", "QUASI_USUFRUIT", "INDIVISION"]
Nature = Literal["", "PROPRE", "COMMUN", "INDIVIS"]
#: domain.md §2.8. What follows EMPRUNT is owed; CAUTION stands beside the balance sheet.
Category = Literal[
    "IMMOBILIER_USAGE", "IMMOBILIER_RAPPORT", "IMMOBILIER_PROFESSIONNEL", "FONCIER", "FINANCIER", "PROFESSIONNEL", "DIVERS",
    "EMPRUNT", "DETTE_FISCALE", "AUTRE_DETTE", "CAUTION",
]  # fmt: skip
DEBTS = frozenset({"EMPRUNT", "DETTE_FISCALE", "AUTRE_DETTE", "CAUTION"})


@dataclass(frozen=True, slots=True)
class Ownership:
    """Somebody's right on a thing. PP and bare-ownership shares of a thing make 1, PP and usufruct shares too."""

    contact_id: str  #: whose
    share: Decimal = Decimal(1)  #: of the right: above 0, at most 1
    right: Right = "PLEINE_PROPRIETE"  #: INDIVISION counts as full ownership of a share


@dataclass(frozen=True, slots=True)
class WealthItem:
    """One thing owned or owed, whole: its parts are reckoned by core."""

    key: str  #: its id in the plugin
    label: str  #: «Appartement, 12 rue Crébillon»
    category: Category  #: where it stands in the balance sheet
    value: Decimal | None  #: of the whole, positive, a debt's too; None where it is not known
    owners: tuple[Ownership, ...]  #: all who have a right on it, also those who were not asked for
    as_of: date | None = None  #: the day that the value is of
    source: str = ""  #: who says so: «Saisi par Marie Diallo», «Generali, par Nominéo»
    origin: Literal["DECLARE", "AGREGE", "CALCULE"] = "DECLARE"  #: told by a person, fed by a partner, reckoned
    currency: str = "EUR"  #: ISO 4217; what is not in euros is shown, and left out of sums
    nature: Nature = ""  #: a couple's or one's own, where it is known; otherwise the matrimonial regime presumes
    acquired_on: date | None = None  #: when it became theirs: before the marriage or after
    immovable: bool = False  #: land and buildings
    usufruct_until: date | None = None  #: a usufruct for a fixed time ends then; None: for life
    #: ratio of its value in the base of the IFI: 1 for a building, 0 for what is not property. Of a debt: the ratio of it that
    #: may be deducted there (art. 974 CGI), 0 where what it paid for is not taxed; a loan in fine's goes down each year
    taxable: Decimal = Decimal(0)
    main_home: bool = False  #: the taxpayer's main home (IFI: art. 973 CGI)
    finances: str = ""  #: of a debt: the key of the thing it paid for
    company_id: str = ""  #: of shares: the contact that is the company
    endpoint: str = ""  #: the page of it; gets `contact_id` and `item_id`

    @property
    def debt(self) -> bool:
        """Whether it is owed."""
        return self.category in DEBTS

    @property
    def off_balance(self) -> bool:
        """Whether it is only told beside the balance sheet: a surety given."""
        return self.category == "CAUTION"
