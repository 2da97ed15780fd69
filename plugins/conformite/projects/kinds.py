"""The vocabulary of projects: what they are for, where the money comes from, how it is placed, where they stand (CO-04)."""

from __future__ import annotations

PLACED, SURRENDER = "INVESTISSEMENT", "RACHAT_TOTAL"
KINDS: dict[str, str] = {PLACED: "Investir", SURRENDER: "Racheter un contrat en totalité"}
GOALS: dict[str, str] = {
    "CAPITAL": "Constituer un capital", "REVENUS": "Compléter des revenus", "RETRAITE": "Préparer la retraite",
    "IMMOBILIER": "Acheter un bien immobilier", "ETUDES": "Financer des études", "TRANSMISSION": "Transmettre",
    "PRECAUTION": "Garder une réserve", "FISCALITE": "Réduire l'impôt", "TRESORERIE": "Placer la trésorerie d'une société",
    "AUTRE": "Autre",
}  # fmt: skip
ORIGINS: dict[str, str] = {
    "EPARGNE": "Épargne existante", "REVENUS": "Revenus", "CESSION_BIEN": "Vente d'un bien immobilier",
    "CESSION_ENTREPRISE": "Cession d'une entreprise", "SUCCESSION": "Succession", "DONATION": "Donation",
    "RACHAT": "Rachat d'un autre contrat", "PRIME": "Prime, intéressement ou participation", "INDEMNITE": "Indemnité",
    "TRESORERIE": "Trésorerie de la société", "AUTRE": "Autre",
}  # fmt: skip
BY_PROFILE, BY_CLASS, BY_SUPPORT, BY_NOTHING = "PROFIL", "CLASSES", "SUPPORTS", "AUCUNE"
ALLOCATIONS: dict[str, str] = {
    BY_PROFILE: "Celle qui va avec le profil du client", BY_CLASS: "Par classe d'actifs", BY_SUPPORT: "Par support",
    BY_NOTHING: "Pas encore choisie",
}  # fmt: skip
COMING, RUNNING, PAST, AWAY = "A_VENIR", "EN_COURS", "ECHU", "ARCHIVE"
STATUSES: dict[str, str] = {COMING: "À venir", RUNNING: "En cours", PAST: "Échu", AWAY: "Archivé"}
#: Lines of an allocation by support.
MOST_LINES = 8
