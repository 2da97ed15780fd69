"""The partners that tell a cabinet's portfolios by themselves: which of its modules ask one, and one page of what it says."""

from __future__ import annotations

from core.hooks import telling
from core.hooks.portfolios import PortfolioAsked
from core.hooks.portfolios import PortfolioPage
from core.hooks.specs import Plugin
from core.hooks.types import Context


def asking(ctx: Context) -> dict[str, str]:
    """Name and title of each module of the cabinet that asks a partner, in the cabinet's order."""
    found = telling.hub().registry.ordered(Plugin.fetch_portfolio.__name__, ctx.enabled)
    return {one.plugin.name: one.plugin.title for one in found}


def fetch(ctx: Context, plugin: str, asked: PortfolioAsked) -> PortfolioPage:
    """One page. To be called by a job, outside of any transaction. Raises the error words of `core.hooks.errors`."""
    return telling.hub().ask(plugin, Plugin.fetch_portfolio, ctx, asked)
