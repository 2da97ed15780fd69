"""The plugin «contacts»: the list of contacts and their files."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint

from core.api import Context
from core.api import Plugin
from core.api import hookimpl
from core.api.types import ContactSection
from core.api.types import Module
from core.api.types import QuickAction
from core.api.types import SearchProvider
from core.api.types import SettingsPage
from plugins.contacts import finding
from plugins.contacts import importing
from plugins.contacts.jobs import GEOCODE
from plugins.contacts.settings import ContactsSettings

#: Pages of what the cabinet defines: key, label, what one does there, other words for it, weight.
DEFINED = (
    ("champs", "Champs du cabinet", "Champs ajoutés aux dossiers de vos contacts.", ("personnalisé", "questionnaire"), 46),
    ("categories", "Catégories de contacts", "Deux niveaux, une catégorie par contact.", ("segment", "classer"), 47),
    ("etiquettes", "Étiquettes de contacts", "Noms et couleurs, plusieurs par contact.", ("tag", "marquer"), 48),
)


class ContactsPlugin(Plugin):
    """Contacts: list, file, rubric Dossier."""

    name = "contacts"
    title = "Contacts"
    version = "1.0"
    default_on = True
    weight = 40
    imports = (importing.TARGET,)
    settings_schema = ContactsSettings
    jobs = (GEOCODE,)
    sends = ("Si le cabinet l'accepte, le texte des adresses postales, sans aucun nom, au géocodeur qu'il a choisi",)

    def blueprint(self) -> Blueprint | None:
        """Pages under /p/contacts."""
        from plugins.contacts.views import pages

        return pages()

    @hookimpl
    def modules(self, ctx: Context) -> Sequence[Module]:
        """The entry «Contacts» of the module bar."""
        return [Module("contacts", "Contacts", "p_contacts.index", icon="users", weight=50, permission="contacts.view")]

    @hookimpl
    def contact_sections(self, ctx: Context) -> Sequence[ContactSection]:
        """Dossier > Général, Coordonnées, Relations, Conjoint."""
        return [
            ContactSection(key, label, "dossier", f"p_contacts.{endpoint}", weight, "contacts.view")
            for key, label, endpoint, weight in (
                ("general", "Général", "contact", 10), ("coordonnees", "Coordonnées", "channels", 20),
                ("relations", "Relations", "relations", 30), ("conjoint", "Conjoint", "spouse", 40),
            )
        ]  # fmt: skip

    @hookimpl
    def search_providers(self, ctx: Context) -> Sequence[SearchProvider]:
        """Contacts by name, file code, telephone or e-mail, to Dossier > Général (RE-01)."""
        return [SearchProvider("contacts", "Contacts", finding.contacts_found, "user", 10, "contacts.view")]

    @hookimpl
    def quick_actions(self, ctx: Context) -> Sequence[QuickAction]:
        """Contacts, from any module (QM-01)."""
        return [
            QuickAction("new", "Ajouter un contact", "p_contacts.new", "plus", 10, "contacts.edit"),
            QuickAction("find", "Rechercher un contact", "p_contacts.index", "search", 20, "contacts.view"),
            QuickAction("locate", "Localiser un contact", "p_contacts.map", "map-pin", 60, "contacts.view"),
        ]

    @hookimpl
    def settings_pages(self, ctx: Context) -> Sequence[SettingsPage]:
        """The saved views of the list (US-02), the cabinet's fields, categories and labels (CT-03)."""
        return [
            *(
                SettingsPage(
                    key, label, "p_contacts.settings", "modules", about, ("contacts", "dossier", *words), "cabinet", weight,
                    "administration", {"what": key},
                )
                for key, label, about, words, weight in DEFINED
            ),
            SettingsPage(
                "vues", "Vues des contacts", "p_contacts.index_views", "modules",
                "Filtres, tri et colonnes gardés sous un nom.",
                ("liste", "filtre", "colonne", "tri", "partager", "vue habituelle"), weight=45, permission="contacts.view",
            ),
        ]  # fmt: skip
