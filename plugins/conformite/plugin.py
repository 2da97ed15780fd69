"""The plugin «conformite»: profiles, documents, acts without them, allocations, projects, vigilance (CO-01 to CO-05)."""

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
from core.api.db import today
from core.api.rest import Resource
from core.api.types import AccountRef
from core.api.types import ContactSection
from core.api.types import Finding
from core.api.types import Guard
from core.api.types import Module
from core.api.types import PersonalData
from core.api.types import QueryField
from core.api.types import Ref
from plugins.conformite import asking
from plugins.conformite import demands
from plugins.conformite import guards
from plugins.conformite import own_data
from plugins.conformite import suitability
from plugins.conformite.settings import ConformiteSettings


class ConformitePlugin(Plugin):
    """What the law asks an adviser to know of a client before he advises him."""

    name = "conformite"
    title = "Conformité"
    version = "1.0"
    default_on = True
    #: After «patrimoine» and «portefeuille»: of two words on one act, the account's own stands first.
    weight = 70
    settings_schema = ConformiteSettings
    migrations = Path(__file__).parent / "migrations"
    references = (
        Ref("conformite_profile", "contact_id", to="contact"),
        Ref("conformite_draft", "contact_id", to="contact", on_conflict="drop"),
        Ref("conformite_paper", "contact_id", to="contact"),
        Ref("conformite_paper", "document_id", to="document", on_conflict="drop"),
        Ref("conformite_vigilance", "contact_id", to="contact"),
        Ref("conformite_operation", "contact_id", to="contact"),
        Ref("conformite_operation", "account_id", to="account"),
        Ref("conformite_suspicion", "contact_id", to="contact", secret=True),
        Ref("conformite_project", "contact_id", to="contact"), Ref("conformite_project", "co_contact_id", to="contact"),
        Ref("conformite_project", "account_id", to="account"),
        Ref("conformite_project_line", "support_id", to="support"),
    )

    def blueprint(self) -> Blueprint | None:
        """Pages under /p/conformite."""
        from plugins.conformite.views import pages

        return pages()

    def resources(self) -> Sequence[Resource]:
        """Questionnaires, profiles, where clients stand, documents and templates, projects, vigilance, for programs."""
        from plugins.conformite.papers.resources import PAPERS
        from plugins.conformite.papers.resources import TEMPLATES
        from plugins.conformite.profile_resources import PROFILES
        from plugins.conformite.projects.allocation_resources import ALLOCATIONS
        from plugins.conformite.projects.resources import PROJECTS
        from plugins.conformite.situation_resources import SITUATIONS
        from plugins.conformite.vigilance.list_resources import LISTS
        from plugins.conformite.vigilance.operation_resources import OPERATIONS
        from plugins.conformite.vigilance.resources import VIGILANCE
        from plugins.conformite.vigilance.suspicion_resources import SUSPICIONS

        return (PROFILES, SITUATIONS, PAPERS, TEMPLATES, ALLOCATIONS, PROJECTS, VIGILANCE, OPERATIONS, LISTS, SUSPICIONS)

    @hookimpl
    def personal_data(self, ctx: Context, contact_id: str) -> Sequence[PersonalData]:
        """Profiles, answer by answer, for the contact himself."""
        return own_data.of_contact(session(), ctx.principal, contact_id) if ctx.principal else []

    @hookimpl
    def contact_sections(self, ctx: Context) -> Sequence[ContactSection]:
        """Conformité > Profil investisseur, Espace documents, Allocation, Projets, Vigilance."""
        return [
            ContactSection("profil", "Profil investisseur", "conformite", "p_conformite.profile", 20, "contacts.view"),
            ContactSection("documents", "Espace documents", "conformite", "p_conformite.papers", 30, "documents.view"),
            ContactSection("allocation", "Allocation", "conformite", "p_conformite.allocation", 40, "accounts.view"),
            ContactSection("projets", "Projets", "conformite", "p_conformite.projects", 50, "contacts.view"),
            ContactSection("vigilance", "Vigilance", "conformite", "p_conformite.vigilance", 60, "contacts.view"),
        ]

    @hookimpl
    def query_fields(self, ctx: Context) -> Sequence[QueryField]:
        """Where a client stands; his current profile, its date, its last day; his documents, his vigilance (RQ-01)."""
        return asking.fields(today(), demands.of(ctx.settings))

    @hookimpl
    def modules(self, ctx: Context) -> Sequence[Module]:
        """The clients of the cabinet by where they stand, in the module bar."""
        return [Module("conformite", "Conformité", "p_conformite.index", "shield-check", 65, "contacts.view")]

    @hookimpl
    def portfolio_checks(self, ctx: Context, accounts: Sequence[AccountRef], on: date) -> Sequence[Finding]:
        """What a portfolio holds beside what its holders' profiles allow (PF-07)."""
        return suitability.findings(session(), ctx.principal, accounts, on) if ctx.principal else []

    @hookimpl
    def transaction_guards(self, ctx: Context, account: AccountRef, acts: Mapping[str, str]) -> Mapping[str, Guard]:
        """An act that follows from advice, where a holder's profile or documents lack or have expired: the cabinet's policy."""
        return guards.judge(ctx, account, acts)
