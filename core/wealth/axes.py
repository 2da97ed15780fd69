"""By what a consolidated situation is cut (PF-06): each axis, its codes in the order in which they are shown, and their words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.accounts.envelopes import ENVELOPES
from core.supports.labels import ASSET_CLASSES
from core.supports.labels import CLASS_OF_TYPE
from core.supports.labels import SFDR_LABELS
from core.supports.labels import SRI_LABELS
from core.supports.labels import ZONES

#: What nobody told; what the lines of an account do not say of its value.
UNKNOWN, UNTOLD = "?", "-"
UNKNOWN_LABEL, UNTOLD_LABEL = "Non renseigné", "Non détaillé"
#: How soon money can be had, and by what that is known.
LIQUIDITIES: dict[str, str] = {
    "IMMEDIATE": "Immédiate", "SOUS_DEUX_MOIS": "Sous deux mois", "INCERTAINE": "Selon le marché secondaire ou les retraits",
    "BLOQUEE": "Bloquée, sauf cas prévus", "NANTIE": "Accord du créancier nanti requis",
}  # fmt: skip
CASH = frozenset({
    "LIVRET_A", "LDDS", "LEP", "LIVRET_JEUNE", "LIVRET_BANCAIRE", "CEL", "COMPTE_COURANT", "COMPTE_JOINT", "CARTE",
})  # fmt: skip
#: Retirement and salary savings (CMF L224-4, C. trav. L3332-25), term accounts and funds with a holding period.
_LOCKED = frozenset({
    "PER_INDIVIDUEL", "PER_COLLECTIF", "PER_OBLIGATOIRE", "PERP", "MADELIN", "ARTICLE_83", "PREFON", "PEE", "PEI", "PERCO",
    "PARTICIPATION", "FCPI", "FIP", "FCPR", "FPCI", "CAT", "CLUB_DEAL", "CROWDFUNDING", "TONTINE",
})  # fmt: skip
_SLOW_ENVELOPES = frozenset({"SCPI", "GFI", "GFF"})
_SLOW_SUPPORTS = frozenset({"SCPI", "OPCI", "SCI", "FCPR", "FCPI", "FIP"})
#: An insurer pays a surrender within two months (C. assur. L132-21), whatever the support.
_INSURED = frozenset({"ASSURANCE_VIE", "CAPITALISATION"})


@dataclass(frozen=True, slots=True)
class Axis:
    """One way to cut. `words`: code → label, in order; None: the codes are words themselves, the largest slice first."""

    key: str
    label: str
    words: Mapping[str, str] | None


AXES: dict[str, Axis] = {
    one.key: one
    for one in (
        Axis("classe", "Classe d'actifs", ASSET_CLASSES), Axis("enveloppe", "Enveloppe", ENVELOPES),
        Axis("compagnie", "Compagnie", None), Axis("zone", "Zone géographique", ZONES), Axis("devise", "Devise", None),
        Axis("sri", "Risque (SRI)", SRI_LABELS), Axis("sfdr", "Classement SFDR", SFDR_LABELS),
        Axis("liquidite", "Liquidité", LIQUIDITIES),
    )
}  # fmt: skip


def asset_class(told: str | None, support_type: str) -> str:
    """What a support is invested in: as it was told, else by its nature."""
    return told or CLASS_OF_TYPE.get(support_type, UNKNOWN)


def liquidity(envelope: str, support_type: str | None, *, pledged: bool) -> str:
    """How soon money can be had of a line: the strictest of the account's rule and the support's."""
    if pledged:
        return "NANTIE"
    if envelope in _LOCKED:
        return "BLOQUEE"
    if envelope in _INSURED:
        return "SOUS_DEUX_MOIS"
    if envelope in _SLOW_ENVELOPES or support_type in _SLOW_SUPPORTS:
        return "INCERTAINE"
    return "IMMEDIATE" if envelope in CASH or support_type == "LIQUIDITE" else "SOUS_DEUX_MOIS"
