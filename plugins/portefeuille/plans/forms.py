"""The form of an act that comes back: that of a typed act, with its days instead of one (PF-04)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from core.api import transactions
from core.api.db import TenantSession
from core.api.db import today
from core.api.forms import Form
from core.api.forms import fields
from plugins.portefeuille import transaction_forms as typing
from plugins.portefeuille.plans.keeping import Asked
from plugins.portefeuille.plans.reading import Planned

FREQUENCIES = {
    "MENSUEL": _l("Tous les mois"), "TRIMESTRIEL": _l("Tous les trois mois"), "SEMESTRIEL": _l("Tous les six mois"),
    "ANNUEL": _l("Tous les ans"),
}  # fmt: skip
STATES = {"ACTIF": _l("En cours"), "SUSPENDU": _l("Suspendu"), "TERMINE": _l("Terminé")}
ANSWERS = {"PREPARE": _l("Acte préparé"), "PASSE": _l("Passée")}
#: The fields above the lines, in their order.
TOP = ("frequency", "day", "since", "until", "amount", "note", "reason")

_NO_DAY = _l("Saisissez le jour du mois, de 1 à 31.")
_FIELDS: dict[str, Any] = {
    "frequency": fields.choice(_l("Périodicité"), FREQUENCIES, missing=_l("Choisissez la périodicité.")),
    "day": fields.whole(
        _l("Jour du mois"), 1, 31, wrong=_l("Le jour du mois va de 1 à 31."), invalid=_NO_DAY,
        help=_l("Le 31 est le dernier jour des mois plus courts. Un dimanche ou un jour férié n'est pas déplacé."),
    ),
    "since": fields.day(_l("À partir du"), missing=_l("Saisissez la date à partir de laquelle l'acte revient.")),
    "until": fields.day(_l("Jusqu'au"), help=_l("Vide\u202f: sans fin.")),
}  # fmt: skip
PlanForm: type[Form] = type("PlanForm", (typing.TypedForm,), {"__doc__": "An act that comes back.", **_FIELDS})


def schema(act: transactions.typed_acts.TypedAct) -> Form:
    """The form of this act: without what it does not ask."""
    asked = set(typing.schema(act).fields)
    return PlanForm(exclude=["on", *(name for name in typing.TypedForm().fields if name not in asked and name != "on")])


def begun(act: transactions.typed_acts.TypedAct, held: Any) -> dict[str, Any]:
    """What an empty form begins with."""
    first = {name: value for name, value in typing.begun(act, held).items() if name != "on"}
    return {"frequency": "MENSUEL", "day": today().day, "since": today(), **first}


def read(
    session: TenantSession, act: transactions.typed_acts.TypedAct, values: Mapping[str, Any], currency: str, actor: str
) -> tuple[Asked, dict[int, int], dict[str, str]]:
    """The plan that was typed, the row of each of its lines, and what is wrong, by field."""
    given, rows, errors = typing.read(session, act, {**values, "on": values["since"]}, currency, actor)
    if values.get("day") is None:
        errors["day"] = str(_NO_DAY)
    asked = Asked(
        act.code, values["frequency"], values.get("day") or 0, values["since"], values.get("until"), given.amount, given.legs,
        given.note, given.reason,
    )  # fmt: skip
    return asked, rows, errors


def shown(found: Planned, names: Mapping[str, Any]) -> dict[str, Any]:
    """A plan as the form has it."""
    typed = typing.shown(found.given(found.terms.since), names)
    terms = found.terms
    return {
        **{name: value for name, value in typed.items() if name != "on"}, "frequency": terms.frequency, "day": terms.day,
        "since": terms.since, "until": terms.until,
    }  # fmt: skip
