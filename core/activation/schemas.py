"""What people type on the pages of an activation: each schema is its form (label, help, kind) and its rules.

Where a label names the partner or its people, the schema is made for that partner, once.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import fields as plain

from core.documents import uploads
from core.hooks.declared import Partner
from core.web import fields
from core.web.forms import Form

_CODE = r"^[!-~]{1,64}\Z"
_CODE_RULE = _l("1 à 64 lettres, chiffres ou signes, sans espace ni accent.")
_CODE_HELP = _l("Tel qu'il figure sur vos bordereaux.")
_NO_DATE = _l("Saisissez une date.")
_PROOF = _l("Par exemple l'e-mail de la compagnie imprimé en PDF.")
#: What is taken as a proof, and as the filled mandate.
PROOF = uploads.rule("mandate.preuve", permission="partners.manage")
FILLED = uploads.rule("mandate.rempli", permission="partners.manage", types=("application/pdf",))


def _broker_code(partner: Partner) -> plain.Field[str]:
    code = partner.words.broker_code
    label = _l("%(code)s chez %(company)s", code=code[:1].upper() + code[1:], company=partner.company)
    missing = _l("Saisissez le %(code)s du cabinet.", code=code)
    return fields.matching(label, _CODE, _CODE_RULE, missing=missing, help=_CODE_HELP)


def _day(label: Any) -> plain.Field[Any]:
    return fields.day(label, missing=_NO_DATE, past=True, kind="date")


@cache
def mandate_form(partner: Partner) -> type[Form]:
    """The mandate, filled on screen (BL-04). The page knows which acts the company has."""

    class MandateForm(Form):
        representative = fields.line(
            _l("Représentant légal"), 120, missing=_l("Saisissez le nom du représentant légal."), autocomplete="name"
        )
        quality = fields.line(
            _l("Qualité"), 80, missing=_l("Saisissez la qualité du représentant, par exemple Gérant."),
            help=_l("Par exemple Gérante, Président."),
        )  # fmt: skip
        broker_code = _broker_code(partner)
        email = fields.email(_l("E-mail du cabinet"), missing=_l("Saisissez l'e-mail du cabinet."), autocomplete="email")
        phone = fields.matching(
            _l("Téléphone"), r"^[0-9+ .()-]{0,20}\Z", _l("Écrivez un numéro de téléphone."), kind="tel", autocomplete="tel",
            empty="",
        )  # fmt: skip
        place = fields.line(_l("Fait à"), 80, missing=_l("Saisissez le lieu de signature."))
        signed_on = _day(_l("Date de signature"))
        acts = fields.several(_l("Actes autorisés"), missing=_l("Choisissez au moins un acte."), wide=True)

    return MandateForm


@cache
def deposit_form(partner: Partner) -> type[Form]:
    """The filled and signed form, deposited as a file.

    Other names than the form filled on screen: both stand on one page, and an id is unique.
    """

    class DepositForm(Form):
        deposit_code = _broker_code(partner)
        deposit_on = _day(_l("Date de signature"))
        file = fields.file(_l("Mandat rempli et signé, en PDF"), help=_l("Un scan convient."), rule=FILLED)

    return DepositForm


@cache
def dispatch_form(partner: Partner) -> type[Form]:
    """To whom the mandate goes."""
    whom = partner.words.of_contact

    class DispatchForm(Form):
        inspector_name = fields.line(
            _l("Nom %(whom)s %(company)s", whom=whom, company=partner.company), 120,
            missing=_l("Saisissez le nom %(whom)s.", whom=whom),
        )  # fmt: skip
        inspector_email = fields.email(
            _l("E-mail %(whom)s", whom=whom), missing=_l("Saisissez l'e-mail %(whom)s.", whom=whom)
        )
        sent_on = _day(_l("Date d'envoi"))

    return DispatchForm


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
