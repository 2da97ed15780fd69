"""Which partner link serves which account, and what stands still while one is off. Since 1.0."""

from __future__ import annotations

from core.links.account_links import attach
from core.links.standstill import Standstill
from core.links.standstill import of_account as standstills

__all__ = ["Standstill", "attach", "standstills"]
