"""The book of record: accounts. The services that plugins may call. Since 1.0."""

from __future__ import annotations

from core.accounts import bulk_match
from core.accounts import bulk_undo
from core.accounts import bulk_update
from core.accounts.envelopes import HOLDING_ROLES
from core.accounts.movements import KINDS as MOVEMENT_KINDS
from core.accounts.schemas import INSURED
from core.accounts.schemas import PERSONAL
from core.accounts.services import *  # noqa: F403
from core.accounts.services import __all__ as _services

__all__ = ["HOLDING_ROLES", "INSURED", "MOVEMENT_KINDS", "PERSONAL", "bulk_match", "bulk_undo", "bulk_update"]
__all__ += _services
