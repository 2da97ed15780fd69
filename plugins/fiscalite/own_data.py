"""What this plugin keeps of a contact, for its right of access: what was declared, year by year."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from core.api import book
from core.api.db import TenantSession
from core.api.types import PersonalData
from plugins.fiscalite import kinds
from plugins.fiscalite.models import Declaration


def of_contact(session: TenantSession, contact_id: str) -> list[PersonalData]:
    """The declarations, his household's too; the caller has checked that the contact's file is open."""
    why = "Estimation des impôts et des plafonds, que le conseil demande."
    rows = tuple(_rows(session, contact_id))
    return [PersonalData("declarations", "Situation fiscale", why, ("Revenus de", "Donnée", "Valeur"), rows)]


def _rows(session: TenantSession, contact_id: str) -> Iterator[tuple[str, ...]]:
    member = book.HouseholdMember
    homes = select(member.household_id).where(member.contact_id == contact_id)
    theirs = (Declaration.contact_id == contact_id) | Declaration.contact_id.in_(homes)
    for one in session.scalars(select(Declaration).where(theirs).order_by(Declaration.year)):
        for name, value in one.facts.items():
            yield str(one.year), kinds.label(name), "Oui" if value is True else "Non" if value is False else str(value)
