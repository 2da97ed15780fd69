"""What the API takes and gives of a year of taxes."""

from __future__ import annotations

from typing import Any
from typing import cast

from flask_babel import lazy_gettext as _l
from marshmallow import fields
from marshmallow import validate

from core.api.rest import schemas
from plugins.fiscalite import kinds

_COUNT = _l("Un nombre entre {min} et {max} est attendu.")


def _amounts() -> dict[str, Any]:
    """Code of each amount → its label."""
    own = {f"{code}_{number}": said[0] for number in (1, 2) for code, said in kinds.ADULT.items()}
    return own | {code: said[0] for code, said in (kinds.of_shared() | kinds.PROPERTY).items()}


def _flags() -> dict[str, Any]:
    return {code: said[0] for code, said in kinds.FLAGS.items()} | {"by_scale": _l("Option pour le barème")}


def _count(label: Any, least: int, most: int) -> Any:
    within = validate.Range(least, most, error=_COUNT)
    return fields.Integer(strict=True, validate=within, metadata={"label": label})


def _asked() -> dict[str, Any]:
    made: dict[str, Any] = {"situation": schemas.ask_code(_l("Situation"), kinds.SITUATIONS)}
    made |= {code: _count(said[0], 0, 15) for code, said in kinds.COUNTS.items()}
    made |= {code: schemas.ask_flag(label) for code, label in _flags().items()}
    made |= {f"birth_year_{number}": _count(_l("Année de naissance"), 1900, 2030) for number in (1, 2)}
    return made | {code: schemas.ask_money(label, null=True) for code, label in _amounts().items()}


def _given() -> dict[str, Any]:
    made: dict[str, Any] = {"situation": schemas.string(_l("Situation"), codes=kinds.SITUATIONS, null=True)}
    made |= {code: schemas.whole(said[0], null=True) for code, said in kinds.COUNTS.items()}
    made |= {code: schemas.flag(label) for code, label in _flags().items()}
    made |= {f"birth_year_{number}": schemas.whole(_l("Année de naissance"), null=True) for number in (1, 2)}
    return made | {code: schemas.money(label) for code, label in _amounts().items()}


_TRIED: dict[str, Any] = {
    "more_per": _l("Versement ajouté sur un PER"), "surrender": _l("Rachat"), "contract_value": _l("Valeur du contrat"),
    "premiums": _l("Primes nettes"), "premiums_before": _l("Primes d'avant le 27/09/2017"),
    "premiums_all": _l("Primes de tous les contrats"),
}  # fmt: skip
_TRIED_FLAGS: dict[str, Any] = {"more_child": _l("Un enfant de plus"), "eight_years": _l("Contrat de huit ans et plus")}

FactsPatch = cast("type[schemas.Taken]", schemas.Taken.from_dict(_asked(), name="FiscaliteFactsPatch"))
FactsOut = cast("type[schemas.Given]", schemas.Given.from_dict(_given(), name="FiscaliteFactsOut"))
WhatIfPatch = cast("type[schemas.Taken]", schemas.Taken.from_dict(
    {code: schemas.ask_money(label, null=True) for code, label in _TRIED.items()}
    | {code: schemas.ask_flag(label) for code, label in _TRIED_FLAGS.items()}, name="FiscaliteWhatIfPatch",
))  # fmt: skip
WhatIfOut = cast("type[schemas.Given]", schemas.Given.from_dict(
    {code: schemas.money(label) for code, label in _TRIED.items()}
    | {code: schemas.flag(label) for code, label in _TRIED_FLAGS.items()}, name="FiscaliteWhatIfOut",
))  # fmt: skip


class StepOut(schemas.Given):
    """A step from income to tax."""

    key = schemas.string(_l("Nom donné par le moteur"))
    label = schemas.string(_l("Libellé"))
    value = schemas.money(_l("Montant"))


class BracketOut(schemas.Given):
    """A bracket of the scale, by part."""

    above = schemas.money(_l("Au-delà de"))
    rate = schemas.money(_l("Taux, en ratio"))


class EstimateOut(schemas.Given):
    """What the engine answered, or why not: figures are null until `state` is «done»."""

    state = schemas.string(_l("État"), codes=("none", "waiting", "preparing", "unavailable", "refused", "done"))
    text = schemas.string(_l("Pourquoi aucun chiffre"))
    engine = schemas.string(_l("Version du moteur"))
    scale_year = schemas.whole(_l("Année de revenus du barème"), null=True)
    computed_at = schemas.moment(_l("Calculé le"))
    income_tax = schemas.money(_l("Impôt sur le revenu"))
    left_to_pay = schemas.money(_l("Reste à payer"))
    parts = schemas.money(_l("Parts"))
    marginal_rate = schemas.money(_l("Taux marginal, en ratio"))
    average_rate = schemas.money(_l("Taux moyen, en ratio"))
    steps = schemas.many(StepOut, _l("Du revenu à l'impôt"))
    brackets = schemas.many(BracketOut, _l("Barème"))


class IfiLineOut(schemas.Given):
    """A taxed thing, or what comes off."""

    label = schemas.string(_l("Bien ou dette"))
    value = schemas.money(_l("Valeur, une dette en négatif"))
    counted = schemas.money(_l("Retenu"))
    why = schemas.string(_l("Règle"))


class IfiOut(schemas.Given):
    """The IFI."""

    base = schemas.money(_l("Base nette"))
    amount = schemas.money(_l("IFI, avant plafonnement"))
    on = schemas.day(_l("Situation au"), null=False)
    from_sheet = schemas.flag(_l("Base tirée du bilan, et non déclarée"))
    lines = schemas.many(IfiLineOut, _l("Base, ligne à ligne"))
    without_value = schemas.texts(_l("Biens taxables de valeur inconnue"))


class LevyOut(schemas.Given):
    """Social levies on one kind of income."""

    label = schemas.string(_l("Revenu"))
    base = schemas.money(_l("Base"))
    rate = schemas.money(_l("Taux, en ratio"))
    amount = schemas.money(_l("Montant"))
    source = schemas.string(_l("Source"))
    verified = schemas.flag(_l("Taux vérifié"))


class CeilingOut(schemas.Given):
    """One adult's ceiling for the PER."""

    number = schemas.whole(_l("Déclarant"))
    ceiling = schemas.money(_l("Plafond"))
    left = schemas.money(_l("Encore déductible"))


class ComparisonOut(schemas.Given):
    """A case beside the present one."""

    key = schemas.string(_l("Hypothèse"), codes=("child", "per", "surrender"))
    income_tax = schemas.money(_l("Impôt sur le revenu"))
    difference = schemas.money(_l("Différence d'impôt"))
    social_levies = schemas.money(_l("Prélèvements sociaux en plus"))


class YearOut(schemas.Given):
    """A year of a household's taxes."""

    contact_id = schemas.string(_l("Foyer ou personne qui déclare"))
    year = schemas.whole(_l("Année des revenus"))
    declared = schemas.flag(_l("Des données sont saisies"))
    updated_at = schemas.moment(_l("Saisies le"))
    facts = schemas.one(FactsOut, _l("Données saisies"))
    what_if = schemas.one(WhatIfOut, _l("Hypothèses"))
    estimate = schemas.one(EstimateOut, _l("Estimation"))
    ifi = schemas.one(IfiOut, _l("IFI"), null=True)
    social_levies = schemas.many(LevyOut, _l("Prélèvements sociaux"))
    ceilings = schemas.many(CeilingOut, _l("Plafonds du PER"))
    comparisons = schemas.many(ComparisonOut, _l("Comparaisons"))
