"""Stopping a plan of payments or of surrenders."""

from __future__ import annotations

from .. import wording
from ..acts import PERIODICITIES
from . import fields
from .base import Block
from .base import Context
from .base import Entry
from .base import Field
from .base import FormErrors
from .base import Initial
from .base import Typed

_NOTICE_DAYS = 3


class SuspensionForm:
    """`kind`: versement or rachat."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def title(self, context: Context) -> str:
        return ""

    def blocks(self, context: Context) -> list[Block]:
        plan = context.contract.plans[self.kind]
        said = f"{wording.money(plan.amount)}, {PERIODICITIES[plan.periodicity].lower()}"
        return [
            Field("from", "Suspension à compter du", "date", f"{_NOTICE_DAYS} jours de délai, du 1er au 28."),
            Field("confirm", f"Le souscripteur demande la suspension de son plan ({said}).", "check"),
        ]

    def initial(self, context: Context) -> Initial:
        return Initial()

    def parse(self, typed: Typed, context: Context) -> Entry:
        errors: dict[str, str] = {}
        start = fields.coming_date(typed, "from", context.today, errors, notice_days=_NOTICE_DAYS)
        fields.checked(typed, "confirm", errors, "Confirmez la suspension.")
        if errors or start is None:
            raise FormErrors(errors)
        plan = context.contract.plans[self.kind]
        record = {
            "amount": plan.amount, "periodicity": plan.periodicity, "next_date": plan.next_date.isoformat(),
            "suspended_on": start.isoformat(),
        }  # fmt: skip
        return Entry(
            amount=None,
            instructions=None,
            summary=(
                ("Plan suspendu", f"{wording.money(plan.amount)}, {PERIODICITIES[plan.periodicity].lower()}"),
                ("À compter du", wording.day(start)),
            ),
            effects={"plan": {"kind": self.kind, "record": record}},
        )
