"""The French words of a support's codes (domain.md §2.3)."""

from __future__ import annotations

TYPE_LABELS: dict[str, str] = {
    "FONDS_EURO": "Fonds en euros", "EUROCROISSANCE": "Eurocroissance", "OPCVM": "OPCVM", "ETF": "ETF", "FIA": "FIA",
    "SCPI": "SCPI", "OPCI": "OPCI", "SCI": "SCI", "ACTION": "Action", "OBLIGATION": "Obligation",
    "PRODUIT_STRUCTURE": "Produit structuré", "FCPR": "FCPR", "FCPI": "FCPI", "FIP": "FIP", "TRACKER": "Tracker",
    "INDICE": "Indice", "LIQUIDITE": "Liquidités", "TITRE_VIF": "Titre vif", "AUTRE": "Autre",
}  # fmt: skip
SFDR_LABELS: dict[str, str] = {"ART6": "Article 6", "ART8": "Article 8", "ART9": "Article 9", "NA": "Non applicable"}
#: The scale of the summary risk indicator; «na» stands for the supports that have none.
SRI_LABELS: dict[str, str] = {**{str(level): f"{level} sur 7" for level in range(1, 8)}, "na": "Non applicable"}
