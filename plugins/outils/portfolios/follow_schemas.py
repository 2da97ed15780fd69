"""What programs ask and get of accounts that follow a model. Weights and gaps are ratios as decimal texts: 0.05 is 5 points."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from core.api.rest import Asked
from core.api.rest import Given
from core.api.rest import Taken
from core.api.rest import schemas

STATES = ("unknown", "outside", "inside")


class FollowersAsked(Asked):
    """Which ones."""

    model = schemas.ask_text(_l("Id du modèle"), 26)
    state = schemas.ask_code(_l("État"), STATES)


class GapOut(Given):
    """A support beside its target."""

    support_id = schemas.string()
    label = schemas.string(_l("Libellé"))
    isin = schemas.string(_l("ISIN"), null=True)
    target = schemas.money(_l("Cible\u202f; null hors modèle"))
    band = schemas.money(_l("Écart admis"))
    weight = schemas.money(_l("Poids"))
    gap = schemas.money(_l("Poids moins cible"))
    value = schemas.money(_l("Valeur, en euros"))
    amount = schemas.money(_l("À ajouter, ou à retirer si négatif, en euros"))
    outside = schemas.flag(_l("Hors de sa bande"))
    priced = schemas.flag(_l("Un cours en est connu"))


class FollowerOut(Given):
    """An account beside its model."""

    account_id = schemas.string(source="account.id")
    number = schemas.string(_l("Numéro"), source="account.number")
    title = schemas.string(_l("Intitulé"), source="account.title")
    model_id = schemas.string(source="model.id")
    model = schemas.string(_l("Modèle"), source="model.name")
    version = schemas.whole(_l("Version du modèle"), source="model.version.number")
    since = schemas.moment(_l("Suivi depuis"), source="tie.since", null=False)
    state = schemas.string(_l("État"), codes=STATES, source="drift.state")
    why = schemas.string(_l("Ce qui empêche de comparer"), source="drift.why")
    on = schemas.day(_l("Jour des lignes"), source="drift.on")
    total = schemas.money(_l("Valeur des lignes"), source="drift.total")
    lines = schemas.many(GapOut, source="drift.lines")


class FollowIn(Taken):
    """Accounts to attach."""

    accounts = schemas.ask_texts(_l("Ids des comptes"), most=500, missing=_l("Donnez au moins un compte."))


class DoneOut(Given):
    """How many."""

    count = schemas.whole(_l("Comptes touchés"))
