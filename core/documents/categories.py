"""Where documents are filed: two levels, the house's, and under its first the cabinet's own (AU-03, OU-03).

A document keeps its category's code; of one of the cabinet's own, its id. Those that modules gave in words before there
were codes stand as they are: a category that is not here is its own label.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import or_
from sqlalchemy import select

from core.db.session import TenantSession
from core.documents.models import DocumentCategory


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
    "INTERNE": ("Interne", {"NOTE": "Note interne", "PROCEDURE": "Procédure", "MANDAT": "Mandat d'un partenaire"}),
    "DIVERS": ("Divers", {}),
}  # fmt: skip
CATEGORIES: dict[str, Category] = {
    one.code: one
    for top, (name, under) in _TREE.items()
    for one in (Category(top, name), *(Category(code, label, top) for code, label in under.items()))
}


@dataclass(frozen=True, slots=True)
class Tree:
    """The house's categories with a cabinet's own. `own`: in their order; `closed`: those that are used no more."""

    own: tuple[Category, ...] = ()
    closed: frozenset[str] = frozenset()

    def get(self, code: str) -> Category | None:
        """One of them; None for what is neither the house's nor the cabinet's."""
        return CATEGORIES.get(code) or next((one for one in self.own if one.code == code), None)

    def label(self, code: str) -> str:
        """The category's name; of one that is not in the tree, what it was called."""
        known = self.get(code)
        return known.label if known else code

    def path(self, code: str) -> str:
        """«Identité › Passeport»."""
        known = self.get(code)
        return f"{label(known.parent)} › {known.label}" if known and known.parent else self.label(code)

    def options(self, more: Iterable[str] = (), *, closed: bool = False) -> dict[str, str]:
        """Code → name, for a list of choices, sub-categories after their own, the house's before the cabinet's.

        `more`: categories in use that are not in the tree, or are used no more; `closed`: with these too, for a filter."""
        wanted, found = set(more), dict[str, str]()
        under = [one for one in self.own if closed or one.code not in self.closed or one.code in wanted]
        for top in _TREE:
            codes = [*within(top), *(one.code for one in under if one.parent == top)]
            found |= {code: self.path(code) for code in codes}
        return found | {code: self.path(code) for code in sorted(wanted - set(found))}


HOUSE = Tree()


def tree(session: TenantSession) -> Tree:
    """The cabinet's. One query."""
    wanted = select(DocumentCategory).order_by(DocumentCategory.position, DocumentCategory.id)
    rows = session.scalars(wanted).all()
    own = tuple(Category(row.id, row.label, row.parent) for row in rows)
    return Tree(own, frozenset(row.id for row in rows if row.archived_at is not None))


def label(code: str) -> str:
    """The name of one of the house's categories; of another, the code."""
    return HOUSE.label(code)


def path(code: str) -> str:
    """«Identité › Passeport», of one of the house's."""
    return HOUSE.path(code)


def within(code: str) -> tuple[str, ...]:
    """The category and those of the house under it."""
    return (code, *(one.code for one in CATEGORIES.values() if one.parent == code))


def filed(column: Any, code: str) -> ColumnElement[bool]:
    """A condition on a column of categories: this one, or one of the house or the cabinet under it."""
    own = select(DocumentCategory.id).where(DocumentCategory.parent == code)
    return or_(column.in_(within(code)), column.in_(own))
