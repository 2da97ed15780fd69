"""How long profiles and vigilances are valid, what acts may do without a profile: the cabinet's choice (CO-02, CO-05)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from core.api.forms import Form
from core.api.forms import fields
from plugins.conformite.papers.settings import FIELDS
from plugins.conformite.papers.settings import GROUPS
from plugins.conformite.papers.settings import IGNORE
from plugins.conformite.papers.settings import POLICIES
from plugins.conformite.papers.settings import WARN
from plugins.conformite.papers.settings import WRONG

COMPLETE = "A_COMPLETER"
UNASSESSED: dict[str, Any] = {COMPLETE: _l("Le client est à compléter"), IGNORE: _l("Ne rien dire")}


def _months(label: Any, usual: int, **more: Any) -> Any:
    return fields.whole(
        label, 1, 120, wrong=_l("La durée va de 1 à 120 mois."),
        invalid=_l("Saisissez un nombre de mois entier, par exemple 12."), empty=usual, suffix=_l("mois"), **more,
    )  # fmt: skip


class ConformiteSettings(Form):
    """Validity and policy, of profiles and of documents."""

    class Meta:
        """The documents' fields, which their own module makes."""

        include = FIELDS

    groups = GROUPS
    keeps_blanks = True
    about = _l(
        "Durée de validité des profils investisseurs et des documents réglementaires, règle appliquée avant un acte quand l'un "
        "manque ou a expiré, et ce que le cabinet dit de lui dans ses documents. Un acte passé malgré un avertissement garde "
        "la raison donnée, au journal. Puis les délais de revue des vigilances (LCB-FT)."
    )

    validity = fields.whole(
        _l("Validité d'un profil"), 1, 60, wrong=_l("La durée va de 1 à 60 mois."),
        invalid=_l("Saisissez un nombre de mois entier, par exemple 12."), empty=12, suffix=_l("mois"),
        help=_l("Choix du cabinet\u202f: les textes demandent des informations à jour, sans fixer de durée."),
    )  # fmt: skip
    notice = fields.whole(
        _l("Annoncer l'expiration"), 1, 180, wrong=_l("Le délai va de 1 à 180 jours."),
        invalid=_l("Saisissez un nombre de jours entier, par exemple 30."), empty=30, suffix=_l("jours avant"),
    )  # fmt: skip
    expired = fields.choice(
        _l("Profil expiré"), POLICIES, wrong=WRONG, empty=WARN, kind="radio", wide=True,
        help=_l("Avant un versement, un arbitrage ou un rachat, sur les comptes de ce titulaire."),
    )  # fmt: skip
    lacking = fields.choice(
        _l("Profil jamais établi"), POLICIES, wrong=WRONG, empty=IGNORE, kind="radio", wide=True,
        help=_l("À régler une fois les profils de vos clients saisis\u202f: jusque-là, chaque acte serait concerné."),
    )  # fmt: skip
    review_reinforced = _months(_l("Revue d'une vigilance renforcée"), 12)
    review_standard = _months(_l("Revue d'une vigilance standard"), 36)
    review_simplified = _months(_l("Revue d'une vigilance simplifiée"), 60)
    list_months = _months(
        _l("Âge accepté d'une liste de pays"), 6,
        help=_l("Au-delà, la liste est signalée comme ancienne. Le GAFI met les siennes à jour trois fois par an."),
    )  # fmt: skip
    unassessed = fields.choice(
        _l("Vigilance jamais évaluée"), UNASSESSED, wrong=WRONG, empty=IGNORE, kind="radio", wide=True,
        help=_l("À régler une fois vos clients évalués\u202f: jusque-là, tous seraient à compléter."),
    )  # fmt: skip


def review_months(settings: Mapping[str, Any]) -> dict[str, int]:
    """Level → months until the review."""
    return {
        "RENFORCEE": int(settings["review_reinforced"]), "STANDARD": int(settings["review_standard"]),
        "SIMPLIFIEE": int(settings["review_simplified"]),
    }  # fmt: skip
