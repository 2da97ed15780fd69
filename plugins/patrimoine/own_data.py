"""What this plugin keeps of a contact, for its right of access: assets, debts, loans, budget, with what was remarked."""

from __future__ import annotations

from collections.abc import Iterator

from core.api import contacts
from core.api.db import TenantSession
from core.api.db import today
from core.api.formats import day
from core.api.formats import money
from core.api.types import Adviser
from core.api.types import PersonalData
from plugins.patrimoine import asset_kinds
from plugins.patrimoine import assets
from plugins.patrimoine import budget_kinds
from plugins.patrimoine import budgets
from plugins.patrimoine import debts
from plugins.patrimoine import loans

Row = tuple[str, ...]
_WHY = "Connaissance du patrimoine, du budget et des charges, que le conseil demande."


def of_contact(session: TenantSession, by: Adviser, contact_id: str) -> list[PersonalData]:
    """All of it, the other owners by name."""
    told = (
        ("assets", "Biens déclarés", ("Bien", "Nature", "Acquis le", "Valeur", "Au", "Propriétaires", "Remarques"), _assets),
        ("debts", "Dettes", ("Dette", "Nature", "Créancier", "Montant", "Au", "Remarques"), _debts),
        ("loans", "Prêts", ("Prêt", "Capital", "Durée en mois", "Accordé le", "Emprunteurs", "Remarques"), _loans),
        ("budget", "Revenus et charges", ("Ligne", "Nature", "Montant", "Période", "Remarques"), _budget),
    )
    return [PersonalData(key, title, _WHY, heads, tuple(rows(session, by, contact_id))) for key, title, heads, rows in told]


def _assets(session: TenantSession, by: Adviser, contact_id: str) -> Iterator[Row]:
    for one in assets.of_contact(session, by, contact_id):
        known = one.value(today())
        yield (
            one.facts.label, asset_kinds.LABELS[one.facts.kind], day(one.facts.acquired_on),
            money(known.value if known else None), day(known.on if known else None),
            ", ".join(owner.name for owner in one.owners), one.facts.remarks,
        )  # fmt: skip


def _debts(session: TenantSession, by: Adviser, contact_id: str) -> Iterator[Row]:
    for one in debts.of_contact(session, by, contact_id):
        terms = one.terms
        yield terms.label, one.kind_label, terms.creditor, money(terms.amount), day(terms.amount_on), terms.remarks


def _loans(session: TenantSession, by: Adviser, contact_id: str) -> Iterator[Row]:
    for one in loans.of_contact(session, by, contact_id):
        terms = one.terms
        yield (
            one.label, money(terms.principal), str(terms.months or ""), day(terms.granted_on),
            ", ".join(who.name for who in one.borrowers), terms.remarks,
        )  # fmt: skip


def _budget(session: TenantSession, by: Adviser, contact_id: str) -> Iterator[Row]:
    people = budgets.people_of(contacts.get_contact(session, by, contact_id))
    for one in budgets.of_people(session, by, list(people)):
        yield one.said, budget_kinds.KINDS[one.kind], money(one.amount), budget_kinds.PERIODS[one.period], one.remarks
