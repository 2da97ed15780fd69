"""A file made a table: heads, then rows of text, whatever it came as. Bounded in columns, lines and bytes.

The table is written down once, as UTF-8 CSV whose first two cells are the line's number and what is wrong with it: all
that comes later (preview, work, resumption) reads that, a row at a time.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass

from core.db.errors import DomainError

#: What one file may have. A cell longer than `LONGEST` is a fault of its line.
MOST_BYTES = 25 * 1024 * 1024
MOST_COLUMNS = 200
MOST_LINES = 200_000
LONGEST = 10_000
#: A table may be so much larger than its file: a workbook is compressed.
MOST_TABLE = 40 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Read:
    """One line of a file: its number there, its cells, what made it unreadable."""

    number: int
    cells: Sequence[str]
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A whole file: its heads, how many lines, the lines themselves as `written` reads them."""

    heads: tuple[str, ...]
    count: int
    data: bytes


def refused(text: str, code: str = "file-unreadable") -> DomainError:
    """A fault of the file as a whole."""
    return DomainError(text, code=code, field="file")


def made(heads: Sequence[str], lines: Iterable[Read]) -> Table:
    """Write a table down. Empty lines are left out. Raises `DomainError` where there is nothing, or too much."""
    if len(heads) > MOST_COLUMNS:
        columns = f"{len(heads):,}".replace(",", "\u202f")
        raise refused(f"Ce fichier compte {columns} colonnes\u202f; {MOST_COLUMNS} au plus. Retirez celles qui ne servent pas.")
    kept, count = io.BytesIO(), 0
    text = io.TextIOWrapper(kept, "utf-8", errors="replace", newline="")
    writer = csv.writer(text, lineterminator="\n")
    width = len(heads)
    for line in lines:
        cells = line.cells
        if not line.fault and not any(cells):
            continue
        fault = line.fault
        if not fault and len(cells) > width and any(cells[width:]):
            fault = f"Cette ligne a {len(cells)} cellules, pour {width} colonnes."
        if not fault and any(len(cell) > LONGEST for cell in cells):
            fault = f"Une cellule dépasse {LONGEST:,} caractères.".replace(",", "\u202f")
        count += 1
        if count > MOST_LINES:
            most = f"{MOST_LINES:,}".replace(",", "\u202f")
            raise refused(f"Ce fichier compte plus de {most} lignes\u202f: découpez-le.", "file-too-large")
        writer.writerow([line.number, fault, *(cell[:LONGEST] for cell in cells[:width])])
        if count % 1000 == 0 and kept.tell() > MOST_TABLE:
            raise _too_large()
    if not count:
        raise refused("Ce fichier n'a aucune ligne sous ses titres\u202f: il n'y a rien à importer.", "file-empty")
    text.flush()
    if kept.tell() > MOST_TABLE:
        raise _too_large()
    return Table(unique(heads), count, kept.getvalue())


def _too_large() -> DomainError:
    return refused("Ce fichier est trop volumineux une fois ouvert\u202f: découpez-le.", "file-too-large")


def lines(data: bytes, *, after: int = 0) -> Iterator[Read]:
    """The lines of a table that was written down, but the first `after`."""
    reader = csv.reader(io.TextIOWrapper(io.BytesIO(data), "utf-8", newline=""))
    for place, row in enumerate(reader):
        if place >= after:
            yield Read(int(row[0]), row[2:], row[1])


def unique(heads: Sequence[str]) -> tuple[str, ...]:
    """Heads that can be told apart: «E-mail», «E-mail (2)»; a column without one is called by its letter."""
    found: list[str] = []
    seen: dict[str, int] = {}
    for place, head in enumerate(heads):
        name = " ".join("".join(sign if sign.isprintable() else " " for sign in head).split())[:80] or f"Colonne {letter(place)}"
        seen[name] = seen.get(name, 0) + 1
        found.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(found)


def letter(place: int) -> str:
    """A column as a spreadsheet calls it: 0 → A, 26 → AA."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(65 + rest) + name
    return name
