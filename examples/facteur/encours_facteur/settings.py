"""Where messages are put, and in whose name they go."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from core.api.forms import Form
from core.api.forms import fields


class FacteurSettings(Form):
    """`folder` is the operator's: a cabinet names no place on the machine."""

    keeps_blanks = True

    folder = fields.line(_l("Dossier où le serveur d'envoi prend les messages"), 300, empty="", scopes=("installation",))
    sender = fields.line(
        _l("Adresse d'expédition du cabinet"), 200, empty="",
        help=_l("Celle que voit le client\u202f; sa réponse va à la personne qui a demandé l'envoi."),
    )  # fmt: skip
