"""Which partner link serves which account, what stands still while one is off, what local rules say of an act. Since 1.0."""

from __future__ import annotations

from core.links.account_links import attach
from core.links.account_links import known_as
from core.links.launch import ReasonNeeded
from core.links.launch import check as check_act
from core.links.orders import Instruction
from core.links.orders import ticket as orders
from core.links.standstill import Standstill
from core.links.standstill import of_account as standstills

__all__ = ["Instruction", "ReasonNeeded", "Standstill", "attach", "check_act", "known_as", "orders", "standstills"]
