"""The plugin «nomineo»: Generali Patrimoine's extranet, by the partner link. The protocol is in core."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint

from core.api import Context
from core.api import hookimpl
from core.api.partner import PartnerPlugin
from core.api.rest import Resource
from core.api.types import SettingsPage
from core.api.types import Step
from plugins.nomineo import products
from plugins.nomineo import steps
from plugins.nomineo.settings import NomineoSettings


class NomineoPlugin(PartnerPlugin):
    """Business Link to Nominéo (BL)."""

    name = "nomineo"
    title = "Nominéo"
    version = "1.0"
    # On from the start, so that the icons say how to activate; no mandate, no call (BL-03).
    default_on = True
    weight = 10
    partner = products.PARTNER
    settings_schema = NomineoSettings

    def blueprint(self) -> Blueprint | None:
        """Pages under /p/nomineo."""
        from plugins.nomineo.views import pages

        return pages()

    def resources(self) -> Sequence[Resource]:
        """The mandate's papers, under /api/v1/p/nomineo."""
        from plugins.nomineo.program import MANDATE

        return [MANDATE]

    @hookimpl
    def activation_steps(self, ctx: Context) -> Sequence[Step]:
        """The five steps of the activation, with their dates (BL-05)."""
        return steps.current(self.name)

    @hookimpl
    def settings_pages(self, ctx: Context) -> Sequence[SettingsPage]:
        """The activation and the enrolled advisers (US-02, BL-05)."""
        return [
            SettingsPage(
                "activation", "Activation de Nominéo", "p_nomineo.activation", "partenaires",
                "Le mandat, où il en est, ce qu'il reste à faire.", ("mandat", "Generali", "lien partenaire", "extranet"),
                "cabinet", 10,
            ),
            SettingsPage(
                "conseillers", "Conseillers habilités chez Nominéo", "p_nomineo.advisers", "partenaires",
                "Qui passe à l'extranet, avec quel code.", ("habilitation", "code utilisateur", "Generali"), "cabinet", 20,
            ),
        ]  # fmt: skip
