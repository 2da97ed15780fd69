"""What people type on the pages of the activation: each schema is its form (label, help, kind) and its rules."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import fields as plain

from core.api import files
from core.api.forms import Form
from core.api.forms import fields

_CODE = r"^[!-~]{1,64}\Z"
_CODE_RULE = _l("1 à 64 lettres, chiffres ou signes, sans espace ni accent.")
_CODE_HELP = _l("Tel qu'il figure sur vos bordereaux.")
_CODE_MISSING = _l("Saisissez le code courtier du cabinet.")
_NO_DATE = _l("Saisissez une date.")
_PROOF = _l("Par exemple l'e-mail de la compagnie imprimé en PDF.")
#: What is taken as a proof, and as the filled mandate.
PROOF = files.rule("nomineo.preuve", permission="partners.manage")
FILLED = files.rule("nomineo.mandat", permission="partners.manage", types=("application/pdf",))


def _broker_code() -> plain.Field[str]:
    return fields.matching(
        _l("Code courtier chez Generali Patrimoine"), _CODE, _CODE_RULE, missing=_CODE_MISSING, help=_CODE_HELP
    )


def _day(label: Any) -> plain.Field[Any]:
    return fields.day(label, missing=_NO_DATE, past=True, kind="date")


class MandateForm(Form):
    """The mandate, filled on screen (BL-04). The page knows which acts the company has."""

    representative = fields.line(
        _l("Représentant légal"), 120, missing=_l("Saisissez le nom du représentant légal."), autocomplete="name"
    )
    quality = fields.line(
        _l("Qualité"), 80, missing=_l("Saisissez la qualité du représentant, par exemple Gérant."),
        help=_l("Par exemple Gérante, Président."),
    )  # fmt: skip
    broker_code = _broker_code()
    email = fields.email(_l("E-mail du cabinet"), missing=_l("Saisissez l'e-mail du cabinet."), autocomplete="email")
    phone = fields.matching(
        _l("Téléphone"), r"^[0-9+ .()-]{0,20}\Z", _l("Écrivez un numéro de téléphone."), kind="tel", autocomplete="tel", empty=""
    )
    place = fields.line(_l("Fait à"), 80, missing=_l("Saisissez le lieu de signature."))
    signed_on = _day(_l("Date de signature"))
    acts = fields.several(_l("Actes autorisés"), missing=_l("Choisissez au moins un acte."), wide=True)


class DepositForm(Form):
    """The filled and signed form, deposited as a file.

    Other names than the form filled on screen: both stand on one page, and an id is unique.
    """

    deposit_code = _broker_code()
    deposit_on = _day(_l("Date de signature"))
    file = fields.file(_l("Mandat rempli et signé, en PDF"), help=_l("Un scan convient."), rule=FILLED)


class DispatchForm(Form):
    """To whom the mandate goes."""

    inspector_name = fields.line(
        _l("Nom de l'inspecteur Generali Patrimoine"), 120, missing=_l("Saisissez le nom de l'inspecteur.")
    )
    inspector_email = fields.email(_l("E-mail de l'inspecteur"), missing=_l("Saisissez l'e-mail de l'inspecteur."))
    sent_on = _day(_l("Date d'envoi"))


class ReceptionForm(Form):
    """The company holds the original: a date that its word proves."""

    on = _day(_l("Date de réception de l'original par la compagnie"))
    file = fields.file(_l("Preuve"), help=_PROOF, rule=PROOF)


class ActivationForm(Form):
    """The mandate is active: a date that the company's word proves."""

    on = _day(_l("Date d'activation"))
    file = fields.file(_l("Preuve"), help=_PROOF, rule=PROOF)


class ReasonForm(Form):
    """Why the cabinet suspends or revokes."""

    reason = fields.line(_l("Motif"), 300, missing=_l("Saisissez un motif\u202f: il est conservé dans l'historique."), lines=True)
