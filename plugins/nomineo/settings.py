"""The cabinet's settings of the link: how the company's delay is counted (BL-05)."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import fields
from marshmallow import validate

from plugins.nomineo.schemas import Spoken

KINDS: dict[str, Any] = {
    "calendar": _l("Jours calendaires"), "working": _l("Jours ouvrés (jours fériés français exclus)"),
}  # fmt: skip
_RANGE = _l("Saisissez un nombre de jours entre {min} et {max}.")
_NUMBER: dict[str, Any] = {
    "invalid": _l("Saisissez un nombre entier de jours."), "required": _l("Saisissez un nombre de jours."),
}  # fmt: skip


class NomineoSettings(Spoken):
    """`delay_days` from the receipt of the original; `reminder_days` before the first reminder, in the same days."""

    delay_kind = fields.String(
        load_default="calendar",
        validate=validate.OneOf(tuple(KINDS), error=_l("Choisissez des jours calendaires ou ouvrés.")),
    )
    delay_days = fields.Integer(
        load_default=5, validate=validate.Range(1, 60, error=_RANGE), error_messages=_NUMBER
    )
    reminder_days = fields.Integer(
        load_default=3, validate=validate.Range(1, 60, error=_RANGE), error_messages=_NUMBER
    )
