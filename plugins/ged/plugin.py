"""The plugin «ged»: documents of clients and accounts, filed, found, versioned, kept (AU-03); internal ones (OU-08)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from flask import Blueprint

from core.api import Context
from core.api import Plugin
from core.api import hookimpl
from core.api.rest import Resource
from core.api.types import ContactSection
from core.api.types import QueryField
from core.api.types import QuickAction
from core.api.types import Ref
from core.api.types import SearchProvider
from core.api.types import SettingsPage
from plugins.ged import asking
from plugins.ged import finding
from plugins.ged.telling import TELL


class GedPlugin(Plugin):
    """Documents of clients."""

    name = "ged"
    title = "Documents (GED)"
    version = "1.0"
    default_on = True
    weight = 70
    jobs = (TELL,)
    migrations = Path(__file__).parent / "migrations"
    references = (
        Ref("ged_duty", "document_id", to="document", on_conflict="drop"),
        Ref("ged_reading", "document_id", to="document", on_conflict="drop"),
    )

    def blueprint(self) -> Blueprint | None:
        """Pages under /p/ged."""
        from plugins.ged.views import pages

        return pages()

    def resources(self) -> Sequence[Resource]:
        """Documents filed, described, replaced, deleted and searched by programs."""
        from plugins.ged.category_resources import CATEGORIES
        from plugins.ged.internal_resources import INTERNAL
        from plugins.ged.resources import DOCUMENTS

        return (DOCUMENTS, INTERNAL, CATEGORIES)

    @hookimpl
    def contact_sections(self, ctx: Context) -> Sequence[ContactSection]:
        """Autres > Documents (GED)."""
        return [ContactSection("documents", "Documents (GED)", "autres", "p_ged.documents", 40, "documents.view")]

    @hookimpl
    def search_providers(self, ctx: Context) -> Sequence[SearchProvider]:
        """Documents by their title and by what they say."""
        return [SearchProvider("documents", "Documents", finding.documents_found, "file-text", 40, "documents.view")]

    @hookimpl
    def quick_actions(self, ctx: Context) -> Sequence[QuickAction]:
        """The search in documents and the cabinet's own, from any module (QM-01)."""
        return [
            QuickAction("documents", "Rechercher dans les documents", "p_ged.search", "file-text", 46, "documents.view"),
            QuickAction("internes", "Documents internes", "p_ged.internal", "files", 47, "documents.view"),
            QuickAction("references", "Documents des supports", "p_ged.shelves", "building-bank", 48, "documents.view"),
        ]

    @hookimpl
    def settings_pages(self, ctx: Context) -> Sequence[SettingsPage]:
        """Where documents are filed: the cabinet's own categories (OU-03)."""
        words = ("classement", "sous-catégorie", "ged", "dossier", "plan de classement")
        return [
            SettingsPage(
                "categories", "Catégories de documents", "p_ged.categories", "modules",
                "Sous-catégories du cabinet, sous celles d'Encours.", words, scope="cabinet", weight=70,
                permission="administration",
            )
        ]  # fmt: skip

    @hookimpl
    def query_fields(self, ctx: Context) -> Sequence[QueryField]:
        """Contacts by the validity of their documents (RQ-01)."""
        return asking.fields()
