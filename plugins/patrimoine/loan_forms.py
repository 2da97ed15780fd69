"""The forms of loans and pledges: what a person types, and what it stands for (domain.md §2.8)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from typing import ClassVar

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError
from marshmallow import fields as plain
from marshmallow import validate

from core.api import finance
from core.api.formats import number
from core.api.forms import Form
from core.api.forms import fields
from core.api.forms import inputs
from plugins.patrimoine import loan_rules
from plugins.patrimoine import loan_terms
from plugins.patrimoine import pledges
from plugins.patrimoine.loan_terms import Borrower
from plugins.patrimoine.loan_terms import Happened
from plugins.patrimoine.loan_terms import Loan
from plugins.patrimoine.loan_terms import Terms

HUNDRED = Decimal(100)
_SCHEDULED = tuple(loan_terms.SCHEDULED)
#: People beside the one whose file it is.
OTHERS = ("second", "third")
_INSURED = _l("Quotité assurée, par exemple 50\u00a0%.")
_DAY = _l("Exemple\u202f: 05/03/2026")


def _written(value: str, *, most: int = 100, decimals: int = 4) -> Decimal:
    return inputs.percent(value, most=most, decimals=decimals)


class Rate(fields.Percent):
    """An annual rate, with up to four decimals as lenders write it: 3,455 %."""

    parse = staticmethod(_written)

    def shown(self, value: Decimal) -> str:
        return number(value, 4).rstrip("0").rstrip(",")


class Steps(fields.Text):
    """Stretches: «120 x 200,00 ; 60 x 350»."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        written = super()._deserialize(value, attr, data, **kwargs)
        try:
            loan_rules.parse_steps(written)
        except ValueError as error:
            text = gettext(
                "Écrivez chaque palier ainsi\u202f: 120 x 200,00 (échéances, puis montant), et un point-virgule entre deux."
            )
            raise ValidationError(text) from error
        return written


def _rate(label: Any, *, missing: Any = None, **meta: Any) -> Rate:
    asked: dict[str, Any] = {"metadata": {"label": label, "inputmode": "decimal", "suffix": "%", **meta}}
    if missing is None:
        return Rate(load_default=None, **asked)
    asked["metadata"]["required"] = True
    return Rate(required=True, error_messages={"required": missing}, **asked)


class Deferral(plain.Integer):
    """Months that may be none at all."""


def whole(
    label: Any, least: int, most: int, wrong: Any, invalid: Any, *, missing: Any = None,
    kind: type[plain.Integer] = plain.Integer, **meta: Any,
) -> plain.Integer:  # fmt: skip
    """A whole number within bounds, that may be left empty where nothing says that it is `missing`."""
    asked: dict[str, Any] = {"required": True} if missing is not None else {"load_default": None}
    words = {"invalid": invalid, "required": missing or invalid}
    told = {"label": label, "kind": "number", "inputmode": "numeric", "required": missing is not None, **meta}
    return kind(validate=validate.Range(least, most, error=wrong), error_messages=words, metadata=told, **asked)


_MONTHS = _l("Saisissez un nombre entier de mois.")


