"""Autres > Prêts, nantissements: the list, a loan with its curve, its schedule and what-if, the workbook (AU-01)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from flask import Blueprint
from flask import Response
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.api import finance
from core.api import forms
from core.api.db import NotFound
from core.api.db import today
from core.api.web import address
from core.api.web import adviser
from core.api.web import current_context
from core.api.web import db_session
from core.api.web import own_context
from core.api.web import permission
from plugins.patrimoine import assets
from plugins.patrimoine import frames
from plugins.patrimoine import loan_forms
from plugins.patrimoine import loan_pictures
from plugins.patrimoine import loan_sheet
from plugins.patrimoine import loan_terms
from plugins.patrimoine import loan_writes
from plugins.patrimoine import loans
from plugins.patrimoine import pledges
from plugins.patrimoine.loan_terms import Loan

SECTION = "prets"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CODES = {
    "kinds": loan_terms.KINDS, "every": loan_terms.EVERY, "deferrals": loan_terms.DEFERRALS, "insurances": loan_terms.INSURANCES,
    "guarantees": loan_terms.GUARANTEES, "closings": loan_terms.CLOSINGS, "events": loan_terms.EVENTS, "modes": loan_terms.MODES,
}  # fmt: skip


def register(made: Blueprint) -> None:
    """The routes."""
    made.add_url_rule("/contacts/<contact_id>/prets", "loans", index)
    made.add_url_rule("/contacts/<contact_id>/prets/<loan_id>", "loan", loan)
    made.add_url_rule("/contacts/<contact_id>/prets/<loan_id>/echeancier.xlsx", "loan_sheet", sheet)


def threshold() -> Decimal:
    """Below which coverage the loan and the account are marked, as a ratio."""
    return Decimal(own_context("patrimoine").settings["coverage"]) / 100


def of_file(contact_id: str, loan_id: str) -> Loan:
    """A loan that this contact owes a share of, or a member of this household. Raises `NotFound`."""
    found = next((one for one in loans.of_contact(db_session(), adviser(), contact_id) if one.id == loan_id), None)
    if found is None:
        raise NotFound(loans.ABSENT)
    return found


def line(one: Loan, given: list[pledges.Given]) -> dict[str, Any]:
    """A loan in the list."""
    owed, due = one.owed(today()), one.next_due(today())
    cover = pledges.coverage(given, one, today()) if one.closed_on is None else None
    return {
        "loan": one, "owed": owed, "due": due, "cover": cover, "low": cover is not None and cover.below(threshold()),
    }  # fmt: skip


def _monthly(line: dict[str, Any]) -> Decimal:
    """What a loan costs a month now: the last capital of a loan in fine is no monthly burden."""
    due, terms = line["due"], line["loan"].terms
    return (due.regular - (due.principal if due.balance == 0 else 0)) / terms.every if due else Decimal(0)


@permission("contacts.view")
def index(contact_id: str) -> ResponseReturnValue:
    """The loans and pledges of a person, or of a household's members."""
    frame = frames.of(contact_id, SECTION, (_("Prêts, nantissements"), None))
    found = loans.of_contact(db_session(), adviser(), contact_id)
    sees = current_context().can("accounts.view")
    given = pledges.of_contact(db_session(), adviser(), contact_id) if sees else []
    lines = [line(one, given) for one in found]
    running = [one for one in lines if one["loan"].closed_on is None]
    return render_template(
        "patrimoine/loans.html", **frame, lines=lines, pledges=given, sees=sees, on=today(), codes=CODES,
        total=sum((one["owed"].amount for one in running), Decimal(0)), running=len(running),
        monthly=sum((_monthly(one) for one in running), Decimal(0)),
        loan_of={one.id: one for one in found}, may_pledge=frame["can_edit"] and current_context().can(pledges.EDIT),
        account_urls={one.account.id: address("p_portefeuille.account", account_id=one.account.id) for one in given},
    )  # fmt: skip


