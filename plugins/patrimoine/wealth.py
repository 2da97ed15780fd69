"""What this plugin puts in a balance sheet on a day: things owned, loans and other debts, each whole (PA-01, AU-01)."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set
from datetime import date
from decimal import Decimal
from typing import cast

from core.api import Context
from core.api import contacts
from core.api.db import TenantSession
from core.api.db import session
from core.api.types import BudgetItem
from core.api.types import BudgetSide
from core.api.types import Nature
from core.api.types import Ownership
from core.api.types import WealthItem
from plugins.patrimoine import assets
from plugins.patrimoine import budget_kinds as kinds
from plugins.patrimoine import budgets
from plugins.patrimoine import debts
from plugins.patrimoine import loans
from plugins.patrimoine.asset_terms import Asset
from plugins.patrimoine.asset_terms import Debt
from plugins.patrimoine.loan_terms import Loan

#: Where a line of the balance sheet leads; it finds the page of the thing.
ENDPOINT = "p_patrimoine.item"


def items(people: Sequence[str], on: date) -> list[WealthItem]:
    """Each thing that exists on the day and that one of these people owns or owes, whole, with all who have a right on it."""
    at = session()
    return [*_owned(at, people, on), *_lent(at, people, on), *_owed(at, people, on)]


def budget(ctx: Context, people: Sequence[str], on: date) -> list[BudgetItem]:
    """What each of these people earns, spends and puts aside a year, kind by kind; loans that are followed here among it."""
    if ctx.principal is None:
        return []
    at, rents = session(), Decimal(ctx.settings["rents"]) / 100
    cards = [contacts.get_contact(at, ctx.principal, one) for one in people]
    found = [(card.id, budgets.of_contact(at, ctx.principal, card, on, rents=rents).budget) for card in cards]
    return [
        BudgetItem(who, cast(BudgetSide, side), kinds.KINDS[kind], year)
        for who, one in found for side in kinds.SIDES for kind, year in one.by_kind(side).items()
    ]  # fmt: skip


def _owned(at: TenantSession, people: Sequence[str], on: date) -> list[WealthItem]:
    return [of_asset(one, on) for one in assets.owned_by(at, people, on)]


def _lent(at: TenantSession, people: Sequence[str], on: date) -> list[WealthItem]:
    found = loans.owed_by(at, people, on)
    taxed = assets.taxed(at, [one.terms.asset_id for one in found if one.terms.asset_id])
    return [of_loan(one, on, taxed) for one in found if one.owed(on).amount != 0]


def _owed(at: TenantSession, people: Sequence[str], on: date) -> list[WealthItem]:
    found = debts.owed_by(at, people, on)
    taxed = assets.taxed(at, [one.terms.asset_id for one in found if one.terms.asset_id])
    return [of_debt(one, taxed) for one in found]


def of_asset(one: Asset, on: date) -> WealthItem:
    """An asset with the last value known by the day."""
    known = one.value(on)
    return WealthItem(
        key=one.id, label=one.facts.label, category=one.kind.category, value=known.value if known else None,
        owners=tuple(who.ownership for who in one.owners), as_of=known.on if known else None,
        source=known.source if known else "Valeur non connue", nature=cast(Nature, one.facts.nature),
        acquired_on=one.facts.acquired_on, immovable=one.kind.immovable, usufruct_until=one.facts.usufruct_until,
        taxable=one.ifi, main_home=one.kind.main_home, company_id=one.facts.company_id or "", endpoint=ENDPOINT,
    )  # fmt: skip


def of_loan(one: Loan, on: date, taxed: Set[str]) -> WealthItem:
    """What is owed on a loan on the day. `taxed`: those of the things paid for that are in the base of the IFI, be it in part."""
    owed = one.owed(on)
    told = owed.origin == "DECLARE"
    return WealthItem(
        key=one.id, label=f"{one.label}\u202f: {one.terms.purpose}", category="EMPRUNT", value=owed.amount,
        owners=tuple(Ownership(who.contact_id, who.share) for who in one.borrowers), as_of=owed.as_of,
        source=f"Solde communiqué par {one.terms.lender}" if told else "Échéancier du prêt", origin=owed.origin,
        acquired_on=one.terms.granted_on or one.begins, finances=one.terms.asset_id or "",
        taxable=deductible(one, on) if one.terms.asset_id in taxed else Decimal(0), endpoint=ENDPOINT,
    )  # fmt: skip


def deductible(one: Loan, on: date) -> Decimal:
    """Of a loan that paid for taxed property, what may be deducted: one in fine's goes down a part a year (art. 974 II CGI)."""
    begun = one.terms.granted_on or one.begins
    if one.terms.kind != "IN_FINE" or begun is None or not one.terms.months:
        return Decimal(1)
    years = on.year - begun.year - ((on.month, on.day) < (begun.month, begun.day))
    return max(Decimal(0), 1 - Decimal(12 * max(0, years)) / one.terms.months)


def of_debt(one: Debt, taxed: Set[str]) -> WealthItem:
    """A debt or a surety. `taxed`: as for a loan."""
    return WealthItem(
        key=one.id, label=one.terms.label, category=one.category, value=one.terms.amount,
        owners=tuple(who.ownership for who in one.owners), as_of=one.terms.amount_on, source=one.source,
        acquired_on=one.terms.since, finances=one.terms.asset_id or "",
        taxable=Decimal(one.terms.asset_id in taxed), endpoint=ENDPOINT,
    )  # fmt: skip
