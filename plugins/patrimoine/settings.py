"""From when on a pledge is too little: the cabinet's choice (AU-01)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from core.api.forms import Form
from core.api.forms import fields


class PatrimoineSettings(Form):
    """What the pages of loans and pledges go by."""

    keeps_blanks = True
    about = _l("À partir de quand un nantissement ne couvre plus assez le prêt qu'il garantit.")

    coverage = fields.whole(
        _l("Seuil d'alerte de couverture"), 1, 500, wrong=_l("Le seuil va de 1 à 500\u00a0%."),
        invalid=_l("Saisissez un pourcentage entier, par exemple 100."), empty=100, suffix="%",
        help=_l("Valeur des comptes nantis sur capital restant dû\u202f; en dessous, le prêt et le compte le signalent."),
    )  # fmt: skip
