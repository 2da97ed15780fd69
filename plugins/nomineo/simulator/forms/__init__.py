"""The form of each act (BL-12): what it shows, what it accepts, what it will change in the book."""

from __future__ import annotations

from .advance import AdvanceForm
from .arbitrage import ArbitrageForm
from .base import Form
from .clause import ClauseForm
from .payment import PaymentForm
from .payment import PaymentPlanForm
from .securing import SecuringForm
from .surrender import PartialSurrenderForm
from .surrender import SurrenderPlanForm
from .surrender import TotalSurrenderForm
from .suspension import SuspensionForm

FORMS: dict[str, Form] = {
    "arbitrage": ArbitrageForm(),
    "versement_complementaire": PaymentForm(),
    "versements_programmes_mise_en_place": PaymentPlanForm(),
    "versements_programmes_modification": PaymentPlanForm(),
    "versements_programmes_suspension": SuspensionForm("versement"),
    "rachat_partiel": PartialSurrenderForm(),
    "rachats_programmes_mise_en_place": SurrenderPlanForm(),
    "rachats_programmes_modification": SurrenderPlanForm(),
    "rachats_programmes_suspension": SuspensionForm("rachat"),
    "rachat_total": TotalSurrenderForm(),
    "avance": AdvanceForm(),
    "clause_beneficiaire": ClauseForm(),
    "option_securisation": SecuringForm(),
}
