"""The codes of a contact's fields and how they are said (domain.md §2.1)."""

from __future__ import annotations

from functools import cache

from babel import Locale

CIVILITIES: dict[str, str] = {"MME": "Madame", "M": "Monsieur"}
#: domain.md §2.1, «RegimeMatrimonial»: for the married only.
MATRIMONIAL_REGIMES: dict[str, str] = {
    "COMMUNAUTE_REDUITE_AUX_ACQUETS": "Communauté réduite aux acquêts",
    "COMMUNAUTE_MEUBLES_ET_ACQUETS": "Communauté de meubles et acquêts",
    "COMMUNAUTE_UNIVERSELLE": "Communauté universelle",
    "SEPARATION_DE_BIENS": "Séparation de biens",
    "PARTICIPATION_AUX_ACQUETS": "Participation aux acquêts",
    "REGIME_ETRANGER": "Régime étranger",
}
#: «RegimePacs»: for a PACS only.
PACS_REGIMES: dict[str, str] = {"SEPARATION": "Séparation des patrimoines", "INDIVISION": "Indivision"}
WORK_STATUSES: dict[str, str] = {
    "SALARIE": "Salarié",
    "TNS": "Travailleur non salarié",
    "DIRIGEANT": "Dirigeant",
    "FONCTIONNAIRE": "Fonctionnaire",
    "RETRAITE": "Retraité",
    "SANS_ACTIVITE": "Sans activité",
}
#: INSEE, «nomenclature des professions et catégories socioprofessionnelles», first level.
CSPS: dict[str, str] = {
    "AGRICULTEUR": "Agriculteur exploitant",
    "ARTISAN_COMMERCANT": "Artisan, commerçant, chef d'entreprise",
    "CADRE": "Cadre, profession intellectuelle supérieure",
    "INTERMEDIAIRE": "Profession intermédiaire",
    "EMPLOYE": "Employé",
    "OUVRIER": "Ouvrier",
    "RETRAITE": "Retraité",
    "SANS_ACTIVITE": "Autre personne sans activité professionnelle",
}
#: domain.md §2.1, «PRESCRIPTEUR».
PRESCRIBERS: dict[str, str] = {
    "NOTAIRE": "Notaire",
    "EXPERT_COMPTABLE": "Expert-comptable",
    "AVOCAT": "Avocat",
    "AUTRE": "Autre profession",
}
ID_KINDS: dict[str, str] = {
    "CNI": "Carte nationale d'identité",
    "PASSEPORT": "Passeport",
    "TITRE_SEJOUR": "Titre de séjour",
    "PERMIS": "Permis de conduire",
}
ORIGINS: dict[str, str] = {
    "RECOMMANDATION": "Recommandation d'un client",
    "PRESCRIPTEUR": "Prescripteur (notaire, expert-comptable, avocat)",
    "APPORTEUR": "Apporteur d'affaires",
    "RELATION": "Relation personnelle",
    "SITE": "Site internet",
    "EVENEMENT": "Événement, salon",
    "REPRISE": "Reprise de clientèle",
    "AUTRE": "Autre",
}
TAX_REGIMES: dict[str, str] = {"IS": "Impôt sur les sociétés", "IR": "Impôt sur le revenu"}
#: How an agreement to be approached was given.
OPT_IN_SOURCES: dict[str, str] = {
    "RENDEZ_VOUS": "En rendez-vous", "FORMULAIRE": "Par un formulaire", "COURRIER": "Par courrier ou e-mail",
    "TELEPHONE": "Par téléphone", "ESPACE_CLIENT": "Dans l'espace client", "AUTRE": "Autrement",
}  # fmt: skip
YES_NO: dict[str, str] = {"NON": "Non", "OUI": "Oui"}


@cache
def countries() -> dict[str, str]:
    """ISO 3166-1 alpha-2 → French name: France first, then by name."""
    names = {code: name for code, name in Locale("fr").territories.items() if len(code) == 2 and code.isalpha()}
    for code in ("EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"):  # groups and codes kept for tests, not countries
        names.pop(code, None)
    first = {"FR": names.pop("FR")}
    return {**first, **dict(sorted(names.items(), key=lambda one: one[1]))}
