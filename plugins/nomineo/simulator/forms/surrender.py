"""Taking out: in part, by a plan, or all."""

from __future__ import annotations

from typing import Any

from .. import wording
from ..acts import PERIODICITIES
from . import allocation
from . import fields
from .base import Block
from .base import Context
from .base import Entry
from .base import Field
from .base import FormErrors
from .base import Initial
from .base import Typed
from .base import bounds
from .base import check_limits

_PERIODS = tuple(PERIODICITIES.items())
_NOTICE_DAYS = 10
_IBAN_HELP = "Compte à créditer, au nom du souscripteur."
_PRORATA = "Les supports indiqués ne peuvent pas être repris\u202f: le rachat est réparti au prorata de l'épargne."


def _tax_options(context: Context) -> tuple[tuple[str, str], ...]:
    if context.contract.legal_person:
        return (("company", "Impôt sur les sociétés"),)
    return (("flat", "Prélèvement forfaitaire"), ("scale", "Barème progressif de l'impôt sur le revenu"))


def _prefilled(context: Context) -> tuple[dict[str, str], tuple[str, ...]]:
    prefill = context.prefill or {}
    values = {"amount": wording.number(prefill["amount"])} if prefill.get("amount") else {}
    return values, (_PRORATA,) if prefill.get("instructions") else ()


class PartialSurrenderForm:
    """Rachat partiel: taken from each position in proportion, down to the contract's minimum at most."""

    def title(self, context: Context) -> str:
        return ""

    def blocks(self, context: Context) -> list[Block]:
        left = wording.money(context.contract.minimum)
        return [
            Field("amount", "Montant brut du rachat", "amount", f"{bounds(context.limits)}. Il doit rester {left}."),
            Field("tax", "Option fiscale", "select", options=_tax_options(context)),
            Field("iban", "IBAN du compte crédité", "iban", _IBAN_HELP),
        ]

    def initial(self, context: Context) -> Initial:
        return Initial(*_prefilled(context))

    def parse(self, typed: Typed, context: Context) -> Entry:
        errors: dict[str, str] = {}
        cents = fields.amount(typed, "amount", errors)
        if cents is not None:
            check_limits(cents, context.limits, errors)
        tax = fields.choice(typed, "tax", _tax_options(context), errors)
        account = fields.iban(typed, "iban", errors)
        if errors or cents is None or tax is None or account is None:
            raise FormErrors(errors)
        taken = allocation.prorata(context.contract, cents)
        return Entry(
            amount=cents,
            instructions=allocation.instructions("out", taken, allocation.isins(context)),
            summary=(
                ("Montant brut du rachat", wording.money(cents)),
                ("Option fiscale", tax),
                ("Compte crédité", fields.iban_shown(account)),
            ),
            effects={"positions": {code: -value for code, value in taken.items()}},
            moves=allocation.moves("out", taken, context),
        )


class SurrenderPlanForm:
    """Rachats programmés, set up or changed."""

    def title(self, context: Context) -> str:
        return ""

    def blocks(self, context: Context) -> list[Block]:
        return [
            Field("amount", "Montant brut de chaque rachat", "amount", bounds(context.limits)),
            Field("periodicity", "Périodicité", "select", options=_PERIODS),
            Field("first", "Date du premier rachat", "date", f"{_NOTICE_DAYS} jours de délai, du 1er au 28."),
            Field("tax", "Option fiscale", "select", options=_tax_options(context)),
            Field("iban", "IBAN du compte crédité", "iban", _IBAN_HELP),
        ]

    def initial(self, context: Context) -> Initial:
        values, notes = _prefilled(context)
        plan = context.contract.plans.get("rachat")
        if plan is not None and plan.running:
            values = {"amount": wording.number(plan.amount), "periodicity": plan.periodicity, **values}
        return Initial(values, notes)

    def parse(self, typed: Typed, context: Context) -> Entry:
        errors: dict[str, str] = {}
        cents = fields.amount(typed, "amount", errors)
        if cents is not None:
            check_limits(cents, context.limits, errors)
            if cents > context.contract.value - context.contract.minimum:
                errors["amount"] = "L'épargne ne suffit pas à un rachat de ce montant."
        period = fields.choice(typed, "periodicity", _PERIODS, errors)
        first = fields.coming_date(typed, "first", context.today, errors, notice_days=_NOTICE_DAYS)
        tax = fields.choice(typed, "tax", _tax_options(context), errors)
        account = fields.iban(typed, "iban", errors)
        if errors or cents is None or first is None or tax is None or account is None or period is None:
            raise FormErrors(errors)
        record = {
            "amount": cents, "periodicity": typed["periodicity"], "next_date": first.isoformat(), "suspended_on": None,
        }  # fmt: skip
        return Entry(
            amount=cents,
            instructions=None,
            summary=(
                ("Montant brut de chaque rachat", wording.money(cents)),
                ("Périodicité", period),
                ("Premier rachat", wording.day(first)),
                ("Option fiscale", tax),
                ("Compte crédité", fields.iban_shown(account)),
            ),
            effects={"plan": {"kind": "rachat", "record": record}},
        )


class TotalSurrenderForm:
    """Rachat total: ends the contract."""

    def title(self, context: Context) -> str:
        return ""

    def blocks(self, context: Context) -> list[Block]:
        value = wording.money(context.contract.value)
        return [
            Field("tax", "Option fiscale", "select", options=_tax_options(context)),
            Field("iban", "IBAN du compte crédité", "iban", _IBAN_HELP),
            Field("confirm", f"Le souscripteur demande le rachat de toute son épargne ({value}) et la clôture du "
                  "contrat.", "check"),
        ]  # fmt: skip

    def initial(self, context: Context) -> Initial:
        return Initial()

    def parse(self, typed: Typed, context: Context) -> Entry:
        errors: dict[str, str] = {}
        tax = fields.choice(typed, "tax", _tax_options(context), errors)
        account = fields.iban(typed, "iban", errors)
        fields.checked(typed, "confirm", errors, "Confirmez la clôture du contrat.")
        if errors or tax is None or account is None:
            raise FormErrors(errors)
        contract = context.contract
        held = {position.code: position.amount for position in contract.positions}
        instructions: list[dict[str, Any]] = [
            {
                "side": "out", "isin": position.isin, "support_ref": None if position.isin else position.code,
                "mode": "all", "value": None,
            }
            for position in contract.positions
        ]  # fmt: skip
        return Entry(
            amount=contract.value,
            instructions=instructions,
            summary=(
                ("Épargne rachetée", wording.money(contract.value)),
                ("Option fiscale", tax),
                ("Compte crédité", fields.iban_shown(account)),
                ("Conséquence", "Clôture du contrat"),
            ),
            effects={
                "positions": {code: -cents for code, cents in held.items()},
                "fields": {"closed_on": context.today.isoformat()},
            },
            moves=allocation.moves("out", held, context),
        )
