"""What documents list: the client's identity, family, wealth, and what his profile is made of. The first row is the head."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from core.api import contacts
from core.api import formats
from core.api import wealth
from core.api.db import TenantSession
from core.api.types import Adviser
from plugins.conformite import profiles
from plugins.conformite.papers.words import Rows
from plugins.conformite.scoring import Score

#: Relations that are printed at most: grandchildren of a large family have room.
MOST = 60
_SIDES = {"REVENU": "revenus", "CHARGE": "charges", "EPARGNE": "versements d'épargne"}
#: What each line of an identity is called, in its order; what nobody typed is printed «à compléter» by whoever prints it.
_IDENTITY = {
    "client_nom": "Nom", "client_naissance": "Naissance", "client_nationalite": "Nationalité", "client_situation": "Situation",
    "client_forme": "Forme juridique", "client_siren": "SIREN", "client_adresse": "Adresse", "client_telephone": "Téléphone",
    "client_email": "E-mail", "client_profession": "Profession", "client_residence_fiscale": "Résidence fiscale",
    "client_piece": "Pièce d'identité",
}  # fmt: skip


def identity(card: contacts.ContactCard, values: Mapping[str, str]) -> Rows:
    """Who the client is; lines that a person or a company never has are not there, those that nobody typed are empty."""
    return (("Rubrique", "Information"), *((label, values[key]) for key, label in _IDENTITY.items() if key in values))


def family(session: TenantSession, by: Adviser, card: contacts.ContactCard) -> Rows:
    """Relations that hold today: family, protection, companies; of those whom the adviser may see."""
    head = ("Personne", "Lien", "Naissance")
    found = contacts.relations.of_contact(session, by, card.id, size=MOST).items
    told = [one for one in found if one.until is None and one.group != "conseils"]
    rows = tuple((one.other.name, one.label, formats.day(one.other.birth_date) if one.other.birth_date else "") for one in told)
    if rows:
        return (head, *rows)
    alone = "Aucun associé ni dirigeant noté au dossier" if card.line.kind == profiles.COMPANY else "Aucun proche noté au dossier"
    return (head, (alone, "", ""))


def worth(sheet: wealth.Balance) -> dict[str, Rows]:
    """What the people of a balance sheet own, and owe; lines in other currencies stand with a word, outside of the totals."""
    return {
        "tableau_actifs": _lines(sheet, ("Actif", "Valeur", "Au"), sheet.assets(), "Aucun actif noté au dossier", debt=False),
        "tableau_passifs": _lines(sheet, ("Passif", "Reste dû", "Au"), sheet.debts(), "Aucune dette notée au dossier", debt=True),
    }


def budget(found: wealth.Budget) -> Rows:
    """What comes in, goes out and is put aside a year, side by side with each side's sum."""
    rows: list[tuple[str, str]] = []
    for side, name in _SIDES.items():
        mine = found.on_side(side)
        rows += [(one.label, formats.money(one.yearly)) for one in mine]
        if mine:
            rows.append((f"Total des {name}", formats.money(sum((one.yearly for one in mine), Decimal(0)))))
    return (("Budget", "Par an"), *rows) if rows else ()


def profile(score: Score) -> dict[str, Rows]:
    """Each point of a profile with its reason, each kind of placement."""
    points = tuple((one.label + (" (fixe le niveau)" if one.decides else ""), one.value, one.because) for one in score.points)
    known = tuple((one.label, one.level_label, one.because) for one in score.instruments)
    return {
        "tableau_profil": (("Critère", "Résultat", "Pourquoi"), *points),
        "tableau_placements": (("Placement", "Connaissance", "Pourquoi"), *known),
    }


def _lines(sheet: wealth.Balance, head: tuple[str, str, str], total: Decimal, none: str, *, debt: bool) -> Rows:
    rows = []
    for one in sheet.lines:
        if one.item.debt != debt:
            continue
        value = one.of(sheet.people)
        shown = formats.money(value, one.item.currency) if value is not None else "non connue"
        label = one.item.label if one.counted else f"{one.item.label} (hors total)"
        rows.append((label, shown, formats.day(one.item.as_of) if one.item.as_of else ""))
    return (head, *rows, ("Total", formats.money(total), "")) if rows else (head, (none, "", ""))
