"""From when on a feed that says nothing is an alert: the cabinet's choice (AGG-02)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from core.api.forms import Form
from core.api.forms import fields


class AggregationSettings(Form):
    """What feeds go by."""

    keeps_blanks = True
    about = _l("Ce qui est lu sans qu'on le demande, et quand un flux dont plus rien n'arrive est signalé.")

    watch = fields.email(
        _l("Dossier surveillé, au nom de"), empty="",
        help=_l("Adresse e-mail d'un collaborateur. Le dossier du cabinet est alors lu toutes les dix minutes\u202f: "
                "un fichier est appliqué si tout y est rattaché et sans erreur. Vide\u202f: rien n'est surveillé."),
    )  # fmt: skip
    nightly = fields.email(
        _l("Partenaires lus chaque nuit, au nom de"), empty="",
        help=_l("Adresse e-mail d'un administrateur. Les partenaires qui transmettent les portefeuilles du cabinet sont lus "
                "chaque nuit, et ce qui est rattaché est écrit. Vide\u202f: ils ne le sont qu'à la demande, depuis Flux."),
    )  # fmt: skip
    stale = fields.whole(
        _l("Alerte de flux silencieux"), 1, 400, wrong=_l("La durée va de 1 à 400 jours."),
        invalid=_l("Saisissez un nombre entier de jours, par exemple 45."), empty=45, suffix=_l("jours"),
        help=_l("Âge des dernières données d'un compte à partir duquel son flux est signalé."),
    )  # fmt: skip
