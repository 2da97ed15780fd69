"""The plugin «fiscalite»: its table of contents."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from flask import Blueprint

from core.api import Context
from core.api import Plugin
from core.api import hookimpl
from core.api.db import session
from core.api.types import ContactSection
from core.api.types import PersonalData
from core.api.types import Ref
from plugins.fiscalite import own_data
from plugins.fiscalite import work


class FiscalitePlugin(Plugin):
    """Taxes of a household: income tax and IFI by the tax engine, social levies, ceiling of the PER (PA-03)."""

    name = "fiscalite"
    title = "Fiscalité"
    version = "1.0"
    default_on = True
    weight = 60
    migrations = Path(__file__).parent / "migrations"
    references = (Ref("fiscalite_declaration", "contact_id", to="contact", on_conflict="drop"),)
    jobs = work.JOBS

    def blueprint(self) -> Blueprint | None:
        """Pages under /p/fiscalite."""
        from plugins.fiscalite.views import pages

        return pages()

    def resources(self) -> Sequence[Any]:
        """Its part of the API."""
        from plugins.fiscalite.resources import RESOURCES

        return RESOURCES

    @hookimpl
    def personal_data(self, ctx: Context, contact_id: str) -> Sequence[PersonalData]:
        """What was declared, for the contact himself."""
        return own_data.of_contact(session(), contact_id)

    @hookimpl
    def contact_sections(self, ctx: Context) -> Sequence[ContactSection]:
        """Patrimoine > Fiscalité in a contact's file."""
        return [ContactSection("fiscalite", "Fiscalité", "patrimoine", "p_fiscalite.taxes", 40, "contacts.view")]
