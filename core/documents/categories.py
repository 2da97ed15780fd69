"""Where documents are filed: two levels, the same for contacts and accounts (AU-03).

A document keeps its category's code. Those that modules gave in words before there were codes stand as they are: a
category that is not here is its own label.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Category:
    """A place of the tree. `parent`: «» for the first level."""

    code: str
    label: str
    parent: str = ""


#: First level → its label, and what stands under it. Names as advisers' files have them (LCB-FT file: art. L. 561-5 and
#: L. 561-5-1 of the Code monétaire et financier; entry, mission and adequacy: art. 325-5 to 325-8, 325-17 RG AMF).
_TREE: dict[str, tuple[str, dict[str, str]]] = {
    "IDENTITE": ("Identité", {
        "CNI": "Carte nationale d'identité", "PASSEPORT": "Passeport", "SEJOUR": "Titre de séjour",
        "LIVRET_FAMILLE": "Livret de famille", "KBIS": "Extrait Kbis", "STATUTS": "Statuts",
    }),
    "JUSTIFICATIFS": ("Justificatifs", {
        "DOMICILE": "Justificatif de domicile", "RIB": "Relevé d'identité bancaire", "REVENUS": "Justificatif de revenus",
        "ORIGINE_FONDS": "Origine des fonds",
    }),
    "CONTRATS": ("Contrats", {
        "SOUSCRIPTION": "Bulletin de souscription", "CONDITIONS": "Conditions générales et particulières",
        "AVENANT": "Avenant", "CLAUSE": "Clause bénéficiaire", "ORDRE": "Ordre et demande d'acte",
    }),
    "REGLEMENTAIRE": ("Réglementaire", {
        "DER": "Document d'entrée en relation", "LETTRE_MISSION": "Lettre de mission",
        "RECUEIL": "Recueil d'informations", "PROFIL": "Profil investisseur", "ADEQUATION": "Rapport d'adéquation",
        "LCB_FT": "Lutte contre le blanchiment", "PREUVE": "Preuve de signature",
    }),
    "FISCAL": ("Fiscal", {
        "AVIS_IMPOT": "Avis d'impôt", "DECLARATION": "Déclaration de revenus", "IFI": "Impôt sur la fortune immobilière",
        "IFU": "Imprimé fiscal unique",
    }),
    "PATRIMOINE": ("Patrimoine", {
        "ACTE": "Acte notarié", "BAIL": "Bail", "PRET": "Offre de prêt et tableau d'amortissement",
        "ESTIMATION": "Estimation", "SUCCESSION": "Succession et donation",
    }),
    "PRODUITS": ("Produits et supports", {
        "DIC": "Document d'informations clés", "PROSPECTUS": "Prospectus et règlement", "REPORTING": "Compte rendu de gestion",
        "DURABILITE": "Informations de durabilité (SFDR)", "CONVENTION": "Convention de distribution",
        "COMMERCIAL": "Documentation commerciale",
    }),
    "ETATS": ("États de compte", {"RELEVE": "Relevé de situation", "ANNUEL": "Relevé annuel", "AVIS_OPERE": "Avis d'opéré"}),
    "CORRESPONDANCE": ("Correspondance", {"COURRIER": "Courrier", "COMPTE_RENDU": "Compte rendu d'entretien"}),
    "INTERNE": ("Interne", {"NOTE": "Note interne", "PROCEDURE": "Procédure"}),
    "DIVERS": ("Divers", {}),
}  # fmt: skip
CATEGORIES: dict[str, Category] = {
    one.code: one
    for top, (name, under) in _TREE.items()
    for one in (Category(top, name), *(Category(code, label, top) for code, label in under.items()))
}


def label(code: str) -> str:
    """The category's name; of one that is not in the tree, what it was called."""
    known = CATEGORIES.get(code)
    return known.label if known else code


def path(code: str) -> str:
    """«Identité › Passeport»."""
    known = CATEGORIES.get(code)
    return f"{label(known.parent)} › {known.label}" if known and known.parent else label(code)


def options(more: Iterable[str] = ()) -> dict[str, str]:
    """Code → name, for a list of choices, sub-categories after their own; `more`: categories in use that are not in the tree."""
    return {code: path(code) for code in (*CATEGORIES, *sorted(set(more) - set(CATEGORIES)))}


def within(code: str) -> tuple[str, ...]:
    """The category and those under it."""
    return (code, *(one.code for one in CATEGORIES.values() if one.parent == code))
