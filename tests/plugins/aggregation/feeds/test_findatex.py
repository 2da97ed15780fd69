"""OU-09: what providers state of supports: EMT, EPT and EET, as CSV and XLSX."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import pytest
import xlsxwriter

from core.api.feeds import FeedFinding
from core.api.feeds import SupportFact
from tests.plugins.aggregation.feeds.reading import FILES
from tests.plugins.aggregation.feeds.reading import only
from tests.plugins.aggregation.feeds.reading import refusal
from tests.plugins.aggregation.feeds.reading import told

EMT = (FILES / "emt.csv").read_text("utf-8")
ROWS = [line.split(";") for line in EMT.splitlines()]
HEADS, GOOD = ROWS[1], ROWS[2]


def workbook(rows: list[list[object]], *, far: bool = False) -> bytes:
    kept = io.BytesIO()
    book = xlsxwriter.Workbook(kept, {"in_memory": True})
    sheet = book.add_worksheet("EMT")
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            sheet.write(number, place, cell)
    if far:
        sheet.write_blank(0, 16_000, None, book.add_format({"bold": True}))
    book.close()
    return kept.getvalue()


def changed(field: str, value: str, row: list[str] = GOOD) -> bytes:
    at = next(place for place, head in enumerate(HEADS) if head.startswith(field))
    return "\n".join(";".join(one) for one in (HEADS, [*row[:at], value, *row[at + 1 :]])).encode()


def test_a_clean_row() -> None:
    """OU-09: columns in any order below a line of words; each field with its day, version and name; ratios stay ratios."""
    facts = {one.field: one for one in only(told(EMT.encode(), "emt.csv"), SupportFact) if one.place.line == 3}
    costs = facts["emt.07100"]
    assert (costs.value, costs.unit, costs.on) == (Decimal("0.0259"), "ratio", date(2025, 11, 30))
    assert (costs.source, costs.version) == ("07100_Financial_Instrument_Gross_Ongoing_Costs", "EMT V4.2")
    assert (costs.support.isin, costs.support.label, costs.place.path) == ("FR0010286013", "Sextant Grand Large", costs.source)
    assert (facts["emt.00060"].value, facts["emt.00060"].on) == ("U", date(2025, 12, 31))
    assert facts["emt.00073"].value == "969500WU3F3HSTPTCF55"
    assert len(facts) == 20


def test_each_fault_is_named() -> None:
    """OU-09: presence, ISIN, LEI, closed lists, days, numbers, currency: with line and field; a column of one's own is said."""
    records = told(EMT.encode(), "emt.csv")
    found = {(one.place.line, one.code, one.field[:5]) for one in only(records, FeedFinding)}
    assert found == {
        (2, "columns", ""), (4, "isin", "00010"), (4, "lei", "00073"), (5, "format", "00040"), (5, "closed_list", "00006"),
        (5, "format", "00050"), (5, "closed_list", "00060"), (5, "presence", "00070"), (5, "format", "07100"),
        (5, "presence", "07130"),
        *((5, "presence", number) for number in (
            "01000", "01010", "01020", "01030", "02010", "02020", "02030", "03010", "03040", "03050", "05010", "05020", "05030",
            "05080", "05105",
        )),
    }  # fmt: skip
    facts = only(records, SupportFact)
    assert [one for one in facts if one.place.line == 4] == [], "a row whose support is not known gives nothing"
    assert {one.field for one in facts if one.place.line == 5} >= {"emt.07110", "emt.00030"}


def test_a_section_that_is_not_filled_in_lacks_nothing() -> None:
    """OU-09: «N» in 00006 lifts what is mandatory of the target market; «Y» does not."""
    assert "presence" not in {one.code for one in only(told(changed("00006", "N"), "emt.csv"), FeedFinding)}
    lacking = [one.field[:5] for one in only(told(changed("00006", "Y"), "emt.csv"), FeedFinding) if one.code == "presence"]
    assert "01010" in lacking


def test_a_workbook_says_the_same() -> None:
    """OU-09: XLSX with numbers as numbers, and sixteen thousand columns that are styled and empty."""
    cells: list[object] = [float(cell.replace(",", ".")) if head[:2] == "07" and head[2:5] != "160" else cell
                           for head, cell in zip(HEADS, GOOD, strict=True)]  # fmt: skip
    facts = only(told(workbook([[*HEADS], cells], far=True), "fonds_emt.xlsx"), SupportFact)
    same = [one for one in only(told(EMT.encode(), "emt.csv"), SupportFact) if one.place.line == 3]
    assert {(one.field, one.value, one.on) for one in facts} == {(one.field, one.value, one.on) for one in same}
    assert {one.place.line for one in facts} == {2}


def test_an_ept_and_an_eet_are_told_apart() -> None:
    """OU-09: EPT numbers its first fields as EMT does: the name tells; EET V1.1.3 and the SFDR article."""
    ept = b"00001_EPT_Version,00030_Portfolio_Identifying_Data,00040_Type_Of_Identification_Code,01090_SRI,00050_Portfolio_Name\n"
    facts = {one.field: one.value for one in only(told(ept + b"V21,LU1681043599,1,4,World\n", "x.csv"), SupportFact)}
    assert facts["ept.01090"] == "4"
    eet = b"00010_EET_Version;20000_Identifying_Data;20010_T;20040_Financial_Instrument_SFDR_Product_Type;10040_D\n"
    facts = {one.field: one.value for one in only(told(eet + b"V1.1.3;LU1681043599;1;8;2025-12-31\n", "x.csv"), SupportFact)}
    assert facts["eet.20040"] == "8"


@pytest.mark.parametrize(("data", "words"), [
    (changed("00001", "V5.0"), "n'est pas connue"), (changed("00001", ""), "version du gabarit manque"),
    (changed("00001", "V4.1"), "EMT V4.2, EMT V4.3"), (";".join([*HEADS, HEADS[0]]).encode() + b"\n1", "deux fois"),
    (";".join(HEADS).encode(), "aucune ligne"),
    (b"00011_A;00012_B;00013_C;00014_D;00015_E\n1;2;3;4;5\n", "de quel gabarit"),
])  # fmt: skip
def test_what_cannot_be_told_is_refused(data: bytes, words: str) -> None:
    """OU-09: an unknown version, twice a column, no template, no row."""
    error = refusal(data, "emt.csv")
    assert words in str(error), str(error)
    assert error.place.line


def test_a_workbook_without_numbered_titles_is_refused() -> None:
    """OU-09: any other workbook."""
    assert "titres numérotés" in str(refusal(workbook([["Nom", "Valeur"], ["a", 1]]), "emt.xlsx"))
