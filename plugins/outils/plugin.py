"""The plugin «outils»: the cabinet's supports and their pages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from flask import Blueprint

from core.api import Context
from core.api import Plugin
from core.api import hookimpl
from core.api.rest import Resource
from core.api.types import AccountNote
from core.api.types import AccountRef
from core.api.types import ModelOffer
from core.api.types import Module
from core.api.types import Ref
from core.api.types import SearchProvider
from core.api.types import SettingsPage
from plugins.outils import finding
from plugins.outils.optimising.book import OPTIMISE
from plugins.outils.portfolios import notes
from plugins.outils.portfolios import offers


class OutilsPlugin(Plugin):
    """Tools: supports (RE-03, WS-01)."""

    name = "outils"
    title = "Outils"
    version = "1.0"
    default_on = True
    weight = 80
    jobs = (OPTIMISE,)
    migrations = Path(__file__).parent / "migrations"
    references = (
        Ref("outils_model_line", "support_id", to="support", on_conflict="drop"),
        Ref("outils_model_follower", "account_id", to="account", on_conflict="drop"),
        Ref("outils_proposal", "account_id", to="account", on_conflict="drop"),
        Ref("outils_proposal", "transaction_id", to="transaction"),
    )

    def resources(self) -> Sequence[Resource]:
        """Files of producers, ranges, favourites, model portfolios and their optimisations, for programs."""
        from plugins.outils import file_resources
        from plugins.outils import range_resources
        from plugins.outils.optimising.resources import OPTIMISATIONS
        from plugins.outils.portfolios.follow_resources import FOLLOWERS
        from plugins.outils.portfolios.resources import MODELS
        from plugins.outils.portfolios.run_resources import RUNS

        own = (MODELS, FOLLOWERS, RUNS, OPTIMISATIONS)
        return (file_resources.FILES, range_resources.RANGES, range_resources.FAVOURITES, *own)

    def blueprint(self) -> Blueprint | None:
        """Pages under /p/outils."""
        from plugins.outils.views import pages

        return pages()

    @hookimpl
    def modules(self, ctx: Context) -> Sequence[Module]:
        """The entry «Outils» of the module bar: it opens on the supports."""
        return [Module("outils", "Outils", "p_outils.index", "tools", 80, "accounts.view")]

    @hookimpl
    def search_providers(self, ctx: Context) -> Sequence[SearchProvider]:
        """Supports by ISIN or label, to their page (RE-03)."""
        return [SearchProvider("supports", "Supports", finding.supports_found, "chart-line", 30, "accounts.view")]

    @hookimpl
    def account_notes(self, ctx: Context, account: AccountRef) -> Sequence[AccountNote]:
        """Which model an account follows, and how far it is from it (OU-01)."""
        return notes.of_account(ctx, account)

    @hookimpl
    def model_portfolios(self, ctx: Context, accounts: Sequence[AccountRef], level: int) -> Sequence[ModelOffer]:
        """The models of a level, beside a client's accounts (CO-03)."""
        return offers.of_level(ctx, accounts, level)

    @hookimpl
    def settings_pages(self, ctx: Context) -> Sequence[SettingsPage]:
        """The saved views of the lists of supports and of accounts that follow a model (US-02)."""
        words = ("liste", "filtre", "colonne", "tri", "partager", "vue habituelle")
        return [
            SettingsPage(
                key, label, endpoint, "modules", "Filtres, tri et colonnes gardés sous un nom.", words, weight=weight,
                permission="accounts.view",
            )
            for key, label, endpoint, weight in (
                ("vues", "Vues des supports", "p_outils.index_views", 85),
                ("vues-modeles", "Vues des comptes suivis", "p_outils.model_followers_views", 86),
            )
        ]  # fmt: skip
