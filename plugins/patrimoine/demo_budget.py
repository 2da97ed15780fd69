"""The demonstration's budgets: a couple at ease, one whose loans take more than the threshold, a manager who lets a building."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import select

from core.api import book
from core.api.db import TenantSession
from core.api.db import today
from core.api.types import Adviser
from plugins.patrimoine import budget_writes
from plugins.patrimoine.budget_models import BudgetLine
from plugins.patrimoine.budget_sums import Line

D = Decimal
#: Who: (kind, amount, period, label).
LINES: dict[str, tuple[tuple[str, str, str, str], ...]] = {
    "Durand Jeanne": (
        ("RETRAITES", "3120", "MENSUEL", "CNRACL et Ircantec"), ("FONCIERS", "640", "MENSUEL", "Studio rue Kervégan"),
        ("RCM", "1180", "ANNUEL", ""), ("IMPOT_REVENU", "620", "MENSUEL", "Prélèvement à la source"),
        ("TAXE_FONCIERE", "1930", "ANNUEL", ""), ("ASSURANCES", "118", "MENSUEL", "Habitation, mutuelle"),
        ("VIE_COURANTE", "950", "MENSUEL", ""), ("TRANSPORT", "780", "TRIMESTRIEL", ""),
        ("DONS", "300", "ANNUEL", ""), ("EPARGNE", "400", "MENSUEL", "Versements sur Himalia"),
    ),
    "Durand Philippe": (
        ("BNC", "61200", "ANNUEL", "Cabinet d'architecture"), ("PRIMES", "3500", "PONCTUEL", "Prix d'un concours"),
        ("IMPOT_REVENU", "890", "MENSUEL", "Acomptes"), ("CHARGES_LOGEMENT", "310", "BIMESTRIEL", "Énergie et eau"),
        ("ASSURANCES", "1480", "SEMESTRIEL", "Prévoyance"), ("TRANSPORT", "340", "MENSUEL", ""),
        ("VIE_COURANTE", "700", "MENSUEL", ""), ("AUTRES_CHARGES", "250", "MENSUEL", "Aide à leur fille"),
        ("EPARGNE", "1500", "TRIMESTRIEL", "Versements sur le PER"),
    ),
    "Petit Thomas": (
        ("SALAIRES", "1840", "MENSUEL", "Atelier des Ponts-de-Cé"), ("CREDITS", "265", "MENSUEL", "Voiture, hors suivi"),
        ("IMPOT_REVENU", "38", "MENSUEL", "Prélèvement à la source"), ("ASSURANCES", "64", "MENSUEL", ""),
        ("TRANSPORT", "160", "MENSUEL", ""), ("VIE_COURANTE", "520", "MENSUEL", ""),
    ),
    "Petit Émilie": (
        ("SALAIRES", "1410", "MENSUEL", "Mi-temps, crèche municipale"), ("ALLOCATIONS", "148.52", "MENSUEL", "CAF"),
        ("CHARGES_LOGEMENT", "145", "MENSUEL", ""), ("SCOLARITE", "210", "MENSUEL", "Garde"),
        ("VIE_COURANTE", "480", "MENSUEL", ""), ("EPARGNE", "50", "MENSUEL", "Livret A"),
    ),
    "Moreau Hélène": (
        ("SALAIRES", "3600", "MENSUEL", "Gérance, SARL Moreau Conseil"), ("RCM", "9000", "ANNUEL", "Dividendes"),
        ("FONCIERS", "2480", "MENSUEL", "Immeuble de Saint-Nazaire"), ("IMPOT_REVENU", "585", "MENSUEL", ""),
        ("TAXE_FONCIERE", "3120", "ANNUEL", "Deux biens"), ("CHARGES_LOGEMENT", "420", "TRIMESTRIEL", "Copropriété"),
        ("ASSURANCES", "96", "MENSUEL", ""), ("VIE_COURANTE", "1100", "MENSUEL", ""), ("DONS", "1200", "ANNUEL", ""),
        ("EPARGNE", "500", "MENSUEL", "Versements programmés"),
    ),
}  # fmt: skip


def write(session: TenantSession, by: Adviser) -> None:
    """The budgets, once."""
    if session.scalar(select(BudgetLine.id).limit(1)) is not None:
        return
    for name, lines in LINES.items():
        wanted = select(book.Contact.id).where(book.Contact.display_name == name).order_by(book.Contact.id)
        who = session.scalars(wanted).one()
        budget_writes.create_all(session, by, who, [
            Line(who, kind, D(amount), period, label, since=_since(period), shared=_shared(name, kind))
            for kind, amount, period, label in lines
        ])  # fmt: skip


def _since(period: str) -> date | None:
    return today().replace(month=3, day=12) if period == "PONCTUEL" else None


def _shared(name: str, kind: str) -> str:
    return "Durand Philippe" if (name, kind) == ("Durand Jeanne", "TAXE_FONCIERE") else ""
