"""What programs send and get of loans. Rates and shares are ratios: 0.0345 is 3.45 %."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import fields as plain

from core.api.rest import Asked
from core.api.rest import Given
from core.api.rest import Taken
from core.api.rest import schemas
from plugins.patrimoine import loan_terms


class Ratio(schemas.Exact):
    """A rate or a share as text, with up to eight decimals: 0.0345."""

    default_error_messages = {
        "invalid": _l("Écrivez la proportion comme un texte, avec un point\u202f: «\u202f0.0345\u202f» pour 3,45\u00a0%."),
    }  # fmt: skip

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Decimal:
        if not isinstance(value, str) or not re.fullmatch(r"-?\d{1,3}(\.\d{1,8})?", value, re.ASCII):
            raise self.make_error("invalid")
        return Decimal(value)


def ratio(label: Any, *, missing: Any = None, null: bool = False, **meta: Any) -> Ratio:
    """A ratio that is read."""
    asked: dict[str, Any] = {"allow_none": null, "metadata": {"label": label, **meta}}
    return Ratio(**asked) if missing is None else Ratio(required=True, error_messages={"required": missing}, **asked)


def told(label: Any) -> Ratio:
    """A ratio that is answered; null where it is not known."""
    return Ratio(allow_none=True, metadata={"label": label})


class Whole(plain.Integer):
    """A whole number that is read, strictly."""

    def __init__(self, label: Any, *, null: bool = False) -> None:
        super().__init__(strict=True, allow_none=null, metadata={"label": label})


class BorrowerOut(Given):
    """Somebody's share of a loan."""

    contact_id = schemas.string()
    name = schemas.string()
    share = told(_l("Part de la dette"))
    insured = told(_l("Quotité assurée"))


class EventOut(Given):
    """What happened to a loan."""

    id = schemas.string()
    kind = schemas.string(_l("Événement"), codes=loan_terms.EVENTS)
    on = schemas.day(_l("Date"), null=False)
    rate = told(_l("Nouveau taux"))
    amount = schemas.money(_l("Montant remboursé (null\u202f: tout) ou solde communiqué"))
    mode = schemas.string(_l("Ce qui diminue ensuite"))
    indemnity_kind = schemas.string(_l("Indemnité"))
    indemnity = schemas.money(_l("Indemnité convenue"))


class StepOut(Given):
    """A stretch."""

    count = schemas.whole(_l("Échéances"))
    payment = schemas.money(_l("Montant de chacune"))


class LoanOut(Given):
    """A loan and what is owed today."""

    id = schemas.string()
    kind = schemas.string(_l("Type"), codes=loan_terms.KINDS, source="terms.kind")
    purpose = schemas.string(_l("Bien ou projet financé"), source="terms.purpose")
    lender = schemas.string(_l("Prêteur"), source="terms.lender")
    number = schemas.string(_l("Numéro"), source="terms.number")
    principal = schemas.money(_l("Capital emprunté"), source="terms.principal")
    annual_rate = Ratio(attribute="terms.annual_rate", metadata={"label": _l("Taux nominal annuel")})
    variable = schemas.flag(_l("Taux variable"), source="terms.variable")
    months = schemas.whole(_l("Durée en mois"), source="terms.months", null=True)
    granted_on = schemas.day(_l("Débloqué le"), source="terms.granted_on")
    first_due = schemas.day(_l("Première échéance"), source="terms.first_due")
    every = schemas.whole(_l("Mois par échéance"), source="terms.every")
    deferred_months = schemas.whole(_l("Différé en mois"), source="terms.deferred_months")
    deferred_kind = schemas.string(_l("Nature du différé"), source="terms.deferred_kind")
    steps = schemas.many(StepOut, _l("Paliers"))
    insurance_kind = schemas.string(_l("Assurance"), source="terms.insurance_kind")
    insurance_rate = Ratio(attribute="terms.insurance_rate", allow_none=True, metadata={"label": _l("Taux de l'assurance")})
    insurance_amount = schemas.money(_l("Prime par échéance"), source="terms.insurance_amount")
    fees = schemas.money(_l("Frais"), source="terms.fees")
    guarantees = plain.List(plain.String(), attribute="terms.guarantees", metadata={"label": _l("Garanties")})
    remarks = schemas.string(_l("Remarques"), source="terms.remarks")
    asset_id = schemas.string(_l("Id du bien financé"), source="terms.asset_id", null=True)
    borrowers = schemas.many(BorrowerOut, _l("Emprunteurs"))
    events = schemas.many(EventOut, _l("Événements"))
    owed = schemas.money(_l("Capital restant dû aujourd'hui"))
    owed_as_of = schemas.day(_l("Depuis le"))
    owed_origin = schemas.string(_l("Calculé, ou déclaré par le prêteur"), codes=("CALCULE", "DECLARE"))
    ends_on = schemas.day(_l("Dernière échéance"))
    closed_on = schemas.day(_l("Clos le"))
    closed_why = schemas.string(_l("Motif de la clôture"))


