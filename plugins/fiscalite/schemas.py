"""The forms: what a household declares for a year, and what is tried beside it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from typing import cast

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError
from marshmallow import fields as plain
from marshmallow import validate
from marshmallow import validates_schema

from core.api.forms import Form
from core.api.forms import fields
from plugins.fiscalite import kinds

#: No household's amount is beyond this, and the engine's numbers are exact to the euro below it.
MOST = Decimal(16_000_000)
MICRO = Decimal(15_000)
_FIRST, _LAST = 1900, 2030
_NUMBER = _l("Saisissez un nombre entier.")
_COUNT = _l("Saisissez un nombre entre {min} et {max}.")
_BORN = _l("Saisissez une année entre {min} et {max}.")


def problems(facts: Mapping[str, Any]) -> dict[str, str]:
    """What does not hold in a declaration, by field: amounts within reason, and what fields say together."""
    found = amounts(facts)
    dependants = (facts.get("children") or 0) + (facts.get("of_age") or 0)
    if (facts.get("disabled_children") or 0) > dependants:
        found["disabled_children"] = str(_("Ce nombre dépasse celui des enfants à charge."))
    if (facts.get("disabled_shared") or 0) > (facts.get("shared") or 0):
        found["disabled_shared"] = str(_("Ce nombre dépasse celui des enfants en résidence alternée."))
    if facts.get("lone_parent") and not dependants + (facts.get("shared") or 0) + (facts.get("disabled_others") or 0):
        found["lone_parent"] = str(_("Un parent isolé a au moins une personne à charge\u202f: indiquez-la plus haut."))
    rents = [facts.get(f"foncier_{name}") for name in ("reel", "deficit", "deficit_revenus")]
    if facts.get("foncier_micro") and any(rents):
        found["foncier_micro"] = str(_("Le micro-foncier exclut le régime réel et les déficits\u202f: gardez l'un ou l'autre."))
    if rents[0] and any(rents[1:]):
        found["foncier_reel"] = str(_("Un revenu foncier et un déficit de la même année ne se déclarent pas ensemble."))
    return found


def trial_problems(what_if: Mapping[str, Any]) -> dict[str, str]:
    """The same of what is tried beside it."""
    found = amounts(what_if)
    surrender, value, premiums = (what_if.get(name) for name in ("surrender", "contract_value", "premiums"))
    if not surrender:
        return found
    for name, given in (("contract_value", value), ("premiums", premiums)):
        if given is None:
            found.setdefault(name, str(_("Indiquez ce montant pour calculer la part de gain du rachat.")))
    if value is not None and surrender > value:
        found.setdefault("surrender", str(_("Le rachat dépasse la valeur du contrat.")))
    if premiums is not None and (what_if.get("premiums_before") or 0) > premiums:
        found.setdefault("premiums_before", str(_("Ce montant dépasse celui des primes du contrat.")))
    return found


def amounts(data: Mapping[str, Any]) -> dict[str, str]:
    """Amounts that no household has."""
    return {name: text for name, value in data.items() if (text := _of_amount(name, value))}


def _of_amount(name: str, value: Any) -> str | None:
    if not isinstance(value, Decimal):
        return None
    if value < 0:
        return str(_("Saisissez un montant positif."))
    if value > MOST:
        return str(_("Montant trop élevé\u202f: 16 millions d'euros au plus."))
    if name == "foncier_micro" and value > MICRO:
        return str(_("Au-delà de 15 000 € de recettes, le régime réel s'applique\u202f: saisissez le revenu net au réel."))
    return None


class _Declared(Form):
    """The groups, and what must hold between fields."""

    groups = {
        "foyer": _l("Foyer fiscal"), "un": _l("Revenus et épargne retraite du déclarant 1"),
        "deux": _l("Revenus et épargne retraite du déclarant 2"), "foncier": _l("Revenus fonciers"),
        "capital": _l("Capitaux mobiliers et plus-values"), "charges": _l("Charges, réductions et crédits d'impôt"),
        "patrimoine": _l("Patrimoine immobilier, pour l'IFI"),
    }  # fmt: skip

    @validates_schema(skip_on_field_errors=False)
    def _within(self, data: Mapping[str, Any], **_more: Any) -> None:
        _refuse(amounts(data))

    @validates_schema
    def _holds(self, data: Mapping[str, Any], **_more: Any) -> None:
        _refuse(problems(data))


def _refuse(found: Mapping[str, str]) -> None:
    if found:
        raise ValidationError({name: [text] for name, text in found.items()})


class Count(plain.Integer):
    """A whole number that may be left out."""


def _whole(label: Any, least: int, most: int, wrong: Any, group: str, about: Any, default: int | None, **more: Any) -> Count:
    meta = {"label": label, "kind": "number", "inputmode": "numeric", "group": group, "help": about, **more}
    within = validate.Range(least, most, error=wrong)
    return Count(validate=within, load_default=default, error_messages={"invalid": _NUMBER}, metadata=meta)


def _count(said: tuple[Any, Any], group: str) -> Count:
    return _whole(said[0], 0, 15, _COUNT, group, said[1], 0)


def _born(label: Any, group: str, **more: Any) -> Count:
    return _whole(label, _FIRST, _LAST, _BORN, group, _l("Sert aux abattements liés à l'âge."), None, **more)


def _adult(number: int, group: str) -> dict[str, Any]:
    when = {} if number == 1 else {"when": ("situation", kinds.COUPLE)}
    made: dict[str, Any] = {f"birth_year_{number}": _born(_l("Année de naissance"), group, **when)}
    for code, (label, about) in kinds.ADULT.items():
        made[f"{code}_{number}"] = fields.amount(label, group=group, help=about, **when)
    return made


def _declared() -> dict[str, Any]:
    made: dict[str, Any] = {
        "situation": fields.choice(
            _l("Situation au 31 décembre"), kinds.SITUATIONS, missing=_l("Choisissez la situation du foyer."), group="foyer"
        )
    }
    made |= {code: _count(said, "foyer") for code, said in kinds.COUNTS.items()}
    for code, (label, about, whom) in kinds.FLAGS.items():
        made[code] = fields.flag(label, group="foyer", help=about, when=("situation", whom))
    made |= _adult(1, "un") | _adult(2, "deux")
    for rubric, listed in kinds.FOYER.items():
        made |= {code: fields.amount(label, group=rubric, help=about) for code, (label, about) in listed.items()}
    made["by_scale"] = fields.flag(
        _l("Option pour le barème (case 2OP)"), group="capital",
        help=_l("Sinon les revenus de capitaux sont imposés au taux forfaitaire de 12,8 %."),
    )  # fmt: skip
    made |= {code: fields.amount(label, group="patrimoine", help=about) for code, (label, about) in kinds.PROPERTY.items()}
    return made


#: The whole form; its fields are made of `kinds`.
DeclarationForm = cast("type[Form]", _Declared.from_dict(_declared(), name="DeclarationForm"))
DeclarationForm.__module__ = __name__


class WhatIfForm(Form):
    """What is tried beside the present case: each on its own."""

    groups = {
        "enfant": _l("Un enfant de plus"), "per": _l("Un versement sur un PER"), "rachat": _l("Un rachat d'assurance-vie"),
    }  # fmt: skip

    more_child = fields.flag(_l("Comparer avec un enfant à charge de plus"), group="enfant")
    more_per = fields.amount(
        _l("Versement volontaire du déclarant 1"), group="per", help=_l("Seule la part sous le plafond est déduite.")
    )
    surrender = fields.amount(_l("Montant du rachat"), group="rachat", help=_l("Brut, avant impôt."))
    contract_value = fields.amount(_l("Valeur du contrat avant le rachat"), group="rachat")
    premiums = fields.amount(
        _l("Primes nettes versées sur ce contrat"), group="rachat", help=_l("Déduction faite des rachats passés.")
    )
    premiums_before = fields.amount(_l("Dont versées avant le 27/09/2017"), group="rachat")
    premiums_all = fields.amount(
        _l("Primes nettes de tous les contrats au 31 décembre précédent"), group="rachat",
        help=_l("Pour le seuil de 150 000 €. Sans réponse\u202f: celles de ce contrat."),
    )  # fmt: skip
    eight_years = fields.flag(_l("Contrat de huit ans et plus"), group="rachat")

    @validates_schema(skip_on_field_errors=False)
    def _within(self, data: Mapping[str, Any], **_more: Any) -> None:
        _refuse(amounts(data))

    @validates_schema
    def _holds(self, data: Mapping[str, Any], **_more: Any) -> None:
        _refuse(trial_problems(data))
