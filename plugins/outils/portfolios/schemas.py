"""What programs ask and get of model portfolios. Weights, bands and costs are ratios as decimal texts: 0.6 is 60 %."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import fields
from marshmallow import validate

from core.api.rest import Given
from core.api.rest import Taken
from core.api.rest import schemas
from plugins.outils.portfolios import shapes
from plugins.outils.portfolios.tables import PROFILES


class ModelLineOut(Given):
    """A line of a version."""

    support_id = schemas.string()
    label = schemas.string(_l("Libellé"))
    isin = schemas.string(_l("ISIN"), null=True)
    code = schemas.string(_l("Code interne"), null=True)
    weight = schemas.money(_l("Poids"))
    band = schemas.money(_l("Écart admis de part et d'autre"))
    sri = schemas.whole(_l("SRI\u202f; null s'il n'est pas connu"), null=True)
    ongoing_costs = schemas.money(_l("Frais courants par an\u202f; null s'ils ne sont pas connus"), source="costs")


class ModelVersionOut(Given):
    """A version, which never changes."""

    number = schemas.whole(_l("Numéro"))
    profile = schemas.string(_l("Profil"), codes=PROFILES)
    remarks = schemas.string(_l("Remarques"))
    author = schemas.string(_l("Auteur"), source="said_by")
    created_at = schemas.moment(null=False)
    risk = schemas.money(_l("SRI moyen, pondéré"), source="risk.figure")
    risk_known = schemas.money(_l("Poids des lignes dont le SRI est connu"), source="risk.known")
    ongoing_costs = schemas.money(_l("Frais courants moyens, pondérés"), source="costs.figure")
    ongoing_costs_known = schemas.money(_l("Poids des lignes dont les frais sont connus"), source="costs.known")
    lines = schemas.many(ModelLineOut)


class ModelOut(Given):
    """A model with the version that holds."""

    id = schemas.string()
    name = schemas.string(_l("Nom"))
    version = schemas.one(ModelVersionOut, _l("Version en vigueur"))
    followers = schemas.whole(_l("Comptes qui le suivent"))
    archived_at = schemas.moment()


class ModelsOut(Given):
    """All of them."""

    items = schemas.many(ModelOut)


class VersionsOut(Given):
    """The versions of a model, the newest first."""

    items = schemas.many(ModelVersionOut)


class ModelLineIn(Taken):
    """A line to write."""

    support = schemas.ask_text(_l("ISIN ou code du support"), 200, missing=_l("Dites de quel support est cette ligne."))
    weight = schemas.ask_money(_l("Poids en pourcentage\u202f: 60.00"), missing=_l("Saisissez le poids de cette ligne."))
    band = schemas.ask_money(_l("Bande en points\u202f: 5.00 si rien n'est dit"))


def _lines(**more: Any) -> Any:
    label = _l("Toutes les lignes\u202f; les poids font 100")
    within = validate.Length(max=shapes.MOST, error=_l("{max} lignes au plus."))
    return fields.List(fields.Nested(ModelLineIn), validate=within, metadata={"label": label}, **more)


class ModelPatch(Taken):
    """What changes of a model."""

    name = schemas.ask_text(_l("Nom"), 120)
    profile = schemas.ask_code(_l("Profil"), PROFILES)
    remarks = schemas.ask_text(_l("Remarques"), 500, null=True, lines=True)
    lines = _lines()


class ModelNew(ModelPatch):
    """A new model."""

    name = schemas.ask_text(_l("Nom"), 120, missing=_l("Donnez un nom à ce modèle."))
    profile = schemas.ask_code(_l("Profil"), PROFILES, missing=_l("Choisissez un profil."))
    lines = _lines(required=True, error_messages={"required": _l("Donnez les lignes du modèle.")})
