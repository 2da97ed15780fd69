"""Each figure of a budget with what it is made of: inputs, their date and source, and why it is not known (NX-02, PA-02)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask_babel import gettext as _

from core.api.formats import money
from core.api.formats import number
from plugins.patrimoine import budget_kinds as kinds
from plugins.patrimoine import budget_sums as sums
from plugins.patrimoine.budget_sums import Budget
from plugins.patrimoine.budget_sums import Burden
from plugins.patrimoine.budget_sums import Line


@dataclass(frozen=True, slots=True)
class Input:
    """What a figure is made of. `year`: what it counts for a year, None where unknown; `on`: when it was typed or reckoned."""

    label: str
    year: Decimal | None
    source: str
    on: date | None = None
    loan: Burden | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure. `year`: euros a year, or a ratio where `share`; None where it is not known, and `why`. `rule`: in a sentence."""

    key: str
    label: str
    year: Decimal | None
    rule: str
    inputs: tuple[Input, ...]
    why: str = ""
    share: bool = False


def of(budget: Budget, names: Mapping[str, str]) -> list[Figure]:
    """All of them, in the order of the page. `names`: id → name, said where there are several people."""
    who = names if len(names) > 1 else {}
    income = [_typed(one, who) for one in budget.on_side(kinds.REVENU)]
    charges = [_typed(one, who) for one in budget.on_side(kinds.CHARGE)]
    loans = [_loan(one, who, budget.on) for one in budget.burdens]
    savings = [_typed(one, who) for one in budget.on_side(kinds.EPARGNE)]
    engaged = [_typed(one, who) for one in budget.on_side(kinds.CHARGE) if one.kind not in kinds.DAILY]
    taken = [_typed(one, who) for one in budget.on_side(kinds.CHARGE) if one.kind == kinds.LOANS]
    all_in = Input(_("Revenus"), budget.income, _("total ci-dessus"), budget.on)
    all_out = Input(_("Charges"), _minus(budget.charges), _("total ci-dessus"), budget.on)
    missing = _missing(budget)
    return [
        Figure("revenus", _("Revenus"), budget.income, _("Somme des revenus en vigueur à cette date."), tuple(income),
               "" if income else _("aucun revenu saisi")),
        Figure("charges", _("Charges"), budget.charges,
               _("Somme des charges en vigueur à cette date et des échéances des prêts sur les douze mois qui suivent."),
               (*charges, *loans), "" if budget.charges is not None else _("aucune charge saisie")),
        Figure("epargne", _("Épargne programmée"), budget.savings, _("Somme des versements programmés."), tuple(savings),
               "" if savings else _("aucune saisie")),
        Figure("capacite", _("Capacité d'épargne"), budget.capacity, _("Revenus moins charges."), (all_in, all_out), missing),
        Figure("reste", _("Reste à vivre"), budget.to_live_on,
               _("Revenus moins charges engagées\u202f: impôts, logement, prêts, assurances et pensions versées."),
               (all_in, *(_negative(one) for one in (*engaged, *loans))), missing),
        Figure("endettement", _("Taux d'endettement"), budget.ratio, _rule(budget),
               (*loans, *taken, *(_weighed(one, budget, who) for one in budget.on_side(kinds.REVENU))),
               "" if budget.ratio is not None else _why(budget), share=True),
    ]  # fmt: skip


def _rule(budget: Budget) -> str:
    said: str = _(
        "Prêts, assurance comprise (%(burden)s par an), sur revenus pérennes (%(income)s par an).",
        burden=money(budget.burden), income=money(budget.counted),
    )  # fmt: skip
    if any(one.kind == kinds.RENTS for one in budget.lines) and budget.rents != 1:
        rents = number(budget.rents * 100, 0)
        said += " " + _("Les revenus fonciers sont retenus à %(share)s\u00a0%% (réglage du cabinet).", share=rents)
    if budget.unknown:
        said += " " + _("Un prêt sans échéancier n'est pas compté\u202f: le taux réel est plus élevé.")
    found = kinds.threshold(budget.on)
    if found is not None:
        said += " " + _("Seuil\u202f: %(share)s\u00a0%%. %(source)s.", share=number(found.share * 100, 0), source=found.source)
    return said


def _missing(budget: Budget) -> str:
    if budget.income is None:
        return str(_("aucun revenu saisi"))
    return str(_("aucune charge saisie")) if budget.charges is None else ""


def _why(budget: Budget) -> str:
    if budget.income is None or budget.charges is None:
        return _missing(budget)
    return str(_("aucun revenu pérenne saisi"))


def _typed(line: Line, who: Mapping[str, str]) -> Input:
    label = line.said if not line.label else f"{line.label} ({kinds.KINDS[line.kind]})"
    every = kinds.PERIODS[line.period].lower()
    source = _("saisi\u202f: %(amount)s %(every)s", amount=money(line.amount), every=every)
    return Input(_named(label, line.contact_id, who), line.year, source, line.written_on)


def _loan(one: Burden, who: Mapping[str, str], on: date) -> Input:
    source = _("calculé, échéancier du prêt")
    if one.year is None:
        source = _("inconnu\u202f: ce prêt n'a pas d'échéancier")
    elif one.share != 1:
        source += _(", part de %(share)s\u00a0%%", share=number(one.share * 100, 2).rstrip("0").rstrip(","))
    return Input(_named(one.label, one.contact_id, who), one.year, source, on, one)


def _weighed(line: Line, budget: Budget, who: Mapping[str, str]) -> Input:
    made = _typed(line, who)
    if not line.lasting:
        return Input(made.label, sums.ZERO, _("%(source)s, non pérenne\u202f: non retenu", source=made.source), made.on)
    if line.kind == kinds.RENTS and budget.rents != 1:
        share = number(budget.rents * 100, 0)
        source = _("%(source)s, retenu à %(share)s\u00a0%%", source=made.source, share=share)
        return Input(made.label, budget.weighed(line), source, made.on)
    return made


def _named(label: str, contact_id: str, who: Mapping[str, str]) -> str:
    return f"{label}, {who[contact_id]}" if contact_id in who else label


def _negative(one: Input) -> Input:
    return Input(one.label, _minus(one.year), one.source, one.on, one.loan)


def _minus(value: Decimal | None) -> Decimal | None:
    return None if value is None else -value
