"""What programs send and get of budgets. Amounts of a line are at its rhythm; sums are euros a year; shares are ratios."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from core.api.rest import Asked
from core.api.rest import Given
from core.api.rest import Taken
from core.api.rest import schemas
from plugins.patrimoine import budget_kinds as kinds
from plugins.patrimoine.loan_schemas import Ratio


class BudgetLineOut(Given):
    """A line of a budget."""

    id = schemas.string()
    contact_id = schemas.string(_l("Id de la personne"))
    side = schemas.string(_l("Sens"), codes=kinds.SIDE_NAMES)
    kind = schemas.string(_l("Nature"), codes=kinds.KINDS)
    label = schemas.string(_l("Libellé"))
    amount = schemas.money(_l("Montant"))
    period = schemas.string(_l("Périodicité"), codes=kinds.PERIODS)
    year = schemas.money(_l("Par an"))
    since = schemas.day(_l("Depuis le"))
    until = schemas.day(_l("Jusqu'au"))
    certain = schemas.flag(_l("Revenu pérenne"))
    shared = schemas.string(_l("Partagé avec"))
    remarks = schemas.string(_l("Remarques"))
    written_on = schemas.day(_l("Saisi le"), null=False)


class BudgetLoanOut(Given):
    """What a loan that is followed here costs one person in the twelve months after the day."""

    contact_id = schemas.string(_l("Id de la personne"))
    loan_id = schemas.string(_l("Id du prêt"))
    label = schemas.string(_l("Prêt"))
    share = Ratio(metadata={"label": _l("Part de la dette")})
    year = schemas.money(_l("Échéances de l'année à venir\u202f; null\u202f: prêt sans échéancier"))
    until = schemas.day(_l("Dernière échéance"))


class BudgetSumsOut(Given):
    """The figures, euros a year; null where they cannot be known."""

    income = schemas.money(_l("Revenus"))
    charges = schemas.money(_l("Charges, prêts compris"))
    savings = schemas.money(_l("Épargne programmée"))
    capacity = schemas.money(_l("Capacité d'épargne\u202f: revenus moins charges"))
    to_live_on = schemas.money(_l("Reste à vivre\u202f: revenus moins charges engagées"))
    burden = schemas.money(_l("Charge des prêts"))
    counted = schemas.money(_l("Revenus retenus pour le taux d'endettement"))
    ratio = Ratio(allow_none=True, metadata={"label": _l("Taux d'endettement")})
    beyond = schemas.flag(_l("Au-dessus du seuil"))
    loans_unknown = schemas.flag(_l("Un prêt sans échéancier n'est pas compté"))


class BudgetMemberOut(Given):
    """One person's figures."""

    contact_id = schemas.string()
    name = schemas.string(_l("Nom"))
    sums = schemas.one(BudgetSumsOut, _l("Ses chiffres"))


class BudgetOut(Given):
    """The budget of a person, or of a household's members, on a day."""

    on = schemas.day(_l("Budget au"), null=False)
    sums = schemas.one(BudgetSumsOut, _l("Ensemble"))
    members = schemas.many(BudgetMemberOut, _l("Par personne"))
    lines = schemas.many(BudgetLineOut, _l("Lignes en vigueur"))
    loans = schemas.many(BudgetLoanOut, _l("Prêts, par leur échéancier"))
    rents = Ratio(metadata={"label": _l("Part des revenus fonciers retenue")})
    threshold = Ratio(allow_none=True, metadata={"label": _l("Seuil du taux d'endettement à cette date")})
    threshold_source = schemas.string(_l("Source du seuil"))
    incomplete = schemas.flag(_l("Des membres du foyer ne sont pas visibles"))


class BudgetLineQuery(Asked):
    """Whose lines."""

    contact = schemas.ask_text(_l("Id d'une personne, ou d'un foyer pour celles de ses membres"))


class BudgetQuery(Asked):
    """On which day."""

    on = schemas.ask_day(_l("Budget à cette date\u202f; aujourd'hui par défaut"))


class BudgetLinePatch(Taken):
    """What changes of a line."""

    kind = schemas.ask_code(_l("Nature"), kinds.KINDS)
    label = schemas.ask_text(_l("Libellé"), 120)
    amount = schemas.ask_money(_l("Montant"))
    period = schemas.ask_code(_l("Périodicité"), kinds.PERIODS)
    since = schemas.ask_day(_l("Depuis le\u202f; jour de ce qui n'arrive qu'une fois"), null=True)
    until = schemas.ask_day(_l("Jusqu'au"), null=True)
    certain = schemas.ask_flag(_l("Revenu pérenne"))
    shared = schemas.ask_text(_l("Partagé avec"), 120)
    remarks = schemas.ask_text(_l("Remarques"), 1000, lines=True)


class BudgetLineNew(BudgetLinePatch):
    """A new line."""

    contact_id = schemas.ask_text(_l("Id de la personne"), missing=_l("Donnez l'id de la personne."))
    kind = schemas.ask_code(_l("Nature"), kinds.KINDS, missing=_l("Choisissez la nature de cette ligne."))
    amount = schemas.ask_money(_l("Montant"), missing=_l("Saisissez le montant."))
    period = schemas.ask_code(_l("Périodicité"), kinds.PERIODS, missing=_l("Choisissez la périodicité."))
