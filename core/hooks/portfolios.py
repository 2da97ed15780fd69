"""What a partner is asked of the portfolios that it keeps, and what it answers: bytes, page by page (AGG-01). A leaf.

The answer is a feed's file like any other: it is kept as it came, and one of the module's formats (`Plugin.feed_formats`)
reads it. So a figure leads back to the partner's own words, and a newer reader can read them again. Since 1.0.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class PortfolioAsked:
    """Which page, and what is known already."""

    cursor: str = ""  #: what the page before ended with; empty: the first page
    since: date | None = None  #: movements from this day on; None: all that the partner keeps
    mark: str = ""  #: how the partner marked the last reading that was whole; empty: none was, or a page that is not the first


@dataclass(frozen=True, slots=True)
class PortfolioPage:
    """One page of the portfolios of the cabinet at a partner, as the partner wrote it."""

    data: bytes  #: the answer's bytes; empty: nothing has changed since the reading that was marked so
    name: str  #: what its file is called, with an end that its format knows: «nomineo-2026-11-26-1.json»
    on: date | None = None  #: the day as of which the partner speaks, where it tells one
    cursor: str = ""  #: of the next page, 512 characters at most; empty after the last one
    mark: str = ""  #: how the partner marks this state of all pages, 200 characters at most; empty where it marks none
