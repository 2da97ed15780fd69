"""Performance: what accounts, people and households earned over a period, on which values and flows. Since 1.0."""

from __future__ import annotations

from core.performance.comparison import LEAST as LEAST_RETURNS
from core.performance.comparison import MOST as MOST_COMPARED
from core.performance.comparison import PERIODS as GAIN_PERIODS
from core.performance.comparison import Comparison
from core.performance.comparison import Gain
from core.performance.comparison import Side
from core.performance.comparison import compare
from core.performance.indices import MOST as MOST_INDICES
from core.performance.indices import Compared
from core.performance.indices import Index
from core.performance.measure import Level
from core.performance.measure import Measure
from core.performance.measure import Used
from core.performance.periods import PERIODS
from core.performance.periods import bounds
from core.performance.sampling import Calendar
from core.performance.sampling import Year
from core.performance.services import beside
from core.performance.services import known_indices
from core.performance.services import of_account
from core.performance.services import of_contact
from core.performance.steps import Common
from core.performance.steps import common
from core.performance.tracks import Flow
from core.performance.tracks import Track
from core.performance.tracks import Value

__all__ = [
    "GAIN_PERIODS", "LEAST_RETURNS", "MOST_COMPARED", "MOST_INDICES", "PERIODS", "Calendar", "Common", "Compared", "Comparison",
    "Flow", "Gain", "Index", "Level", "Measure", "Side", "Track", "Used", "Value", "Year", "beside", "bounds", "common",
    "compare", "known_indices", "of_account", "of_contact",
]  # fmt: skip
