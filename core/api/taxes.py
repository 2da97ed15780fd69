"""Income tax and IFI by the tax engine: a household's facts in, figures with year, scale and version out. Since 1.0.

Asked from a job only, in its `fetch`: an answer may take a minute. `Unavailable` says in French why there is none: no
figure stands for one that the engine did not give.
"""

from __future__ import annotations

from core.taxes.asking import Result
from core.taxes.asking import Unavailable
from core.taxes.asking import here
from core.taxes.asking import turn
from core.taxes.case import ADULT
from core.taxes.case import FOYER
from core.taxes.case import key
from core.taxes.case import of as case_of
from core.taxes.figures import Bracket
from core.taxes.figures import Scale
from core.taxes.household import Adult
from core.taxes.household import Household
from core.taxes.household import Situation
from core.taxes.levies import LEVIES
from core.taxes.levies import Levy
from core.taxes.levies import levy

__all__ = [
    "ADULT", "FOYER", "LEVIES", "Adult", "Bracket", "Household", "Levy", "Result", "Scale", "Situation", "Unavailable",
    "case_of", "here", "key", "levy", "turn",
]  # fmt: skip
