"""The acts that are typed here: their steps, fields, documents, and what the mutual's own rules say before anything is sent."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l

from core.api import PartnerRefused
from core.api.formats import money
from core.api.forms import Form
from core.api.forms import fields
from core.api.types import AccountAction
from core.api.types import AccountRef
from core.api.types import DocumentSlot
from core.api.types import FormStep
from core.api.types import Ready
from core.api.types import Refused

SURRENDER, PAYMENT = "rachat_partiel", "versement_complementaire"
ACTS = (
    AccountAction(SURRENDER, "Rachat partiel", icon="coins", nature="rachat", mode="form"),
    AccountAction(PAYMENT, "Versement libre", icon="coin-euro", nature="versement", mode="form"),
)
#: Smallest amounts of the general terms, in euros; and what must stay on a contract.
LEAST = {SURRENDER: Decimal(150), PAYMENT: Decimal(75)}
MUST_STAY = Decimal(500)
DESTINATIONS = {
    "projet": _l("Financer un projet"), "revenus": _l("Compléter ses revenus"), "placement": _l("Placer ailleurs"),
    "autre": _l("Autre"),
}  # fmt: skip
ORIGINS = {
    "epargne": _l("Épargne"), "vente": _l("Vente d'un bien"), "succession": _l("Succession ou donation"), "autre": _l("Autre"),
}  # fmt: skip
_AMOUNT = _l("Saisissez un montant, par exemple 1 500,00.")
_PRECISION = _l("À préciser si vous avez choisi «\u202fAutre\u202f».")


class SurrenderForm(Form):
    """How much, and where it is paid."""

    amount = fields.amount(_l("Montant brut du rachat"), missing=_AMOUNT)
    iban = fields.iban(
        _l("IBAN du compte à créditer"), missing=_l("Saisissez l'IBAN du souscripteur."), help=_l("Au nom du souscripteur.")
    )


class PaymentForm(Form):
    """How much, and where it is taken."""

    amount = fields.amount(_l("Montant du versement"), missing=_AMOUNT)
    iban = fields.iban(
        _l("IBAN du compte à débiter"), missing=_l("Saisissez l'IBAN du souscripteur."), help=_l("Au nom du souscripteur.")
    )


class DestinationForm(Form):
    """What the money is for."""

    purpose = fields.choice(
        _l("Destination de l'opération"), DESTINATIONS, missing=_l("Choisissez la destination."), kind="radio", wide=True
    )
    detail = fields.line(_l("Précision"), 200, help=_PRECISION, when=("purpose", ("autre",)), wide=True)


class OriginForm(Form):
    """Where the money comes from."""

    purpose = fields.choice(_l("Origine des fonds"), ORIGINS, missing=_l("Choisissez l'origine."), kind="radio", wide=True)
    detail = fields.line(_l("Précision"), 200, help=_PRECISION, when=("purpose", ("autre",)), wide=True)


DOCUMENTS = (
    DocumentSlot("rib", "RIB du souscripteur", accepts=("pdf", "jpeg", "png"), most=5, help="Celui de l'IBAN saisi."),
    DocumentSlot("identite", "Pièce d'identité en cours de validité", accepts=("pdf", "jpeg", "png"), most=5),
)


def first(act: str) -> FormStep:
    """The first step of an act. Raises `PartnerRefused` for one that the mutual does not take."""
    if act == SURRENDER:
        return FormStep("montant", "Montant et compte", SurrenderForm, plan=_plan(act))
    if act == PAYMENT:
        return FormStep("montant", "Montant et compte", PaymentForm, plan=_plan(act))
    raise PartnerRefused("La mutuelle ne prend pas cet acte.")


def following(act: str, account: AccountRef, step: str, values: Mapping[str, Any]) -> FormStep | Ready | Refused:
    """What comes after a step."""
    if step == "montant":
        if errors := _amount_errors(act, account, values["amount"]):
            return Refused(errors=errors)
        form = DestinationForm if act == SURRENDER else OriginForm
        return FormStep(
            "pieces", _plan(act)[1], form, help="La mutuelle vérifie ces pièces avant de traiter l'acte.",
            documents=DOCUMENTS, plan=_plan(act),
        )  # fmt: skip
    if values["purpose"] == "autre" and not values.get("detail"):
        return Refused(errors={"detail": "Précisez en quelques mots."})
    return Ready(
        notice="En transmettant, vous confirmez avoir recueilli l'accord écrit du souscripteur.", amount=values["amount"],
        lines=(("Traitement", "Sous cinq jours ouvrés après réception des pièces"),),
    )  # fmt: skip


def _plan(act: str) -> tuple[str, str]:
    return "Montant et compte", "Destination et pièces" if act == SURRENDER else "Origine des fonds et pièces"


def _amount_errors(act: str, account: AccountRef, amount: Decimal) -> dict[str, str]:
    if amount < LEAST[act]:
        return {"amount": f"{money(LEAST[act])} au moins."}
    if act == SURRENDER and account.value is not None and amount > account.value - MUST_STAY:
        return {"amount": f"{money(MUST_STAY)} au moins doivent rester sur le contrat, qui vaut {money(account.value)}."}
    return {}
