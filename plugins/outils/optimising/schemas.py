"""What programs ask and get of optimisations. Weights, returns and risks are ratios as decimal texts: 0.6 is 60 %."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import fields
from marshmallow import validate

from core.api.rest import Given
from core.api.rest import Taken
from core.api.rest import schemas
from plugins.outils.optimising import forms
from plugins.outils.optimising import shapes
from plugins.outils.optimising.tables import STATES


class OptimisedOut(Given):
    """A support among which was chosen."""

    support_id = schemas.string()
    label = schemas.string(_l("Libellé"))
    low = schemas.money(_l("Plancher"))
    high = schemas.money(_l("Plafond"))
    model = schemas.money(_l("Poids dans le modèle\u202f; null s'il n'y est pas"))
    weight = schemas.money(_l("Poids trouvé, de ce qui est réparti"))
    whole = schemas.money(_l("Poids trouvé, du modèle entier"))


class FrontierOut(Given):
    """A point of the frontier, on the past."""

    weights = schemas.texts(_l("Poids, dans l'ordre des supports"))
    mean = schemas.money(_l("Rendement moyen d'une année"))
    risk = schemas.money(_l("Volatilité d'une année"))


class TrackOut(Given):
    """What weights did, brought back to their own each month."""

    gain = schemas.money(_l("Performance, non annualisée"))
    volatility = schemas.money(_l("Volatilité d'une année"))
    drawdown = schemas.money(_l("Perte maximale"))


class OptimisationOut(Given):
    """An optimisation; what was found is null while it waits, and where it was refused."""

    id = schemas.string()
    model_id = schemas.string()
    version = schemas.whole(_l("Version du modèle, à la demande"))
    state = schemas.string(_l("État"), codes=STATES)
    why = schemas.string(_l("Pourquoi il n'y a pas de résultat"))
    goal = schemas.string(_l("Objectif"), source="wish.goal", codes=shapes.GOALS)
    risk_target = schemas.money(_l("Risque cible"), source="wish.risk")
    author = schemas.string(_l("Demandée par"), source="said_by")
    created_at = schemas.moment(null=False)
    share = schemas.money(_l("Part du modèle qui est répartie"))
    since = schemas.day(_l("Premier jour des cours"))
    until = schemas.day(_l("Dernier jour des cours"))
    mean = schemas.money(_l("Rendement moyen d'une année, sur le passé"))
    risk = schemas.money(_l("Volatilité d'une année, sur le passé"))
    binding = schemas.texts(_l("Contraintes atteintes"))
    tried_since = schemas.day(_l("Premier jour hors échantillon"))
    tried = schemas.one(TrackOut, _l("Hors échantillon\u202f: poids estimés avant ce jour"), null=True)
    model_tried = schemas.one(TrackOut, _l("Hors échantillon\u202f: le modèle"), null=True)
    lines = schemas.many(OptimisedOut, _l("Supports"))
    frontier = schemas.many(FrontierOut, _l("Frontière, du moins risqué au plus risqué"))


class OptimisationsOut(Given):
    """The last ones of a model, the newest first."""

    items = schemas.many(OptimisationOut)


class BoundIn(Taken):
    """A support and its bounds."""

    support = schemas.ask_text(_l("ISIN ou code du support"), 200, missing=_l("Dites de quel support sont ces bornes."))
    low = schemas.ask_money(_l("Plancher en pourcentage\u202f: 0.00 si rien n'est dit"))
    high = schemas.ask_money(_l("Plafond en pourcentage\u202f: 100.00 si rien n'est dit"))


class OptimisationNew(Taken):
    """An optimisation to make."""

    goal = schemas.ask_code(_l("Objectif"), shapes.GOALS, missing=_l("Choisissez un objectif."))
    risk = schemas.ask_money(_l("Risque cible en pourcentage par an, pour CIBLE"))
    years = schemas.ask_code(_l("Années d'historique"), forms.PERIODS, missing=_l("Choisissez une période."))
    keep = schemas.ask_flag(_l("Garder le poids des autres lignes du modèle"))
    lines: Any = fields.List(
        fields.Nested(BoundIn), required=True, metadata={"label": _l("De deux à trente supports")},
        validate=validate.Length(max=shapes.MOST, error=_l("{max} supports au plus.")),
        error_messages={"required": _l("Donnez les supports.")},
    )  # fmt: skip
