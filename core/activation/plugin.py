"""`PartnerPlugin`: what the plugin of a partner that speaks PLP subclasses. Its mandate's pages, papers and programs are here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from flask import Blueprint

from core.activation import steps
from core.activation.partnership import Partnership
from core.activation.printed import PrintedMandate
from core.hooks.specs import hookimpl
from core.hooks.types import Context
from core.hooks.types import SettingsPage
from core.hooks.types import Step
from core.links.partner import PlpPlugin
from core.rest.operations import Resource


class PartnerPlugin(PlpPlugin):
    """A link to a partner that speaks PLP/1. A subclass gives `name`, `title` and `partner`.

    It has its activation by itself; `Partner.words` says what things are called there. A subclass that overrides
    `blueprint`, `resources` or `settings_pages` begins with what `super()` gives, and adds to it.
    """

    #: The form of its mandate; None: core's.
    mandate_form: ClassVar[PrintedMandate | None] = None

    @property
    def partnership(self) -> Partnership:
        """What the pages of its activation know of it."""
        form = self.mandate_form or PrintedMandate(self.partner)
        return Partnership(self.name, self.partner, form, self.settings_schema is not None)

    def blueprint(self) -> Blueprint:
        """The pages of its activation, under `/p/<name>`; its own templates and static files are found too."""
        from core.activation.views import pages  # where programs run without pages, none are made

        return pages(self.name, type(self).__module__)

    def resources(self) -> Sequence[Resource]:
        """The mandate's papers, under `/api/v1/p/<name>/mandate`."""
        from core.activation.program import resource

        return [resource(self.partnership)]

    @hookimpl
    def activation_steps(self, ctx: Context) -> Sequence[Step]:
        """The five steps of the activation, with their dates (BL-05)."""
        return steps.current(self.partnership)

    @hookimpl
    def settings_pages(self, ctx: Context) -> Sequence[SettingsPage]:
        """The activation and the enrolled advisers (US-02, BL-05)."""
        label, company = self.partner.label, self.partner.company
        return [
            SettingsPage(
                "activation", f"Activation {self.partner.of_label}", f"p_{self.name}.activation", "partenaires",
                "Le mandat, où il en est, ce qu'il reste à faire.", ("mandat", company, "lien partenaire", "extranet"),
                "cabinet", 10,
            ),
            SettingsPage(
                "conseillers", f"Conseillers habilités chez {label}", f"p_{self.name}.advisers",
                "partenaires", "Qui passe à l'extranet, avec quel code.",
                ("habilitation", self.partner.words.user_code, company), "cabinet", 20,
            ),
        ]  # fmt: skip
