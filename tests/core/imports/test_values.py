"""AC-02: dates in all the forms that files have, amounts with either mark, read one way for a whole column."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from core.db.clock import today
from core.hooks.importing import ImportField
from core.imports import values

BORN = date(1968, 3, 14)


@pytest.mark.parametrize(
    ("text", "order", "found"),
    [
        ("14/03/1968", "jma", BORN), ("14.3.1968", "jma", BORN), ("14-03-68", "jma", BORN), ("14 03 1968", "jma", BORN),
        ("1968-03-14", "jma", BORN), ("1968-03-14T00:00:00", "jma", BORN), ("19680314", "jma", BORN), ("24911", "jma", BORN),
        ("24911.0", "jma", BORN), ("14 mars 1968", "jma", BORN), ("14 Mars 68", "jma", BORN), ("jeudi 14 mars 1968", "jma", BORN),
        ("March 14, 1968", "jma", BORN), ("14-Mar-68", "jma", BORN),
        ("3/14/1968", "mja", BORN), ("14/03/1968 00:00", "jma", BORN),
        ("1er août 2001", "jma", date(2001, 8, 1)), ("29/02/2000", "jma", date(2000, 2, 29)),
    ],
)  # fmt: skip
def test_dates(text: str, order: values.Order, found: date) -> None:
    assert values.day(text, order) == found


@pytest.mark.parametrize(
    "text", ["31/02/1999", "29/02/1900", "14/13/1968", "1968", "hier", "14/03", "0/0/0000", "1/1/3000", "٣/٣/1999"]
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"«|année"):
        values.day(text)


def test_two_figures_are_the_latest_year_that_is_past() -> None:
    year = today().year % 100
    assert values.day(f"01-01-{year:02d}").year == today().year
    assert values.day(f"01-01-{year + 1:02d}").year == today().year - 99


@pytest.mark.parametrize(
    ("cells", "order"),
    [(["14/03/1968", "01/02/2000"], "jma"), (["3/14/1968", "2/1/2000"], "mja"), (["01/02/2000"], "jma"), ([], "jma"),
     (["3/14/1968", "14/03/1968"], "jma")],
)  # fmt: skip
def test_the_order_of_a_column(cells: list[str], order: str) -> None:
    assert values.order_of(cells) == order


@pytest.mark.parametrize(
    ("text", "mark", "found"),
    [
        ("1 234,56", ",", "1234.56"), ("1\u00a0234,56", ",", "1234.56"), ("1\u202f234,56 €", ",", "1234.56"),
        ("1,234.56", ".", "1234.56"), ("1.234,56", ",", "1234.56"), ("1,234.56", ",", "1234.56"), ("1234.5", ",", "1234.5"),
        ("(12,50)", ",", "-12.5"), ("12,50-", ",", "-12.5"), ("\u221212", ",", "-12"), ("1.234.567", ",", "1234567"),
        ("1,234", ".", "1234"), ("1,234", ",", "1.234"), ("1'234.56", ".", "1234.56"), ("0", ",", "0"),
    ],
)  # fmt: skip
def test_amounts(text: str, mark: values.Mark, found: str) -> None:
    assert values.amount(text, mark) == Decimal(found)


@pytest.mark.parametrize("text", ["", "x", "1,2,3", "12 345 678 901 234", "--1", "1e5"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="montant"):
        values.amount(text)


@pytest.mark.parametrize(
    ("cells", "mark"),
    [(["1 234,56", "12,5"], ","), (["1,234.56", "12.50"], "."), (["1.234,56"], ","), (["1,234"], ","), ([], ","),
     (["12.5"], ".")],
)
def test_the_mark_of_a_column(cells: list[str], mark: str) -> None:
    assert values.mark_of(cells) == mark


def test_codes_are_known_by_code_label_and_other_spellings() -> None:
    codes = {"CLIENT": "Client", "ANCIEN": "Ancien client"}
    field = ImportField("stage", "Type", "code", codes=codes, spellings={"Former": "ANCIEN"})
    assert [values.code(one, field) for one in ("client", "ANCIEN", "Ancien Client", "former")] == ["CLIENT", *["ANCIEN"] * 3]
    with pytest.raises(ValueError, match="connue"):
        values.code("autre", field)
