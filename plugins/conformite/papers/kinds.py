"""The five documents of a client's regulatory file: what each is, what is typed for it, how long it holds (domain.md §2.5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

#: Categories of `core.documents.categories`, which are the codes here too.
DER, LETTER, RECORD, PROFILE, ADVICE = "DER", "LETTRE_MISSION", "RECUEIL", "PROFIL", "ADEQUATION"


@dataclass(frozen=True, slots=True)
class Ask:
    """Something that the adviser types for one document. `missing`: what is said where it must be there and is not."""

    key: str
    label: Any
    help: Any = ""
    missing: Any = None
    options: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of document. `after`: the one that the law has given before it; `months`: how long it holds unless the cabinet
    says otherwise, 0 without end; `source`: where it is asked for. `profiled`: made of the client's investor profile."""

    code: str
    label: str
    about: Any
    source: str
    months: int = 0
    after: str = ""
    profiled: bool = False
    asks: tuple[Ask, ...] = ()


PERIODIC: dict[str, Any] = {"OUI": _l("Oui, au moins une fois par an"), "NON": _l("Non")}
KINDS: dict[str, Kind] = {one.code: one for one in (
    Kind(
        DER, "Document d'entrée en relation",
        _l("Le cabinet se présente\u202f: statuts, rémunération, partenaires, réclamations et médiateur."),
        "Règlement général de l'AMF, article 325-5\u202f; Code des assurances, article L. 521-2",
    ),
    Kind(
        LETTER, "Lettre de mission",
        _l("Ce que le client demande, ce que le cabinet fera, à quel prix."),
        "Règlement général de l'AMF, article 325-6", after=DER,
        asks=(
            Ask("objectifs", _l("Objectifs du client"), _l("Avec ses mots\u202f: préparer sa retraite, transmettre, placer une "
                "somme…"), _l("Écrivez ce que le client attend.")),
            Ask("prestations", _l("Nature et modalités de la mission"), _l("Bilan, conseil en investissement, suivi\u202f; "
                "ce qui n'en fait pas partie."), _l("Écrivez ce que le cabinet fera.")),
            Ask("honoraires", _l("Honoraires et autres rémunérations"),
                _l("Montant ou mode de calcul, échéances, rétrocessions."), _l("Écrivez ce que la mission coûte au client.")),
        ),
    ),
    Kind(
        RECORD, "Recueil d'informations",
        _l("Ce que le client déclare\u202f: identité, famille, budget, patrimoine."),
        "Règlement général de l'AMF, article 325-8\u202f; recommandation ACPR 2013-R-01\u202f; Code des assurances, L. 521-4",
        months=12,
        asks=(Ask("observations", _l("Observations du client"), _l("Ce que les rubriques ne disent pas.")),),
    ),
    Kind(
        PROFILE, "Profil investisseur",
        _l("Le profil établi au dossier, avec ses raisons, pour accord du client."),
        "Code monétaire et financier, article L. 541-8-1\u202f; règlement délégué (UE) 2017/565, articles 54 et 55",
        profiled=True,
    ),
    Kind(
        ADVICE, "Déclaration d'adéquation",
        _l("Le conseil donné, pourquoi il convient à ce client, ses inconvénients et ses coûts\u202f: remise avant l'opération."),
        "Règlement général de l'AMF, article 325-17\u202f; règlement délégué (UE) 2017/565, article 54, paragraphe 12",
        months=12, after=LETTER, profiled=True,
        asks=(
            Ask("conseil", _l("Conseil donné"), _l("Opération, montants, comptes et supports."), _l("Écrivez le conseil donné.")),
            Ask("raisons", _l("Pourquoi il convient à ce client"), _l("Objectifs, horizon, capacité à subir des pertes, "
                "tolérance au risque, préférences de durabilité."), _l("Écrivez pourquoi ce conseil convient au client.")),
            Ask("inconvenients", _l("Inconvénients et risques"), _l("Perte en capital, liquidité, fiscalité, durée."),
                _l("Écrivez les inconvénients et les risques du conseil.")),
            Ask("couts", _l("Coûts et charges, avant l'opération"), _l("Du service et des supports, rétrocessions "
                "comprises\u202f: en euros et en pourcentage."), _l("Écrivez ce que l'opération coûtera.")),
            Ask("suivi", _l("Évaluation périodique de l'adéquation"), "", _l("Dites si l'adéquation sera réévaluée."), PERIODIC),
        ),
    ),
)}  # fmt: skip
