"""The formats that this plugin reads, the most common first: of two that are as sure of a file, the first takes it."""

from __future__ import annotations

from core.api.feeds import FeedFormat
from plugins.aggregation.formats import camt
from plugins.aggregation.formats import cfonb
from plugins.aggregation.formats import findatex
from plugins.aggregation.formats import ofx
from plugins.aggregation.formats import statement

FORMATS: tuple[FeedFormat, ...] = (ofx.FORMAT, camt.FORMAT, cfonb.FORMAT, findatex.FORMAT, statement.FORMAT)
