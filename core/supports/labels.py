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
#: What a support is invested in, in the main (domain.md §2.3, «classe d'actifs»).
ASSET_CLASSES: dict[str, str] = {
    "LIQUIDITES": "Liquidités et monétaire", "FONDS_EURO": "Fonds en euros", "OBLIGATIONS": "Obligations",
    "DIVERSIFIE": "Diversifié", "ACTIONS": "Actions", "IMMOBILIER": "Immobilier", "NON_COTE": "Non coté",
    "STRUCTURE": "Produits structurés", "MATIERES_PREMIERES": "Or et matières premières", "CRYPTO": "Cryptoactifs",
    "AUTRE": "Autre",
}  # fmt: skip
#: Where, in the main; what is spread over the world is «Monde».
ZONES: dict[str, str] = {
    "FRANCE": "France", "EUROPE": "Europe", "AMERIQUE_NORD": "Amérique du Nord", "ASIE": "Asie et Pacifique",
    "EMERGENTS": "Pays émergents", "MONDE": "Monde",
}  # fmt: skip
#: What a kind of support is invested in by its nature, where nobody told; of the others it has to be told.
CLASS_OF_TYPE: dict[str, str] = {
    "FONDS_EURO": "FONDS_EURO", "SCPI": "IMMOBILIER", "OPCI": "IMMOBILIER", "SCI": "IMMOBILIER", "ACTION": "ACTIONS",
    "OBLIGATION": "OBLIGATIONS", "PRODUIT_STRUCTURE": "STRUCTURE", "FCPR": "NON_COTE", "FCPI": "NON_COTE", "FIP": "NON_COTE",
    "LIQUIDITE": "LIQUIDITES",
}  # fmt: skip
