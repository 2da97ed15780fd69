"""The book of record: transactions. The services that plugins may call; what a partner's own programs say. Since 1.0."""

from __future__ import annotations

from core.journeys.reports import report
from core.transactions import lists
from core.transactions.services import *  # noqa: F403
from core.transactions.services import __all__ as _services

__all__ = ["lists", "report"]
__all__ += _services
