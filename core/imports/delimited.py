"""CSV of any delimiter and encoding: both are guessed, and either may be told instead."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterable
from collections.abc import Iterator
from itertools import islice

import charset_normalizer

from core.imports import tables
from core.imports.tables import Read
from core.imports.tables import Table

#: Encoding → how people call it. The first is tried line by line before any other.
ENCODINGS: dict[str, str] = {
    "utf-8": "Unicode (UTF-8)", "cp1252": "Windows (cp1252)", "iso8859_15": "ISO 8859-15", "mac_roman": "Macintosh (Mac Roman)",
    "cp850": "DOS (cp850)", "utf-16": "Unicode (UTF-16)", "utf-16-le": "Unicode (UTF-16 LE)", "utf-16-be": "Unicode (UTF-16 BE)",
}  # fmt: skip
#: Delimiter → how people call it.
DELIMITERS: dict[str, str] = {
    ";": "point-virgule", ",": "virgule", "\t": "tabulation", "|": "barre verticale", "^": "accent circonflexe", "~": "tilde",
    "#": "dièse", ":": "deux-points",
}  # fmt: skip
_WIDE = ("utf-16", "utf-16-le", "utf-16-be")
_EIGHT = ["cp1252", "mac_roman", "cp850"]
_SAMPLE = 256 * 1024
#: Lines among which the delimiter and the heads are looked for.
_LOOKED = 60


def encoding_of(data: bytes) -> str:
    """The encoding of a file's bytes, one of `ENCODINGS`: of lines that are not UTF-8, what they most look like."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    sample = data[:_SAMPLE]
    odd, even = sample[1::2].count(0), sample[0::2].count(0)
    if max(odd, even) > len(sample) // 8:  # every second byte of a Western text in UTF-16
        return "utf-16-le" if odd >= even else "utf-16-be"
    strange = [line for line in data.splitlines() if not line.isascii() and not _is_utf8(line)]
    if not strange:
        return "utf-8"
    # only what is not plain ASCII tells them apart
    told = b"\n".join(strange[:2000])[:_SAMPLE]
    found = charset_normalizer.from_bytes(told, cp_isolation=_EIGHT, threshold=0.9).best()
    return str(found.encoding) if found is not None and found.encoding in _EIGHT else "cp1252"


def decoded(data: bytes, encoding: str) -> Iterator[str]:
    """The lines of a file as text. Each is read as UTF-8 where it is: a file put together from two may hold both."""
    if encoding in _WIDE:
        text = io.TextIOWrapper(io.BytesIO(data), encoding, errors="replace", newline="")
        for number, line in enumerate(text):
            yield line.lstrip("\ufeff") if number == 0 else line
        return
    if data.startswith(codecs.BOM_UTF8):
        data = data[len(codecs.BOM_UTF8) :]
    for raw in _physical(data):
        try:
            yield raw.decode("utf-8")
        except UnicodeDecodeError:
            yield raw.decode("cp1252" if encoding == "utf-8" else encoding, "replace")


def delimiter_of(sample: Iterable[str]) -> str:
    """The sign that cuts the most lines into the same number of cells, two at least; «;» where none does."""
    lines = [line for line in sample if line.strip()][:_LOOKED]
    best, mark = ";", 0.0
    for sign in DELIMITERS:
        widths = Counter(len(row) for row in _rows(lines, sign) if any(row))
        width, times = max(widths.items(), key=lambda one: (one[1] * (one[0] > 1), one[0]), default=(0, 0))
        score = times / max(1, sum(widths.values())) * min(width, 40) ** 0.5 if width > 1 else 0.0
        # a colon or a dash also stands in hours, addresses and notes
        score *= 0.4 if sign in ":#~^" else 1.0
        if score > mark:
            best, mark = sign, score
    return best


def table(data: bytes, *, encoding: str = "", delimiter: str = "") -> tuple[Table, dict[str, str]]:
    """The file's table, and how it was read. Raises `DomainError` for what holds no table."""
    encoding = encoding if encoding in ENCODINGS else encoding_of(data)
    head = list(islice(decoded(data, encoding), _LOOKED))
    told = head[0].strip().lower() if head else ""
    skip = told.startswith("sep=") and len(told) <= 5  # Excel's own line
    if not delimiter and skip:
        delimiter = head[0].strip()[4:5] or "\t"
    if delimiter not in DELIMITERS:
        delimiter = delimiter_of(head[1:] if skip else head)
    rows = _numbered(decoded(data, encoding), delimiter)
    heads = next((row for row in rows if not row.fault and _is_head(row, skip)), None)
    if heads is None:
        raise tables.refused("Ce fichier ne contient aucune ligne\u202f: choisissez-en un autre.", "file-empty")
    cells = list(heads.cells)
    while cells and not cells[-1].strip():
        cells.pop()
    return tables.made(cells, rows), {"encoding": encoding, "delimiter": delimiter}


def _is_head(row: Read, skip: bool) -> bool:
    return any(cell.strip() for cell in row.cells) and not (skip and row.number == 1)


def _numbered(lines: Iterator[str], delimiter: str) -> Iterator[Read]:
    for number, row in enumerate(_rows(lines, delimiter), 1):
        if row is _BROKEN:
            yield Read(number, (), "Cette ligne est illisible\u202f: un guillemet n'est pas refermé.")
        else:
            yield Read(number, [cell.strip() for cell in row])


_BROKEN: list[str] = []


def _rows(lines: Iterable[str], delimiter: str) -> Iterator[list[str]]:
    reader = csv.reader(iter(lines), delimiter=delimiter)
    while True:
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error:  # the reader begins anew with the next line
            yield _BROKEN


def _physical(data: bytes) -> Iterator[bytes]:
    """Lines by LF, CR LF or, of an old Macintosh, CR alone."""
    if b"\n" not in data and b"\r" in data:
        yield from (line + b"\n" for line in data.split(b"\r"))
        return
    yield from io.BytesIO(data)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
