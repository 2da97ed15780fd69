"""What each cabinet sets: core makes the form, checks, keeps and audits."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from core.api.forms import Form
from core.api.forms import fields


class HorizonSettings(Form):
    """`desk`: whom the cabinet writes to at the partner."""

    desk = fields.email(_l("Adresse de votre interlocuteur"), help=_l("Pour mémoire : Encours ne lui écrit pas."))
