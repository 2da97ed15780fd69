"""The cabinet's settings of the link: how the company's delay is counted (BL-05)."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from core.api.forms import Form
from core.api.forms import fields

KINDS: dict[str, Any] = {
    "calendar": _l("Jours calendaires"), "working": _l("Jours ouvrés (jours fériés français exclus)"),
}  # fmt: skip
_RANGE = _l("Saisissez un nombre de jours entre {min} et {max}.")
_NUMBER = _l("Saisissez un nombre entier de jours.")


class NomineoSettings(Form):
    """`delay_days` from the receipt of the original; `reminder_days` before the first reminder, in the same days.

    What is not stored has its default; what is typed empty is a fault.
    """

    keeps_blanks = True
    about = _l(
        "Generali Patrimoine annonce une activation «\u202fdans un délai de 5 jours à compter de la réception du mandat "
        "original\u202f», sans dire s'ils sont ouvrés\u202f: Encours compte des jours calendaires, sauf réglage contraire."
    )

    delay_days = fields.whole(_l("Délai d'activation, en jours"), 1, 60, wrong=_RANGE, invalid=_NUMBER, empty=5)
    delay_kind = fields.choice(
        _l("Jours comptés"), KINDS, wrong=_l("Choisissez des jours calendaires ou ouvrés."), empty="calendar", required=True
    )
    reminder_days = fields.whole(_l("Rappel après, en jours"), 1, 60, wrong=_RANGE, invalid=_NUMBER, empty=3)
