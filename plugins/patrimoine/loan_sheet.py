"""A loan's schedule as a workbook whose formulas live: change a rate or the capital there, and all of it is reckoned anew."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

from xlsxwriter import Workbook

from core.api import finance
from plugins.patrimoine.loan_terms import SCHEDULED
from plugins.patrimoine.loan_terms import Loan

HEADS = (
    "N°", "Échéance", "Taux annuel", "Capital dû avant", "Intérêts", "Capital amorti", "Remboursé par anticipation", "Assurance",
    "Indemnité", "Échéance totale", "Capital restant dû",
)  # fmt: skip
#: The line of the first instalment, counted from 1.
FIRST = 14
AT_THE_END = ("IN_FINE", "RELAIS")


def workbook(loan: Loan) -> bytes:
    """The file. Values that the formulas give are kept in it too, for programs that reckon nothing."""
    kept = io.BytesIO()
    book = Workbook(kept, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    money, rate, typed = "#,##0.00\\ €", "0.0000%", "#FFF7DB"
    looks = {
        name: book.add_format(said)
        for name, said in {
            "money": {"num_format": money}, "rate": {"num_format": rate}, "day": {"num_format": "dd/mm/yyyy"},
            "head": {"bold": True, "text_wrap": True, "bottom": 1}, "title": {"bold": True, "font_size": 14},
            "asked": {"num_format": money, "bg_color": typed}, "asked_rate": {"num_format": rate, "bg_color": typed},
            "bold": {"bold": True},
        }.items()
    }  # fmt: skip
    sheet = book.add_worksheet("Échéancier")
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, len(HEADS) - 1, 16)
    lines = loan.schedule()
    _terms(sheet, looks, loan, lines)
    for column, head in enumerate(HEADS):
        sheet.write_string(FIRST - 2, column, head, looks["head"])
    for place, one in enumerate(lines):
        _line(sheet, looks, loan, lines, place, one)
    sheet.freeze_panes(FIRST - 1, 2)
    sheet.repeat_rows(FIRST - 2)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    book.close()
    return kept.getvalue()


def _terms(sheet: Any, looks: dict[str, Any], loan: Loan, lines: tuple[finance.Instalment, ...]) -> None:
    """What the formulas below refer to: B3 capital, B4 rate, B5 months between two instalments, B6 insurance rate."""
    terms = loan.terms
    sheet.write_string(0, 0, loan.label, looks["title"])
    sheet.write_string(1, 0, terms.purpose)
    sheet.write_string(2, 0, "Capital emprunté", looks["bold"])
    sheet.write_number(2, 1, float(terms.principal), looks["asked"])
    sheet.write_string(3, 0, "Taux nominal annuel", looks["bold"])
    sheet.write_number(3, 1, float(terms.annual_rate), looks["asked_rate"])
    sheet.write_string(4, 0, "Mois par échéance", looks["bold"])
    sheet.write_number(4, 1, terms.every)
    sheet.write_string(5, 0, "Taux d'assurance", looks["bold"])
    rate = (terms.insurance_rate or Decimal(0)) * loan.covered
    sheet.write_number(5, 1, float(rate), looks["asked_rate"])
    sums = finance.totals(lines, terms.fees)
    first, last = FIRST, FIRST + len(lines) - 1
    for row, label, column, value in (
        (6, "Total des intérêts", "E", sums.interest), (7, "Total de l'assurance", "H", sums.insurance),
        (8, "Total des indemnités", "I", sums.indemnity),
    ):  # fmt: skip
        sheet.write_string(row, 0, label, looks["bold"])
        sheet.write_formula(row, 1, f"=SUM({column}{first}:{column}{last})", looks["money"], float(value))
    sheet.write_string(9, 0, "Frais", looks["bold"])
    sheet.write_number(9, 1, float(terms.fees), looks["asked"])
    sheet.write_string(10, 0, "Coût total du crédit", looks["bold"])
    sheet.write_formula(10, 1, "=SUM(B7:B10)", looks["money"], float(sums.cost))


def _line(
    sheet: Any, looks: dict[str, Any], loan: Loan, lines: tuple[finance.Instalment, ...], place: int, one: finance.Instalment
) -> None:
    row = FIRST - 1 + place
    at = row + 1
    sheet.write_number(row, 0, one.rank)
    sheet.write_datetime(row, 1, one.due, looks["day"])
    own_rate = one.rate != loan.terms.annual_rate
    _formula(sheet, row, 2, f"={float(one.rate)!r}" if own_rate else "=$B$4", one.rate, looks["rate"])
    before = one.balance + one.principal
    _formula(sheet, row, 3, f"=K{at - 1}" if place else "=$B$3", before, looks["money"])
    _formula(sheet, row, 4, f"=ROUND(D{at}*C{at}*$B$5/12,2)", one.interest, looks["money"])
    _formula(sheet, row, 5, _principal(loan, lines, place, at), one.principal - one.early, looks["money"])
    if one.early and one.balance == 0:
        _formula(sheet, row, 6, f"=D{at}-F{at}", one.early, looks["money"])
    else:
        sheet.write_number(row, 6, float(one.early), looks["asked"] if one.early else looks["money"])
    _formula(sheet, row, 7, _insurance(loan, one, at), one.insurance, looks["money"])
    sheet.write_number(row, 8, float(one.indemnity), looks["asked"] if one.indemnity else looks["money"])
    _formula(sheet, row, 9, f"=E{at}+F{at}+G{at}+H{at}+I{at}", one.payment, looks["money"])
    _formula(sheet, row, 10, f"=ROUND(D{at}-F{at}-G{at},2)", one.balance, looks["money"])


def _principal(loan: Loan, lines: tuple[finance.Instalment, ...], place: int, at: int) -> str:
    """The formula of the capital that this instalment pays back."""
    terms, one = loan.terms, lines[place]
    deferred = min(terms.deferred_months, (terms.months or 0) - terms.every) // terms.every
    if place == len(lines) - 1 and not one.early:
        return f"=D{at}"
    if place < deferred:
        return f"=-E{at}" if terms.deferred_kind == "TOTAL" else "=0"
    if terms.kind in AT_THE_END:
        return "=0"
    stretch = place - deferred
    for count, payment in terms.steps:
        if stretch < count:
            return f"=MIN(D{at},{float(payment)!r}-E{at})"
        stretch -= count
    start = _start(loan, lines, place, deferred + sum(count for count, _ in terms.steps))
    count = _length(loan, lines, start)
    first = FIRST + start
    return f"=MIN(D{at},ROUND(IF(C{first}=0,D{first}/{count},-PMT(C{first}*$B$5/12,{count},D{first})),2)-E{at})"


def _start(loan: Loan, lines: tuple[finance.Instalment, ...], place: int, begins: int) -> int:
    """The instalment from which this one's payment was reckoned: the first, or the one after a new rate or a cheaper rest."""
    start = place
    lower = {line.rank for line in lines if line.early} if _lowers(loan) else set()
    while start > begins and lines[start].rate == lines[start - 1].rate and lines[start - 1].rank not in lower:
        start -= 1
    return start


