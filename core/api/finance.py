"""Finance: pure functions without database; amounts to the cent, rates as ratios. Since 1.0."""

from __future__ import annotations

from core.finance.costs import LoanTotals
from core.finance.costs import balance_on
from core.finance.costs import effective_rate
from core.finance.costs import taeg
from core.finance.costs import totals
from core.finance.indemnity import CAPS
from core.finance.indemnity import cap
from core.finance.indemnity import indemnity_cap
from core.finance.loans import annuity
from core.finance.loans import loan_schedule
from core.finance.returns import BadSeries
from core.finance.returns import annual_volatility
from core.finance.returns import chained
from core.finance.returns import correlation
from core.finance.returns import max_drawdown
from core.finance.returns import modified_dietz
from core.finance.returns import twr
from core.finance.returns import xirr
from core.finance.terms import LONGEST
from core.finance.terms import PERIODS
from core.finance.terms import BadLoan
from core.finance.terms import EarlyRepayment
from core.finance.terms import Instalment
from core.finance.terms import RateChange
from core.finance.terms import Step
from core.finance.terms import due_on

__all__ = [
    "CAPS", "LONGEST", "PERIODS", "BadLoan", "BadSeries", "EarlyRepayment", "Instalment", "LoanTotals", "RateChange", "Step",
    "annual_volatility", "annuity", "balance_on", "cap", "chained", "correlation", "due_on", "effective_rate",
    "indemnity_cap", "loan_schedule", "max_drawdown", "modified_dietz", "taeg", "totals", "twr", "xirr",
]  # fmt: skip