class LoanForm(Form):
    """A loan: its contract, its length, who borrows, what insures and secures it."""

    groups: ClassVar[Mapping[str, Any]] = {
        "contract": _l("Contrat"), "length": _l("Durée et échéances"), "people": _l("Emprunteurs"),
        "cover": _l("Assurance, frais et garanties"),
    }  # fmt: skip

    kind = fields.choice(_l("Type de prêt"), loan_terms.KINDS, missing=_l("Choisissez le type de prêt."), group="contract")
    purpose = fields.line(
        _l("Bien ou projet financé"),
        200,
        missing=_l("Dites ce que le prêt finance."),
        group="contract",
        help=_l("Par exemple «\u202frésidence principale, 12 rue Crébillon\u202f»."),
    )
    asset_id = fields.choice(
        _l("Bien financé, parmi les actifs"), {}, late=True, group="contract", help=_l("Sa dette lui est alors rattachée.")
    )
    lender = fields.line(_l("Prêteur"), 120, missing=_l("Saisissez le nom du prêteur."), group="contract")
    number = fields.line(_l("Numéro du prêt"), 60, group="contract")
    principal = fields.amount(_l("Capital emprunté"), missing=_l("Saisissez le capital emprunté."), group="contract")
    annual_rate = _rate(
        _l("Taux nominal annuel"),
        missing=_l("Saisissez le taux, 0 s'il n'y en a pas."),
        group="contract",
        help=_l("Hors assurance, par exemple 3,45."),
    )
    variable = fields.choice(
        _l("Nature du taux"), {"NON": _l("Fixe"), "OUI": _l("Variable")}, kind="radio", empty="NON", group="contract"
    )
    granted_on = fields.day(_l("Date du déblocage"), group="contract", help=_l("Celle de l'acte ou du virement."))
    months = whole(
        _l("Durée"),
        1,
        finance.LONGEST,
        _l("La durée va de 1 à 600 mois (50 ans)\u202f: vérifiez-la."),
        _MONTHS,
        missing=_l("Saisissez la durée du prêt, en mois."),
        group="length",
        suffix=_l("mois"),
        help=_l("En mois, différé compris\u202f: 240 pour 20 ans."),
        when=("kind", _SCHEDULED),
    )
    first_due = fields.day(
        _l("Première échéance"),
        missing=_l("Saisissez la date de la première échéance."),
        group="length",
        help=_DAY,
        when=("kind", _SCHEDULED),
    )
    every = fields.choice(
        _l("Échéances"),
        loan_terms.EVERY,
        missing=_l("Choisissez l'écart entre deux échéances."),
        group="length",
        when=("kind", _SCHEDULED),
    )
    deferred_months = whole(
        _l("Différé"),
        0,
        finance.LONGEST,
        _l("Le différé va de 0 à 600 mois."),
        _MONTHS,
        kind=Deferral,
        group="length",
        suffix=_l("mois"),
        help=_l("0 s'il n'y en a pas."),
        when=("kind", _SCHEDULED),
    )
    deferred_kind = fields.choice(_l("Nature du différé"), loan_terms.DEFERRALS, group="length", when=("kind", _SCHEDULED))
    steps = Steps(
        load_default="",
        metadata={
            "label": _l("Paliers"),
            "group": "length",
            "wide": True,
            "when": ("kind", ("AMORTISSABLE", "PTZ")),
            "help": _l("Après le différé, hors assurance\u202f: 120 x 200,00\u202f; 60 x 350,00. Vide\u202f: constantes."),
        },
    )
    share = fields.percent(
        _l("Part de l'emprunteur"), missing=_l("Saisissez sa part de la dette, 100 s'il emprunte seul."), group="people"
    )
    insured = fields.percent(_l("Sa quotité assurée"), group="people", help=_INSURED)
    second = fields.choice(_l("Co-emprunteur"), {}, group="people", late=True, help=_l("Parmi les membres de ses foyers."))
    second_share = fields.percent(_l("Part du co-emprunteur"), group="people")
    second_insured = fields.percent(_l("Quotité assurée du co-emprunteur"), group="people")
    third = fields.choice(_l("Autre co-emprunteur"), {}, group="people", late=True)
    third_share = fields.percent(_l("Part de l'autre co-emprunteur"), group="people")
    third_insured = fields.percent(_l("Quotité assurée de l'autre co-emprunteur"), group="people")
    insurance_kind = fields.choice(_l("Assurance emprunteur"), loan_terms.INSURANCES, group="cover")
    insurance_rate = _rate(
        _l("Taux annuel de l'assurance"), group="cover", help=_l("Pour une quotité de 100\u00a0%, par exemple 0,36.")
    )
    insurance_amount = fields.amount(_l("Prime par échéance"), group="cover", help=_l("Si elle est fixée en montant."))
    fees = fields.amount(
        _l("Frais de dossier et de garantie"), group="cover", help=_l("Retenus au déblocage\u202f; ils comptent dans le TAEG.")
    )
    guarantees = plain.List(
        fields.Text(),
        load_default=list,
        metadata={"label": _l("Garanties"), "kind": "checks", "options": loan_terms.GUARANTEES, "group": "cover", "wide": True},
    )
    remarks = fields.line(_l("Remarques"), 1000, lines=True, group="cover", wide=True)


class EventForm(Form):
    """What happens to a loan that runs."""

    kind = fields.choice(_l("Événement"), loan_terms.EVENTS, missing=_l("Choisissez ce qui s'est passé."))
    on = fields.day(_l("Date"), missing=_l("Saisissez la date."), help=_l("L'échéance de ce jour, ou la suivante."))
    amount = fields.amount(
        _l("Montant"),
        help=_l("Remboursé, vide pour la totalité\u202f; ou solde communiqué."),
        when=("kind", ("REMBOURSEMENT", "SOLDE")),
    )
    rate = _rate(_l("Nouveau taux nominal annuel"), missing=_l("Saisissez le nouveau taux."), when=("kind", ("TAUX",)))
    mode = fields.choice(
        _l("Ensuite"),
        loan_terms.MODES,
        missing=_l("Dites ce qui diminue ensuite, la durée ou l'échéance."),
        when=("kind", ("REMBOURSEMENT",)),
    )
    indemnity_kind = fields.choice(
        _l("Indemnité de remboursement anticipé"),
        loan_terms.INDEMNITIES,
        missing=_l("Dites si le prêteur demande une indemnité."),
        when=("kind", ("REMBOURSEMENT",)),
        help=_l("Plafond légal\u202f: six mois d'intérêts, 3\u00a0% du capital restant dû au plus."),
    )
    indemnity = fields.amount(
        _l("Indemnité convenue"), when=("kind", ("REMBOURSEMENT",)), help=_l("Si elle n'est pas au plafond.")
    )


class CloseForm(Form):
    """The end of a loan."""

    on = fields.day(_l("Clos le"), missing=_l("Saisissez la date."), past=True, help=_DAY)
    why = fields.choice(_l("Motif"), loan_terms.CLOSINGS, missing=_l("Dites pourquoi ce prêt est clos."))


