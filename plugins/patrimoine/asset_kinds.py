"""The closed tables of what people own beside accounts, and owe beside loans (domain.md §2.8).

The usual ratio in the base of the IFI is what the law says of the kind at its plainest; each asset may have its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from core.api.types import Category
from core.api.types import Right

_NONE, _WHOLE, _QUARTER = Decimal(0), Decimal(1), Decimal("0.25")


@dataclass(frozen=True, slots=True)
class Kind:
    """What a kind of asset is. `ifi`: the usual ratio of its value in the base of the IFI; `why`: where that is said."""

    label: str
    category: Category
    immovable: bool = False
    ifi: Decimal = _NONE
    why: str = ""
    main_home: bool = False


#: In the order of the balance sheet.
CATEGORIES: dict[Category, str] = {
    "IMMOBILIER_USAGE": "Immobilier d'usage", "IMMOBILIER_RAPPORT": "Immobilier de rapport",
    "IMMOBILIER_PROFESSIONNEL": "Immobilier professionnel", "FONCIER": "Foncier et forêts",
    "FINANCIER": "Actifs financiers", "PROFESSIONNEL": "Actifs professionnels", "DIVERS": "Actifs divers",
}  # fmt: skip
_TAXED = "Imposable à l'IFI (art. 965 CGI)."
_LAND = "Exonéré des trois quarts sous conditions d'engagement ou de bail à long terme (art. 976 CGI)."
_WORK = "Exonéré s'il est affecté à l'activité principale (art. 975 CGI)."
_APART = "Hors du champ de l'IFI."
KINDS: dict[str, Kind] = {
    "RESIDENCE_PRINCIPALE": Kind(
        "Résidence principale", "IMMOBILIER_USAGE", True, _WHOLE, "Imposable, avec abattement de 30\u00a0% (art. 973 CGI).", True
    ),
    "RESIDENCE_SECONDAIRE": Kind("Résidence secondaire", "IMMOBILIER_USAGE", True, _WHOLE, _TAXED),
    "LOCATIF_NU": Kind("Locatif nu", "IMMOBILIER_RAPPORT", True, _WHOLE, _TAXED),
    "LMNP": Kind("Location meublée non professionnelle (LMNP)", "IMMOBILIER_RAPPORT", True, _WHOLE, _TAXED),
    "LMP": Kind(
        "Location meublée professionnelle (LMP)", "IMMOBILIER_RAPPORT", True, _NONE,
        "Exonéré si le loueur remplit les conditions de recettes (art. 975 V CGI).",
    ),
    "IMMOBILIER_PROFESSIONNEL": Kind("Immobilier professionnel", "IMMOBILIER_PROFESSIONNEL", True, _NONE, _WORK),
    "TERRES": Kind("Terres", "FONCIER", True, _WHOLE, _TAXED),
    "BOIS_FORETS": Kind("Bois et forêts", "FONCIER", True, _QUARTER, _LAND),
    "GFA_GFV": Kind("Parts de GFA, de GFV", "FONCIER", False, _QUARTER, _LAND),
    "PARTS_SOCIALES": Kind(
        "Parts sociales, actions non cotées", "PROFESSIONNEL",
        why="Seule compte la part de leur valeur qui représente des immeubles imposables (art. 965 CGI)\u202f: saisissez-la.",
    ),
    "FONDS_COMMERCE": Kind("Fonds de commerce, clientèle", "PROFESSIONNEL", why=_APART),
    "COMPTE_COURANT": Kind("Compte courant d'associé", "PROFESSIONNEL", why=_APART),
    "VEHICULE": Kind("Véhicule", "DIVERS", why=_APART),
    "ART": Kind("Art et collection", "DIVERS", why=_APART),
    "OR": Kind("Or et métaux précieux", "DIVERS", why=_APART),
    "CRYPTO": Kind("Crypto-actifs", "DIVERS", why=_APART),
    "MOBILIER": Kind("Mobilier", "DIVERS", why=_APART),
    "CREANCE": Kind("Créance", "DIVERS", why=_APART),
    "AUTRE": Kind("Autre actif", "DIVERS", why=_APART),
}  # fmt: skip
LABELS: dict[str, str] = {code: one.label for code, one in KINDS.items()}
#: Land and buildings: they have an address, a surface, rents.
PROPERTY: tuple[str, ...] = tuple(code for code, one in KINDS.items() if one.immovable)
#: Those that a company may stand behind.
OF_COMPANY = ("PARTS_SOCIALES", "GFA_GFV", "COMPTE_COURANT")
RIGHTS: dict[Right, str] = {
    "PLEINE_PROPRIETE": "Pleine propriété", "NUE_PROPRIETE": "Nue-propriété", "USUFRUIT": "Usufruit",
    "QUASI_USUFRUIT": "Quasi-usufruit", "INDIVISION": "Indivision",
}  # fmt: skip
NATURES: dict[str, str] = {"PROPRE": "Bien propre", "COMMUN": "Bien commun", "INDIVIS": "Bien indivis"}
MODES: dict[str, str] = {
    "ACHAT": "Achat", "DONATION": "Donation", "SUCCESSION": "Succession", "APPORT": "Apport", "AUTRE": "Autre",
}  # fmt: skip
SCHEMES: dict[str, str] = {
    "PINEL": "Pinel", "PINEL_PLUS": "Pinel+", "DENORMANDIE": "Denormandie", "MALRAUX": "Malraux",
    "MONUMENTS": "Monuments historiques", "SCELLIER": "Scellier", "DUFLOT": "Duflot", "CENSI_BOUVARD": "Censi-Bouvard",
    "LOC_AVANTAGES": "Loc'Avantages", "GIRARDIN": "Girardin",
}  # fmt: skip
BASES: dict[str, str] = {
    "ESTIMATION": "Estimation", "EXPERTISE": "Expertise", "ACTE": "Acte", "NOTAIRE": "Notaire", "SAISIE": "Dire du client",
}  # fmt: skip
#: A thing that was typed by mistake is in no balance sheet, of whatever day.
MISTAKE = "ERREUR"
DISPOSALS: dict[str, str] = {
    "VENDU": "Vendu", "DONNE": "Donné", "DETRUIT": "Détruit ou perdu", "AUTRE": "Autre", MISTAKE: "Saisi par erreur",
}  # fmt: skip
DEBT_KINDS: dict[str, str] = {
    "DETTE_FISCALE": "Dette fiscale", "DETTE_FAMILIALE": "Dette familiale", "AUTRE_DETTE": "Autre dette",
    "CAUTION": "Caution donnée",
}  # fmt: skip
DEBT_CATEGORIES: dict[str, Category] = {
    "DETTE_FISCALE": "DETTE_FISCALE", "DETTE_FAMILIALE": "AUTRE_DETTE", "AUTRE_DETTE": "AUTRE_DETTE", "CAUTION": "CAUTION",
}  # fmt: skip
