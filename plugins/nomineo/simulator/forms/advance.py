"""Avance: a loan on the contract."""

from __future__ import annotations

from .. import wording
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

_TERMS = (("12", "1 an"), ("24", "2 ans"), ("36", "3 ans"))


class AdvanceForm:
    """At most 80 % of the euro fund and 60 % of the other supports."""

    def title(self, context: Context) -> str:
        return ""

    def blocks(self, context: Context) -> list[Block]:
        rule = "80 % de l'épargne en euros et 60 % de l'épargne sur les autres supports."
        return [
            Field("amount", "Montant de l'avance", "amount", f"{bounds(context.limits)}\u202f: {rule}"),
            Field("term", "Durée", "select", options=_TERMS),
            Field("purpose", "Objet de l'avance", "textarea", "De 5 à 300 caractères."),
            Field("iban", "IBAN du compte crédité", "iban", "Compte à créditer, au nom du souscripteur."),
        ]

    def initial(self, context: Context) -> Initial:
        amount = (context.prefill or {}).get("amount")
        return Initial({"amount": wording.number(amount)} if amount else {})

    def parse(self, typed: Typed, context: Context) -> Entry:
        errors: dict[str, str] = {}
        cents = fields.amount(typed, "amount", errors)
        if cents is not None:
            check_limits(cents, context.limits, errors)
        term = fields.choice(typed, "term", _TERMS, errors)
        purpose = fields.text(typed, "purpose", errors, least=5, most=300)
        account = fields.iban(typed, "iban", errors)
        if errors or cents is None or term is None or purpose is None or account is None:
            raise FormErrors(errors)
        return Entry(
            amount=cents,
            instructions=None,
            summary=(
                ("Montant de l'avance", wording.money(cents)),
                ("Durée", term),
                ("Objet", purpose),
                ("Compte crédité", fields.iban_shown(account)),
            ),
            effects={"fields": {"advance": context.contract.advance + cents}},
        )