class InstalmentOut(Given):
    """A line of a schedule."""

    rank = schemas.whole(_l("Numéro"))
    due = schemas.day(_l("Échéance"), null=False)
    interest = schemas.money(_l("Intérêts"))
    principal = schemas.money(_l("Capital amorti\u202f; négatif\u202f: intérêts capitalisés"))
    insurance = schemas.money(_l("Assurance"))
    indemnity = schemas.money(_l("Indemnité"))
    payment = schemas.money(_l("Payé"))
    balance = schemas.money(_l("Restant dû"))


class ScheduleOut(Given):
    """A whole schedule: at most six hundred lines."""

    items = schemas.many(InstalmentOut)
    interest = schemas.money(_l("Total des intérêts"))
    insurance = schemas.money(_l("Total de l'assurance"))
    cost = schemas.money(_l("Coût du crédit, frais compris"))
    taeg = told(_l("TAEG"))


class LoanQuery(Asked):
    """Whose loans."""

    contact = schemas.ask_text(_l("Id d'un contact\u202f: emprunteur, ou foyer"))


class BorrowerIn(Taken):
    """Somebody's share of a loan."""

    contact_id = schemas.ask_text(_l("Id du contact"), missing=_l("Donnez l'id de l'emprunteur."))
    share = ratio(_l("Part de la dette"), missing=_l("Saisissez sa part de la dette."))
    insured = ratio(_l("Quotité assurée"))


class StepIn(Taken):
    """A stretch."""

    count = Whole(_l("Échéances"))
    payment = schemas.ask_money(_l("Montant de chacune"), missing=_l("Saisissez le montant du palier."))


class LoanPatch(Taken):
    """What changes of a loan."""

    kind = schemas.ask_code(_l("Type"), loan_terms.KINDS)
    purpose = schemas.ask_text(_l("Bien ou projet financé"), 200)
    lender = schemas.ask_text(_l("Prêteur"), 120)
    number = schemas.ask_text(_l("Numéro"), 60)
    principal = schemas.ask_money(_l("Capital emprunté"))
    annual_rate = ratio(_l("Taux nominal annuel"))
    variable = schemas.ask_flag(_l("Taux variable"))
    months = Whole(_l("Durée en mois, différé compris"))
    granted_on = schemas.ask_day(_l("Débloqué le"))
    first_due = schemas.ask_day(_l("Première échéance"))
    every = Whole(_l("Mois par échéance\u202f: 1, 3, 6 ou 12"))
    deferred_months = Whole(_l("Différé en mois"))
    deferred_kind = schemas.ask_code(_l("Nature du différé"), loan_terms.DEFERRALS)
    steps = plain.List(plain.Nested(StepIn), metadata={"label": _l("Paliers")})
    insurance_kind = schemas.ask_code(_l("Assurance"), {"": _l("Aucune"), **loan_terms.INSURANCES})
    insurance_rate = ratio(_l("Taux de l'assurance"))
    insurance_amount = schemas.ask_money(_l("Prime par échéance"))
    fees = schemas.ask_money(_l("Frais"))
    guarantees = schemas.ask_texts(_l("Garanties"), codes=loan_terms.GUARANTEES)
    remarks = schemas.ask_text(_l("Remarques"), 1000, lines=True)
    asset_id = schemas.ask_text(_l("Id du bien financé, parmi ceux des emprunteurs"), null=True)
    borrowers = plain.List(plain.Nested(BorrowerIn), metadata={"label": _l("Emprunteurs, parts de somme 1")})


class LoanNew(LoanPatch):
    """A new loan."""

    kind = schemas.ask_code(_l("Type"), loan_terms.KINDS, missing=_l("Choisissez le type de prêt."))
    purpose = schemas.ask_text(_l("Bien ou projet financé"), 200, missing=_l("Dites ce que le prêt finance."))
    lender = schemas.ask_text(_l("Prêteur"), 120, missing=_l("Saisissez le nom du prêteur."))
    principal = schemas.ask_money(_l("Capital emprunté"), missing=_l("Saisissez le capital emprunté."))
    borrowers = plain.List(
        plain.Nested(BorrowerIn), required=True, error_messages={"required": _l("Un prêt a au moins un emprunteur.")},
        metadata={"label": _l("Emprunteurs, parts de somme 1")},
    )  # fmt: skip


class EventIn(Taken):
    """What happens to a loan."""

    kind = schemas.ask_code(_l("Événement"), loan_terms.EVENTS, missing=_l("Choisissez ce qui s'est passé."))
    on = schemas.ask_day(_l("Date"), missing=_l("Saisissez la date."))
    rate = ratio(_l("Nouveau taux"))
    amount = schemas.ask_money(_l("Montant remboursé (absent\u202f: tout) ou solde communiqué"))
    mode = schemas.ask_code(_l("Ce qui diminue ensuite"), loan_terms.MODES)
    indemnity_kind = schemas.ask_code(_l("Indemnité"), loan_terms.INDEMNITIES)
    indemnity = schemas.ask_money(_l("Indemnité convenue"))


class CloseIn(Taken):
    """The end of a loan."""

    on = schemas.ask_day(_l("Clos le"), missing=_l("Saisissez la date."), past=True)
    why = schemas.ask_code(_l("Motif"), loan_terms.CLOSINGS, missing=_l("Dites pourquoi ce prêt est clos."))
