"""The book of record: transactions. The services that plugins may call; what a partner's own programs say. Since 1.0."""

from __future__ import annotations

from core.journeys.reports import report
from core.transactions import lists
from core.transactions import matching
from core.transactions import surrender_facts
from core.transactions import typed
from core.transactions import typed_acts
from core.transactions import typed_shapes
from core.transactions.services import *  # noqa: F403
from core.transactions.services import __all__ as _services

__all__ = ["lists", "matching", "report", "surrender_facts", "typed", "typed_acts", "typed_shapes"]
__all__ += _services