@permission("contacts.view")
def loan(contact_id: str, loan_id: str) -> ResponseReturnValue:
    """A loan: what it is, its curve, its schedule; and what an early repayment would change, asked in the address."""
    found = of_file(contact_id, loan_id)
    home = (_("Prêts, nantissements"), url_for("p_patrimoine.loans", contact_id=contact_id))
    frame = frames.of(contact_id, SECTION, home, (found.kind_label, None))
    schema = loan_forms.WhatIfForm()
    typed = forms.typed(schema, request.args)
    checked = forms.check(schema, typed) if typed else None
    errors = dict(checked.errors) if checked else {}
    other = _what_if(found, checked.values, errors) if checked and not errors else ()
    given = pledges.of_loan(db_session(), adviser(), loan_id) if current_context().can("accounts.view") else []
    lines = found.schedule()
    shown = typed or {"date": today(), "ensuite": "DUREE"}
    page = render_template(
        "patrimoine/loan.html", **frame, **line(found, given), schedule=lines, on=today(), codes=CODES, pledges=given,
        sums=finance.totals(lines, found.terms.fees) if lines else None,
        taeg=finance.taeg(lines, found.terms.principal, every=found.terms.every, fees=found.terms.fees) if lines else None,
        chart=loan_pictures.owed(found, other), form=forms.view(schema, shown, errors), other=other,
        others=finance.totals(other, found.terms.fees) if other else None, gaps={one.id: found.gap(one) for one in found.events},
        cap=finance.cap(today()), may_edit=loan_writes.may_edit(db_session(), adviser(), found), threshold=threshold(),
        account_urls={one.account.id: address("p_portefeuille.account", account_id=one.account.id) for one in given},
        paid_for=assets.find(db_session(), adviser(), found.terms.asset_id) if found.terms.asset_id else None,
        sheet=loan_sheet.ready(found), years=_years(lines, request.args.get("annee", type=int) or today().year),
    )  # fmt: skip
    return page, 422 if errors else 200


@dataclass(frozen=True, slots=True)
class Year:
    """The instalments of a year, and their sums. `opened`: they are shown one by one."""

    year: int
    lines: tuple[finance.Instalment, ...]
    sums: finance.LoanTotals
    opened: bool


def _years(lines: Sequence[finance.Instalment], wanted: int) -> list[Year]:
    """A schedule by years; the wanted one is open, or the one next to it."""
    found = [(year, tuple(some)) for year, some in groupby(lines, key=lambda one: one.due.year)]
    if not found:
        return []
    opened = min(max(wanted, found[0][0]), found[-1][0])
    return [Year(year, some, finance.totals(some), year == opened) for year, some in found]


def _what_if(found: Loan, values: dict[str, Any], errors: dict[str, str]) -> tuple[finance.Instalment, ...]:
    """The schedule with the repayment that is thought of; what is wrong with it goes into `errors`."""
    on, amount = values["date"], values.get("montant")
    after = [one for one in found.schedule() if one.due >= on]
    if amount is not None and amount <= 0:
        errors["montant"] = _("Le montant remboursé par anticipation est positif.")
    elif not after or found.closed_on is not None:
        errors["date"] = _("Le prêt est terminé à cette date\u202f: il n'y a plus rien à rembourser.")
    if errors:
        return ()
    free = found.terms.kind == "PTZ"
    mode = "ECHEANCE" if values.get("ensuite") == "ECHEANCE" else "DUREE"
    event = loan_terms.Happened("REMBOURSEMENT", on, amount=amount, mode=mode, indemnity_kind="" if free else "PLAFOND")
    return found.schedule(loan_terms.early(event))


@permission("contacts.view")
def sheet(contact_id: str, loan_id: str) -> ResponseReturnValue:
    """The schedule as a workbook whose formulas live."""
    found = of_file(contact_id, loan_id)
    if not loan_sheet.ready(found):
        raise NotFound(_("Ce type de prêt n'a pas d'échéancier."))
    answer = Response(loan_sheet.workbook(found), mimetype=XLSX)
    answer.headers.set("Content-Disposition", "attachment", filename="echeancier.xlsx")
    return answer
