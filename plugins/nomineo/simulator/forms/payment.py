"""Paying in: once, or by a plan."""

from __future__ import annotations

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

_ORIGINS = (
    ("savings", "Épargne"),
    ("income", "Revenus professionnels"),
    ("sale", "Cession d'un bien"),
    ("inheritance", "Succession ou donation"),
    ("company", "Trésorerie de l'entreprise"),
)
_PERIODS = tuple(PERIODICITIES.items())
_NOTICE_DAYS = 10
_IBAN_HELP = "Compte à débiter, au nom du souscripteur."


class PaymentForm:
    """Versement complémentaire: amount, account to debit, origin of the funds, allocation of 100 %."""

    def title(self, context: Context) -> str:
        return ""

    def blocks(self, context: Context) -> list[Block]:
        return [
            Field("amount", "Montant du versement", "amount", bounds(context.limits)),
            Field("iban", "IBAN du compte débité", "iban", _IBAN_HELP),
            Field("origin", "Origine des fonds", "select", options=_ORIGINS),
            allocation.table(context, "Répartition du versement"),
        ]

    def initial(self, context: Context) -> Initial:
        values, notes = allocation.from_prefill(context)
        prefill = context.prefill or {}
        if prefill.get("amount"):
            values["amount"] = wording.number(prefill["amount"])
        origin = prefill.get("origin")
        if origin:
            code = next((key for key, label in _ORIGINS if origin.casefold() in (key, label.casefold())), None)
            if code is None:
                notes.append("L'origine des fonds reçue n'est pas dans notre liste\u202f: choisissez-la ici.")
            else:
                values["origin"] = code
        return Initial(values, tuple(notes))

    def parse(self, typed: Typed, context: Context) -> Entry:
        errors: dict[str, str] = {}
        cents = fields.amount(typed, "amount", errors)
        if cents is not None:
            check_limits(cents, context.limits, errors)
        account = fields.iban(typed, "iban", errors)
        origin = fields.choice(typed, "origin", _ORIGINS, errors)
        shares = allocation.parse(typed, context, errors)
        if errors or cents is None or account is None or origin is None:
            raise FormErrors(errors)
        given = allocation.split(cents, shares)
        return Entry(
            amount=cents,
            instructions=allocation.instructions("in", given, allocation.isins(context)),
            summary=(
                ("Montant du versement", wording.money(cents)),
                ("Compte débité", fields.iban_shown(account)),
                ("Origine des fonds", origin),
            ),
            effects={"positions": given},
            moves=allocation.moves("in", given, context),
        )


class PaymentPlanForm:
    """Versements programmés, set up or changed."""

    def title(self, context: Context) -> str:
        return ""

    def blocks(self, context: Context) -> list[Block]:
        return [
            Field("amount", "Montant de chaque versement", "amount", bounds(context.limits)),
            Field("periodicity", "Périodicité", "select", options=_PERIODS),
            Field("first", "Date du premier prélèvement", "date", f"{_NOTICE_DAYS} jours de délai, du 1er au 28."),
            Field("iban", "IBAN du compte débité", "iban", _IBAN_HELP),
            allocation.table(context, "Répartition des versements"),
        ]

    def initial(self, context: Context) -> Initial:
        values, notes = allocation.from_prefill(context)
        plan = context.contract.plans.get("versement")
        if plan is not None and plan.running:
            values |= {"amount": wording.number(plan.amount), "periodicity": plan.periodicity}
        amount = (context.prefill or {}).get("amount")
        if amount:
            values["amount"] = wording.number(amount)
        return Initial(values, tuple(notes))

    def parse(self, typed: Typed, context: Context) -> Entry:
        errors: dict[str, str] = {}
        cents = fields.amount(typed, "amount", errors)
        if cents is not None:
            check_limits(cents, context.limits, errors)
        period = fields.choice(typed, "periodicity", _PERIODS, errors)
        first = fields.coming_date(typed, "first", context.today, errors, notice_days=_NOTICE_DAYS)
        account = fields.iban(typed, "iban", errors)
        shares = allocation.parse(typed, context, errors)
        if errors or cents is None or first is None or account is None or period is None:
            raise FormErrors(errors)
        given = allocation.split(cents, shares)
        record = {
            "amount": cents, "periodicity": typed["periodicity"], "next_date": first.isoformat(), "suspended_on": None,
        }  # fmt: skip
        return Entry(
            amount=cents,
            instructions=allocation.instructions("in", given, allocation.isins(context)),
            summary=(
                ("Montant de chaque versement", wording.money(cents)),
                ("Périodicité", period),
                ("Premier prélèvement", wording.day(first)),
                ("Compte débité", fields.iban_shown(account)),
            ),
            effects={"plan": {"kind": "versement", "record": record}},
            moves=allocation.moves("in", given, context),
        )
