"""The plugin «portefeuille»: portfolios, accounts, transactions; the places from which a partner link starts."""

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
from core.api.types import AccountRef
from core.api.types import Column
from core.api.types import ContactSection
from core.api.types import Event
from core.api.types import Finding
from core.api.types import Guard
from core.api.types import Module
from core.api.types import QueryField
from core.api.types import QuickAction
from core.api.types import Ref
from core.api.types import SearchProvider
from core.api.types import SettingsPage
from core.api.types import TransactionRef
from core.api.types import TransactionType
from plugins.portefeuille import asking
from plugins.portefeuille import finding
from plugins.portefeuille import guards
from plugins.portefeuille import notices
from plugins.portefeuille import tracking
from plugins.portefeuille import transaction_typing
from plugins.portefeuille.audit import checks
from plugins.portefeuille.plans.telling import TELL
from plugins.portefeuille.settings import PortefeuilleSettings
from plugins.portefeuille.statements.batches import STATEMENT


class PortefeuillePlugin(Plugin):
    """Portfolios and accounts (BL-02)."""

    name = "portefeuille"
    title = "Portefeuille"
    version = "1.0"
    default_on = True
    weight = 50
    settings_schema = PortefeuilleSettings
    migrations = Path(__file__).parent / "migrations"
    references = (
        Ref("portefeuille_statement_line", "contact_id", to="contact", on_conflict="drop"),
        Ref("portefeuille_statement_line", "document_id", to="document"),
        Ref("portefeuille_plan", "account_id", to="account"),
        Ref("portefeuille_plan_day", "transaction_id", to="transaction"),
    )
    jobs = (STATEMENT, TELL)

    def blueprint(self) -> Blueprint | None:
        """Pages under /p/portefeuille."""
        from plugins.portefeuille.views import pages

        return pages()

    def resources(self) -> Sequence[Resource]:
        """The audit, the statements and acts that come back, for programs."""
        from plugins.portefeuille.audit_resources import AUDIT
        from plugins.portefeuille.plans.resources import PLANS
        from plugins.portefeuille.statements.batch_resources import BATCHES
        from plugins.portefeuille.statements.resources import STATEMENTS

        return (AUDIT, STATEMENTS, BATCHES, PLANS)

    @hookimpl
    def modules(self, ctx: Context) -> Sequence[Module]:
        """The list of all accounts, in the module bar."""
        entry = Module("portefeuille", "Portefeuille", "p_portefeuille.accounts_list", "briefcase", 60, "accounts.view")
        return [entry]

    @hookimpl
    def contact_sections(self, ctx: Context) -> Sequence[ContactSection]:
        """The rubric Portefeuille of a contact's file."""
        return [
            ContactSection(key, label, "portefeuille", f"p_portefeuille.{endpoint}", weight, "accounts.view")
            for key, label, endpoint, weight in (
                ("portefeuille", "Portefeuille", "portfolio", 10), ("comptes", "Comptes", "contact_accounts", 20),
                ("situation", "Situation", "situation", 30),
                ("performance", "Performance", "contact_performance", 40), ("audit", "Audit", "audit", 50),
                ("releve", "Relevés", "statement", 60),
            )
        ]  # fmt: skip

    @hookimpl
    def portfolio_checks(self, ctx: Context, accounts: Sequence[AccountRef], on: date) -> Sequence[Finding]:
        """The rules of the audit (PF-07)."""
        return checks.findings(session(), ctx.settings, accounts, on)

    @hookimpl
    def query_fields(self, ctx: Context) -> Sequence[QueryField]:
        """The gain of an account (RQ-01)."""
        return asking.FIELDS

    @hookimpl
    def search_providers(self, ctx: Context) -> Sequence[SearchProvider]:
        """Accounts by number or title, to their page (RE-02)."""
        return [SearchProvider("comptes", "Comptes", finding.accounts_found, "briefcase", 20, "accounts.view")]

    @hookimpl
    def quick_actions(self, ctx: Context) -> Sequence[QuickAction]:
        """Accounts, from any module (QM-01)."""
        return [
            QuickAction("add", "Ajouter un compte", "p_portefeuille.account_new", "briefcase", 25, "accounts.edit"),
            QuickAction("find", "Rechercher un compte", "p_portefeuille.accounts_list", "search", 40, "accounts.view"),
            QuickAction("plans", "Actes programmés", "p_portefeuille.plans", "calendar-repeat", 45, "transactions.view"),
        ]

    @hookimpl
    def settings_pages(self, ctx: Context) -> Sequence[SettingsPage]:
        """The saved views of the list of accounts (US-02)."""
        return [
            SettingsPage(
                "vues", "Vues des comptes", "p_portefeuille.accounts_list_views", "modules",
                "Filtres, tri et colonnes gardés sous un nom.",
                ("liste", "filtre", "colonne", "tri", "partager", "vue habituelle"), weight=55, permission="accounts.view",
            )
        ]  # fmt: skip

    @hookimpl
    def transaction_types(self, ctx: Context, account: AccountRef) -> Sequence[TransactionType]:
        """Acts typed here, on an account that no partner feeds (PF-04)."""
        return transaction_typing.types(ctx, account)

    @hookimpl
    def transaction_guards(self, ctx: Context, account: AccountRef, acts: Mapping[str, str]) -> Mapping[str, Guard]:
        """What the account's own facts forbid or ask to think about."""
        return guards.judge(account, acts)

    @hookimpl
    def transaction_columns(self, ctx: Context, transactions: Sequence[TransactionRef]) -> Sequence[Column]:
        """The status of what no enabled partner link follows."""
        return tracking.columns(ctx, transactions)

    @hookimpl
    def on_event(self, ctx: Context, event: Event) -> None:
        """Tell the adviser who began a transaction how it ended."""
        notices.tell(event)
