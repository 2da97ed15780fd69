"""The book of record: accounts. The services that plugins may call. Since 1.0."""

from __future__ import annotations

from core.accounts import bulk_days
from core.accounts import bulk_match
from core.accounts import bulk_undo
from core.accounts import bulk_update
from core.accounts import by_hand
from core.accounts import checks
from core.accounts import envelope_rules
from core.accounts import feeding
from core.accounts import history
from core.accounts import overrides
from core.accounts import values_by_hand
from core.accounts.envelopes import HOLDING_ROLES
from core.accounts.movements import KINDS as MOVEMENT_KINDS
from core.accounts.schemas import INSURED
from core.accounts.schemas import PERSONAL
from core.accounts.services import *  # noqa: F403
from core.accounts.services import __all__ as _services

__all__ = [
    "HOLDING_ROLES", "INSURED", "MOVEMENT_KINDS", "PERSONAL", "bulk_days", "bulk_match", "bulk_undo", "bulk_update", "by_hand",
    "checks", "envelope_rules", "feeding", "history", "overrides", "values_by_hand",
]  # fmt: skip
__all__ += _services
