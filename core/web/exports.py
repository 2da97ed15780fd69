"""A list as a file: CSV as French spreadsheets read it, XLSX with real numbers and dates (ux.md §2.2).

A cell of text that a spreadsheet would take for a formula is made text for good: people's names come from outside.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from collections.abc import Sequence
from datetime import date
from datetime import datetime
from decimal import Decimal
from tempfile import SpooledTemporaryFile
from typing import IO
from typing import Any

from xlsxwriter import Workbook

from core.db.clock import PARIS
from core.web import formats

#: Lines of one file at most; the page says so rather than cut.
MOST = 100_000
#: Format → its media type.
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_IN_MEMORY = 8 * 1024 * 1024
#: A cell of XLSX holds so many characters, a number so many significant digits.
_LONGEST, _DIGITS = 32_767, 15


def write(kind: str, title: str, heads: Sequence[str], lines: Iterable[Sequence[Any]]) -> IO[bytes]:
    """The file, at its beginning. `kind`: csv or xlsx; `title`: the sheet's name."""
    kept: IO[bytes] = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - the answer closes it
    if kind == "xlsx":
        _xlsx(kept, title, heads, lines)
    else:
        _csv(kept, heads, lines)
    kept.seek(0)
    return kept


def safe(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe goes before what would begin one."""
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) or text.startswith(_FORMULA) else text


def _csv(kept: IO[bytes], heads: Sequence[str], lines: Iterable[Sequence[Any]]) -> None:
    text = io.TextIOWrapper(kept, "utf-8-sig", newline="", errors="replace", write_through=True)  # the mark: Excel's UTF-8
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([safe(head) for head in heads])
    for line in lines:
        writer.writerow([_written(value) for value in line])
    text.flush()
    text.detach()


def _written(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Oui" if value else "Non"
    if isinstance(value, datetime):
        return formats.moment(value)
    if isinstance(value, date):
        return formats.day(value)
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, int):
        return str(value)
    return safe(str(value).replace("\0", ""))


def _number(value: Decimal) -> str:
    """-1234.5600 → «-1234,56»: two decimals at least, none that says nothing, no space that would make it a text."""
    whole, _point, decimals = f"{value:f}".partition(".")
    return f"{whole},{decimals.rstrip('0'):0<2}"


def _xlsx(kept: IO[bytes], title: str, heads: Sequence[str], lines: Iterable[Sequence[Any]]) -> None:
    # one line at a time in memory, whatever their number
    book = Workbook(kept, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold = book.add_format({"bold": True, "bottom": 1})
    looks = {
        date: book.add_format({"num_format": "dd/mm/yyyy"}), datetime: book.add_format({"num_format": "dd/mm/yyyy hh:mm"}),
        Decimal: book.add_format({"num_format": "#,##0.00##"}),
    }  # fmt: skip
    sheet = book.add_worksheet("".join(sign for sign in title if sign not in "[]:*?/\\'")[:31] or "Liste")
    sheet.freeze_panes(1, 0)
    for place, head in enumerate(heads):
        sheet.set_column(place, place, max(14, min(40, len(head) + 4)))
        sheet.write_string(0, place, head, bold)
    row = 0
    for row, line in enumerate(lines, 1):
        for place, value in enumerate(line):
            _cell(sheet, row, place, value, looks)
    if heads:
        sheet.autofilter(0, 0, max(row, 1), len(heads) - 1)
    book.close()


def _cell(sheet: Any, row: int, place: int, value: Any, looks: dict[type, Any]) -> None:
    if value is None:
        return
    if isinstance(value, datetime):
        sheet.write_datetime(row, place, value.astimezone(PARIS).replace(tzinfo=None), looks[datetime])
    elif isinstance(value, date):
        sheet.write_datetime(row, place, value, looks[date])
    elif isinstance(value, Decimal) and len(value.normalize().as_tuple().digits) <= _DIGITS:
        sheet.write_number(row, place, float(value), looks[Decimal])  # fifteen digits: nothing is lost
    elif isinstance(value, int) and not isinstance(value, bool):
        sheet.write_number(row, place, value)
    else:
        # a string cell is never taken for a formula: nothing is put before what begins like one
        sheet.write_string(row, place, (_written(value) if isinstance(value, bool) else _plain(value))[:_LONGEST])


def _plain(value: Any) -> str:
    """What XML can hold of a text."""
    return "".join(sign for sign in str(value) if sign in "\t\n" or (ord(sign) >= 32 and not 0xD800 <= ord(sign) <= 0xDFFF))
