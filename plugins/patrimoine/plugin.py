"""The plugin «patrimoine»: what people own beside accounts, and owe (PA-01); budgets (PA-02); loans and pledges (AU-01)."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from flask import Blueprint

from core.api import Context
from core.api import Plugin
from core.api import hookimpl
from core.api.db import session
from core.api.rest import Resource
from core.api.types import AccountNote
from core.api.types import AccountRef
from core.api.types import BudgetItem
from core.api.types import ContactSection
from core.api.types import Guard
from core.api.types import PersonalData
from core.api.types import Ref
from core.api.types import WealthItem
from plugins.patrimoine import guards
from plugins.patrimoine import notes
from plugins.patrimoine import own_data
from plugins.patrimoine import wealth
from plugins.patrimoine.settings import PatrimoineSettings


class PatrimoinePlugin(Plugin):
    """What people own and owe beside their accounts."""

    name = "patrimoine"
    title = "Patrimoine"
    version = "1.0"
    default_on = True
    #: Before «portefeuille»: of two words on one act the first stands, and this one names the creditor.
    weight = 45
    settings_schema = PatrimoineSettings
    migrations = Path(__file__).parent / "migrations"
    references = (
        Ref("patrimoine_loan_borrower", "contact_id", to="contact", on_conflict="drop"),
        Ref("patrimoine_pledge", "account_id", to="account"),
        Ref("patrimoine_asset_owner", "contact_id", to="contact"),
        Ref("patrimoine_asset", "company_id", to="contact"),
        Ref("patrimoine_debt_owner", "contact_id", to="contact"),
        Ref("patrimoine_budget_line", "contact_id", to="contact"),
    )

    def blueprint(self) -> Blueprint | None:
        """Pages under /p/patrimoine."""
        from plugins.patrimoine.views import pages

        return pages()

    def resources(self) -> Sequence[Resource]:
        """Balance sheets, assets, debts, budgets, loans and pledges for programs."""
        from plugins.patrimoine import asset_resources
        from plugins.patrimoine import balance_resources
        from plugins.patrimoine import budget_resources
        from plugins.patrimoine import debt_resources
        from plugins.patrimoine import loan_resources
        from plugins.patrimoine import pledge_resources

        return (
            balance_resources.BALANCE, asset_resources.ASSETS, debt_resources.DEBTS, budget_resources.BUDGETS,
            loan_resources.LOANS, pledge_resources.PLEDGES,
        )  # fmt: skip

    @hookimpl
    def personal_data(self, ctx: Context, contact_id: str) -> Sequence[PersonalData]:
        """Assets, debts, loans, budget, for the contact himself."""
        return own_data.of_contact(session(), ctx.principal, contact_id) if ctx.principal else []

    @hookimpl
    def contact_sections(self, ctx: Context) -> Sequence[ContactSection]:
        """Patrimoine > Bilan, Actifs, Passifs, Budget; Autres > Biens immobiliers, Prêts, nantissements."""
        return [
            ContactSection("bilan", "Bilan", "patrimoine", "p_patrimoine.balance", 5, "contacts.view"),
            ContactSection("actifs", "Actifs", "patrimoine", "p_patrimoine.assets", 10, "contacts.view"),
            ContactSection("passifs", "Passifs", "patrimoine", "p_patrimoine.debts", 20, "contacts.view"),
            ContactSection("budget", "Budget", "patrimoine", "p_patrimoine.budget", 30, "contacts.view"),
            ContactSection("immobilier", "Biens immobiliers", "autres", "p_patrimoine.properties", 10, "contacts.view"),
            ContactSection("prets", "Prêts, nantissements", "autres", "p_patrimoine.loans", 20, "contacts.view"),
        ]

    @hookimpl
    def account_notes(self, ctx: Context, account: AccountRef) -> Sequence[AccountNote]:
        """To whom the account is pledged, and whether it still covers what it secures."""
        return notes.of_account(ctx, account)

    @hookimpl
    def wealth_items(self, ctx: Context, contacts: Sequence[str], on: date) -> Sequence[WealthItem]:
        """What is owned beside accounts, and owed, on the day that is asked."""
        return wealth.items(contacts, on)

    @hookimpl
    def budget_items(self, ctx: Context, contacts: Sequence[str], on: date) -> Sequence[BudgetItem]:
        """What is typed of a budget, and what the loans that are followed here cost."""
        return wealth.budget(ctx, contacts, on)

    @hookimpl
    def transaction_guards(self, ctx: Context, account: AccountRef, acts: Mapping[str, str]) -> Mapping[str, Guard]:
        """A pledged account's creditor has his word on what takes from it or changes it."""
        return guards.judge(account, acts)
