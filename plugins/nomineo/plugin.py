"""The plugin «nomineo»: Generali Patrimoine's extranet, by the partner link. Protocol and activation are in core."""

from __future__ import annotations

from collections.abc import Sequence

from core.api import Context
from core.api import hookimpl
from core.api.feeds import FeedFormat
from core.api.feeds import PortfolioAsked
from core.api.feeds import PortfolioPage
from core.api.partner import PartnerPlugin
from plugins.nomineo import mandate
from plugins.nomineo import portfolio
from plugins.nomineo import portfolio_format
from plugins.nomineo import products
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
    mandate_form = mandate.FORM

    @hookimpl
    def feed_formats(self, ctx: Context) -> Sequence[FeedFormat]:
        """The company's own pages of portfolios (AGG-01)."""
        return [portfolio_format.FORMAT]

    @hookimpl
    def fetch_portfolio(self, ctx: Context, asked: PortfolioAsked) -> PortfolioPage:
        """What the company keeps for the cabinet's clients, under a mandate that is in force (AGG-01)."""
        return portfolio.fetch(self.mandated_client(ctx), asked)
