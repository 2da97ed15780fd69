"""The words of templates: what each stands for, what a fictitious client has there. Nothing else stands in braces (CO-01)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from plugins.conformite.papers import kinds
from plugins.conformite.papers.settings import FIRM

_PROFILED = tuple(one.code for one in kinds.KINDS.values() if one.profiled)
_ALL = tuple(kinds.KINDS)


@dataclass(frozen=True, slots=True)
class Word:
    """One word. `example`: of the fictitious client; `kinds`: in which documents it may stand; `owner`: «person» or «company»
    where the other never has it."""

    key: str
    label: str
    example: str
    kinds: tuple[str, ...] = _ALL
    owner: str = ""


#: A table's rows; the first is its head.
Rows = tuple[tuple[str, ...], ...]

_FIRM_EXAMPLES = {
    "forme": "SARL au capital de 10\u202f000 €, RCS Nantes 732 829 320",
    "statuts": "conseiller en investissements financiers (CIF), courtier en assurance (COA)",
    "association": "Association exemple, agréée par l'AMF", "assurance": "Assureur exemple, police n° 0000000",
    "conseil": "non indépendant", "remuneration": "Honoraires de mission, et rétrocessions des fournisseurs de produits.",
    "relations": "aucune relation significative de nature capitalistique ou commerciale",
    "echanges": "rendez-vous, courrier, e-mail, téléphone",
    "reclamations": "1 rue de l'Exemple, 44000 Nantes, reclamations@cabinet.example",
    "mediateur": "Médiateur de l'AMF, 17 place de la Bourse, 75082 Paris Cedex 02",
}  # fmt: skip
_TYPED = {
    "objectifs": "Préparer un complément de revenus pour la retraite, dans dix ans.",
    "prestations": "Bilan patrimonial, conseil en investissement, un rendez-vous de suivi par an.",
    "honoraires": "1\u202f200 € TTC à la remise du bilan\u202f; rétrocessions sur les contrats suivis.",
    "observations": "Aucune autre information à signaler.",
    "conseil": "Verser 20\u202f000 € sur le contrat d'assurance-vie existant, 60\u00a0% en fonds en euros.",
    "raisons": "L'horizon de dix ans et le profil équilibré admettent une part d'unités de compte.",
    "inconvenients": "Les unités de compte peuvent perdre de leur valeur\u202f; le capital n'est pas garanti.",
    "couts": "Frais sur versement\u202f: 1\u00a0%, soit 200 €. Frais de gestion\u202f: 0,80\u00a0% par an.",
    "suivi": "oui, au moins une fois par an",
}  # fmt: skip
_WORDS = (
    Word("date_document", "Date du document", "27/11/2026"),
    Word("cabinet_nom", "Nom du cabinet", "Cabinet Exemple"),
    Word("cabinet_adresse", "Adresse du cabinet", "1 rue de l'Exemple, 44000 Nantes"),
    Word("cabinet_siren", "SIREN du cabinet", "732 829 320"),
    Word("cabinet_orias", "Numéro ORIAS", "07000000"),
    *(Word(f"cabinet_{key}", label, _FIRM_EXAMPLES[key]) for key, label in FIRM.items()),
    Word("conseiller_nom", "Conseiller", "Marie Diallo"),
    Word("conseiller_email", "E-mail du conseiller", "marie.diallo@cabinet.example"),
    Word("client_nom", "Nom du client", "Madame Camille Exemple"),
    Word("client_adresse", "Adresse du client", "8 quai Fictif, 44000 Nantes"),
    Word("client_email", "E-mail du client", "camille@client.example"),
    Word("client_telephone", "Téléphone du client", "06 00 00 00 00"),
    Word("client_naissance", "Date et lieu de naissance", "12/05/1974 à Nantes", owner="person"),
    Word("client_nationalite", "Nationalité", "France", owner="person"),
    Word("client_situation", "Situation familiale", "Mariée", owner="person"),
    Word("client_profession", "Profession", "Céramiste", owner="person"),
    Word("client_residence_fiscale", "Résidence fiscale", "France"),
    Word("client_piece", "Pièce d'identité", "Passeport n° 12AB34567, jusqu'au 01/03/2031", owner="person"),
    Word("client_forme", "Forme juridique", "SARL", owner="company"),
    Word("client_siren", "SIREN de la société", "552 100 554", owner="company"),
    Word("profil_niveau", "Profil investisseur retenu", "Équilibré, 3 sur 5", _PROFILED),
    Word("profil_date", "Date du profil", "20/11/2026", _PROFILED),
    Word("profil_validite", "Fin de validité du profil", "20/11/2027", _PROFILED),
    Word("profil_pertes", "Pertes supportables", "10\u00a0% au plus", _PROFILED),
    Word("profil_connaissance", "Connaissance des placements", "Informé", _PROFILED),
    Word("profil_horizon", "Horizon", "Plus de huit ans", _PROFILED),
    Word("profil_objectif", "Objectif d'investissement", "Faire croître le capital", _PROFILED),
    Word("profil_durabilite", "Préférences de durabilité", "Neutre", _PROFILED),
    Word("profil_ecart", "Raison d'un profil qui n'est pas le calculé", "le profil retenu est le profil calculé", _PROFILED),
    *(Word(ask.key, str(ask.label), _TYPED[ask.key], (one.code,)) for one in kinds.KINDS.values() for ask in one.asks),
)  # fmt: skip
#: What is listed, each alone on its line: label, the documents where it may stand, what the fictitious client has.
TABLES: Mapping[str, tuple[str, tuple[str, ...], Rows]] = {
    "tableau_identite": ("Identité du client", _ALL, (
        ("Rubrique", "Information"), ("Nom", "Madame Camille Exemple"), ("Naissance", "12/05/1974 à Nantes"),
        ("Nationalité", "France"), ("Profession", "Céramiste"),
    )),
    "tableau_famille": ("Conjoint, enfants, autres relations", (kinds.RECORD,), (
        ("Personne", "Lien", "Naissance"), ("Exemple Dominique", "Conjoint", "03/02/1972"),
        ("Exemple Alix", "Enfant", "09/09/2008"),
    )),
    "tableau_budget": ("Revenus, charges et épargne", (kinds.RECORD,), (
        ("Budget", "Par an"), ("Salaires", "54\u202f000,00 €"), ("Loyer", "-14\u202f400,00 €"),
    )),
    "tableau_actifs": ("Ce que le client possède", (kinds.RECORD,), (
        ("Actif", "Valeur", "Au"), ("Résidence principale", "320\u202f000,00 €", "01/01/2026"),
        ("Contrat d'assurance-vie", "84\u202f500,00 €", "25/11/2026"), ("Total", "404\u202f500,00 €", ""),
    )),
    "tableau_passifs": ("Ce que le client doit", (kinds.RECORD,), (
        ("Passif", "Reste dû", "Au"), ("Prêt immobilier", "112\u202f300,00 €", "25/11/2026"), ("Total", "112\u202f300,00 €", ""),
    )),
    "tableau_profil": ("De quoi le profil est fait, avec les raisons", _PROFILED, (
        ("Critère", "Résultat", "Pourquoi"), ("Horizon", "Plus de huit ans", "Réponse du client"),
        ("Capacité à subir des pertes", "10\u00a0% au plus", "Épargne de précaution de six à douze mois"),
    )),
    "tableau_placements": ("Connaissance de chaque placement", _PROFILED, (
        ("Placement", "Connaissance", "Pourquoi"), ("Fonds en euros", "Informé", "Réponse juste, opérations récentes"),
    )),
    "tableau_signatures": ("Place des signatures, pour qui signe sur papier", _ALL, (
        ("Le client", "Le conseiller"), ("Date et signature", "Date et signature"),
    )),
}  # fmt: skip


@cache
def of_kind(kind: str) -> Mapping[str, Word]:
    """The words that may stand in documents of a kind; tables are words too, with their label."""
    listed = (Word(key, label, "", codes) for key, (label, codes, _rows) in TABLES.items())
    return {one.key: one for one in (*_WORDS, *listed) if kind in one.kinds}


def examples(kind: str) -> tuple[dict[str, str], dict[str, Rows]]:
    """The fictitious client's facts: words, tables."""
    found = of_kind(kind)
    return {key: one.example for key, one in found.items()}, {key: TABLES[key][2] for key in found if key in TABLES}
