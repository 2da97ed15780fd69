"""The plugin «aggregation»: portfolios that come from elsewhere, from tables and from feeds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from flask import Blueprint

from core.api import Context
from core.api import Plugin
from core.api import hookimpl
from core.api.feeds import FeedFormat
from core.api.rest import Resource
from core.api.types import AccountNote
from core.api.types import AccountRef
from core.api.types import QuickAction
from core.api.types import Ref
from core.api.types import SettingsPage
from plugins.aggregation import importing
from plugins.aggregation.formats import registry
from plugins.aggregation.pipeline import notes
from plugins.aggregation.pipeline.collecting import COLLECT
from plugins.aggregation.pipeline.jobs import WORK
from plugins.aggregation.pipeline.pulling import PULL
from plugins.aggregation.pipeline.silence import LOOK
from plugins.aggregation.pipeline.sources import NIGHTLY
from plugins.aggregation.pipeline.watching import WATCH
from plugins.aggregation.settings import AggregationSettings


class AggregationPlugin(Plugin):
    """Accounts, what they are worth and hold, from tables (AC-02); formats of feeds, of supports too (AGG-01, OU-09)."""

    name = "aggregation"
    title = "Agrégation"
    version = "1.0"
    default_on = True
    weight = 70
    migrations = Path(__file__).parent / "migrations"
    references = (
        Ref("aggregation_account", "account_id", to="account"), Ref("aggregation_step", "account_id", to="account"),
        Ref("aggregation_movement", "account_id", to="account", on_conflict="drop"),
    )  # fmt: skip
    imports = (importing.TARGET,)
    settings_schema = AggregationSettings
    jobs = (WORK, LOOK, WATCH, PULL, COLLECT, NIGHTLY)

    def blueprint(self) -> Blueprint | None:
        """Pages under /p/aggregation."""
        from plugins.aggregation.pipeline.views import pages

        return pages()

    def resources(self) -> Sequence[Resource]:
        """Feeds, for programs."""
        from plugins.aggregation.pipeline.resources import FEEDS

        return (FEEDS,)

    @hookimpl
    def settings_pages(self, ctx: Context) -> Sequence[SettingsPage]:
        """The files of feeds, found from Services too (AGG-01)."""
        return [
            SettingsPage(
                "flux", "Flux et relevés", "p_aggregation.index", "modules",
                "Fichiers reçus des banques et assureurs, partenaires lus, comptes à rattacher.",
                ("relevé", "partenaire", "OFX", "camt", "CFONB", "rattacher", "agrégation"), weight=75,
                permission="accounts.edit",
            )
        ]  # fmt: skip

    @hookimpl
    def quick_actions(self, ctx: Context) -> Sequence[QuickAction]:
        """A file of portfolios, the statement of a partner, from any module (QM-01)."""
        where = {"target": importing.TARGET.key}
        return [
            QuickAction("import", "Importer des portefeuilles", "imports.new", "upload", 70, "accounts.edit", where),
            QuickAction("feed", "Déposer un relevé", "p_aggregation.index", "upload", 71, "accounts.edit"),
        ]

    @hookimpl
    def account_notes(self, ctx: Context, account: AccountRef) -> Sequence[AccountNote]:
        """Where the value of an account that a feed fills comes from (NX-02)."""
        return notes.of_account(account)

    @hookimpl
    def feed_formats(self, ctx: Context) -> Sequence[FeedFormat]:
        """OFX, camt, CFONB 120, FinDatEx, text of French statements (AGG-01, OU-09)."""
        return registry.FORMATS
