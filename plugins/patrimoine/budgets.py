"""Budgets as they are read: the lines of a person or of a household's members, and what their loans cost. Knows no Flask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Select
from sqlalchemy import func
from sqlalchemy import select

from core.api import book
from core.api import contacts
from core.api import rights
from core.api.db import NotFound
from core.api.db import TenantSession
from core.api.db import day_of
from core.api.types import Adviser
from plugins.patrimoine import budget_kinds as kinds
from plugins.patrimoine import budget_sums as sums
from plugins.patrimoine import loans
from plugins.patrimoine.budget_models import BudgetLine
from plugins.patrimoine.budget_sums import Budget
from plugins.patrimoine.budget_sums import Line

ABSENT = "Cette ligne de budget n'existe pas, ou n'est pas ouverte à votre profil."
PERSON, HOUSEHOLD = "PERSONNE_PHYSIQUE", "FOYER"
_ORDER = list(kinds.KINDS)


@dataclass(frozen=True, slots=True)
class Found:
    """A budget with whose it is: id → name. `apart`: lines that do not count on its day; `hidden`: some members are not seen."""

    people: dict[str, str]
    budget: Budget
    apart: tuple[Line, ...] = ()
    hidden: bool = False

    def of(self, contact_id: str) -> Budget:
        """One member's."""
        return self.budget.of(contact_id)


def of_contact(session: TenantSession, adviser: Adviser, card: contacts.ContactCard, on: date, *, rents: Decimal) -> Found:
    """The budget of a person, or of a household's members added up, on a day; nobody's for a company."""
    people = people_of(card)
    lines = _made(session, adviser, select(BudgetLine).where(BudgetLine.contact_id.in_(list(people))))
    lines.sort(key=lambda one: (_ORDER.index(one.kind), -one.year, one.id))
    counted = tuple(one for one in lines if one.counts_on(on))
    owed = sums.burdens(loans.owed_by(session, list(people), on), list(people), on)
    return Found(
        people, Budget(on, counted, tuple(owed), rents), tuple(one for one in lines if not one.counts_on(on)),
        card.line.kind == HOUSEHOLD and _members(session, card.id) > len(people),
    )  # fmt: skip


def people_of(card: contacts.ContactCard) -> dict[str, str]:
    """Whose lines make the budget: the person himself, or the members that the reader may see."""
    if card.line.kind == HOUSEHOLD:
        return {one.id: one.name for one in card.members if one.kind == PERSON}
    return {card.id: card.name} if card.line.kind == PERSON else {}


def get(session: TenantSession, adviser: Adviser, line_id: str) -> Line:
    """One line. Raises `NotFound`, also for one of a contact whom the adviser may not see."""
    found = _made(session, adviser, select(BudgetLine).where(BudgetLine.id == line_id))
    if not found:
        raise NotFound(ABSENT)
    return found[0]


def of_people(session: TenantSession, adviser: Adviser, people: Sequence[str]) -> list[Line]:
    """All lines of these people, past ones too."""
    return _made(session, adviser, select(BudgetLine).where(BudgetLine.contact_id.in_(people)).order_by(BudgetLine.id))


def following(session: TenantSession, adviser: Adviser, after: str | None, *, size: int) -> list[Line]:
    """Some lines in the order of their ids: a page of the API."""
    wanted = select(BudgetLine).order_by(BudgetLine.id).limit(size)
    return _made(session, adviser, wanted if after is None else wanted.where(BudgetLine.id > after))


def _made(session: TenantSession, adviser: Adviser, wanted: Select[Any]) -> list[Line]:
    seen = rights.on(BudgetLine.contact_id, adviser, "contact")
    return [
        Line(
            row.contact_id, row.kind, row.amount.quantize(sums.CENT), row.period, row.label, row.since, row.until, row.certain,
            row.shared, row.remarks, row.id, day_of(row.updated_at),
        )
        for row in session.scalars(wanted.where(seen))
    ]  # fmt: skip


def _members(session: TenantSession, household_id: str) -> int:
    """How many people live there, whoever may see them."""
    member, contact = book.HouseholdMember, book.Contact
    wanted = (
        select(func.count())
        .select_from(member)
        .join(contact, contact.id == member.contact_id)
        .where(member.household_id == household_id, contact.kind == PERSON)
    )
    return session.scalar(wanted) or 0
