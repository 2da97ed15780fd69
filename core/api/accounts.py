"""The book of record: accounts. The services that plugins may call. Since 1.0."""

from __future__ import annotations

from core.accounts.movements import KINDS as MOVEMENT_KINDS
from core.accounts.services import *  # noqa: F403
from core.accounts.services import __all__ as _services

__all__ = ["MOVEMENT_KINDS"]
__all__ += _services
