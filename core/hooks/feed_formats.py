"""The formats that a cabinet's modules read, each by the name under which kept files remember it."""

from __future__ import annotations

from core.hooks import telling
from core.hooks.feeds import FeedFormat
from core.hooks.specs import Plugin
from core.hooks.types import Context


def known(ctx: Context) -> list[tuple[str, FeedFormat]]:
    """«aggregation.ofx» and its format, of every module that is on; one that fails gives none."""
    found = telling.hub().collect(Plugin.feed_formats, ctx)
    return [(f"{one.plugin}.{one.item.key}", one.item) for one in found.items]
