"""Feeds: what a format reads a file into, how a file finds its format, its records; what partners tell. Since 1.0.

`docs/feeds.md` shows a whole format. What people read of a refusal is `str(refusal)`, its place included.
"""

from __future__ import annotations

from core.accounts.movements import KINDS as MOVEMENT_KINDS
from core.documents.feed_files import STILL
from core.documents.feed_files import arrived
from core.documents.feed_files import finished
from core.documents.feed_files import inbox
from core.documents.feed_files import store
from core.documents.feed_files import taken
from core.hooks.feed_formats import known
from core.hooks.feed_reading import best
from core.hooks.feed_reading import kind_of_other
from core.hooks.feed_reading import records
from core.hooks.feeds import HEAD
from core.hooks.feeds import AccountSeen
from core.hooks.feeds import BalanceKind
from core.hooks.feeds import BalanceSeen
from core.hooks.feeds import FeedFile
from core.hooks.feeds import FeedFinding
from core.hooks.feeds import FeedFormat
from core.hooks.feeds import FeedRecord
from core.hooks.feeds import FeedRefused
from core.hooks.feeds import HolderSeen
from core.hooks.feeds import MovementSeen
from core.hooks.feeds import Place
from core.hooks.feeds import PositionSeen
from core.hooks.feeds import SupportFact
from core.hooks.feeds import SupportSeen
from core.hooks.portfolio_sources import asking
from core.hooks.portfolio_sources import fetch
from core.hooks.portfolios import PortfolioAsked
from core.hooks.portfolios import PortfolioPage
from core.imports.sheets import rows as sheet_rows

__all__ = [
    "HEAD", "MOVEMENT_KINDS", "STILL", "AccountSeen", "BalanceKind", "BalanceSeen", "FeedFile", "FeedFinding", "FeedFormat",
    "FeedRecord", "FeedRefused", "HolderSeen", "MovementSeen", "Place", "PortfolioAsked", "PortfolioPage", "PositionSeen",
    "SupportFact", "SupportSeen", "arrived", "asking", "best", "fetch", "finished", "inbox", "kind_of_other", "known",
    "records", "sheet_rows", "store", "taken",
]  # fmt: skip
