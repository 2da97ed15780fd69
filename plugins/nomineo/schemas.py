"""What people type on the pages of the activation: checked, with a French sentence for each fault."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from typing import Any

from marshmallow import Schema
from marshmallow import ValidationError
from marshmallow import fields
from marshmallow import pre_load
from marshmallow import validate


class FrenchDate(fields.Field[date]):
    """A date as a browser's field sends it (2026-11-18) or as a person writes it (18/11/2026)."""

    default_error_messages = {"required": "Saisissez une date.", "invalid": "Écrivez la date au format JJ/MM/AAAA."}

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> date:
        for form in ("%Y-%m-%d", "%d/%m/%Y"):
            try:
                return datetime.strptime(str(value), form).date()  # noqa: DTZ007 - a date has no zone
            except ValueError:
                continue
        raise self.make_error("invalid")


def _text(missing: str, most: int) -> fields.String:
    rule = validate.Length(max=most, error="{max} caractères au plus.")
    return fields.String(required=True, validate=rule, error_messages={"required": missing})


def _email(missing: str) -> fields.Email:
    words: dict[str, Any] = {"required": missing, "invalid": "Écrivez une adresse e-mail, par exemple prenom.nom@exemple.fr."}
    return fields.Email(required=True, validate=validate.Length(max=254), error_messages=words)


_BROKER = validate.Regexp(r"^[!-~]{1,64}$", error="1 à 64 lettres, chiffres ou signes, sans espace ni accent.")


class _Form(Schema):
    """Blanks around are dropped, and an empty field is one that is missing."""

    @pre_load
    def _strip(self, data: Mapping[str, Any], **_: Any) -> dict[str, Any]:
        stripped = {key: value.strip() if isinstance(value, str) else value for key, value in data.items()}
        return {key: value for key, value in stripped.items() if value != ""}


class MandateForm(_Form):
    """The mandate, filled on screen (BL-04)."""

    representative = _text("Saisissez le nom du représentant légal.", 120)
    quality = _text("Saisissez la qualité du représentant, par exemple Gérant.", 80)
    email = _email("Saisissez l'e-mail du cabinet.")
    phone = fields.String(
        load_default="", validate=validate.Regexp(r"^[0-9+ .()-]{0,20}$", error="Écrivez un numéro de téléphone.")
    )
    broker_code = fields.String(
        required=True, validate=_BROKER, error_messages={"required": "Saisissez le code courtier du cabinet."}
    )
    place = _text("Saisissez le lieu de signature.", 80)
    signed_on = FrenchDate(required=True)
    acts = fields.List(
        fields.String(), required=True, validate=validate.Length(min=1, error="Choisissez au moins un acte."),
        error_messages={"required": "Choisissez au moins un acte."},
    )


class DepositForm(_Form):
    """The filled and signed form, deposited as a file."""

    deposit_code = fields.String(
        required=True, validate=_BROKER, error_messages={"required": "Saisissez le code courtier du cabinet."}
    )
    deposit_on = FrenchDate(required=True)


class DispatchForm(_Form):
    """To whom the mandate goes."""

    inspector_name = _text("Saisissez le nom de l'inspecteur.", 120)
    inspector_email = _email("Saisissez l'e-mail de l'inspecteur.")
    sent_on = FrenchDate(required=True)


class ProofForm(_Form):
    """A date that the company's word proves."""

    on = FrenchDate(required=True)


class ReasonForm(_Form):
    """Why the cabinet suspends or revokes."""

    reason = _text("Saisissez un motif : il est conservé dans l'historique.", 300)


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