def _lowers(loan: Loan) -> bool:
    return any(one.kind == "REMBOURSEMENT" and one.mode == "ECHEANCE" for one in loan.events)


def _length(loan: Loan, lines: tuple[finance.Instalment, ...], start: int) -> int:
    """Over how many instalments that payment was spread: those that the loan counted then."""
    terms = loan.terms
    payment = lines[start].interest + lines[start].principal - lines[start].early
    before, rate = lines[start].balance + lines[start].principal, lines[start].rate * terms.every / 12
    for count in range((terms.months or 0) // terms.every - start, 0, -1):
        if finance.annuity(before, rate, count) == payment:
            return count
    return len(lines) - start


def _insurance(loan: Loan, one: finance.Instalment, at: int) -> str:
    if loan.terms.insurance_kind == "INITIAL":
        return "=ROUND($B$3*$B$6*$B$5/12,2)"
    if loan.terms.insurance_kind == "RESTANT":
        return f"=ROUND(D{at}*$B$6*$B$5/12,2)"
    return f"={one.insurance}"


def _formula(sheet: Any, row: int, column: int, formula: str, value: Decimal, look: Any) -> None:
    sheet.write_formula(row, column, formula, look, float(value))


def ready(loan: Loan) -> bool:
    """Whether it has a schedule to write."""
    return loan.terms.kind in SCHEDULED and bool(loan.schedule())
