"""The forms of a support: what a person types of it and where he has it from (OU-09)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from flask_babel import lazy_gettext as _l

from core.api import supports
from core.api.formats import number
from core.api.forms import Form
from core.api.forms import fields
from core.api.forms import inputs

HUNDRED = Decimal(100)
_DAY = _l("Exemple\u202f: 05/03/2026")
#: What a person has to know of some of them.
_HELP: dict[str, Any] = {
    "sri": _l("Celui du document d'informations clés. Vide\u202f: non applicable ou non connu."),
    "srri": _l("Celui d'avant 2023, des OPCVM\u202f: ce n'est pas le SRI."),
    "category": _l("Celle de votre cabinet ou d'un fournisseur, par exemple «\u202fActions Europe\u202f»."),
    "ongoing_costs": _l("En pourcentage d'un an."),
    "holding_period": _l("Par exemple «\u202f5 ans\u202f»."),
}  # fmt: skip
_MISSING: dict[str, Any] = {
    "label": _l("Donnez le libellé du support."), "type": _l("Choisissez le type du support."),
    "currency": _l("Écrivez le code de la devise, EUR pour l'euro."),
}  # fmt: skip
GROUPS: dict[str, Any] = {
    "code": _l("Identifiant"), "identity": _l("Identité"), "risk": _l("Risque et durabilité"), "costs": _l("Frais du support"),
    "target": _l("Marché cible"), "cause": _l("D'où viennent ces valeurs"),
}  # fmt: skip


class Rate(fields.Percent):
    """A cost of a year, with up to four decimals: 1,25 %."""

    parse = staticmethod(partial(inputs.percent, decimals=4))

    def shown(self, value: Decimal) -> str:
        return number(value, 4).rstrip("0").rstrip(",")


class Signed(fields.Amount):
    """A cost that may be a gain: −0,05 %."""

    parse = staticmethod(partial(inputs.amount, decimals=4))

    def shown(self, value: Decimal) -> str:
        return number(value, 4).rstrip("0").rstrip(",")


class Price(fields.Amount):
    """A price, with up to four decimals."""

    parse = staticmethod(partial(inputs.amount, decimals=4))

    def shown(self, value: Decimal) -> str:
        return number(value, 4)


def _field(key: supports.fact_keys.FactKey) -> Any:
    told = {"group": key.group, **({"help": _HELP[key.code]} if key.code in _HELP else {})}
    if key.kind == "ratio":
        kind = Signed if key.least < 0 else Rate
        return kind(load_default=None, metadata={"label": key.label, "inputmode": "decimal", "suffix": "%", **told})
    if key.codes:
        return fields.choice(key.label, key.codes, missing=_MISSING.get(key.code), **told)
    if key.kind == "currency":
        wrong = _l("Écrivez le code de la devise en trois lettres\u202f: EUR, USD…")
        return fields.matching(key.label, r"^[A-Z]{3}$", wrong, missing=_MISSING[key.code], **told)
    return fields.line(key.label, key.most, missing=_MISSING.get(key.code), **told)


_FACTS: dict[str, Any] = {code: _field(key) for code, key in supports.fact_keys.KEYS.items()}
_CAUSE: dict[str, Any] = {
    "source": fields.line(
        _l("Source"), 200, group="cause", help=_l("Le document ou le site lu\u202f: «\u202fDIC du 12/03/2026\u202f».")
    ),
    "as_of": fields.day(_l("Valeurs au"), past=True, group="cause", help=_DAY),
}  # fmt: skip
SupportForm: type[Form] = type("SupportForm", (Form,), {
    "__doc__": "What is known of a support.", "groups": GROUPS, **_FACTS, **_CAUSE,
})  # fmt: skip
NewForm: type[Form] = type("NewForm", (Form,), {
    "__doc__": "A support that the cabinet does not have.", "groups": GROUPS,
    "isin": fields.isin(
        _l("Code ISIN"), group="code", autocomplete="off", help=_l("Douze caractères, dont une clé qui est vérifiée.")
    ),
    "code": fields.line(
        _l("Code interne"), 40, group="code", autocomplete="off",
        help=_l("Pour ce qui n'a pas d'ISIN\u202f: un fonds en euros, une part non cotée."),
    ), **_FACTS, **_CAUSE,
})  # fmt: skip


class PriceForm(Form):
    """A price of a day."""

    on = fields.day(_l("Jour du cours"), missing=_l("Saisissez la date du cours."), past=True, help=_DAY)
    value = Price(
        required=True, error_messages={"required": _l("Saisissez le cours.")},
        metadata={"label": _l("Cours"), "inputmode": "decimal"},
    )  # fmt: skip
    source = fields.line(_l("Source"), 40, help=_l("Où vous l'avez lu\u202f; vide\u202f: une saisie."))


def given(values: Mapping[str, Any]) -> dict[str, Any]:
    """What the form's values stand for: costs as proportions of one."""
    found: dict[str, Any] = {code: values.get(code) for code in supports.fact_keys.KEYS}
    for code, key in supports.fact_keys.KEYS.items():
        if key.kind == "ratio" and found[code] is not None:
            found[code] = Decimal(found[code]) / HUNDRED
    return found


def cause(values: Mapping[str, Any]) -> supports.by_hand.Cause:
    """Where he has them from."""
    return supports.by_hand.Cause(values.get("source") or "", values.get("as_of"))


def shown(known: Mapping[str, str]) -> dict[str, Any]:
    """Key → text of a fact, as the form has them."""
    kinds = supports.fact_keys.KEYS
    return {
        code: Decimal(text) * HUNDRED if kinds[code].kind == "ratio" and text else text or None for code, text in known.items()
    }  # fmt: skip
