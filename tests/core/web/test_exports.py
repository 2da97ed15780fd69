"""Lists as files: French CSV, no formula in a cell, XLSX with real numbers and dates (ux.md §2.2; issue 3, «Bad input»)."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC
from datetime import date
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from core.web import exports


def written(kind: str, title: str, heads: list[str], lines: list[list[Any]]) -> bytes:
    with exports.write(kind, title, heads, lines) as file:
        return file.read()


def csv_of(*lines: list[Any]) -> list[str]:
    raw = written("csv", "Contacts", ["Nom", "Montant"], list(lines))
    assert raw.startswith(b"\xef\xbb\xbf")
    return raw.decode("utf-8-sig").split("\r\n")[1:-1]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "\uff1d", "\uff0b", "\uff0d", "\uff20"])
def test_no_cell_is_a_formula(start: str) -> None:
    """Issue 3: a name that begins like a formula gets an apostrophe, also within quotes."""
    raw = written("csv", "Contacts", ["Nom"], [[f"{start}HYPERLINK(1)"]]).decode("utf-8-sig")
    assert raw.split("\r\n", 1)[1].lstrip('"').startswith("'")


def test_french_numbers_dates_and_texts() -> None:
    """ux.md §3.2: a decimal comma, JJ/MM/AAAA; a negative number stays a number; quotes and semicolons stay in their cell."""
    at = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
    assert csv_of(
        ["Durand", Decimal("-1234.5600")], ["a;b\"c", 12], [None, date(2026, 11, 5)], ["Zoé 🌱", at], [True, False],
    ) == ["Durand;-1234,56", '"a;b""c";12', ";05/11/2026", "Zoé 🌱;02/07/2026 00:30", "Oui;Non"]  # fmt: skip


def test_odd_texts_are_written() -> None:
    """Issue 3: 10,000 characters, NUL, a lone surrogate: in both formats, never an error."""
    odd = ["x" * 10_000, "a\0b", "a\ud800b", "\x0bc", "y" * 40_000]
    for kind in exports.TYPES:
        assert written(kind, "[Contacts]: */", ["Nom"], [[text] for text in odd])


def sheet(*lines: list[Any]) -> tuple[str, str]:
    with zipfile.ZipFile(io.BytesIO(written("xlsx", "Contacts", ["Nom", "Valeur"], list(lines)))) as book:
        return book.read("xl/worksheets/sheet1.xml").decode(), " ".join(
            book.read(name).decode() for name in book.namelist() if name.endswith(".xml")
        )


def test_a_workbook_has_real_numbers_and_dates() -> None:
    """ux.md §2.2: numbers and days are numbers, the head is frozen, what begins like a formula is text."""
    cells, _ = sheet(["=1+1", Decimal("-1234.56")], ["Zoé 🌱", date(2026, 11, 5)], ["https://exemple.fr", None])
    assert 'state="frozen"' in cells
    assert re.search(r'<c r="B2" s="\d+"><v>-1234.56</v></c>', cells)
    assert re.search(r'<c r="B3" s="\d+"><v>46331</v></c>', cells)
    assert "<f>" not in cells
    assert "<t>=1+1</t>" in cells
    assert "hyperlink" not in cells


def test_a_number_too_long_for_a_workbook_stays_exact() -> None:
    """Money is exact: what a workbook's number cannot hold is written as text, every digit of it."""
    cells, _ = sheet(["Gros", Decimal("123456789012345.6789")])
    assert "123456789012345.6789" in cells
