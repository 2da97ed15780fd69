"""The workbook: its formulas, reckoned here by another program than the one that wrote them, give the schedule (AU-01)."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP
from decimal import Decimal
from functools import cache
from typing import Any
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pytest

from plugins.patrimoine import loan_sheet
from plugins.patrimoine.loan_terms import Borrower
from plugins.patrimoine.loan_terms import Happened
from plugins.patrimoine.loan_terms import Loan
from plugins.patrimoine.loan_terms import Terms

D = Decimal
XML = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
BASE = Terms(
    "AMORTISSABLE", "Résidence principale", "=SOMME(A1)", D(200000), D("0.0345"), months=120, first_due=date(2024, 1, 31),
    insurance_kind="INITIAL", insurance_rate=D("0.0036"), fees=D(1500),
)  # fmt: skip
EARLY = Happened("REMBOURSEMENT", date(2026, 3, 1), amount=D(30000), mode="DUREE", indemnity_kind="PLAFOND")
CASES: dict[str, tuple[dict[str, Any], tuple[Happened, ...]]] = {
    "amortissable": ({}, ()),
    "zéro": ({"annual_rate": D(0), "months": 7}, ()),
    "un mois": ({"months": 1}, ()),
    "in fine": ({"kind": "IN_FINE"}, ()),
    "relais": ({"kind": "RELAIS", "months": 24, "deferred_months": 24, "deferred_kind": "TOTAL"}, ()),
    "différé partiel": ({"deferred_months": 12, "deferred_kind": "PARTIEL", "insurance_kind": "RESTANT"}, ()),
    "différé total": ({"deferred_months": 12, "deferred_kind": "TOTAL"}, ()),
    "trimestriel": ({"every": 3, "insurance_kind": "MONTANT", "insurance_amount": D("35.20")}, ()),
    "PTZ": ({"kind": "PTZ", "annual_rate": D(0), "deferred_months": 24, "deferred_kind": "TOTAL", "steps": ((30, D(500)),)}, ()),
    "plus court": ({}, (EARLY,)),
    "moins cher": ({}, (replace(EARLY, mode="ECHEANCE"),)),
    "soldé": ({}, (replace(EARLY, amount=None, indemnity_kind="MONTANT", indemnity=D(250)),)),
    "taux variable": ({}, (Happened("TAUX", date(2025, 5, 1), rate=D("0.0412")), EARLY)),
}


class Sheet:
    """A worksheet that reckons: formulas of these few functions, in exact figures."""

    def __init__(self, data: bytes) -> None:
        with ZipFile(io.BytesIO(data)) as box:
            tree = ET.fromstring(box.read("xl/worksheets/sheet1.xml"))  # noqa: S314 - we have just written it
        self.formulas: dict[str, str] = {}
        self.values: dict[str, Decimal] = {}
        for cell in tree.iter(f"{XML}c"):
            formula, value = cell.find(f"{XML}f"), cell.find(f"{XML}v")
            if formula is not None and formula.text is not None:
                self.formulas[cell.attrib["r"]] = formula.text
            elif value is not None and value.text is not None and cell.get("t") != "s":
                self.values[cell.attrib["r"]] = D(value.text)
        self.at = cache(self._at)

    def _at(self, name: str) -> Decimal:
        if name not in self.formulas:
            return self.values.get(name, D(0))
        text = re.sub(r"SUM\(([A-Z])(\d+):[A-Z](\d+)\)", self._range, self.formulas[name].replace("$", ""))
        text = re.sub(r"(?<![A-Za-z])([A-Z])(\d+)(?!\()", r"at('\1\2')", text)
        text = re.sub(r"(?<![\w.'])(\d+\.?\d*(?:e-?\d+)?)(?!['\d])", r"D('\1')", text).replace("=", "==")
        names = {"at": self.at, "D": D, "ROUND": _round, "MIN": min, "PMT": _pmt, "IF": _if}
        return D(eval(text, {"__builtins__": {}}, names))  # noqa: S307 - our own formulas

    def _range(self, found: re.Match[str]) -> str:
        column, first, last = found[1], int(found[2]), int(found[3])
        return "(" + "+".join(f"{column}{row}" for row in range(first, last + 1)) + ")"


def _round(value: Decimal, digits: Decimal) -> Decimal:
    return value.quantize(D(1).scaleb(-int(digits)), ROUND_HALF_UP)


def _pmt(rate: Decimal, count: Decimal, value: Decimal) -> Decimal:
    return -(value * rate / (1 - (1 + rate) ** -int(count))) if rate else -(value / count)


def _if(asked: bool, yes: Decimal, no: Decimal) -> Decimal:
    return yes if asked else no


def loan(changes: dict[str, Any], events: tuple[Happened, ...]) -> Loan:
    return Loan("l", replace(BASE, **changes), (Borrower("c", D(1), D(1)),), events)


@pytest.mark.parametrize("name", CASES)
def test_the_formulas_give_the_schedule(name: str) -> None:
    """AU-01: every figure of every line, and the totals, reckoned from the formulas alone."""
    one = loan(*CASES[name])
    sheet = Sheet(loan_sheet.workbook(one))
    for row, line in enumerate(one.schedule(), loan_sheet.FIRST):
        found = [sheet.at(f"{column}{row}") for column in "EFGHIJK"]
        expected = [
            line.interest,
            line.principal - line.early,
            line.early,
            line.insurance,
            line.indemnity,
            line.payment,
            line.balance,
        ]
        assert found == expected, (name, row)
    assert sheet.at("B11") == sum(line.payment - line.principal for line in one.schedule()) + one.terms.fees


def test_another_rate_typed_in_the_sheet() -> None:
    """AU-01: the formulas live: another rate and capital give the schedule of that other loan."""
    sheet = Sheet(loan_sheet.workbook(loan({}, ())))
    sheet.values |= {"B3": D(150000), "B4": D("0.021")}
    other = loan({"principal": D(150000), "annual_rate": D("0.021")}, ())
    assert [sheet.at(f"J{row}") for row in range(14, 134)] == [line.payment for line in other.schedule()]


def test_names_are_no_formulas() -> None:
    """A lender called «=SOMME(A1)» is a text in the sheet."""
    sheet = Sheet(loan_sheet.workbook(loan({}, ())))
    assert "A1" not in sheet.formulas
    assert len([name for name in sheet.formulas if name[0] == "J"]) == 120
