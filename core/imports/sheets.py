"""XLSX: looked at from outside first, then opened by a program of its own (`sheet_program`)."""

from __future__ import annotations

import io
import json
import struct
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

from core.db.errors import DomainError
from core.imports import tables
from core.imports.tables import Read
from core.imports.tables import Table

#: What a workbook may hold once unpacked: real ones are some ten times their file.
MOST_UNPACKED = 300 * 1024 * 1024
MOST_PARTS = 2_000
SECONDS = 45
_PROGRAM = Path(__file__).with_name("sheet_program.py")
_WIDE = "Ce classeur ne peut pas être ouvert\u202f: une feuille est trop étendue. Copiez le tableau seul dans un autre."
_BROKEN = "Ce classeur est illisible\u202f: enregistrez-le à nouveau au format .xlsx, ou en CSV."


def look(data: bytes) -> None:
    """Raise `DomainError` for an archive that is no plain workbook: macros, a bomb, a password."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise tables.refused("Ce classeur est ancien (.xls) ou protégé\u202f: enregistrez-le en .xlsx, sans mot de passe.")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            names = {one.filename.lower() for one in parts}
            if any(name.endswith("vbaproject.bin") for name in names):
                raise tables.refused("Ce classeur contient des macros\u202f: enregistrez-le au format .xlsx, qui n'en a pas.")
            if "xl/workbook.xml" not in names:
                raise tables.refused("Cette archive n'est pas un classeur Excel (.xlsx).")
            if len(parts) > MOST_PARTS or sum(one.file_size for one in parts) > MOST_UNPACKED:
                raise tables.refused("Ce classeur est démesuré une fois décompressé\u202f: il reste fermé.", "file-too-large")
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise tables.refused(_BROKEN) from error


def table(data: bytes, *, sheet: str = "") -> tuple[Table, dict[str, object]]:
    """A sheet's table, and which sheets there are. Raises `DomainError`."""
    head, found = rows(data, sheet=sheet)
    first = next(found, None)
    if first is None:
        raise tables.refused("Cette feuille est vide\u202f: choisissez un autre fichier, ou une autre feuille.", "file-empty")
    return tables.made(list(first.cells), found), head


def rows(data: bytes, *, sheet: str = "") -> tuple[dict[str, object], Iterator[Read]]:
    """Which sheets there are, and the rows of one that have something, as text. Raises `DomainError`."""
    look(data)
    name = sheet.encode()
    order = struct.pack(">I", len(name)) + name + data
    try:
        ended = subprocess.run(  # noqa: S603 - our own program, nothing of it comes from outside
            [sys.executable, "-I", str(_PROGRAM)], input=order, capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise tables.refused(_WIDE, "file-too-large") from error
    if ended.returncode:
        raise tables.refused(_WIDE, "file-too-large")
    lines = io.BytesIO(ended.stdout)
    head = json.loads(lines.readline() or b"{}")
    if head.get("fault"):
        text = "Ce classeur est protégé par un mot de passe\u202f: enregistrez-le sans, puis recommencez."
        raise tables.refused(text if head["fault"] == "password" else _BROKEN)
    return {"sheet": head["sheet"], "sheets": head["sheets"]}, _rows(lines)


def _rows(lines: io.BytesIO) -> Iterator[Read]:
    for line in lines:
        found = json.loads(line)
        if isinstance(found, dict):
            raise _large()
        yield Read(found[0], found[1])


def _large() -> DomainError:
    return tables.refused("Ce classeur est trop volumineux une fois ouvert\u202f: découpez-le.", "file-too-large")
