"""Wealth: what contacts hold and own, part by part, on a day; every figure with what it is made of. Since 1.0."""

from __future__ import annotations

from core.wealth import totals
from core.wealth.axes import AXES
from core.wealth.axes import asset_class
from core.wealth.axes import liquidity
from core.wealth.balance import Balance
from core.wealth.balance import Line
from core.wealth.balance import cents
from core.wealth.budget import Budget
from core.wealth.budget import budget
from core.wealth.contents import Content
from core.wealth.contents import Contents
from core.wealth.contents import contents
from core.wealth.evolution import Worth
from core.wealth.evolution import by_support_type
from core.wealth.evolution import evolution
from core.wealth.ifi import Base as IfiBase
from core.wealth.ifi import Counted as IfiLine
from core.wealth.ifi import base as ifi_base
from core.wealth.parts import Part
from core.wealth.parts import problem
from core.wealth.services import balance
from core.wealth.services import lines
from core.wealth.services import people
from core.wealth.situation import Held
from core.wealth.situation import Situation
from core.wealth.situation import Slice
from core.wealth.situation import last_values
from core.wealth.situation import open_accounts
from core.wealth.situation import situation

__all__ = [
    "AXES", "Balance", "Budget", "Content", "Contents", "Held", "IfiBase", "IfiLine", "Line", "Part", "Situation", "Slice",
    "Worth", "asset_class", "balance", "budget", "by_support_type", "cents", "contents", "evolution", "ifi_base", "last_values",
    "lines", "liquidity", "open_accounts", "people", "problem", "situation", "totals",
]  # fmt: skip
