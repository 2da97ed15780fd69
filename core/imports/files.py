"""Which kind of file it is, by its bytes; and where an import's files lie: by their hash, a folder a cabinet, for a time."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from pathlib import Path
from typing import Any

from core.db.errors import DomainError
from core.documents import services as documents
from core.documents import uploads
from core.documents.store import ContentStore
from core.documents.tabular import CSV
from core.documents.tabular import VCARD
from core.documents.tabular import XLSX
from core.documents.tabular import of as kind_of
from core.imports import cards
from core.imports import delimited
from core.imports import sheets
from core.imports import tables
from core.imports.tables import Table

#: How long the file itself is kept, for its lines to be told and an import to be gone through again.
LIFE = timedelta(days=30)
KINDS = {CSV: "csv", XLSX: "xlsx", VCARD: "vcard"}
LABELS = {"csv": "Texte (CSV)", "xlsx": "Classeur Excel", "vcard": "Cartes de visite (vCard)"}
RULE = uploads.rule("imports.file", types=tuple(KINDS), max_bytes=tables.MOST_BYTES)


def read(data: bytes, settings: dict[str, Any]) -> tuple[Table, dict[str, Any]]:
    """A file's table, and how it was read: `settings` may tell encoding, delimiter, sheet. Raises `DomainError`."""
    if not data:
        raise tables.refused("Ce fichier est vide\u202f: choisissez-en un autre.", "file-empty")
    if len(data) > tables.MOST_BYTES:
        raise tables.refused("Ce fichier est trop volumineux\u202f: 25 Mio au plus. Découpez-le.", "file-too-large")
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        sheets.look(data)
    kind = KINDS.get(kind_of(data) or "")
    told: dict[str, Any]
    if kind == "xlsx":
        table, told = sheets.table(data, sheet=str(settings.get("sheet") or ""))
    elif kind == "vcard":
        table, told = cards.table(data, encoding=str(settings.get("encoding") or ""))
    elif kind == "csv":
        encoding, delimiter = str(settings.get("encoding") or ""), str(settings.get("delimiter") or "")
        table, told = delimited.table(data, encoding=encoding, delimiter=delimiter)
    else:
        raise unknown()
    return table, {**told, "kind": kind, "heads": list(table.heads), "count": table.count}


def check_name(filename: str, data: bytes) -> None:
    """Raise `DomainError` where a file is called a workbook and is none: read as text, it would be said to hold nothing."""
    if filename.lower().endswith(".xlsx") and data and KINDS.get(kind_of(data) or "") in ("csv", "vcard"):
        raise tables.refused(
            "Ce fichier n'est pas un classeur Excel, malgré son nom en .xlsx\u202f: il contient du texte. Enregistrez-le à "
            "nouveau depuis le tableur ou, si c'est un export CSV, renommez-le en .csv."
        )


def unknown() -> DomainError:
    """For what is neither a table nor cards."""
    return tables.refused("Ce format n'est pas accepté\u202f: déposez un fichier CSV, Excel (.xlsx) ou vCard.", "file-type")


def store(cabinet_id: int) -> ContentStore:
    """Where a cabinet's imports keep their files: `<var>/imports/<cabinet>`."""
    return ContentStore(Path(documents.content_store().root).parent / "imports" / str(cabinet_id))


def sweep(cabinet_id: int, kept: Collection[str]) -> int:
    """Delete what no import names any more (an hour old: one may just be coming); how many."""
    return store(cabinet_id).sweep(kept, older=timedelta(hours=1))
