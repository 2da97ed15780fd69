"""Wealth: what contacts hold and own, part by part, on a day; every figure with what it is made of. Since 1.0."""

from __future__ import annotations

from core.wealth import totals
from core.wealth.balance import Balance
from core.wealth.balance import Line
from core.wealth.balance import cents
from core.wealth.evolution import Worth
from core.wealth.evolution import by_support_type
from core.wealth.evolution import evolution
from core.wealth.parts import Part
from core.wealth.parts import problem

__all__ = ["Balance", "Line", "Part", "Worth", "by_support_type", "cents", "evolution", "problem", "totals"]
