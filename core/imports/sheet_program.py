"""The program that opens workbooks, started by `core.imports.sheets`: the file in, rows out, within its own memory.

A workbook may name a cell at its far end and nothing before it: the reader then asks for memory for all between. Here
that ends this program, and no other. It imports nothing of the application. Macros, links and formulas are never run:
of a formula, the value that the workbook keeps is read.
"""

from __future__ import annotations

import io
import json
import resource
import struct
import sys
from datetime import date
from datetime import datetime
from datetime import time
from datetime import timedelta
from typing import Any

MEMORY = 700 * 1024**2
CPU_SECONDS = 40
#: Cells of a row that are looked at, and characters of one.
WIDEST, LONGEST = 2_000, 12_000
#: Bytes of the answer.
MOST = 60 * 1024 * 1024


def main() -> None:
    """Read the sheet's name's length, the name, the file; write a line of JSON for the sheets, then one for each row."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    (length,) = struct.unpack(">I", sys.stdin.buffer.read(4))
    wanted = sys.stdin.buffer.read(length).decode("utf-8")
    from python_calamine import CalamineError
    from python_calamine import CalamineWorkbook
    from python_calamine import PasswordError

    out = io.TextIOWrapper(sys.stdout.buffer, "utf-8", errors="replace", newline="\n")
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
    except PasswordError:
        out.write(json.dumps({"fault": "password"}) + "\n")
        out.flush()
        return
    except (CalamineError, ValueError, OSError):
        out.write(json.dumps({"fault": "unreadable"}) + "\n")
        out.flush()
        return
    names = list(book.sheet_names)[:50]
    chosen = wanted if wanted in names else _fullest(book, names)
    out.write(json.dumps({"sheets": names, "sheet": chosen}) + "\n")
    if chosen is None:
        out.flush()
        return
    sheet = book.get_sheet_by_name(chosen)
    first = sheet.start[0] if sheet.start else 0
    written = 0
    for number, row in enumerate(sheet.iter_rows(), 1):
        cells = [_text(cell) for cell in row[:WIDEST]]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            line = json.dumps([number + (first if sheet.height < sheet.total_height else 0), cells]) + "\n"
            written += len(line)
            if written > MOST:
                out.write(json.dumps({"fault": "large"}) + "\n")
                break
            out.write(line)
    out.flush()


def _fullest(book: Any, names: list[str]) -> str | None:
    """The first sheet with two rows; the first one where none has."""
    for name in names:
        try:
            if book.get_sheet_by_name(name).total_height >= 2:
                return name
        except Exception:  # noqa: S112 - a drawing or a broken sheet: the next one
            continue
    return names[0] if names else None


def _text(cell: Any) -> str:
    """A cell as text: dates as ISO 8601, whole numbers without decimals."""
    if isinstance(cell, str):
        return cell.strip()[:LONGEST]
    if isinstance(cell, bool):
        return "Oui" if cell else "Non"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "seconds")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return "" if cell is None else str(cell) if isinstance(cell, int | timedelta) else str(cell)[:LONGEST]


if __name__ == "__main__":
    main()
