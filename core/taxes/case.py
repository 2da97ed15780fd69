"""The case that the engine is asked: its own names of what is given and of what is wanted.

A case holds no name, no date of birth (a year is enough), no id: nothing in it says whose it is.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from decimal import ROUND_HALF_UP
from decimal import Decimal
from typing import Any

from core.taxes.household import Adult
from core.taxes.household import Household

Case = dict[str, Any]

#: Kind of an adult's amount → the engine's variable. Professionals' profits are those of today: whether an approved
#: association keeps the books makes no difference since the income of 2023.
ADULT: Mapping[str, str] = {
    "salaires": "salaire_imposable", "frais_reels": "frais_reels", "chomage": "chomage_imposable",
    "retraites": "retraite_imposable", "pensions_recues": "pensions_alimentaires_percues",
    "bic_reel": "abic_impn", "bic_micro_ventes": "mbic_impv", "bic_micro_services": "mbic_imps",
    "bnc_reel": "abnc_impo", "bnc_micro": "mbnc_impo", "ba_reel": "arag_impg", "ba_micro": "mrag_impo",
    "lmnp_reel": "alnp_imps", "per": "f6ns", "per_plafond": "f6ps",
}  # fmt: skip
#: Kind of a household's amount → the engine's variable: boxes of the form 2042.
FOYER: Mapping[str, str] = {
    "foncier_reel": "f4ba", "foncier_micro": "f4be", "foncier_deficit_revenus": "f4bb", "foncier_deficit": "f4bc",
    "dividendes": "f2dc", "interets": "f2tr", "av_moins_8": "f2zz", "av_plus_8": "f2vv", "av_plus_8_au_dela": "f2ww",
    "av_anciennes_moins_8": "f2yy", "av_anciennes_plus_8": "f2ch", "prelevement_verse": "f2ck", "plus_values": "f3vg",
    "pension_versee": "f6gu", "pension_majeur": "f6el", "dons": "f7uf", "dons_75": "f7ud", "emploi_domicile": "f7db",
    "garde_enfants": "f7ga",
}  # fmt: skip
#: Variables that are given by the month: a year's amount is divided by the engine.
MONTHLY = frozenset({"salaires", "chomage", "retraites", "pensions_recues"})
#: What is wanted, in the order of the tax notice.
WANTED = (
    "nbptr", "nb_adult", "revenu_categoriel_tspr", "revenu_categoriel_capital", "revenu_categoriel_foncier",
    "revenu_categoriel_non_salarial", "rbg", "csg_patrimoine_deductible_ir", "charges_deduc", "rni", "rfr", "ir_ss_qf", "ir_brut",
    "ir_plaf_qf", "decote_gain_fiscal", "ip_net", "reductions", "iai", "credits_impot",
    "contribution_exceptionnelle_hauts_revenus", "prelevement_forfaitaire_unique_ir", "impot_revenu_restant_a_payer",
    "ir_taux_marginal",
)  # fmt: skip
WANTED_IFI = ("isf_ifi_iai", "decote_isf_ifi", "isf_ifi_avant_plaf")
#: The engine knows each of its entities by an id: these say nothing of anybody.
ONE, TWO, FOYER_ID = "declarant", "conjoint", "foyer"
_STATUS = {"CELIBATAIRE": "celibataire", "MARIE": "marie", "DIVORCE": "divorce", "VEUF": "veuf"}
_AGE = 45


def of(household: Household) -> Case:
    """The case of a household: what is declared, and a null for each figure that is wanted."""
    year = str(household.year)
    people = {
        name: _adult(adult, household, year) for name, adult in zip((ONE, TWO), household.adults, strict=False)
    }
    return {"individus": people, "foyers_fiscaux": {FOYER_ID: _foyer(household, list(people), year)}}


def key(case: Case) -> str:
    """What tells a case from all others: the same facts give the same key."""
    return hashlib.sha256(json.dumps(case, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _adult(adult: Adult, household: Household, year: str) -> dict[str, Any]:
    born = adult.birth_year or household.year - _AGE
    facts: dict[str, Any] = {
        "date_naissance": {"ETERNITY": f"{born}-01-01"}, "statut_marital": {year: _STATUS[household.situation]},
    }  # fmt: skip
    for kind, amount in sorted(adult.amounts.items()):
        if amount:
            facts[ADULT[kind]] = {year: _monthly(amount) if kind in MONTHLY else _euros(amount)}
    return facts


def _foyer(household: Household, people: list[str], year: str) -> dict[str, Any]:
    counts = {
        "nbF": household.children, "nbH": household.shared, "nbJ": household.of_age, "nbG": household.disabled_children,
        "nbI": household.disabled_shared, "nbR": household.disabled_others,
    }  # fmt: skip
    boxes = {
        "caseT": household.lone_parent, "caseL": household.raised_alone, "f2op": household.by_scale,
        "caseP": household.adults[0].disabled, "caseF": household.couple and household.adults[-1].disabled,
    }  # fmt: skip
    amounts = {FOYER[kind]: _euros(amount) for kind, amount in sorted(household.amounts.items()) if amount}
    facts: dict[str, Any] = {"declarants": people}
    # counts are given even where they are 0: the engine would otherwise look for children among the people
    facts |= {name: {year: value} for name, value in counts.items()}
    facts |= {name: {year: True} for name, value in boxes.items() if value}
    facts |= {name: {year: value} for name, value in amounts.items()}
    facts |= {name: {year: None} for name in WANTED}
    if household.property_base is not None:
        on = str(household.year + 1)  # what is owned on the first of January after the year of income
        # The base is given, not reckoned by the engine, which adds furniture to it as for the ISF (ADR 024).
        facts["assiette_isf_ifi"] = {on: _euros(household.property_base)}
        facts |= {name: {on: None} for name in WANTED_IFI}
    return facts


def _euros(amount: Decimal) -> int:
    """Whole euros, half up, as declarations have them."""
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))


def _monthly(amount: Decimal) -> float:
    return float(amount)
