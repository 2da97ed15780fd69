"""The closed tables of a budget: what comes in, what goes out, what is put aside, how often (domain.md §2.8, PA-02)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

INCOME: dict[str, str] = {
    "SALAIRES": "Salaires", "PRIMES": "Primes et intéressement", "BIC": "Bénéfices industriels et commerciaux (BIC)",
    "BNC": "Bénéfices non commerciaux (BNC)", "BA": "Bénéfices agricoles (BA)", "FONCIERS": "Revenus fonciers",
    "RCM": "Revenus de capitaux mobiliers (RCM)", "RETRAITES": "Pensions de retraite",
    "PENSIONS_RECUES": "Pensions alimentaires reçues", "RENTES": "Rentes", "ALLOCATIONS": "Allocations (CAF)",
    "AUTRES_REVENUS": "Autres revenus",
}  # fmt: skip
CHARGES: dict[str, str] = {
    "IMPOT_REVENU": "Impôt sur le revenu", "TAXE_FONCIERE": "Taxe foncière", "TAXE_HABITATION": "Taxe d'habitation",
    "IFI": "Impôt sur la fortune immobilière (IFI)", "LOYER": "Loyer", "CHARGES_LOGEMENT": "Charges de logement",
    "CREDITS": "Crédits", "ASSURANCES": "Assurances", "VIE_COURANTE": "Vie courante", "TRANSPORT": "Transport",
    "SCOLARITE": "Scolarité et garde", "PENSIONS_VERSEES": "Pensions versées", "DONS": "Dons", "AUTRES_CHARGES": "Autres charges",
}  # fmt: skip
SAVINGS: dict[str, str] = {"EPARGNE": "Épargne programmée"}
KINDS: dict[str, str] = {**INCOME, **CHARGES, **SAVINGS}

REVENU, CHARGE, EPARGNE = "REVENU", "CHARGE", "EPARGNE"
SIDES: dict[str, dict[str, str]] = {REVENU: INCOME, CHARGE: CHARGES, EPARGNE: SAVINGS}
SIDE_NAMES: dict[str, str] = {REVENU: "Revenus", CHARGE: "Charges", EPARGNE: "Épargne"}

#: The kind under which loans stand: those followed here by their schedules, and those that are typed.
LOANS = "CREDITS"
#: Of which a lender keeps a part only, for vacancies and charges.
RENTS = "FONCIERS"
#: What is spent day by day: the other charges are engaged, and are what «reste à vivre» takes away from the income.
DAILY = frozenset({"VIE_COURANTE", "TRANSPORT", "SCOLARITE", "DONS", "AUTRES_CHARGES"})

PERIODS: dict[str, str] = {
    "MENSUEL": "Par mois", "BIMESTRIEL": "Tous les deux mois", "TRIMESTRIEL": "Par trimestre", "SEMESTRIEL": "Par semestre",
    "ANNUEL": "Par an", "PONCTUEL": "Une seule fois",
}  # fmt: skip
#: How often a year. What comes once counts in the year in which it falls.
TIMES: dict[str, int] = {"MENSUEL": 12, "BIMESTRIEL": 6, "TRIMESTRIEL": 4, "SEMESTRIEL": 2, "ANNUEL": 1, "PONCTUEL": 1}
ONCE = "PONCTUEL"


@dataclass(frozen=True, slots=True)
class Threshold:
    """The share of the income beyond which lenders may not go, in force from a day on."""

    since: date
    share: Decimal
    source: str


#: Oldest first. Loan instalments with their insurance, over the income.
THRESHOLDS = (
    Threshold(date(2021, 1, 27), Decimal("0.35"), "Recommandation du HCSF n° R-HCSF-2021-1 du 27 janvier 2021"),
    Threshold(
        date(2022, 1, 1), Decimal("0.35"),
        "Décision du HCSF n° D-HCSF-2021-7 du 29 septembre 2021, applicable depuis le 1er janvier 2022",
    ),
)  # fmt: skip


def side(kind: str) -> str:
    """REVENU, CHARGE or EPARGNE."""
    return next(name for name, kinds in SIDES.items() if kind in kinds)


def threshold(on: date) -> Threshold | None:
    """The threshold in force on a day; None before the oldest known."""
    return next((one for one in reversed(THRESHOLDS) if one.since <= on), None)
