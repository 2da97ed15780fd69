"""From when on a pledge is too little, how much of the rents a debt ratio counts: the cabinet's choice (AU-01, PA-02)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from core.api.forms import Form
from core.api.forms import fields


class PatrimoineSettings(Form):
    """What the pages of loans, pledges and budgets go by."""

    keeps_blanks = True
    about = _l("Nantissements qui ne couvrent plus assez un prêt\u202f; revenus fonciers retenus dans le taux d'endettement.")

    coverage = fields.whole(
        _l("Seuil d'alerte de couverture"), 1, 500, wrong=_l("Le seuil va de 1 à 500\u00a0%."),
        invalid=_l("Saisissez un pourcentage entier, par exemple 100."), empty=100, suffix="%",
        help=_l("Valeur des comptes nantis sur capital restant dû\u202f; en dessous, le prêt et le compte le signalent."),
    )  # fmt: skip
    rents = fields.whole(
        _l("Part des revenus fonciers retenue"), 1, 100, wrong=_l("La part va de 1 à 100\u00a0%."),
        invalid=_l("Saisissez un pourcentage entier, par exemple 70."), empty=70, suffix="%",
        help=_l("Dans le taux d'endettement du budget\u202f; les banques en retiennent souvent 70\u00a0%."),
    )  # fmt: skip
