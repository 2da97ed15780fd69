"""What a household declares, kind by kind: what the form, the page, the API and the engine's case are made of.

Codes of amounts are those of `core.api.taxes`; each help names the box of the form 2042, so that a declaration can be copied.
"""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

SITUATIONS: dict[str, Any] = {
    "CELIBATAIRE": _l("Célibataire"), "MARIE": _l("Marié(e) ou pacsé(e)"),
    "DIVORCE": _l("Divorcé(e) ou séparé(e)"), "VEUF": _l("Veuf ou veuve"),
}  # fmt: skip
COUPLE = ("MARIE",)
ALONE = ("CELIBATAIRE", "DIVORCE", "VEUF")

#: Counted, with the box of the form 2042.
COUNTS: dict[str, tuple[Any, Any]] = {
    "children": (_l("Enfants mineurs à charge"), _l("Garde exclusive ou principale. Case F.")),
    "shared": (_l("Enfants mineurs en résidence alternée"), _l("Case H.")),
    "of_age": (_l("Enfants majeurs rattachés"), _l("Célibataires et sans enfant. Case J.")),
    "disabled_children": (_l("Dont enfants à charge titulaires de la carte d'invalidité"), _l("Case G.")),
    "disabled_shared": (_l("Dont enfants en résidence alternée titulaires de la carte d'invalidité"), _l("Case I.")),
    "disabled_others": (_l("Autres personnes invalides vivant sous le toit"), _l("Case R.")),
}
#: Ticked: label, help, for whom.
FLAGS: dict[str, tuple[Any, Any, tuple[str, ...]]] = {
    "lone_parent": (_l("Parent isolé"), _l("Vit seul au 1er janvier avec ses enfants à charge. Case T."), ALONE),
    "raised_alone": (_l("Vit seul et a élevé seul un enfant pendant cinq ans"), _l("Case L."), ALONE),
    "disabled_1": (_l("Déclarant 1 invalide (pension de 40 % ou carte d'invalidité)"), _l("Case P."), (*ALONE, *COUPLE)),
    "disabled_2": (_l("Déclarant 2 invalide (pension de 40 % ou carte d'invalidité)"), _l("Case F."), COUPLE),
}
#: Amounts of each adult.
ADULT: dict[str, tuple[Any, Any]] = {
    "salaires": (_l("Salaires imposables"), _l("Net imposable, avant la déduction de 10 %. Case 1AJ ou 1BJ.")),
    "frais_reels": (_l("Frais réels"), _l("S'ils remplacent la déduction de 10 %. Case 1AK ou 1BK.")),
    "chomage": (_l("Chômage"), _l("Case 1AP ou 1BP.")),
    "retraites": (_l("Retraites et pensions"), _l("Case 1AS ou 1BS.")),
    "pensions_recues": (_l("Pensions alimentaires reçues"), _l("Case 1AO ou 1BO.")),
    "bic_reel": (_l("BIC professionnels, régime réel"), _l("Bénéfice. Case 5KC ou 5LC.")),
    "bic_micro_ventes": (_l("Micro-BIC, ventes"), _l("Recettes brutes. Case 5KO ou 5LO.")),
    "bic_micro_services": (_l("Micro-BIC, services"), _l("Recettes brutes. Case 5KP ou 5LP.")),
    "bnc_reel": (_l("BNC professionnels, déclaration contrôlée"), _l("Bénéfice. Case 5QC ou 5RC.")),
    "bnc_micro": (_l("Micro-BNC"), _l("Recettes brutes. Case 5HQ ou 5IQ.")),
    "ba_reel": (_l("Bénéfices agricoles, régime réel"), _l("Case 5HC ou 5IC.")),
    "ba_micro": (_l("Micro-BA"), _l("Recettes brutes. Case 5XB ou 5YB.")),
    "lmnp_reel": (_l("Location meublée non professionnelle, régime réel"), _l("Bénéfice. Case 5NA ou 5OA.")),
    "per": (_l("Versements déductibles sur un PER"), _l("Case 6NS ou 6NT.")),
    "per_plafond": (_l("Plafond de déduction épargne retraite"), _l("Celui de l'avis d'impôt. Case 6PS ou 6PT.")),
    "activite_precedente": (
        _l("Revenus d'activité nets de l'année précédente"),
        _l("Après la déduction de 10 % ou les frais réels. Sert au plafond du PER."),
    ),
    "plafonds_reportes": (_l("Plafonds du PER non utilisés des trois années précédentes"), _l("Ceux de l'avis d'impôt.")),
}  # fmt: skip
#: Amounts of the household: rubric → code → label and help.
FOYER: dict[str, dict[str, tuple[Any, Any]]] = {
    "foncier": {
        "foncier_reel": (_l("Revenus fonciers nets, régime réel"), _l("Case 4BA.")),
        "foncier_micro": (_l("Micro-foncier, recettes brutes"), _l("15 000 € au plus. Case 4BE.")),
        "foncier_deficit": (_l("Déficit imputable sur le revenu global"), _l("Case 4BC.")),
        "foncier_deficit_revenus": (_l("Déficit imputable sur les revenus fonciers"), _l("Case 4BB.")),
    },
    "capital": {
        "dividendes": (_l("Dividendes"), _l("Montant brut. Case 2DC.")),
        "interets": (_l("Intérêts et produits de placement à revenu fixe"), _l("Case 2TR.")),
        "plus_values": (_l("Plus-values de cession de valeurs mobilières"), _l("Case 3VG.")),
        "av_moins_8": (_l("Assurance-vie de moins de 8 ans, produits des primes depuis le 27/09/2017"), _l("Case 2ZZ.")),
        "av_plus_8": (_l("Assurance-vie de 8 ans et plus, produits à 7,5 %"), _l("Case 2UU.")),
        "prelevement_verse": (_l("Prélèvement forfaitaire déjà versé"), _l("Acompte de 12,8 %. Case 2CK.")),
    },
    "charges": {
        "pension_versee": (_l("Pensions alimentaires versées (enfants mineurs, ascendants)"), _l("Case 6GU.")),
        "pension_majeur": (_l("Pension versée à un enfant majeur"), _l("Case 6EL.")),
        "dons": (_l("Dons aux œuvres"), _l("Réduction de 66 %. Case 7UF.")),
        "dons_75": (_l("Dons aux organismes d'aide aux personnes en difficulté"), _l("Case 7UD.")),
        "emploi_domicile": (_l("Emploi à domicile"), _l("Dépenses. Case 7DB.")),
        "garde_enfants": (_l("Garde d'un enfant de moins de 6 ans"), _l("Dépenses. Case 7GA.")),
    },
}
#: What is owned on the first of January after the year of income.
PROPERTY: dict[str, tuple[Any, Any]] = {
    "ifi_residence": (_l("Résidence principale"), _l("Valeur vénale\u202f: l'abattement de 30 % est appliqué ensuite.")),
    "ifi_bati": (_l("Autres immeubles bâtis"), _l("Valeur vénale de la part du foyer, usufruit compris.")),
    "ifi_non_bati": (_l("Terrains et biens non bâtis"), None),
    "ifi_parts": (_l("Parts de sociétés, fraction immobilière"), _l("SCI, SCPI, OPCI, unités de compte immobilières.")),
    "ifi_dettes": (_l("Dettes déductibles"), _l("Capital restant dû des emprunts sur ces biens, taxe foncière.")),
}


def label(field: str) -> str:
    """What a field is called, «Salaires imposables, déclarant 1»: for the journal."""
    known = {**COUNTS, **FLAGS, **of_shared(), **PROPERTY}
    if field in known:
        return str(known[field][0])
    code, _sep, number = field.rpartition("_")
    if code in ADULT:
        return f"{ADULT[code][0]}, déclarant {number}"
    return {"situation": "Situation", "by_scale": "Option pour le barème"}.get(field, f"Année de naissance, déclarant {number}")


def of_shared() -> dict[str, tuple[Any, Any]]:
    """All amounts of the household, whatever their rubric."""
    return {code: said for rubric in FOYER.values() for code, said in rubric.items()}