class PledgeForm(Form):
    """An account given as security."""

    account = fields.choice(_l("Compte nanti"), {}, missing=_l("Choisissez le compte nanti."), late=True, wide=True)
    loan = fields.choice(_l("Prêt garanti"), {}, late=True, wide=True, help=_l("Vide s'il n'est pas suivi ici."))
    creditor = fields.line(_l("Créancier"), 120, missing=_l("Saisissez le nom du créancier."))
    amount = fields.amount(_l("Montant garanti"), help=_l("Vide\u202f: le compte entier."))
    rank = whole(
        _l("Rang"), 1, pledges.RANKS, _l("Un rang va de 1 à 9."), _l("Saisissez un rang, 1 pour le premier."),
        missing=_l("Saisissez un rang, 1 pour le premier."),
    )  # fmt: skip
    pledged_on = fields.day(_l("Date du nantissement"), missing=_l("Saisissez la date du nantissement."), past=True, help=_DAY)


class AgreementForm(Form):
    """The creditor agrees to acts."""

    agreed_on = fields.day(_l("Date de l'accord écrit"), missing=_l("Saisissez la date de l'accord."), past=True, help=_DAY)
    agreed_until = fields.day(_l("Valable jusqu'au"), help=_l("Vide\u202f: jusqu'à la mainlevée."))


class ReleaseForm(Form):
    """The creditor lets go."""

    released_on = fields.day(_l("Date de la mainlevée"), missing=_l("Saisissez la date de la mainlevée."), past=True, help=_DAY)


class WhatIfForm(Form):
    """An early repayment that is only thought of."""

    montant = fields.amount(_l("Rembourser"), help=_l("Vide\u202f: la totalité."))
    date = fields.day(_l("Le"), missing=_l("Saisissez une date."))
    ensuite = fields.choice(_l("Puis réduire"), loan_terms.MODES, empty="DUREE")


def _ratio(given: Decimal | None) -> Decimal:
    return (given or Decimal(0)) / HUNDRED


def read(values: Mapping[str, Any], contact_id: str) -> tuple[Terms, list[Borrower]]:
    """What the form's values stand for."""
    terms = Terms(
        kind=values["kind"], purpose=values["purpose"], lender=values["lender"], principal=values["principal"],
        annual_rate=_ratio(values["annual_rate"]), number=values.get("number") or "", variable=values.get("variable") == "OUI",
        months=values.get("months"), granted_on=values.get("granted_on"), first_due=values.get("first_due"),
        every=int(values.get("every") or 1), deferred_months=values.get("deferred_months") or 0,
        deferred_kind=values.get("deferred_kind") or "", steps=loan_rules.parse_steps(values.get("steps") or ""),
        insurance_kind=values.get("insurance_kind") or "",
        insurance_rate=None if values.get("insurance_rate") is None else _ratio(values["insurance_rate"]),
        insurance_amount=values.get("insurance_amount"), fees=values.get("fees") or Decimal(0),
        guarantees=tuple(values.get("guarantees") or ()),
        remarks=values.get("remarks") or "", asset_id=values.get("asset_id") or None,
    )  # fmt: skip
    people = [Borrower(contact_id, _ratio(values["share"]), _ratio(values.get("insured")))]
    for name in OTHERS:
        if values.get(name):
            people.append(Borrower(values[name], _ratio(values.get(f"{name}_share")), _ratio(values.get(f"{name}_insured"))))
    return terms, people


def shown(loan: Loan, contact_id: str) -> dict[str, Any]:
    """A loan's values as the form has them, seen from the file of one of its borrowers."""
    terms = loan.terms
    values: dict[str, Any] = {name: getattr(terms, name) for name in Terms.__slots__}
    values |= {
        "annual_rate": terms.annual_rate * HUNDRED, "variable": "OUI" if terms.variable else "NON", "every": str(terms.every),
        "steps": loan_rules.write_steps(terms.steps), "guarantees": list(terms.guarantees), "fees": terms.fees or None,
        "insurance_rate": None if terms.insurance_rate is None else terms.insurance_rate * HUNDRED,
    }  # fmt: skip
    own = next(one for one in loan.borrowers if one.contact_id == contact_id)
    values |= {"share": own.share * HUNDRED, "insured": own.insured * HUNDRED if own.insured else None}
    for name, one in zip(OTHERS, (one for one in loan.borrowers if one is not own), strict=False):
        values |= {name: one.contact_id, f"{name}_share": one.share * HUNDRED, f"{name}_insured": one.insured * HUNDRED}
    return values


def happened(values: Mapping[str, Any]) -> Happened:
    """What the form of an event stands for."""
    rate = values.get("rate")
    return Happened(
        values["kind"], values["on"], rate=None if rate is None else rate / HUNDRED, amount=values.get("amount"),
        mode=values.get("mode") or "", indemnity_kind=values.get("indemnity_kind") or "", indemnity=values.get("indemnity"),
    )  # fmt: skip
