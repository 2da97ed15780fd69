"""What people type on the pages of the activation: checked, with a French sentence for each fault."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from marshmallow import Schema
from marshmallow import ValidationError
from marshmallow import fields
from marshmallow import pre_load
from marshmallow import validate

from core.api.db import today


class Spoken(Schema):
    """Its messages are said in the language of the request: marshmallow itself takes only plain strings for them."""

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """Schemas are made a request: the fields bound are this one's own."""
        field_obj.error_messages = {key: str(text) for key, text in field_obj.error_messages.items()}


class FrenchDate(fields.Field[date]):
    """A date as a browser's field sends it (2026-11-18) or as a person writes it (18/11/2026)."""

    default_error_messages = {
        "required": _l("Saisissez une date."), "invalid": _l("Écrivez la date au format JJ/MM/AAAA."),
    }  # fmt: skip

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> date:
        for form in ("%Y-%m-%d", "%d/%m/%Y"):
            try:
                return datetime.strptime(str(value), form).date()  # noqa: DTZ007 - a date has no zone
            except ValueError:
                continue
        raise self.make_error("invalid")


def _past(on: date) -> None:
    """Papers are signed, sent and received before one says so."""
    if on > today():
        raise ValidationError(gettext("Cette date est dans le futur\u202f: vérifiez-la."))


def _day() -> FrenchDate:
    return FrenchDate(required=True, validate=_past)


def _text(missing: str, most: int) -> fields.String:
    rule = validate.Length(max=most, error=_TOO_LONG)
    return fields.String(required=True, validate=rule, error_messages={"required": missing})


def _email(missing: str) -> fields.String:
    rules = (
        validate.Length(max=254, error=_TOO_LONG),
        validate.Email(error=_l("Écrivez une adresse e-mail, par exemple prenom.nom@exemple.fr.")),
    )
    return fields.String(required=True, validate=rules, error_messages={"required": missing})


def _broker_code() -> fields.String:
    rule = validate.Regexp(r"^[!-~]{1,64}\Z", error=_l("1 à 64 lettres, chiffres ou signes, sans espace ni accent."))
    words: dict[str, Any] = {"required": _l("Saisissez le code courtier du cabinet.")}
    return fields.String(required=True, validate=rule, error_messages=words)


_TOO_LONG = _l("{max} caractères au plus.")
_NO_ACT = _l("Choisissez au moins un acte.")


class _Form(Spoken):
    """Blanks around are dropped, and an empty field is one that is missing."""

    @pre_load
    def _strip(self, data: Mapping[str, Any], **_: Any) -> dict[str, Any]:
        stripped = {key: value.strip() if isinstance(value, str) else value for key, value in data.items()}
        return {key: value for key, value in stripped.items() if value != ""}


class MandateForm(_Form):
    """The mandate, filled on screen (BL-04)."""

    representative = _text(_l("Saisissez le nom du représentant légal."), 120)
    quality = _text(_l("Saisissez la qualité du représentant, par exemple Gérant."), 80)
    email = _email(_l("Saisissez l'e-mail du cabinet."))
    phone = fields.String(
        load_default="", validate=validate.Regexp(r"^[0-9+ .()-]{0,20}\Z", error=_l("Écrivez un numéro de téléphone."))
    )
    broker_code = _broker_code()
    place = _text(_l("Saisissez le lieu de signature."), 80)
    signed_on = _day()
    acts = fields.List(
        fields.String(), required=True, validate=validate.Length(min=1, error=_NO_ACT), error_messages={"required": _NO_ACT}
    )


class DepositForm(_Form):
    """The filled and signed form, deposited as a file."""

    deposit_code = _broker_code()
    deposit_on = _day()


class DispatchForm(_Form):
    """To whom the mandate goes."""

    inspector_name = _text(_l("Saisissez le nom de l'inspecteur."), 120)
    inspector_email = _email(_l("Saisissez l'e-mail de l'inspecteur."))
    sent_on = _day()


class ProofForm(_Form):
    """A date that the company's word proves."""

    on = _day()


class ReasonForm(_Form):
    """Why the cabinet suspends or revokes."""

    reason = _text(_l("Saisissez un motif\u202f: il est conservé dans l'historique."), 300)


@dataclass(frozen=True, slots=True)
class Checked:
    """What a form held: `values` where `errors` is empty; `errors` by field."""

    values: dict[str, Any]
    errors: dict[str, str]


def check(schema: Schema, typed: Mapping[str, Any]) -> Checked:
    """Check what was typed; the first fault of each field is kept."""
    try:
        return Checked(dict(schema.load(dict(typed), unknown="exclude")), {})
    except ValidationError as error:
        return Checked({}, {name: _first(found) for name, found in error.messages_dict.items()})


def _first(found: Any) -> str:
    while not isinstance(found, str):
        found = next(iter(found.values())) if isinstance(found, dict) else found[0]
    return found
