"""How a portfolio opens: the cabinet's choice, or each person's own (BL-02, US-02)."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from core.api.forms import Form
from core.api.forms import fields

#: What a portfolio is divided by; how far back its curve goes.
WAYS: dict[str, Any] = {"support": _l("Support"), "compagnie": _l("Compagnie"), "enveloppe": _l("Enveloppe")}
PERIODS: dict[str, Any] = {"12m": _l("12 mois"), "5a": _l("5 ans"), "tout": _l("Tout")}
_EVERYONE = ("installation", "cabinet", "user")


class PortefeuilleSettings(Form):
    """What the two charts above a portfolio show before anything is chosen there."""

    keeps_blanks = True
    about = _l("Ce que montrent les deux graphiques d'un portefeuille à son ouverture. Chacun peut ensuite choisir sur place.")

    by = fields.choice(
        _l("Répartition"), WAYS, wrong=_l("Choisissez une répartition de la liste."), empty="support", scopes=_EVERYONE,
        kind="radio", help=_l("Sans support connu, la répartition est par enveloppe."),
    )
    period = fields.choice(
        _l("Évolution de l'encours"), PERIODS, wrong=_l("Choisissez une période de la liste."), empty="12m", scopes=_EVERYONE,
        kind="radio",
    )
