"""What is a couple's and what is one's own: the matrimonial regime applied to a thing. Pure: no database.

Sources: Code civil, art. 1401, 1402 (presumption of community), 1405, 1498 (old regime), 1526, 1536, 1569; 515-5, 515-5-1 (PACS).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core.hooks.wealth import WealthItem

#: Unions that may make things common; those who live together without one own each their own.
MARRIED, PACS = "CONJOINT", "PARTENAIRE_PACS"


@dataclass(frozen=True, slots=True)
class Couple:
    """Two people in a union on the day that is reckoned. `regime`: a code of `core.contacts.choices`, None: not known."""

    one: str
    other: str
    kind: str
    since: date | None
    regime: str | None

    def of(self, contact_id: str) -> bool:
        """Whether this is one of the two."""
        return contact_id in (self.one, self.other)


@dataclass(frozen=True, slots=True)
class Said:
    """Whether a thing is shared by halves, and why: words for «d'où vient ce chiffre»."""

    common: bool
    why: str


def shared(item: WealthItem, couple: Couple) -> Said:
    """Whether what the two have of a thing is shared by halves, whoever of them holds it."""
    if item.nature == "PROPRE":
        return Said(False, "Bien propre, tel que déclaré.")
    if item.nature == "INDIVIS":
        return Said(False, "Bien indivis\u202f: chacun sa quote-part, telle que déclarée.")
    if item.nature == "COMMUN":
        return Said(True, "Bien commun, tel que déclaré\u202f: moitié à chacun.")
    if couple.kind == MARRIED:
        return _married(item, couple)
    if couple.kind == PACS and couple.regime == "INDIVISION" and not _before(item, couple):
        return Said(True, "Pacs sous le régime de l'indivision (art. 515-5-1 C. civ.)\u202f: moitié à chacun.")
    return Said(False, "")


def _married(item: WealthItem, couple: Couple) -> Said:
    regime = couple.regime
    if regime is None:
        return Said(False, "Régime matrimonial non renseigné\u202f: compté à qui le détient.")
    if regime == "COMMUNAUTE_UNIVERSELLE":
        return Said(True, "Communauté universelle (art. 1526 C. civ.)\u202f: moitié à chacun.")
    if regime == "COMMUNAUTE_MEUBLES_ET_ACQUETS" and not item.immovable:
        return Said(True, "Meuble, sous la communauté de meubles et acquêts\u202f: moitié à chacun.")
    if regime in ("COMMUNAUTE_REDUITE_AUX_ACQUETS", "COMMUNAUTE_MEUBLES_ET_ACQUETS"):
        if _before(item, couple):
            return Said(False, "Acquis avant le mariage\u202f: propre (art. 1405 C. civ.).")
        return Said(True, "Présumé commun (art. 1402 C. civ.)\u202f: moitié à chacun.")
    if regime == "REGIME_ETRANGER":
        return Said(False, "Régime étranger\u202f: compté à qui le détient.")
    return Said(False, "Biens séparés\u202f: compté à qui le détient.")


def _before(item: WealthItem, couple: Couple) -> bool:
    return item.acquired_on is not None and couple.since is not None and item.acquired_on < couple.since
