"""Acts that come back, as programs send and read them (PF-04)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from marshmallow import fields as plain
from marshmallow import validate

from core.api import transactions
from core.api.rest import Asked
from core.api.rest import Given
from core.api.rest import Taken
from core.api.rest import schemas
from plugins.portefeuille.plans.models import ACTS
from plugins.portefeuille.plans.models import ANSWERS
from plugins.portefeuille.plans.models import FREQUENCIES
from plugins.portefeuille.plans.models import STATES

_typed = transactions.typed_acts
_MOST = transactions.typed_shapes.MOST_LEGS


class PlanLegIn(Taken):
    """A line of the act."""

    side = schemas.ask_code(_l("Sens"), _typed.SIDES, missing=_l("Choisissez le sens de la ligne\u202f: in ou out."))
    support_id = schemas.ask_text(_l("Id du support"), missing=_l("Donnez l'id du support."))
    mode = schemas.ask_code(_l("Ce que dit value\u202f: amount par défaut"), _typed.MODES)
    value = schemas.Exact(allow_none=True, metadata={"label": _l("Montant, quantité ou pourcentage, selon mode")})


class _Plan(Taken):
    frequency = schemas.ask_code(_l("Périodicité"), FREQUENCIES, missing=_l("Choisissez la périodicité."))
    day = plain.Integer(
        required=True, strict=True, validate=validate.Range(1, 31, error=_l("Le jour du mois va de 1 à 31.")),
        metadata={"label": _l("Jour du mois\u202f; 31\u202f: le dernier des mois plus courts")},
        error_messages={"required": _l("Indiquez le jour du mois."), "invalid": _l("Un nombre de 1 à 31 est attendu.")},
    )  # fmt: skip
    since = schemas.ask_day(_l("À partir de ce jour"), missing=_l("Indiquez à partir de quel jour."))
    until = schemas.ask_day(_l("Jusqu'à ce jour\u202f; sans fin à défaut"))
    amount = schemas.ask_money(_l("Montant, pour un versement ou un rachat partiel"), null=True)
    lines = plain.List(
        plain.Nested(PlanLegIn), validate=validate.Length(max=_MOST, error=_l("Seize lignes au plus.")),
        metadata={"label": _l("Lignes")},
    )  # fmt: skip
    note = schemas.ask_text(_l("Commentaire"), 200)
    reason = schemas.ask_text(_l("Motif, si une règle demande de passer outre"), 200)


class PlanNew(_Plan):
    """An act that comes back."""

    act = schemas.ask_code(_l("Code de l'acte"), ACTS, missing=_l("Choisissez l'acte."))


class PlanChange(_Plan):
    """Its terms as they become, whole."""

    version = plain.Integer(strict=True, metadata={"label": _l("La version lue\u202f: refusé si elle a changé depuis")})


class PlanQuery(Asked):
    """Which of them."""

    due = schemas.ask_switch(_l("Vrai\u202f: ceux dont une échéance attend aujourd'hui"))


class PlanLegOut(Given):
    """A line of the act."""

    side = schemas.string(codes=_typed.SIDES)
    support_id = schemas.string()
    mode = schemas.string(codes=_typed.MODES)
    value = schemas.Exact(metadata={"label": _l("Montant, quantité ou pourcentage, selon mode")})


class PlanDayOut(Given):
    """A day that was answered."""

    on = schemas.day(null=False)
    answer = schemas.string(codes=ANSWERS)
    transaction_id = schemas.string(_l("L'acte préparé"), null=True)


class PlanOut(Given):
    """An act that comes back."""

    id = schemas.string()
    account_id = schemas.string(source="account.id")
    act = schemas.string(codes=ACTS)
    label = schemas.string()
    frequency = schemas.string(source="terms.frequency", codes=FREQUENCIES)
    day = schemas.whole(source="terms.day")
    since = schemas.day(source="terms.since", null=False)
    until = schemas.day(source="terms.until")
    amount = schemas.money()
    currency = schemas.string(_l("ISO 4217"), source="account.currency")
    lines = schemas.many(PlanLegOut, source="legs")
    note = schemas.string()
    reason = schemas.string()
    state = schemas.string(codes=STATES)
    version = schemas.whole(_l("À rendre avec un changement"))
    waiting = plain.List(plain.Date(), metadata={"label": _l("Échéances qui attendent, la plus ancienne d'abord")})
    coming = plain.List(plain.Date(), metadata={"label": _l("Les prochaines")})
    answered = schemas.many(PlanDayOut, _l("Échéances traitées"))


class PlanDoneOut(Given):
    """What became of a day."""

    plan = schemas.one(PlanOut)
    transaction_id = schemas.string(_l("L'acte préparé\u202f; null si l'échéance est passée"), null=True)
    executed = schemas.flag(_l("Vrai si l'acte est exécuté"))
    to_confirm = schemas.texts(_l("Codes à confirmer pour l'exécuter"))
